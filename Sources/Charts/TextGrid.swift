/// Characters in rows and columns, each with its colours.
struct TextGrid {
    private struct Cell {
        /// Empty behind a character that takes two columns.
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

    /// What lies outside of the grid is left out.
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

    /// Lines without spaces at their ends.
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

    private static func style(_ cell: Cell, _ color: TerminalColor) -> String {
        [
            cell.isBold ? "1" : nil, cell.foreground?.escape(background: false, color),
            cell.background?.escape(background: true, color),
        ]
        .compactMap { $0 }.joined(separator: ";")
    }
}

/// Dots of braille characters: 2 columns and 4 rows of them to a cell.
struct BrailleDots {
    private var masks: [[UInt32]]
    /// The series that set a dot in the cell last.
    private(set) var owners: [[Int?]]
    let width: Int
    let height: Int

    /// - Parameters: in cells.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        masks = Array(repeating: Array(repeating: 0, count: width), count: height)
        owners = Array(repeating: Array(repeating: nil, count: width), count: height)
    }

    /// The column of dots of a fraction of the width.
    func column(_ fraction: Double) -> Int { Int((fraction * Double(2 * width - 1)).rounded()) }

    /// The row of dots, from the top, of a fraction of the height.
    func row(_ fraction: Double) -> Int { Int(((1 - fraction) * Double(4 * height - 1)).rounded()) }

    mutating func set(_ x: Int, _ y: Int, _ owner: Int) {
        // Source: the Unicode Standard, "Braille Patterns": dots 1 to 3 and 7 are the left column from the top, 4 to 6
        // and 8 the right one.
        let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        masks[y / 4][x / 2] |= bits[x % 2][y % 4]
        owners[y / 4][x / 2] = owner
    }

    /// Sets the dots of a line, every `spacing`th of them.
    mutating func line(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), _ owner: Int, spacing: Int = 1) {
        let count = max(1, abs(to.x - from.x), abs(to.y - from.y))
        for i in 0...count {
            let x = from.x + Int((Double(i * (to.x - from.x)) / Double(count)).rounded())
            let y = from.y + Int((Double(i * (to.y - from.y)) / Double(count)).rounded())
            if spacing == 1 || (abs(to.x - from.x) >= abs(to.y - from.y) ? x : y) % spacing == 0 { set(x, y, owner) }
        }
    }

    /// The braille character of a cell; nil without dots.
    func character(_ row: Int, _ column: Int) -> String? {
        guard masks[row][column] > 0, let scalar = Unicode.Scalar(0x2800 + masks[row][column]) else { return nil }
        return String(Character(scalar))
    }
}
