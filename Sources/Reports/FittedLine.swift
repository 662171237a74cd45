import Charts

/// Returns a line cut off where the terminal ends; escape sequences, such as those of colours, take no columns and are
/// kept.
///
/// - Parameter columns: those of the terminal; the last one stays free, since a terminal may wrap behind it.
package func fitted(_ line: String, columns: Int) -> String { clipped(line, to: columns - 1) }

/// Returns the part of a line that takes at most `width` columns, with all of its escape sequences.
package func clipped(_ line: String, to width: Int) -> String {
    var result = "", used = 0, isEscape = false
    for character in line {
        if isEscape || character == "\u{1B}" {
            isEscape = !character.isLetter
            result.append(character)
        } else if case let next = used + String(character).displayWidth, next <= width {
            used = next
            result.append(character)
        } else {
            used = max(used, width)
        }
    }
    return result
}
