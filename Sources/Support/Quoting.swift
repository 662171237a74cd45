/// A word as it can be typed into a POSIX shell.
package func quotedForShell(_ word: String) -> String {
    let isPlain =
        !word.isEmpty
        && word.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                || "_.,:=@%+/-".unicodeScalars.contains($0)
        }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
