/// A grid of characters in rows and columns, each with its colours.
struct TextGrid {
    private struct Cell {
        /// The character, or an empty text behind a character that takes two columns.
        var text = " "
        var foreground: RGB?
        var background: RGB?
        var isBold = false
    }

    private var rows: [[Cell]]
    let width: Int

    init(width: Int, height: Int) {
        self.width = width
        rows = Array(repeating: Array(repeating: Cell(), count: width), count: height)
    }

    /// Writes a text from a cell to the right; characters outside of the grid are left out.
    mutating func put(
        _ text: String, _ row: Int, _ column: Int, _ foreground: RGB? = nil, on background: RGB? = nil,
        isBold: Bool = false
    ) {
        guard rows.indices.contains(row) else { return }
        var column = column
        for character in text.printable {
            let taken = String(character).displayWidth
            if column >= 0 && column + taken <= width {
                rows[row][column] = Cell(
                    text: String(character), foreground: foreground, background: background, isBold: isBold)
                if taken == 2 {
                    rows[row][column + 1] = Cell(
                        text: "", foreground: foreground, background: background, isBold: isBold)
                }
            }
            column += taken
        }
    }

    /// Returns the lines of the grid, without spaces at their ends.
    func text(_ color: TerminalColor) -> String {
        rows.map { row in
            let last = row.lastIndex { $0.text != " " || (color != .none && $0.background != nil) } ?? -1
            var line = "", style = ""
            for cell in row[..<(last + 1)] {
                let new = color == .none ? "" : TextGrid.style(cell, color)
                if new != style {
                    line += "\u{1B}[\(new.isEmpty ? "0" : "0;" + new)m"
                    style = new
                }
                line += cell.text
            }
            return line + (style.isEmpty ? "\n" : "\u{1B}[0m\n")
        }.joined()
    }

    /// Returns the parameters of the escape sequence for a cell.
    private static func style(_ cell: Cell, _ color: TerminalColor) -> String {
        [
            cell.isBold ? "1" : nil, cell.foreground?.escape(background: false, color),
            cell.background?.escape(background: true, color),
        ]
        .compactMap { $0 }.joined(separator: ";")
    }
}
