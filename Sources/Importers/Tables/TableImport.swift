import Datasets
import Foundation
import Support

/// Imports tables in text, such as CSV, as `write` writes them.
///
/// Types follow from all values. They are guessed by the first rows, with which all are read and written to a spool;
/// where later rows show that the guess was wrong, all are read again, so that the result does not depend on the guess.
/// - Parameter output: the HDF5 file; `-` is standard output.
/// - Returns: lines that say what was found and written.
/// - Throws: an error that names file, line and column of what cannot be imported.
package func importTable(
    _ options: TableOptions, _ division: ImportOptions, to output: String
) throws(DataError) -> [String] {
    let parts = try openParts(options, beside: output)
    let head = parts[0].head
    let columns = try TableColumns(
        head.names, hasHeader: head.dialect.hasHeader, options, file: parts[0].source.name)
    let fillsMissing = options.missing == .mean
    // A guess needs few rows.
    var first = options
    first.blockByteCount = min(options.blockByteCount, 1 << 16)
    let survey = try TablePass(
        TablePlan(surveying: columns), columns, parts, first, blockCount: 1, beside: output)
    var plan = TablePlan(columns, survey.facts, fillsMissing: fillsMissing), pass: TablePass
    while true {
        pass = try TablePass(plan, columns, parts, options, beside: output) { division.progress(.reading, $0, $1) }
        let next = TablePlan(columns, pass.facts, fillsMissing: fillsMissing)
        if next == plan { break }
        plan = next
    }
    try check(
        columns, pass.facts, plan, parts, options, rowCount: pass.train.rowCount + pass.test.rowCount)
    var lines = [
        "\(options.format): delimiter \(head.dialect.delimiterName), "
            + (head.dialect.hasHeader
                ? "names of columns in line \(head.lineCount)" : "no header: columns are numbered from 1")
    ]
    lines += columnTable(columns, pass.facts, plan)
    let droppedCount = pass.train.droppedCount + pass.test.droppedCount
    if droppedCount > 0 {
        lines.append(
            "left out: \(droppedCount) of \(counted(droppedCount + pass.train.rowCount + pass.test.rowCount, "row")), in which a "
                + "value is missing")
    }
    let splits = try splits(of: pass, columns, plan, parts, fillsMissing: fillsMissing)
    return lines
        + (try write(
            splits, division, from: parts.map { $0.source.name == "standard input" ? "-" : $0.source.name },
            format: options.format, to: output))
}

/// Opens all files, which must have the same columns.
private func openParts(_ options: TableOptions, beside output: String) throws(DataError) -> [TablePart] {
    var parts: [TablePart] = []
    let point = UInt8(ascii: options.hasDecimalComma ? "," : ".")
    for (number, path) in (options.files + (options.testFile.map { [$0] } ?? [])).enumerated() {
        let source = try TableSource(path, beside: output)
        let first = parts.first
        let head = try TableHead(
            source, delimiter: first?.head.dialect.delimiter ?? options.delimiter, point: point,
            hasHeader: first?.head.dialect.hasHeader ?? options.hasHeader,
            targets: options.targets)
        if let first, head.names != first.head.names {
            let place = zip(head.names, first.head.names).enumerated().first { $1.0 != $1.1 }
            throw DataError(
                file: source.name,
                "Its columns are not those of \(first.source.name): "
                    + (place.map {
                        "column \($0.offset + 1) is '\(shown($0.element.0))', and '\(shown($0.element.1))' there."
                    }
                        ?? "it has \(head.names.count), and \(first.head.names.count) are there.")
                    + " Give all files the same header and delimiter.")
        }
        parts.append(TablePart(source: source, head: head, isTest: number >= options.files.count))
    }
    return parts
}

private func splits(
    of pass: TablePass, _ columns: TableColumns, _ plan: TablePlan, _ parts: [TablePart], fillsMissing: Bool
) throws(DataError) -> [ImportedSplit] {
    let target = columns.targets[0]
    var names: [String] = [], numbers: [Int32] = []
    if plan.uses[target] == .names, let texts = pass.facts[target].texts {
        let found = try strings(of: texts, parts[0].source.name)
        names = sortedNames(Set(found))
        let order = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        numbers = found.map { order[$0] ?? 0 }
    }
    var featureNames: [String] = []
    for column in columns.inputs {
        if case .oneHot(let texts) = plan.uses[column] {
            for text in texts {
                guard let text = String(validating: text, as: UTF8.self) else {
                    throw notUTF8(parts[0].source.name, line: nil, text)
                }
                featureNames.append("\(columns.names[column])=\(text)")
            }
        } else {
            featureNames.append(columns.names[column])
        }
    }
    func split(_ name: String, _ rows: TablePass.Split) -> ImportedSplit {
        let inputs = SpooledRows(
            file: rows.inputs.file, offset: 0, rowCount: rows.rowCount, rowShape: [plan.featureCount],
            elementType: plan.inputType)
        let targets: ImportedTargets
        if plan.uses[target] == .names {
            targets = .names(names, rows.codes.map { numbers[Int($0)] })
        } else {
            targets = .numbers(
                SpooledRows(
                    file: rows.targets.file, offset: 0, rowCount: rows.rowCount,
                    rowShape: columns.targets.count == 1 ? [] : [columns.targets.count], elementType: plan.targetType))
        }
        return ImportedSplit(
            name: name, inputs: inputs, targets: targets, featureNames: featureNames,
            fillsMissing: fillsMissing && plan.inputType.kind == .floating)
    }
    return [split("train", pass.train)] + (parts.contains(where: \.isTest) ? [split("test", pass.test)] : [])
}

private func strings(of texts: TextTable, _ file: String) throws(DataError) -> [String] {
    var strings: [String] = []
    for (index, string) in texts.strings.enumerated() {
        guard let string else { throw notUTF8(file, line: nil, texts[index]) }
        strings.append(string)
    }
    return strings
}

/// The widest that the names of columns make their part of the table.
private let widestName = 30

/// A line for each column that is used: its name, its type, and how many values are missing.
private func columnTable(_ columns: TableColumns, _ facts: [ColumnFacts], _ plan: TablePlan) -> [String] {
    let used = columns.roles.indices.filter { columns.roles[$0] != .unused }
    let shown =
        used.count <= 40 ? used[...] : used.prefix(20) + columns.targets.filter { !used.prefix(20).contains($0) }
    let names = columns.shownNames
    // A long name does not push the others away.
    let width = shown.map { names[$0].count }.filter { $0 <= widestName }.max() ?? 0
    var lines = shown.map { column in
        let name = names[column] + String(repeating: " ", count: max(0, width - names[column].count))
        let facts = facts[column]
        var type: String
        switch plan.uses[column] {
        case .number where !facts.isWhole: type = "real"
        case .number where !facts.isInteger:
            let target = columns.roles[column] == .input ? plan.inputType : plan.targetType
            type = target.kind == .floating ? "integer, rounded beyond 2^53" : "integer"
        case .number: type = "integer"
        case .boolean: type = "boolean"
        case .oneHot(let texts): type = "text, \(counted(texts.count, "value")), a feature each"
        case .names: type = "text, \(counted(facts.texts?.count ?? 0, "value"))"
        case .unused, .survey: type = "text"
        }
        if facts.missingCount > 0 { type += ", \(facts.missingCount) missing" }
        return "  \(name)  \(type)\(columns.roles[column] == .input ? "" : ", target")"
    }
    if shown.count < used.count {
        lines.append("  and \(used.count - shown.count) more \(used.count - shown.count == 1 ? "column" : "columns")")
    }
    return lines
}
