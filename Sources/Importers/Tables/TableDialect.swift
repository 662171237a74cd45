import Datasets

/// How a text writes a table.
struct TableDialect: Equatable {
    var delimiter: UInt8
    /// The sign between whole and decimal places.
    var point: UInt8
    var hasHeader: Bool

    /// `','`, or the name of a delimiter that cannot be seen.
    var delimiterName: String {
        delimiter == tab ? "tab" : delimiter == space ? "space" : "'\(Character(UnicodeScalar(delimiter)))'"
    }
}

/// The beginning of a table: its dialect, its columns, and where its rows begin.
struct TableHead {
    let dialect: TableDialect
    let names: [String]
    /// Where the first row of values begins in the file.
    let rowsStart: Int
    /// How many lines there are before.
    let lineCount: Int

    /// Looks at the beginning of a file.
    ///
    /// - Parameters:
    ///   - delimiter: nil to find it.
    ///   - hasHeader: nil to find out.
    ///   - targets: what a header has among its names, if the user says so.
    init(
        _ source: TableSource, delimiter: UInt8?, point: UInt8, hasHeader: Bool?, targets: [String]
    ) throws(DataError) {
        let sample = try beginning(of: source)
        if let place = sample.firstIndex(of: 0) { throw nulError(source.name, sample[...place], offset: source.start) }
        let delimiter = delimiter ?? mostLikelyDelimiter(sample, point: point)
        let rows = firstRows(sample, delimiter, count: 2)
        guard let first = rows.first else {
            throw DataError(file: source.name, "It has blank lines only; expected a table.")
        }
        if let problem = first.problem { throw DataError(file: source.name, problem.sentence(from: 0)) }
        let hasHeader =
            hasHeader
            ?? isHeader(first.fields, before: rows.dropFirst().first?.fields, point: point, targets: targets)
        dialect = TableDialect(delimiter: delimiter, point: point, hasHeader: hasHeader)
        if hasHeader {
            names = try uniqueNames(first.fields, source.name)
            rowsStart = source.start + first.end
            lineCount = first.lineCount
        } else {
            names = first.fields.indices.map { "\($0 + 1)" }
            rowsStart = source.start
            lineCount = 0
        }
    }
}

extension CSVScanner.Problem {
    /// What is wrong, in a line counted from 1 after `start` others.
    func sentence(from start: Int) -> String {
        switch self {
        case .unclosedQuote(let line):
            "Line \(start + line + 1): The quote that opens there is never closed. Close it, or double a quote that is "
                + "meant."
        case .textAfterQuote(let line):
            "Line \(start + line + 1): Text follows a closing quote; expected a delimiter or the end of the line. "
                + "Double a quote that is meant, and put the whole field in quotes."
        }
    }
}

/// - Parameter bytes: those before and with the NUL.
func nulError(_ name: String, _ bytes: ArraySlice<UInt8>, offset: Int, lineCount: Int = 0) -> DataError {
    let line = lineCount + 1 + bytes.count { $0 == lineFeed }
    return DataError(
        file: name,
        "Line \(line): Byte \(offset + bytes.count - 1) (counted from 0) is NUL, so this is no text in UTF-8. If it is "
            + "UTF-16, convert it: iconv -f UTF-16LE -t UTF-8 FILE > NEW")
}

private struct SampleRow {
    let fields: [[UInt8]]
    let problem: CSVScanner.Problem?
    /// Where the row ends.
    let end: Int
    /// How many lines end up to there.
    let lineCount: Int
}

/// The beginning of a file, with two rows at least where it has as many.
private func beginning(of source: TableSource) throws(DataError) -> [UInt8] {
    var size = 1 << 18
    while true {
        let count = min(size, source.byteCount - source.start)
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBufferPointer { bytes throws(DataError) in
            try read(UnsafeMutableRawBufferPointer(bytes), from: source.file, at: source.start, source.name)
        }
        let isWhole = count == source.byteCount - source.start
        // Only line ends count here: which delimiter there is makes no difference to them, but for quotes.
        if isWhole || size >= TableBlockReader.longestRow
            || bytes.count(where: { $0 == lineFeed || $0 == carriageReturn }) > 4
        {
            return bytes
        }
        size *= 4
    }
}

