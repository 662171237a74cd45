import Charts
import RunStore

/// A column of a table as texts, and how narrow it can be.
struct TableColumn {
    let header: String
    let cells: [String]
    let isNumeric: Bool
    /// Whether no row has a value in it.
    let isEmpty: Bool
    /// Whether a cell has several words, or is a setting.
    let hasSentences: Bool
    /// The width at which no cell is cut or folded.
    let cellWidth: Int
    /// The width that numbers need, which are never cut, with their deviations or what is left of them.
    private let numberWidth: Int

    init(header: String, cells: [String], values: [SQLValue]) {
        self.header = header
        self.cells = cells
        isNumeric = values.contains(where: \.isNumber) && values.allSatisfy { $0.isNumber || $0 == .null }
        isEmpty = values.allSatisfy { $0 == .null || $0 == .text("") }
        hasSentences = cells.contains { $0.contains { $0 == " " || $0 == "=" } }
        cellWidth = cells.reduce(0) { max($0, $1.displayWidth) }
        numberWidth = zip(cells, values).reduce(0) { widest, cell in
            cell.1.isNumber || ["±", " %"].contains(where: cell.0.contains) ? max(widest, cell.0.displayWidth) : widest
        }
    }

    /// The width at which header and cells take one line.
    var naturalWidth: Int { max(cellWidth, header.displayWidth) }

    /// Returns the smallest width, at which texts that are wider than `text` columns are cut or folded.
    func narrowest(text: Int) -> Int {
        let piece = header.pieces.reduce(0) { max($0, $1.displayWidth) }
        return max(numberWidth, min(cellWidth, text), min(piece, TableLayout.narrowHeader), 1)
    }
}

/// How the columns of a table are placed in lines of a width.
///
/// Columns become narrower before any is left out: headers fold first, then texts are cut or fold.
struct TableLayout {
    /// Columns that stand beside each other, with the width of each.
    struct Block {
        var places: [Int]
        var widths: [Int]
    }

    /// One block, or several below each other that begin with the same columns.
    let blocks: [Block]
    /// The columns for which there is no room, from left to right; those without values are not counted.
    let leftOut: [Int]

    /// A text column is not made narrower than this; the first ones of blocks get twice as much.
    static let narrowText = 12
    /// A longer word of a header is broken.
    static let narrowHeader = 16
    static let gap = 2

    /// Gives every column the width that it wants.
    init(_ columns: [TableColumn]) {
        blocks = [Block(places: Array(columns.indices), widths: columns.map(\.naturalWidth))]
        leftOut = []
    }

    /// Leaves out the columns without values, and then the least important ones until the others fit.
    ///
    /// - Parameters:
    ///   - ranking: all columns, the most important first; the first of them stays.
    ///   - text: the width below which names are not folded or cut.
    init(_ columns: [TableColumn], width: Int, ranking: [Int], text: Int) {
        let narrowest = columns.map { $0.narrowest(text: $0.hasSentences ? TableLayout.narrowText : text) }
        var kept = ranking.filter { !columns[$0].isEmpty || $0 == ranking.first }
        let filled = kept
        while kept.count > 1, TableLayout.width(of: kept.map { narrowest[$0] }) > width { kept.removeLast() }
        blocks = [TableLayout.block(kept.sorted(), columns, narrowest, width)]
        leftOut = filled.dropFirst(kept.count).sorted()
    }

    /// Puts columns that do not fit below the others, after the first columns, which come again.
    init(_ columns: [TableColumn], width: Int, repeating keyCount: Int) {
        let keys = Array(columns.indices.prefix(keyCount)), least = TableLayout.narrowText
        let narrowest = columns.indices.map { place in
            columns[place].narrowest(
                text: place < keyCount ? max(least, min(2 * least, width / 3)) : least)
        }
        var groups: [[Int]] = [], group = keys
        for place in columns.indices.dropFirst(keyCount) {
            if group.count > keyCount, TableLayout.width(of: (group + [place]).map { narrowest[$0] }) > width {
                groups.append(group)
                group = keys
            }
            group.append(place)
        }
        blocks = (groups + [group]).map { TableLayout.block($0, columns, narrowest, width) }
        leftOut = []
    }

    private static func width(of widths: [Int]) -> Int { widths.reduce(0, +) + gap * max(0, widths.count - 1) }

    /// Divides the room among the columns: first cells get what they want, then headers.
    private static func block(_ places: [Int], _ columns: [TableColumn], _ narrowest: [Int], _ width: Int) -> Block {
        var widths = places.map { narrowest[$0] }
        var spare = width - TableLayout.width(of: widths)
        for wanted in [places.map { columns[$0].cellWidth }, places.map { columns[$0].naturalWidth }] {
            var isGrowing = true
            while spare > 0, isGrowing {
                isGrowing = false
                for index in widths.indices where spare > 0 && widths[index] < wanted[index] {
                    widths[index] += 1
                    spare -= 1
                    isGrowing = true
                }
            }
        }
        return Block(places: places, widths: widths)
    }
}

extension String {
    /// The parts between which a name or a setting is folded: after spaces and `_ . = / , -`.
    var pieces: [String] {
        var pieces: [String] = [], piece = ""
        for character in self {
            piece.append(character)
            if " _.=/,-".contains(character) {
                pieces.append(piece)
                piece = ""
            }
        }
        return piece.isEmpty && !pieces.isEmpty ? pieces : pieces + [piece]
    }

    /// Returns lines of at most `width` columns, broken between pieces, or within pieces that are longer.
    func folded(to width: Int) -> [String] {
        guard displayWidth > width else { return [self] }
        var lines = [""]
        for piece in pieces {
            if (lines[lines.count - 1] + piece.withoutLastSpaces).displayWidth <= width {
                lines[lines.count - 1] += piece
            } else {
                lines += piece.displayWidth > width ? piece.wrapped(to: width) : [piece]
            }
        }
        return lines.map(\.withoutLastSpaces).filter { !$0.isEmpty }
    }

    /// The text up to its last character that is no space.
    var withoutLastSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
