#!/bin/bash

__bnexp_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__bnexp_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__bnexp_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__bnexp_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_bnexp() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __bnexp_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    demo|init|run|sweep|list|show|compare|plot|report|serve|sql|evaluate|interpolate|dump|export|merge|extract|backup|tag|note|delete|reap|doctor|gradcheck|explain|check|time|verify|verify-resume|data|config|help)
        # Offer subcommand argument completions
        "_bnexp_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'demo init run sweep list show compare plot report serve sql evaluate interpolate dump export merge extract backup tag note delete reap doctor gradcheck explain check time verify verify-resume data config help' -- "${cur}"))
        ;;
    esac
}

_bnexp_demo() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -d
        return
        ;;
    esac
}

_bnexp_init() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--output -o --inputs --target --data-output)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    '--inputs')
        return
        ;;
    '--target')
        return
        ;;
    '--data-output')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_run() {
    repeating_flags=()
    non_repeating_flags=(--allow-divergence --dry-run --profile --quiet -q --verbose -v --version -h --help)
    repeating_options=(--set --tag)
    non_repeating_options=(--name --seed --db --threads --inputs --if-exists --extend --inject-fault --shard --sweep --trial --progress)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--set')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion run -- --set "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        return
        ;;
    '--seed')
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion run -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    '--threads')
        return
        ;;
    '--inputs')
        __bnexp_add_completions -W 'auto'$'\n''dense'$'\n''sparse'
        return
        ;;
    '--if-exists')
        __bnexp_add_completions -W 'skip'$'\n''resume'$'\n''rerun'$'\n''error'
        return
        ;;
    '--extend')
        return
        ;;
    '--inject-fault')
        __bnexp_add_completions -W 'drop_epsilon'$'\n''drop_mean_term'$'\n''drop_variance_term'$'\n''unbiased_variance'$'\n''forget_gamma'$'\n''gamma_from_sum'$'\n''forget_activation'$'\n''forget_batch_mean'$'\n''bias_from_one_row'
        return
        ;;
    '--shard')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion run -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--trial')
        return
        ;;
    '--progress')
        __bnexp_add_completions -W 'auto'$'\n''plain'$'\n''json'$'\n''none'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_bnexp_sweep() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    run|status|list|show|delete)
        # Offer subcommand argument completions
        "_bnexp_sweep_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'run status list show delete' -- "${cur}"))
        ;;
    esac
}

