import ArgumentParser

/// Returns the completion script that the command line asked for, if it did: that of the argument parser with bnexp's
/// additions.
///
/// - Parameter error: the error that the argument parser threw.
func requestedCompletionScript(_ error: any Error) -> String? {
    guard CommandLine.arguments.contains(where: { $0.hasPrefix("--generate-completion-script") }),
        BNExp.exitCode(for: error) == .success
    else { return nil }
    let script = BNExp.message(for: error)
    switch CompletionShell.requesting {
    case .bash?: return script + "\n" + bashAddition
    case .zsh?:
        return script.replacing("\"${command_line[@]}\")", with: "\"${command_line[@]}\" 2>/dev/null)")
            .replacing("\nif [[ \"${funcstack[1]}\"", with: "\n" + zshAddition + "\nif [[ \"${funcstack[1]}\"")
    case .fish?:
        return script.replacing(
            "command $tokens[1] $argv $tokens", with: "command $tokens[1] $argv $tokens 2>/dev/null")
    default: return nil
    }
}

private let bashAddition = #"""

    # Offers words as they are typed into bash. In place of the function above, whose compgen would run what a name \#
    has in $(...).
    __bnexp_add_completions() {
        local candidate
        if [[ "${1}" = -W ]]; then
            while IFS='' read -r candidate; do
                [[ -z "${candidate}" ]] && continue
                [[ "${COMP_WORDS[COMP_CWORD]}" = [\"\']* ]] || printf -v candidate %q "${candidate}"
                [[ "${candidate}" = "${cur}"* ]] && COMPREPLY+=("${candidate}")
            done <<< "${2}"
        else
            compopt -o filenames 2>/dev/null
            while IFS='' read -r candidate; do
                COMPREPLY+=("${candidate}")
            done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
        fi
    }

    # Bash takes `key=value` and `a:b` for several words. They are put together before they are completed; what \#
    stands before the last part,
    # which is all that bash replaces, is then taken off the candidates.
    __bnexp_complete_whole_words() {
        local -a whole_words=()
        local -i index last=-1 current=0
        local rest="${COMP_LINE}" before='' part trimmed
        for index in "${!COMP_WORDS[@]}"; do
            part="${COMP_WORDS[index]}"
            trimmed="${rest#"${rest%%[![:space:]]*}"}"
            if [[ "${index}" -gt 0 && "${trimmed}" = "${rest}" && \#
    ("${part}" = [=:]* || "${COMP_WORDS[index - 1]}" = *[=:]) ]]; then
                # What follows the cursor in its word plays no part.
                [[ "${index}" -gt "${COMP_CWORD}" && "${last}" -eq "${current}" ]] && \#
    rest="${trimmed#"${part}"}" && continue
            else
                last+=1
                whole_words[last]=''
            fi
            if [[ "${index}" -eq "${COMP_CWORD}" ]]; then
                current="${last}"
                before="${whole_words[last]}"
                [[ "${part}" = [=:]* ]] && before+="${part}"
                whole_words[last]="${before}${2}"
                [[ "${part}" = [\"\']* ]] && whole_words[last]="${part}"
            else
                whole_words[last]+="${part}"
            fi
            rest="${trimmed#"${part}"}"
        done
        local -a COMP_WORDS=("${whole_words[@]}")
        local -i COMP_CWORD="${current}"
        # A subcommand that has a folder's name is no folder.
        compopt +o filenames 2>/dev/null
        _bnexp "${1}" "${before}${2}" "${COMP_WORDS[current - 1]}" 2>/dev/null
        COMPREPLY=("${COMPREPLY[@]#"${before}"}")
        # A value follows a key at once.
        [[ "${COMPREPLY[0]}" = *= ]] && compopt -o nospace 2>/dev/null
        return 0
    }

    complete -o filenames -F __bnexp_complete_whole_words bnexp
    """#

private let zshAddition = #"""
    # A value follows a key at once, without a space. In place of the function above.
    __bnexp_complete() {
        local -ar keys=("${(M)@:#*=}") words_alone=("${@:#(*=|)}")
        _describe -V '' words_alone -- keys -S ''
    }

    """#
