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
        guard let emptiest, case let count = facts[emptiest].missingCount, count > 0 else {
            throw error(nil, "It has no rows; expected some.")
        }
        throw error(
            nil,
            "A value is missing in every row: the column '\(columns.shownNames[emptiest])' has none in "
                + "\(counted(count, "row")). Leave it out: --skip \(quotedForShell(columns.names[emptiest]))"
        )
    }
    // Rows without a value do not count for anything where they are left out.
    let valueCounts = facts.map { options.missing == .drop ? rowCount : rowCount - $0.missingCount }
    for column in used {
        if !columns.categorical.contains(column) {
            try checkNumbers(columns, column, facts[column], valueCounts[column], plan, parts[0].head.dialect, error)
        }
        if let place = facts[column].firstInfinity, plan.uses[column] == .number {
            throw error(
                place,
                "The column '\(columns.shownNames[column])' holds an infinite number, or one beyond float64; expected "
                    + "finite ones. Leave the row or the column out.")
        }
    }
    try checkTexts(columns, facts, valueCounts, plan, error)
    for column in used where valueCounts[column] == 0 {
        throw error(
            nil,
            "The column '\(columns.shownNames[column])' has no value in any row. Leave it out: --skip "
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
                : count == valueCounts[column]
                    ? "\(count) values, all different" : "\(count) different \(count == 1 ? "value" : "values")"
            return "'\(columns.shownNames[column])' (\(number))"
        }
        throw error(
            facts[first].firstOther?.place,
            "\(texts.count == 1 ? "The column" : "The columns") \(descriptions.joined(separator: ", ")) "
                + "\(texts.count == 1 ? "is text" : "are texts")"
                + (facts[first].firstOther.map { ", such as \(quoted($0.text))" } ?? "") + "; inputs are numbers, or "
                + "texts with at most \(TablePlan.mostFeatures) different values, which become features of their own. "
                + "Leave out what is a name, a date or a key: --skip "
                + quotedForShell(texts.map { columns.names[$0] }.joined(separator: ",")))
    }
    for target in columns.targets {
        if plan.uses[target] == .survey, let other = facts[target].firstOther {
            throw error(
                other.place,
                "The target '\(columns.shownNames[target])' holds \(quoted(other.text)); several "
                    + "targets are numbers. Name one target to have texts as classes.")
        }
        if facts[target].texts?.isOver == true, plan.uses[target] == .names {
            throw error(
                facts[target].firstOther?.place,
                "The target '\(columns.shownNames[target])' has more than \(TablePlan.mostNames) different texts, so "
                    + "they are no classes. Name another --target.")
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
        gaps.prefix(8).map { "\(facts[$0].missingCount) in '\(columns.shownNames[$0])'" }
        + (gaps.count > 8 ? ["..."] : [])
    let isTarget = columns.targets.contains(first)
    throw error(
        facts[first].firstMissing,
        "The column '\(columns.shownNames[first])' has no value. Missing are \(counts.joined(separator: ", ")). "
            + (options.missing == .mean
                ? "A target is not filled: --missing drop leaves such rows out."
                : "--missing drop leaves such rows out"
                    + (isTarget ? "." : ", --missing mean puts in the mean of the column.")))
}