_bnexp_sweep_run() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --expand --keep-going --fail-fast --allow-faults --merge --slurm --json --quiet -q --version -h --help)
    repeating_options=(--axis --set --tag --sbatch)
    non_repeating_options=(--seeds --db --shard --jobs --threads --index --if-exists --task --tasks --collect --collect-every --scratch --trials-per-task --array-throttle --time --progress)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--axis')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep run -- --axis "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--seeds')
        return
        ;;
    '--set')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep run -- --set "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep run -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    '--shard')
        return
        ;;
    '--jobs')
        return
        ;;
    '--threads')
        return
        ;;
    '--index')
        return
        ;;
    '--if-exists')
        __bnexp_add_completions -W 'skip'$'\n''resume'$'\n''rerun'$'\n''error'
        return
        ;;
    '--task')
        return
        ;;
    '--tasks')
        return
        ;;
    '--collect')
        __bnexp_add_completions -d
        return
        ;;
    '--collect-every')
        return
        ;;
    '--scratch')
        __bnexp_add_completions -d
        return
        ;;
    '--trials-per-task')
        return
        ;;
    '--array-throttle')
        return
        ;;
    '--time')
        return
        ;;
    '--sbatch')
        return
        ;;
    '--progress')
        __bnexp_add_completions -W 'auto'$'\n''plain'$'\n''json'$'\n''none'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_bnexp_sweep_status() {
    repeating_flags=()
    non_repeating_flags=(--all --json --version -h --help)
    repeating_options=(--axis --set --tag)
    non_repeating_options=(--seeds --collect --columns --db --watch)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--axis')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep status -- --axis "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--seeds')
        return
        ;;
    '--set')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep status -- --set "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep status -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--collect')
        __bnexp_add_completions -d
        return
        ;;
    '--columns')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    '--watch')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_bnexp_sweep_list() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_sweep_show() {
    repeating_flags=()
    non_repeating_flags=(--definition --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep show -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_sweep_delete() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --yes --vacuum --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion sweep delete -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_list() {
    repeating_flags=()
    non_repeating_flags=(--reverse --group --json --version -h --help)
    repeating_options=(--status --tag --where --columns)
    non_repeating_options=(--name --since --sweep --sort --limit --watch --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion list -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion list -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion list -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion list -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--sort')
        return
        ;;
    '--columns')
        return
        ;;
    '--limit')
        return
        ;;
    '--watch')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion list -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_show() {
    repeating_flags=()
    non_repeating_flags=(--config --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--watch --db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--watch')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion show -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_compare() {
    repeating_flags=()
    non_repeating_flags=(--group-by-seed --side-by-side --json --show-sql --version -h --help)
    repeating_options=(--status --tag --where --by)
    non_repeating_options=(--name --since --sweep --metric --columns --format --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion compare -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion compare -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion compare -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion compare -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--metric')
        return
        ;;
    '--by')
        return
        ;;
    '--columns')
        return
        ;;
    '--format')
        __bnexp_add_completions -W 'text'$'\n''json'$'\n''markdown'$'\n''latex'$'\n''csv'
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion compare -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_plot() {
    repeating_flags=()
    non_repeating_flags=(--heat-map --log-x --no-log-x --log-y --log --log-color --svg --shared --grey --force --version -h --help)
    repeating_options=(--status --tag --where --metric --layer --color)
    non_repeating_options=(--name --since --sweep --by --split --sql --x --y --title --x-label --y-label --value-label --output -o --width --height --y-min --y-max --color-min --color-max --size --font-size --dpi --watch --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion plot -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion plot -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion plot -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion plot -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--metric')
        __bnexp_add_completions -W 'loss'$'\n''accuracy'$'\n''gradient_norm'$'\n''learning_rate'$'\n''evaluation_loss'$'\n''train_loss'$'\n''validation_loss'$'\n''test_loss'$'\n''evaluation_accuracy'$'\n''train_accuracy'$'\n''validation_accuracy'$'\n''test_accuracy'$'\n''activation_mean'$'\n''activation_standard_deviation'$'\n''activation_gradient_norm'$'\n''saturated_fraction'$'\n''dead_unit_fraction'$'\n''activation_percentile'$'\n''weight_gradient_norm'$'\n''weight_norm'$'\n''update_ratio'$'\n''angular_update'$'\n''mean_gap'$'\n''variance_gap'$'\n''gamma'$'\n''beta'$'\n''orthogonality_gap'$'\n''histogram'$'\n''hessian_eigenvalue'$'\n''hessian_trace'$'\n''hessian_smallest_eigenvalue'$'\n''gradient_noise_scale'$'\n''layer_gradient_noise_scale'$'\n''within_class_variability'$'\n''self_duality'$'\n''perturbed_accuracy'$'\n''perturbed_loss'$'\n''last_step'$'\n''first_loss'$'\n''final_loss'$'\n''train_accuracy'$'\n''best_train_accuracy'$'\n''train_loss'$'\n''best_train_loss'$'\n''validation_accuracy'$'\n''best_validation_accuracy'$'\n''validation_loss'$'\n''best_validation_loss'$'\n''test_accuracy'$'\n''best_test_accuracy'$'\n''test_loss'$'\n''best_test_loss'$'\n''test_accuracy_at_best_validation'$'\n''test_loss_at_best_validation'$'\n''train_seconds'
        return
        ;;
    '--layer')
        return
        ;;
    '--by')
        __bnexp_add_completions -W 'layer'$'\n''metric'$'\n''variant'
        return
        ;;
    '--split')
        __bnexp_add_completions -W 'train'$'\n''validation'$'\n''test'
        return
        ;;
    '--sql')
        return
        ;;
    '--x')
        return
        ;;
    '--y')
        return
        ;;
    '--title')
        return
        ;;
    '--x-label')
        return
        ;;
    '--y-label')
        return
        ;;
    '--value-label')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(svg|pdf|png)'
        return
        ;;
    '--width')
        return
        ;;
    '--height')
        return
        ;;
    '--y-min')
        return
        ;;
    '--y-max')
        __bnexp_add_completions -W 'all'
        return
        ;;
    '--color-min')
        return
        ;;
    '--color-max')
        return
        ;;
    '--color')
        return
        ;;
    '--size')
        return
        ;;
    '--font-size')
        return
        ;;
    '--dpi')
        return
        ;;
    '--watch')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion plot -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_report() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=(--status --tag --where)
    non_repeating_options=(--name --since --sweep --output -o --title --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion report -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion report -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion report -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion report -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--title')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion report -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_serve() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=(--status --tag --where)
    non_repeating_options=(--name --since --sweep --port --socket --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion serve -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion serve -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion serve -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion serve -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--port')
        return
        ;;
    '--socket')
        __bnexp_add_completions -f
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion serve -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_sql() {
    repeating_flags=()
    non_repeating_flags=(--tables --json --csv --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_evaluate() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--split --mode --perturb)
    non_repeating_options=(--checkpoint --data --batch-size --db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--checkpoint')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--data')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--split')
        __bnexp_add_completions -W 'train'$'\n''validation'$'\n''test'
        return
        ;;
    '--mode')
        __bnexp_add_completions -W 'running'$'\n''batch'$'\n''recomputed'
        return
        ;;
    '--batch-size')
        return
        ;;
    '--perturb')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion evaluate -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_interpolate() {
    repeating_flags=()
    non_repeating_flags=(--json --chart --force --version -h --help)
    repeating_options=(--split --mode)
    non_repeating_options=(--points --from --to --batch-size --data --format --output -o --db)
    __bnexp_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--points')
        return
        ;;
    '--from')
        return
        ;;
    '--to')
        return
        ;;
    '--split')
        __bnexp_add_completions -W 'train'$'\n''validation'$'\n''test'
        return
        ;;
    '--mode')
        __bnexp_add_completions -W 'running'$'\n''batch'$'\n''recomputed'
        return
        ;;
    '--batch-size')
        return
        ;;
    '--data')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--format')
        __bnexp_add_completions -W 'text'$'\n''json'$'\n''markdown'$'\n''latex'$'\n''csv'
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(svg)'
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion interpolate -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    2)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion interpolate -- positional@1 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_dump() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--checkpoint --data --step --output -o --db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--checkpoint')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--data')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--step')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion dump -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_export() {
    repeating_flags=()
    non_repeating_flags=(--wide --runs --force --version -h --help)
    repeating_options=(--status --tag --where --table)
    non_repeating_options=(--name --since --sweep --output -o --format --weights --checkpoint --data --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion export -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion export -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion export -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion export -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -f
        return
        ;;
    '--format')
        __bnexp_add_completions -W 'csv'$'\n''jsonl'$'\n''tensorboard'
        return
        ;;
    '--table')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion export -- --table "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--weights')
        __bnexp_add_completions -f
        return
        ;;
    '--checkpoint')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--data')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion export -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_merge() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_extract() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=(--status --tag --where)
    non_repeating_options=(--name --since --sweep --output -o --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion extract -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion extract -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion extract -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion extract -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -f
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion extract -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_backup() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_tag() {
    repeating_flags=()
    non_repeating_flags=(--remove --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion tag -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion tag -- positional@1 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_note() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion note -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_delete() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --yes --vacuum --json --version -h --help)
    repeating_options=(--status --tag --where)
    non_repeating_options=(--name --since --sweep --db)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--status')
        __bnexp_add_completions -W 'running'$'\n''finished'$'\n''diverged'$'\n''interrupted'$'\n''failed'$'\n''lost'
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion delete -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion delete -- --name "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--where')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion delete -- --where "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--since')
        return
        ;;
    '--sweep')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion delete -- --sweep "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion delete -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_reap() {
    repeating_flags=()
    non_repeating_flags=(--dry-run --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--heartbeat-age --db)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--heartbeat-age')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_doctor() {
    repeating_flags=()
    non_repeating_flags=(--quick --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--db)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_gradcheck() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--set --tag)
    non_repeating_options=(--name --seed --samples --tolerance --inject-fault)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--set')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion gradcheck -- --set "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        return
        ;;
    '--seed')
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion gradcheck -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--samples')
        return
        ;;
    '--tolerance')
        return
        ;;
    '--inject-fault')
        __bnexp_add_completions -W 'drop_epsilon'$'\n''drop_mean_term'$'\n''drop_variance_term'$'\n''unbiased_variance'$'\n''forget_gamma'$'\n''gamma_from_sum'$'\n''forget_activation'$'\n''forget_batch_mean'$'\n''bias_from_one_row'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_bnexp_explain() {
    repeating_flags=()
    non_repeating_flags=(--json --force --version -h --help)
    repeating_options=(--set)
    non_repeating_options=(--step --layer --unit --rows --fault --epsilon --gamma --beta --checkpoint --data --output -o --db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--step')
        return
        ;;
    '--layer')
        return
        ;;
    '--unit')
        return
        ;;
    '--rows')
        return
        ;;
    '--fault')
        __bnexp_add_completions -W 'drop_epsilon'$'\n''drop_mean_term'$'\n''drop_variance_term'$'\n''unbiased_variance'$'\n''forget_gamma'$'\n''gamma_from_sum'$'\n''forget_activation'$'\n''forget_batch_mean'$'\n''bias_from_one_row'
        return
        ;;
    '--set')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion explain -- --set "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--epsilon')
        return
        ;;
    '--gamma')
        return
        ;;
    '--beta')
        return
        ;;
    '--checkpoint')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--data')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(html)'
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion explain -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_check() {
    repeating_flags=()
    non_repeating_flags=(--json --template --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--operation --tolerance --output -o --seed --results)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--operation')
        __bnexp_add_completions -W 'affine'$'\n''relu'$'\n''affine_relu'$'\n''batchnorm'$'\n''affine_batchnorm_relu'$'\n''layernorm'$'\n''dropout'$'\n''softmax_loss'$'\n''svm_loss'$'\n''sgd'$'\n''sgd_momentum'$'\n''rmsprop'$'\n''adam'
        return
        ;;
    '--tolerance')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(npz|h5)'
        return
        ;;
    '--seed')
        return
        ;;
    '--results')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(npz|h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_time() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--rows --features --precision --rounds)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--rows')
        return
        ;;
    '--features')
        return
        ;;
    '--precision')
        __bnexp_add_completions -W 'float32'$'\n''float64'
        return
        ;;
    '--rounds')
        return
        ;;
    esac
}

