import Datasets
import Support

/// Refuses a column of numbers in which some cells are none, rather than take all of its values for texts.
///
/// It is one if all but one cell are numbers, of at least three, or all but a tenth; and whatever the others are where
/// the first of them would be a number with another sign for the decimal point or for thousands.
/// - Parameter valueCount: the cells that are not missing.
func checkNumbers(
    _ columns: TableColumns, _ column: Int, _ facts: ColumnFacts, _ valueCount: Int, _ plan: TablePlan,
    _ dialect: TableDialect, _ error: (TablePlace?, String) -> DataError
) throws(DataError) {
    guard let (place, text) = facts.firstOther, plan.uses[column] != .boolean else { return }
    let name = columns.shownNames[column]
    let found = "The column '\(name)' holds \(quoted(text))"
    if let hint = hint(text, dialect) { throw error(place, "\(found). \(hint)") }
    let numberCount = valueCount - facts.otherCount
    guard facts.otherCount == 1 && numberCount >= 2 || facts.otherCount <= valueCount / 10 else { return }
    let others = facts.otherCount == 1 ? "this one" : "this one and \(counted(facts.otherCount - 1, "other"))"
    throw error(
        place,
        "\(found), where \(numberCount) of \(valueCount) cells are numbers: all but \(others). Correct such cells, or "
            + "empty them and give --missing drop or mean; if the values are names, give --categorical "
            + "\(quotedForShell(columns.names[column])).")
}

/// What to do about a text that has the digits of a number with signs between them that this dialect has not.
private func hint(_ text: [UInt8], _ dialect: TableDialect) -> String? {
    let comma = UInt8(ascii: ","), semicolon = UInt8(ascii: ";"), point = UInt8(ascii: ".")
    guard text.contains(where: { (48...57).contains($0) }) else { return nil }
    func consists(of signs: String) -> Bool { text.allSatisfy(Array("0123456789+-\(signs)".utf8).contains) }
    if dialect.point == comma {
        if text.contains(comma), consists(of: ".,' ") {
            return
                "With --decimal-comma a number has one comma and no other sign between its digits. Remove the "
                + "separators of thousands."
        }
        let isOther = text.withUnsafeBufferPointer { DecimalReader(point: point).read($0) } != nil
        return isOther ? "With --decimal-comma the decimal point is a comma. Leave it out, or correct the cell." : nil
    }
    if dialect.delimiter == comma, text.contains(semicolon), consists(of: ".,;' ") {
        return
            "If the comma is a decimal point and the semicolon is between fields, give --decimal-comma --delimiter ';'."
    }
    guard text.contains(comma), consists(of: ".,' ") else { return nil }
    // With it the comma would no longer be looked for between fields.
    let delimiter = dialect.delimiter == comma ? " --delimiter ," : ""
    return "If the comma is a decimal point, give --decimal-comma\(delimiter); if it separates thousands, remove it."
}

/// The beginning of a cell in quotes, as messages show it.
func quoted(_ text: [UInt8]) -> String {
    let shown = String(decoding: text.prefix(40), as: UTF8.self).escapedForTerminal()
    return "'\(shown)\(text.count > 40 ? "..." : "")'"
}
