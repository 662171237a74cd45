import Foundation

/// A word as it can be typed into a POSIX shell.
func quotedForShell(_ word: String) -> String {
    word.wholeMatch(of: /[A-Za-z0-9_.,:=@%+\/-]+/) != nil ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
}