/// The first rows, without one that the sample may have cut off unless it is the only one.
private func firstRows(_ sample: [UInt8], _ delimiter: UInt8, count: Int) -> [SampleRow] {
    sample.withUnsafeBufferPointer { bytes in
        guard let start = bytes.baseAddress else { return [] }
        var rows: [SampleRow] = [], scanner = CSVScanner(start, count: bytes.count, delimiter: delimiter)
        var fields = [CSVField](repeating: CSVField(), count: 16)
        while rows.count < count {
            var before = scanner
            var row = fields.withUnsafeMutableBufferPointer { scanner.nextRow($0) }
            if row.count > fields.count {
                fields = Array(repeating: CSVField(), count: row.count)
                row = fields.withUnsafeMutableBufferPointer { before.nextRow($0) }
            }
            guard row.count > 0, row.isEnded || rows.isEmpty || bytes.count < 1 << 18 else { break }
            rows.append(
                SampleRow(
                    fields: fields.prefix(row.count).map { $0.unquoted(in: start) }, problem: scanner.problem,
                    end: scanner.position, lineCount: scanner.lineCount))
        }
        return rows
    }
}

/// The delimiter by which the first rows have equal numbers of fields, and more than by the others.
///
/// Where that leaves a choice it is the one that is least common in numbers and texts.
private func mostLikelyDelimiter(_ sample: [UInt8], point: UInt8) -> UInt8 {
    let candidates = [tab, UInt8(ascii: ";"), UInt8(ascii: "|"), UInt8(ascii: ",")].filter { $0 != point }
    let counts = candidates.map { delimiter in
        let rows = firstRows(sample, delimiter, count: 50)
        let count = rows.first?.fields.count ?? 0
        let isRegular = rows.allSatisfy { $0.fields.count == count && $0.problem == nil }
        return (isRegular: isRegular && count > 1, count: count)
    }
    let best = candidates.indices.max { a, b in
        // The first of equal ones is kept.
        (counts[a].isRegular ? 1 : 0, counts[a].count, -a) < (counts[b].isRegular ? 1 : 0, counts[b].count, -b)
    }
    return best.map { candidates[$0] } ?? UInt8(ascii: ",")
}

/// Whether the first row names columns: where the next has numbers it has none, and something else than signs of
/// missing values, of which Na and NaN may be names beside one of a target.
///
/// Where neither has numbers it does if its fields differ from each other.
private func isHeader(_ first: [[UInt8]], before second: [[UInt8]]?, point: UInt8, targets: [String]) -> Bool {
    let reader = DecimalReader(point: point)
    func isNumber(_ text: [UInt8]) -> Bool { text.withUnsafeBufferPointer { reader.read($0) } != nil }
    func isSign(_ text: [UInt8]) -> Bool { !text.isEmpty && text.withUnsafeBufferPointer(isMissing) }
    let numbers = second.map { second in Array(zip(first, second).filter({ isNumber($1) })) } ?? []
    if numbers.isEmpty { return !first.contains { isNumber($0) } && Set(first).count == first.count }
    let above = numbers.map(\.0)
    if above.contains(where: isNumber) { return false }
    guard above.contains(where: isSign) else { return first.contains { !$0.isEmpty } }
    let names = Set(first.map { String(decoding: $0, as: UTF8.self) })
    return above.contains { !$0.isEmpty && !isSign($0) } || !names.isDisjoint(with: targets)
        || names.contains { usualTargets.contains($0.lowercased()) }
}

/// The names of columns; one that is empty gets its number, one that has occurred before a number after it.
private func uniqueNames(_ fields: [[UInt8]], _ file: String) throws(DataError) -> [String] {
    var names: [String] = [], seen: Set<String> = []
    for (index, field) in fields.enumerated() {
        guard let text = String(validating: field, as: UTF8.self) else { throw notUTF8(file, line: 0, field) }
        let name = text.isEmpty ? "column \(index + 1)" : text
        var unique = name, number = 1
        while !seen.insert(unique).inserted {
            unique = "\(name).\(number)"
            number += 1
        }
        names.append(unique)
    }
    return names
}

/// - Parameter line: counted from 0; nil if it is not known.
func notUTF8(_ file: String, line: Int?, _ bytes: some Collection<UInt8>) -> DataError {
    let text = String(decoding: bytes.prefix(60), as: UTF8.self)
    return DataError(
        file: file,
        "\(line.map { "Line \($0 + 1): " } ?? "")The text '\(text)' is not UTF-8. Convert the file: iconv -f LATIN1 -t UTF-8 FILE "
            + "> NEW, with the encoding that it has.")
}
