import Charts
import Foundation
import RunStore
import Support

/// What becomes of a table that is wider than the terminal.
package enum TableFit: Sendable {
    /// A list of rows: columns without values go, names fold, so that they can be typed, settings and sentences fold
    /// and are cut, and the least important columns go.
    ///
    /// Where `cutsNames`, as on a screen that is drawn again and again, each name takes one line.
    case leavingOut(cutsNames: Bool = false)
    /// A table that is read down: cells fold, and columns that still do not fit stand below the others, after the first
    /// `keyCount`, which come again.
    case folding(keyCount: Int = 1)
}

/// A table of rows under named columns, which is written for people, for programs and for spreadsheets.
package struct Table: Sendable {
    package var columns: [String]
    package var rows: [[SQLValue]]
    /// How many of the first rows, and of the first columns, are settings: people are shown all their digits.
    package var settingRowCount = 0
    package var settingColumnCount = 0
    package var fit = TableFit.leavingOut()
    /// Names of columns, the most important first, which a narrow terminal leaves out last.
    ///
    /// The others follow from left to right; the first column always stays.
    package var importance: [String] = []

    package init(columns: [String], rows: [[SQLValue]]) {
        self.columns = columns
        self.rows = rows
    }

    package init(_ result: QueryResult) { self.init(columns: result.columns, rows: result.rows) }

    /// Returns the table for people: aligned columns, numbers to the right, text to the left, a rule under the header.
    ///
    /// - Parameters:
    ///   - width: the columns of the terminal that it has to fit, as `fit` says; nil leaves every line as long as it
    ///   is.
    ///     Numbers are never cut, so that one that is wider than the terminal does not fit.
    ///   - color: whether the header is bold.
    ///   - remedy: how columns that are left out can be seen, which is said below the table.
    package func text(width: Int? = nil, color: Bool = false, remedy: String = "--json shows all") -> String {
        let columns = columns.indices.map { column in
            TableColumn(
                header: self.columns[column].escapedForTerminal(),
                cells: rows.enumerated().map { row, values in
                    row < settingRowCount || column < settingColumnCount
                        ? values[column].displayOfSetting : values[column].display
                }, values: rows.map { $0[column] })
        }
        let layout = layout(of: columns, width: width)
        var text = layout.blocks.map { block in
            lines(of: block, columns, color: color).map { $0 + "\n" }.joined()
        }.joined(separator: "\n")
        if let width, !layout.leftOut.isEmpty {
            let names = layout.leftOut.map { columns[$0].header }.joined(separator: ", ")
            let note = "left out, for want of width: \(names); \(remedy)"
            text += note.wrapped(to: max(1, width)).map { $0 + "\n" }.joined()
        }
        return text
    }

    private func layout(of columns: [TableColumn], width: Int?) -> TableLayout {
        guard let width, !columns.isEmpty else { return TableLayout(columns) }
        switch fit {
        case .folding(let keyCount): return TableLayout(columns, width: width, repeating: keyCount)
        case .leavingOut(let cutsNames):
            let named = importance.compactMap { self.columns.firstIndex(of: $0) }
            let ranking = [0] + named.filter { $0 > 0 }
            return TableLayout(
                columns, width: width, ranking: ranking + columns.indices.filter { !ranking.contains($0) },
                text: cutsNames ? TableLayout.narrowText : max(TableLayout.narrowText, width / 3))
        }
    }

    /// Returns header, rule and rows of the columns that stand beside each other.
    private func lines(of block: TableLayout.Block, _ columns: [TableColumn], color: Bool) -> [String] {
        let shown = block.places.map { columns[$0] }
        /// Lines in which the texts of each column stand below each other.
        func lines(_ texts: [[String]], atBottom: Bool = false) -> [String] {
            let height = texts.reduce(1) { max($0, $1.count) }
            return (0..<height).map { line in
                let cells = texts.enumerated().map { index, texts in
                    let place = atBottom ? line - (height - texts.count) : line
                    let text = texts.indices.contains(place) ? texts[place] : ""
                    let space = String(repeating: " ", count: max(0, block.widths[index] - text.displayWidth))
                    return shown[index].isNumeric ? space + text : text + space
                }
                return cells.joined(separator: String(repeating: " ", count: TableLayout.gap)).withoutLastSpaces
            }
        }
        let header = lines(zip(shown, block.widths).map { $0.header.folded(to: $1) }, atBottom: true)
        let rule = block.widths.map { String(repeating: "-", count: $0) }
            .joined(separator: String(repeating: " ", count: TableLayout.gap))
        let body = rows.indices.flatMap { row in
            lines(
                zip(shown, block.widths).map { column, width in
                    let cell = column.cells[row]
                    guard case .leavingOut(let cutsNames) = fit else { return cell.folded(to: width) }
                    if cell.contains(where: { $0 == " " || $0 == "=" }) {
                        return cell.cutInMiddle(to: 4 * width).folded(to: width)
                    }
                    return cutsNames ? [cell.cutInMiddle(to: width)] : cell.folded(to: width)
                })
        }
        return header.map { color ? "\u{1B}[1m\($0)\u{1B}[0m" : $0 } + [rule] + body
    }

    /// The cells as people are shown them.
    var shownCells: [[String]] {
        rows.enumerated().map { row, values in
            values.enumerated().map { column, value in
                row < settingRowCount || column < settingColumnCount ? value.displayOfSetting : value.display
            }
        }
    }

    /// Whether a column has numbers only, for each column.
    var isNumeric: [Bool] {
        columns.indices.map { column in
            rows.contains { $0[column].isNumber } && rows.allSatisfy { $0[column].isNumber || $0[column] == .null }
        }
    }

    /// Returns the table as a JSON array of objects, with keys in the order of the columns and all digits of numbers.
    package func json() -> String {
        guard !rows.isEmpty else { return "[]\n" }
        let names = jsonMemberNames(columns)
        var text = "["
        for (index, row) in rows.enumerated() {
            text += index == 0 ? "\n  " : ",\n  "
            appendJSONObject(names, row, to: &text)
        }
        return text + "\n]\n"
    }
}
