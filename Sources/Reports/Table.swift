import Charts
import Foundation
import RunStore

/// Rows under named columns, for people, for programs and for spreadsheets.
package struct Table: Sendable {
    package var columns: [String]
    package var rows: [[SQLValue]]

    package init(columns: [String], rows: [[SQLValue]]) {
        self.columns = columns
        self.rows = rows
    }

    package init(_ result: QueryResult) { self.init(columns: result.columns, rows: result.rows) }

    /// Aligned columns: numbers to the right, text to the left, a rule under the header.
    ///
    /// With `color` the header is bold.
    package func text(color: Bool = false) -> String {
        let cells = rows.map { $0.map(\.display) }
        let widths = columns.indices.map { column in
            cells.reduce(columns[column].displayWidth) { max($0, $1[column].displayWidth) }
        }
        let isNumeric = columns.indices.map { column in
            rows.contains { $0[column].isNumber } && rows.allSatisfy { $0[column].isNumber || $0[column] == .null }
        }
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

    /// An array of objects, keys in the order of the columns, numbers with all their digits.
    package func json() -> String {
        let objects = rows.map { "  " + jsonObject(columns, $0) }
        return objects.isEmpty ? "[]\n" : "[\n" + objects.joined(separator: ",\n") + "\n]\n"
    }

    /// RFC 4180, with a header line.
    package func csv() -> String {
        csvLine(columns) + rows.map { csvLine($0.map(\.exact)) }.joined()
    }
}

extension SQLValue {
    var isNumber: Bool {
        switch self {
        case .integer, .number: true
        case .null, .text: false
        }
    }

    /// As people read it: four significant digits, integers in full.
    package var display: String {
        switch self {
        case .null: return "-"
        case .integer(let number): return "\(number)"
        case .text(let text):
            return String(
                String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
        case .number(let number):
            guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
            let magnitude = abs(number)
            return magnitude >= 1e6 || magnitude < 1e-4 && magnitude > 0
                ? String(format: "%.3e", number)
                : magnitude >= 1e4 ? String(format: "%.0f", number) : String(format: "%.4g", number)
        }
    }

    /// With all digits that are needed to read it back.
    var exact: String {
        switch self {
        case .null: ""
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .text(let text): text
        }
    }

    var json: String {
        switch self {
        case .null: "null"
        case .number(let number) where !number.isFinite: quoted("\(number)")
        case .text(let text): quoted(text)
        default: exact
        }
    }
}

func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}

extension String {
    fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, condition(last) { text.removeLast() }
        return text
    }
}
