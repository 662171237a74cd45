/// Returns a line cut off where the terminal ends; escape sequences, such as those of colours, take no columns and are
/// kept.
func fitted(_ line: String, columns: Int) -> String {
    var result = "", count = 0, isEscape = false
    for character in line {
        if isEscape || character == "\u{1B}" {
            isEscape = !character.isLetter
            result.append(character)
        } else if count < columns - 1 {
            count += 1
            result.append(character)
        }
    }
    return result
}