_bnexp_verify() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--data --threads --db)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--data')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--threads')
        return
        ;;
    '--db')
        __bnexp_add_completions -f
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion verify -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_verify-resume() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=(--set --tag)
    non_repeating_options=(--name --seed --at --threads)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--set')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion verify-resume -- --set "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        return
        ;;
    '--seed')
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion verify-resume -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--at')
        return
        ;;
    '--threads')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_bnexp_data() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    inspect|import|synthesize)
        # Offer subcommand argument completions
        "_bnexp_data_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'inspect import synthesize' -- "${cur}"))
        ;;
    esac
}

_bnexp_data_inspect() {
    repeating_flags=()
    non_repeating_flags=(--values --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--preview)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--preview')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_import() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    csv|tsv|npy|npz|mat|svmlight|idx|cifar10|cifar100)
        # Offer subcommand argument completions
        "_bnexp_data_import_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'csv tsv npy npz mat svmlight idx cifar10 cifar100' -- "${cur}"))
        ;;
    esac
}

_bnexp_data_import_csv() {
    repeating_flags=()
    non_repeating_flags=(--decimal-comma --force --stratify --version -h --help)
    repeating_options=(--target --columns --skip --categorical)
    non_repeating_options=(--header --missing --test --delimiter --output -o --test-fraction --seed --scaling)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--target')
        return
        ;;
    '--header')
        __bnexp_add_completions -W 'yes'$'\n''no'$'\n''auto'
        return
        ;;
    '--columns')
        return
        ;;
    '--skip')
        return
        ;;
    '--categorical')
        return
        ;;
    '--missing')
        __bnexp_add_completions -W 'drop'$'\n''mean'
        return
        ;;
    '--test')
        __bnexp_add_completions -f
        return
        ;;
    '--delimiter')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--test-fraction')
        return
        ;;
    '--seed')
        return
        ;;
    '--scaling')
        __bnexp_add_completions -W 'none'$'\n''unit'$'\n''min_max'$'\n''standardize'$'\n''center'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_data_import_tsv() {
    repeating_flags=()
    non_repeating_flags=(--decimal-comma --force --stratify --version -h --help)
    repeating_options=(--target --columns --skip --categorical)
    non_repeating_options=(--header --missing --test --output -o --test-fraction --seed --scaling)
    __bnexp_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--target')
        return
        ;;
    '--header')
        __bnexp_add_completions -W 'yes'$'\n''no'$'\n''auto'
        return
        ;;
    '--columns')
        return
        ;;
    '--skip')
        return
        ;;
    '--categorical')
        return
        ;;
    '--missing')
        __bnexp_add_completions -W 'drop'$'\n''mean'
        return
        ;;
    '--test')
        __bnexp_add_completions -f
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--test-fraction')
        return
        ;;
    '--seed')
        return
        ;;
    '--scaling')
        __bnexp_add_completions -W 'none'$'\n''unit'$'\n''min_max'$'\n''standardize'$'\n''center'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    *)
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_data_import_npy() {
    repeating_flags=()
    non_repeating_flags=(--force --stratify --version -h --help)
    repeating_options=()
    non_repeating_options=(--targets --test --test-targets --missing --output -o --test-fraction --seed --scaling)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--targets')
        __bnexp_add_completions -o plusdirs -fX '!*.@(npy)'
        return
        ;;
    '--test')
        __bnexp_add_completions -o plusdirs -fX '!*.@(npy)'
        return
        ;;
    '--test-targets')
        __bnexp_add_completions -o plusdirs -fX '!*.@(npy)'
        return
        ;;
    '--missing')
        __bnexp_add_completions -W 'drop'$'\n''mean'
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--test-fraction')
        return
        ;;
    '--seed')
        return
        ;;
    '--scaling')
        __bnexp_add_completions -W 'none'$'\n''unit'$'\n''min_max'$'\n''standardize'$'\n''center'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(npy)'
        return
        ;;
    esac
}

