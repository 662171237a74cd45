import ArgumentParser
import Foundation
import Keys
import RunStore
import Training

// The candidates that a shell offers while a command line is typed. It asks `bnexp ---completion` for those that
// change. Nothing here writes, waits or prints an error.

extension CompletionKind {
    static let configFile = file(extensions: ["json"])
    static let hdf5File = file(extensions: ["h5", "hdf5"])

    static let run = custom { words, _, _ in candidates(withLatest(known(.run, by: words))) }
    static let sweep = custom { words, _, _ in candidates(withLatest(known(.sweep, by: words))) }
    static let runName = custom { words, _, _ in candidates(known(.run, by: words)) }
    static let tag = custom { words, _, _ in candidates(known(.tag, by: words)) }
    static let table = custom { words, _, _ in candidates(known(.table, by: words)) }

    static let configKey = custom { _, _, _ in candidates(Config.shape.keyEntries.map(\.path)) }

    /// Config keys as `key.path=`, and after a key with a closed set of values `key.path=VALUE`.
    static let setting = custom { words, index, _ in
        // The parser's third argument is a part of the last word, which need not be the one that is completed.
        let word = words.indices.contains(index) ? unquoted(words[index]) : ""
        guard let separator = word.firstIndex(of: "=") else {
            return candidates(Config.shape.settableKeys.map { $0.path + "=" })
        }
        let key = Config.shape.settableKeys.first { $0.path == word[..<separator] }
        return candidates((key?.values ?? []).map { word[...separator] + $0 })
    }
}

/// Returns the names that the results file of a command line holds.
private func known(_ thing: NamedThing, by words: [String]) -> [String] {
    var file: String?
    for (word, next) in zip(words, words.dropFirst()) where word == "--db" { file = next }
    for word in words where word.hasPrefix("--db=") { file = String(word.dropFirst("--db=".count)) }
    return knownNames(of: thing, inResultsFile: ResultsOption.path(given: file.map(unquoted)))
}

/// Returns names after the word that means the newest.
private func withLatest(_ names: [String]) -> [String] {
    names.isEmpty ? [] : ["latest"] + names.filter { $0 != "latest" }
}

/// Returns words as the shell's script expects them, without those that have a control character, which could not be
/// typed.
private func candidates(_ words: [String]) -> [String] {
    let typeable = words.filter { word in
        !word.isEmpty && !word.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
    guard CompletionShell.requesting == .zsh else { return typeable }
    // In zsh a description would follow a colon.
    return typeable.map { $0.replacing("\\", with: "\\\\").replacing(":", with: "\\:") }
}

/// Returns a word without the shell's quotes and backslashes, and with the home folder in place of a tilde.
///
/// Variables are not expanded, since their values are not known here.
private func unquoted(_ word: String) -> String {
    var text = ""
    var quote: Character?
    var isEscaped = false
    for character in word {
        if isEscaped {
            text.append(character)
            isEscaped = false
        } else if character == "\\" && quote != "'" {
            isEscaped = true
        } else if character == quote {
            quote = nil
        } else if quote == nil && (character == "'" || character == "\"") {
            quote = character
        } else {
            text.append(character)
        }
    }
    return word.hasPrefix("~/") ? NSHomeDirectory() + text.dropFirst() : text
}
