import Charts
import Foundation
import RunStore
import Support

/// A table of rows under named columns, which is written for people, for programs and for spreadsheets.
package struct Table: Sendable {
    package var columns: [String]
    package var rows: [[SQLValue]]
    /// How many of the first rows, and of the first columns, are settings: people are shown all their digits.
    package var settingRowCount = 0
    package var settingColumnCount = 0

    package init(columns: [String], rows: [[SQLValue]]) {
        self.columns = columns
        self.rows = rows
    }

    package init(_ result: QueryResult) { self.init(columns: result.columns, rows: result.rows) }

    /// Returns the table for people: aligned columns, numbers to the right, text to the left, a rule under the header.
    ///
    /// With `color` the header is bold.
    package func text(color: Bool = false) -> String {
        let columns = columns.map { $0.escapedForTerminal() }
        let cells = shownCells
        let widths = columns.indices.map { column in
            cells.reduce(columns[column].displayWidth) { max($0, $1[column].displayWidth) }
        }
        let isNumeric = isNumeric
        func line(_ texts: [String]) -> String {
            let padded = texts.enumerated().map { column, text in
                let space = String(repeating: " ", count: widths[column] - text.displayWidth)
                return isNumeric[column] ? space + text : text + space
            }
            return padded.joined(separator: "  ").trimmingSuffix { $0 == " " }
        }
        let header = color ? "\u{1B}[1m\(line(columns))\u{1B}[0m" : line(columns)
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return ([header, rule] + cells.map(line)).map { $0 + "\n" }.joined()
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
        let objects = rows.map { "  " + jsonObject(columns, $0) }
        return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }
}

extension String {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, condition(last) { text.removeLast() }
        return text
    }
}