_bnexp_data_import_npz() {
    repeating_flags=()
    non_repeating_flags=(--force --stratify --version -h --help)
    repeating_options=()
    non_repeating_options=(--inputs --target --test-inputs --test-target --missing --output -o --test-fraction --seed --scaling)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--inputs')
        return
        ;;
    '--target')
        return
        ;;
    '--test-inputs')
        return
        ;;
    '--test-target')
        return
        ;;
    '--missing')
        __bnexp_add_completions -W 'drop'$'\n''mean'
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--test-fraction')
        return
        ;;
    '--seed')
        return
        ;;
    '--scaling')
        __bnexp_add_completions -W 'none'$'\n''unit'$'\n''min_max'$'\n''standardize'$'\n''center'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(npz)'
        return
        ;;
    esac
}

_bnexp_data_import_mat() {
    repeating_flags=()
    non_repeating_flags=(--force --stratify --version -h --help)
    repeating_options=()
    non_repeating_options=(--inputs --target --test-inputs --test-target --examples --missing --output -o --test-fraction --seed --scaling)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--inputs')
        return
        ;;
    '--target')
        return
        ;;
    '--test-inputs')
        return
        ;;
    '--test-target')
        return
        ;;
    '--examples')
        __bnexp_add_completions -W 'first'$'\n''last'
        return
        ;;
    '--missing')
        __bnexp_add_completions -W 'drop'$'\n''mean'
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--test-fraction')
        return
        ;;
    '--seed')
        return
        ;;
    '--scaling')
        __bnexp_add_completions -W 'none'$'\n''unit'$'\n''min_max'$'\n''standardize'$'\n''center'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(mat)'
        return
        ;;
    esac
}

