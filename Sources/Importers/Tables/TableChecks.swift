import Datasets
import Support

/// Refuses a table whose values cannot be imported, by what all of its rows have shown.
///
/// - Parameter rowCount: the number of rows that are not left out.
func check(
    _ columns: TableColumns, _ facts: [ColumnFacts], _ plan: TablePlan, _ parts: [TablePart], _ options: TableOptions,
    rowCount: Int
) throws(DataError) {
    func error(_ place: TablePlace?, _ problem: String) -> DataError {
        DataError(
            file: parts[place?.source ?? 0].source.name, (place.map { "Line \($0.line + 1): " } ?? "") + problem)
    }
    let used = columns.roles.indices.filter { columns.roles[$0] != .unused }
    guard rowCount > 0 else {
        let emptiest = used.max { facts[$0].missingCount < facts[$1].missingCount }
        guard let emptiest, facts[emptiest].missingCount > 0 else { throw error(nil, "It has no rows; expected some.") }
        throw error(
            nil,
            "A value is missing in every row: the column '\(columns.names[emptiest])' has none in "
                + "\(facts[emptiest].missingCount) rows. Leave it out: --skip \(quotedForShell(columns.names[emptiest]))"
        )
    }
    for column in used {
        let (name, facts) = (columns.names[column], facts[column])
        if let other = facts.firstOther, hasCommas(other.text), plan.uses[column] != .boolean {
            throw error(
                other.place,
                "The column '\(name)' holds '\(String(decoding: other.text.prefix(40), as: UTF8.self))'. "
                    + (options.hasDecimalComma
                        ? "With --decimal-comma a number has one comma and no other sign between its digits. Remove the "
                            + "separators of thousands."
                        : "If the comma is a decimal point, give --decimal-comma; if it separates thousands, remove it.")
            )
        }
        if let place = facts.firstInfinity, plan.uses[column] == .number {
            throw error(
                place,
                "The column '\(name)' holds an infinite number, or one beyond float64; expected finite ones. Leave the row "
                    + "or the column out.")
        }
    }
    // Rows without a value do not count for anything where they are left out.
    let valueCounts = facts.map { options.missing == .drop ? rowCount : rowCount - $0.missingCount }
    try checkTexts(columns, facts, valueCounts, plan, error)
    for column in used where valueCounts[column] == 0 {
        throw error(
            nil,
            "The column '\(columns.names[column])' has no value in any row. Leave it out: --skip "
                + quotedForShell(columns.names[column]))
    }
    try checkMissing(columns, facts, options, error)
}

/// Refuses inputs that are texts with too many different values, all in one message, and targets of several columns
/// that are no numbers.
private func checkTexts(
    _ columns: TableColumns, _ facts: [ColumnFacts], _ valueCounts: [Int], _ plan: TablePlan,
    _ error: (TablePlace?, String) -> DataError
) throws(DataError) {
    let texts = columns.inputs.filter { plan.uses[$0] == .survey }.sorted()
    if let first = texts.first {
        let descriptions = texts.map { column in
            let count = facts[column].texts?.count ?? 0
            let number =
                facts[column].texts?.isOver == true
                ? "more than \(count) different values"
                : count == valueCounts[column] ? "\(count) values, all different" : "\(count) different values"
            return "'\(columns.names[column])' (\(number))"
        }
        throw error(
            facts[first].firstOther?.place,
            "\(texts.count == 1 ? "The column" : "The columns") \(descriptions.joined(separator: ", ")) "
                + "\(texts.count == 1 ? "is text" : "are texts"), such as "
                + "'\(String(decoding: (facts[first].firstOther?.text ?? []).prefix(40), as: UTF8.self))'; inputs are numbers, "
                + "or texts with at most \(TablePlan.mostFeatures) different values, which become features of their own. "
                + "Leave out what is a name, a date or a key: --skip "
                + quotedForShell(texts.map { columns.names[$0] }.joined(separator: ",")))
    }
    for target in columns.targets {
        if plan.uses[target] == .survey, let other = facts[target].firstOther {
            throw error(
                other.place,
                "The target '\(columns.names[target])' holds '\(String(decoding: other.text.prefix(40), as: UTF8.self))'; several "
                    + "targets are numbers. Name one target to have texts as classes.")
        }
        if facts[target].texts?.isOver == true, plan.uses[target] == .names {
            throw error(
                facts[target].firstOther?.place,
                "The target '\(columns.names[target])' has more than \(TablePlan.mostNames) different texts, so they are no "
                    + "classes. Name another --target.")
        }
    }
}

private func checkMissing(
    _ columns: TableColumns, _ facts: [ColumnFacts], _ options: TableOptions,
    _ error: (TablePlace?, String) -> DataError
) throws(DataError) {
    guard options.missing != .drop else { return }
    let refused = options.missing == .mean ? columns.targets : columns.inputs + columns.targets
    let gaps = refused.filter { facts[$0].missingCount > 0 }.sorted()
    guard
        let first = gaps.min(by: {
            (facts[$0].firstMissing ?? .init(line: 0)) < (facts[$1].firstMissing ?? .init(line: 0))
        })
    else { return }
    let counts =
        gaps.prefix(8).map { "\(facts[$0].missingCount) in '\(columns.names[$0])'" } + (gaps.count > 8 ? ["..."] : [])
    let isTarget = columns.targets.contains(first)
    throw error(
        facts[first].firstMissing,
        "The column '\(columns.names[first])' has no value. Missing are \(counts.joined(separator: ", ")). "
            + (options.missing == .mean
                ? "A target is not filled: --missing drop leaves such rows out."
                : "--missing drop leaves such rows out"
                    + (isTarget ? "." : ", --missing mean puts in the mean of the column.")))
}

/// Whether a text consists of the signs of a number and has a comma.
private func hasCommas(_ text: [UInt8]) -> Bool {
    let signs = Array("0123456789.,+-' ".utf8)
    return text.contains(UInt8(ascii: ",")) && text.contains { $0 >= 48 && $0 <= 57 } && text.allSatisfy(signs.contains)
}
