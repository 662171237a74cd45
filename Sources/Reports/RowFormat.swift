import RunStore
import Support

/// A format of tables that is written row by row, so that the length of a table does not matter.
package enum RowFormat: String, CaseIterable, Sendable {
    /// CSV (RFC 4180) with a header line; NULL is an empty field.
    case csv
    /// JSON Lines: an object for each row, with keys in the order of the columns.
    case jsonl

    /// Returns the text before the first row.
    package func header(_ columns: [String]) -> String {
        switch self {
        case .csv: csvLine(columns)
        case .jsonl: ""
        }
    }

    /// Returns the line of a row.
    package func line(_ columns: [String], _ row: [SQLValue]) -> String {
        switch self {
        case .csv: csvLine(row)
        case .jsonl: jsonObject(columns, row) + "\n"
        }
    }
}

/// Returns the line of a CSV file that has these fields.
/// - Parameter end: what ends it; RFC 4180 says CR LF, text tools expect LF.
package func csvLine(_ fields: [String], end: String = "\r\n") -> String {
    fields.map(quotedForCSV).joined(separator: ",") + end
}

/// Returns the line of a CSV file that has these values.
package func csvLine(_ row: [SQLValue], end: String = "\r\n") -> String { csvLine(row.map(\.exact), end: end) }

/// Returns a row as a JSON object, on one line.
package func jsonObject(_ columns: [String], _ row: [SQLValue]) -> String {
    var text = ""
    appendJSONObject(jsonMemberNames(columns), row, to: &text)
    return text
}

/// The names of columns as they stand in JSON objects, with what follows them there.
func jsonMemberNames(_ columns: [String]) -> [String] { columns.map { "\(quotedForJSON($0)): " } }

/// Appends a row as a JSON object, on one line.
///
/// - Parameter names: from `jsonMemberNames`, made once for many rows.
func appendJSONObject(_ names: [String], _ row: [SQLValue], to text: inout String) {
    text += "{"
    for index in 0..<min(names.count, row.count) {
        if index > 0 { text += ", " }
        text += names[index]
        text += row[index].json
    }
    text += "}"
}