_bnexp_data_import_svmlight() {
    repeating_flags=()
    non_repeating_flags=(--zero-based --force --stratify --version -h --help)
    repeating_options=()
    non_repeating_options=(--test --features --output -o --test-fraction --seed --scaling)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--test')
        __bnexp_add_completions -f
        return
        ;;
    '--features')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--test-fraction')
        return
        ;;
    '--seed')
        return
        ;;
    '--scaling')
        __bnexp_add_completions -W 'none'$'\n''unit'$'\n''min_max'$'\n''standardize'$'\n''center'
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -f
        return
        ;;
    esac
}

_bnexp_data_import_idx() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--train-images --train-labels --test-images --test-labels --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--train-images')
        __bnexp_add_completions -f
        return
        ;;
    '--train-labels')
        __bnexp_add_completions -f
        return
        ;;
    '--test-images')
        __bnexp_add_completions -f
        return
        ;;
    '--test-labels')
        __bnexp_add_completions -f
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_import_cifar10() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=(--train --test)
    non_repeating_options=(--output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--train')
        __bnexp_add_completions -f
        return
        ;;
    '--test')
        __bnexp_add_completions -f
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_import_cifar100() {
    repeating_flags=()
    non_repeating_flags=(--force --stratify --version -h --help)
    repeating_options=(--train --test)
    non_repeating_options=(--labels --names --output -o --test-fraction --seed --scaling)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--train')
        __bnexp_add_completions -f
        return
        ;;
    '--test')
        __bnexp_add_completions -f
        return
        ;;
    '--labels')
        __bnexp_add_completions -W 'fine'$'\n''coarse'
        return
        ;;
    '--names')
        __bnexp_add_completions -f
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    '--test-fraction')
        return
        ;;
    '--seed')
        return
        ;;
    '--scaling')
        __bnexp_add_completions -W 'none'$'\n''unit'$'\n''min_max'$'\n''standardize'$'\n''center'
        return
        ;;
    esac
}

