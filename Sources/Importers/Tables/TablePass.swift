import Datasets

/// The text of one table, and where its rows begin.
struct TablePart {
    let source: TableSource
    let head: TableHead
    /// Whether its rows are the test split.
    let isTest: Bool
}

/// What one pass over all rows of a table has shown and written.
final class TablePass {
    /// The rows of one split.
    struct Split {
        var rowCount = 0
        var droppedCount = 0
        let inputs: SpoolWriter
        let targets: SpoolWriter
        /// The number of its name in the facts of the target, for each row.
        var codes: [Int32] = []
    }

    private(set) var facts: [ColumnFacts]
    private(set) var train: Split
    private(set) var test: Split

    /// Reads all rows as a plan says.
    ///
    /// - Parameters:
    ///   - blockCount: how many blocks are read at most.
    ///   - output: beside which rows are spooled.
    ///   - progress: is told how many bytes of all have been read.
    /// - Throws: an error that names the line where the text is no table.
    init(
        _ plan: TablePlan, _ columns: TableColumns, _ parts: [TablePart], _ options: TableOptions,
        blockCount: Int = .max, beside output: String,
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(DataError) {
        facts = columns.roles.indices.map { plan.emptyFacts($0, columns.roles[$0]) }
        train = Split(inputs: try SpoolWriter(beside: output), targets: try SpoolWriter(beside: output))
        test = Split(inputs: try SpoolWriter(beside: output), targets: try SpoolWriter(beside: output))
        let dialect = parts[0].head.dialect
        let parser = TableParser(plan, columns, dialect, dropsMissing: options.missing == .drop)
        var readers = parts.map {
            TableBlockReader(
                $0.source, from: $0.head.rowsStart, delimiter: dialect.delimiter,
                blockByteCount: options.blockByteCount)
        }
        var lineCounts = parts.map(\.head.lineCount)
        var current = 0, begunCount = 0, readCount = 0
        let byteCount = parts.reduce(0) { $0 + $1.source.byteCount - $1.head.rowsStart }
        try forEachInOrder(
            threads: options.threads,
            next: { () throws(DataError) -> (block: TableBlock, part: Int)? in
                while current < parts.count, begunCount < blockCount {
                    if let block = try readers[current].next() {
                        begunCount += 1
                        return (block, current)
                    }
                    current += 1
                }
                return nil
            },
            work: { item in (block: item.block, part: item.part, parsed: parser.parse(item.block)) },
            take: { [self] result throws(DataError) in
                let part = parts[result.part]
                if let problem = result.parsed.problem {
                    throw error(problem, result.block, part, lineCounts[result.part], columns)
                }
                let start = TablePlace(source: result.part, line: lineCounts[result.part])
                if part.isTest {
                    try take(result.parsed, columns, start, into: &test)
                } else {
                    try take(result.parsed, columns, start, into: &train)
                }
                lineCounts[result.part] += result.parsed.lineCount
                readCount += result.block.bytes.count
                progress(readCount, byteCount)
            })
        for part in parts { try part.source.requireUnchanged() }
    }

    private func take(
        _ parsed: ParsedBlock, _ columns: TableColumns, _ start: TablePlace, into split: inout Split
    ) throws(DataError) {
        for (column, later) in parsed.facts.enumerated() where columns.roles[column] != .unused {
            let numbers = facts[column].merge(later, from: start)
            if columns.roles[column] == .target(0), !parsed.codes.isEmpty {
                // Over the limit of names, which is an error in the end, a text has no number.
                split.codes += parsed.codes.map { Int($0) < numbers.count ? max(0, numbers[Int($0)]) : 0 }
            }
        }
        try split.inputs.append(parsed.inputs.bytes)
        try split.targets.append(parsed.targets.bytes)
        split.rowCount += parsed.rowCount
        split.droppedCount += parsed.droppedCount
    }
}

/// What is wrong with a block, with its line in the file.
private func error(
    _ problem: ParsedBlock.Problem, _ block: TableBlock, _ part: TablePart, _ lineCount: Int, _ columns: TableColumns
) -> DataError {
    let name = part.source.name
    switch problem {
    case .quotes(let problem): return DataError(file: name, problem.sentence(from: lineCount))
    case .nul(let place): return nulError(name, block.bytes[...place], offset: block.offset, lineCount: lineCount)
    case .fieldCount(let count, let line):
        let expected = columns.names.count
        let origin = part.head.dialect.hasHeader ? "the header" : "the first row"
        return DataError(
            file: name,
            "Line \(lineCount + line + 1): It has \(count) \(count == 1 ? "field" : "fields"); expected \(expected), as \(origin) "
                + "has. Correct the line"
                + (count == expected + 1 && part.head.dialect.hasHeader
                    ? ", or name the column of row names in the header." : ", or quote fields that hold a delimiter."))
    }
}
