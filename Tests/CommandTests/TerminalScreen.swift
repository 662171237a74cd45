/// What a person sees of a terminal after a command has written to it.
///
/// Understands what bnexp writes: line ends, carriage returns, colours, and the sequences that move the cursor up or to
/// the top left, that clear the rest of a line or of the screen, and that change to the alternate screen and back.
/// Anything else is a mistake and kept in `unknown`.
struct TerminalScreen {
    /// One line each, without spaces at the end; those that have scrolled off the screen too.
    private(set) var lines: [String] = [""]
    /// Whether a line was longer than the terminal is wide, so that the rest went to the next one.
    private(set) var hasWrapped = false
    private(set) var hasColor = false
    /// Whether the alternate screen is shown, or the cursor is hidden.
    private(set) var (isAlternate, isCursorHidden) = (false, false)
    private(set) var unknown: [String] = []

    init(_ text: String, columns: Int, rows: Int) {
        var screen: [[Character]] = [[]]
        var row = 0, column = 0
        var main: (screen: [[Character]], row: Int, column: Int) = ([[]], 0, 0)
        func top() -> Int { max(0, screen.count - rows) }
        // A carriage return and a line feed are one character of a String.
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\r": column = 0
            case "\n":
                row += 1
                if row == screen.count { screen.append([]) }
            case "\u{1B}":
                guard rest.first == "[" else {
                    unknown.append("escape \(rest.first.map(String.init) ?? "")")
                    continue
                }
                rest = rest.dropFirst()
                let number = rest.prefix { "?0123456789;".unicodeScalars.contains($0) }
                rest = rest.dropFirst(number.count)
                let parameter = String(String.UnicodeScalarView(number))
                switch (rest.popFirst(), parameter) {
                case ("m", _): hasColor = true
                case ("K", ""): screen[row] = Array(screen[row].prefix(column))
                case ("A", _): row = max(top(), row - (Int(parameter) ?? 1))
                case ("H", ""): (row, column) = (top(), 0)
                case ("J", ""):
                    screen[row] = Array(screen[row].prefix(column))
                    screen.removeSubrange((row + 1)...)
                case ("h", "?1049"):
                    (main, isAlternate) = ((screen, row, column), true)
                    (screen, row, column) = ([[]], 0, 0)
                case ("l", "?1049"):
                    ((screen, row, column), isAlternate) = (main, false)
                case ("l", "?25"): isCursorHidden = true
                case ("h", "?25"): isCursorHidden = false
                case ("J", "2"): for index in top()..<screen.count { screen[index] = [] }
                case (let letter, _): unknown.append("[\(parameter)\(letter.map(String.init) ?? "")")
                }
            default:
                if column == columns {
                    hasWrapped = true
                    (row, column) = (row + 1, 0)
                    if row == screen.count { screen.append([]) }
                }
                while screen[row].count <= column { screen[row].append(" ") }
                screen[row][column] = Character(scalar)
                column += 1
            }
        }
        lines = TerminalScreen.texts(screen)
    }

    private static func texts(_ screen: [[Character]]) -> [String] {
        screen.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    }
}