_bnexp_data_synthesize() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    blobs|spirals|moons|circles|parity|teacher|gaussian|degenerate)
        # Offer subcommand argument completions
        "_bnexp_data_synthesize_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'blobs spirals moons circles parity teacher gaussian degenerate' -- "${cur}"))
        ;;
    esac
}

_bnexp_data_synthesize_blobs() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--features --classes --separation --noise --rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--features')
        return
        ;;
    '--classes')
        return
        ;;
    '--separation')
        return
        ;;
    '--noise')
        return
        ;;
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_synthesize_spirals() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--classes --turns --noise --rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--classes')
        return
        ;;
    '--turns')
        return
        ;;
    '--noise')
        return
        ;;
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_synthesize_moons() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--noise --rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--noise')
        return
        ;;
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_synthesize_circles() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--classes --noise --rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--classes')
        return
        ;;
    '--noise')
        return
        ;;
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_synthesize_parity() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--features --bits --noise --rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--features')
        return
        ;;
    '--bits')
        return
        ;;
    '--noise')
        return
        ;;
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_synthesize_teacher() {
    repeating_flags=()
    non_repeating_flags=(--values --force --version -h --help)
    repeating_options=()
    non_repeating_options=(--features --classes --width --depth --noise --rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--features')
        return
        ;;
    '--classes')
        return
        ;;
    '--width')
        return
        ;;
    '--depth')
        return
        ;;
    '--noise')
        return
        ;;
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_synthesize_gaussian() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--features --condition --mean --noise --rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--features')
        return
        ;;
    '--condition')
        return
        ;;
    '--mean')
        return
        ;;
    '--noise')
        return
        ;;
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_data_synthesize_degenerate() {
    repeating_flags=()
    non_repeating_flags=(--force --version -h --help)
    repeating_options=()
    non_repeating_options=(--rows --test-rows --seed --output -o)
    __bnexp_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--rows')
        return
        ;;
    '--test-rows')
        return
        ;;
    '--seed')
        return
        ;;
    '--output'|'-o')
        __bnexp_add_completions -o plusdirs -fX '!*.@(h5|hdf5)'
        return
        ;;
    esac
}

_bnexp_config() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    show|explain|schema|diff)
        # Offer subcommand argument completions
        "_bnexp_config_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'show explain schema diff' -- "${cur}"))
        ;;
    esac
}

_bnexp_config_show() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=(--set --tag)
    non_repeating_options=(--name --seed)
    __bnexp_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--set')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion config show -- --set "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    '--name')
        return
        ;;
    '--seed')
        return
        ;;
    '--tag')
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion config show -- --tag "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_bnexp_config_explain() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -W "$(__bnexp_custom_complete ---completion config explain -- positional@0 "${COMP_CWORD}" "$(__bnexp_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_bnexp_config_schema() {
    repeating_flags=()
    non_repeating_flags=(--table --sweep --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 0
}

_bnexp_config_diff() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options 2

    # Offer positional completions
    case "${positional_number}" in
    1)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    2)
        __bnexp_add_completions -o plusdirs -fX '!*.@(json)'
        return
        ;;
    esac
}

_bnexp_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __bnexp_offer_flags_options -1
}

complete -o filenames -F _bnexp bnexp

# Offers words as they are typed into bash. In place of the function above, whose compgen would run what a name has in $(...).
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

# Bash takes `key=value` and `a:b` for several words. They are put together before they are completed; what stands before the last part,
# which is all that bash replaces, is then taken off the candidates.
__bnexp_complete_whole_words() {
    local -a whole_words=()
    local -i index last=-1 current=0
    local rest="${COMP_LINE}" before='' part trimmed
    for index in "${!COMP_WORDS[@]}"; do
        part="${COMP_WORDS[index]}"
        trimmed="${rest#"${rest%%[![:space:]]*}"}"
        if [[ "${index}" -gt 0 && "${trimmed}" = "${rest}" && ("${part}" = [=:]* || "${COMP_WORDS[index - 1]}" = *[=:]) ]]; then
            # What follows the cursor in its word plays no part.
            [[ "${index}" -gt "${COMP_CWORD}" && "${last}" -eq "${current}" ]] && rest="${trimmed#"${part}"}" && continue
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
