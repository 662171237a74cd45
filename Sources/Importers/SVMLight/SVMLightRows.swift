import Datasets

/// The rows of a text file in svmlight's format, read once and kept in temporary files.
///
/// A line is `label[,label] [qid:number] index:value ... [# comment]`, with indexes in ascending order; see
/// https://www.cs.cornell.edu/people/tj/svm_light/. Files are plain or compressed with gzip.
struct SVMLightRows {
    /// What messages call the file.
    let place: String
    private(set) var rowCount = 0
    /// How much of the file was stored: labels and entries.
    var byteCount: Int { entries.byteCount + labelWords.byteCount }
    /// The smallest and the largest index; nil if there is none.
    private(set) var indexes: ClosedRange<Int>?
    private(set) var labels = LabelSummary()
    private(set) var hasQueries = false
    /// For each row the number of its entries, and for each of these its index and the bits of its value as a float32.
    private let entries: WordSpool
    /// For each row the number of its labels and the bits of each.
    private let labelWords: WordSpool

    /// The largest index that any row may have.
    private static let mostIndex = mostFeatures

    /// - Throws: an error that names the line at fault.
    init(path: String, beside output: String) throws(DataError) {
        let lines = try UnpackedLines(path: path, .svmlight)
        place = lines.place
        entries = try WordSpool(beside: output)
        labelWords = try WordSpool(beside: output)
        var lineNumber = 0, row = Row()
        while try lines.next({ (line) throws(DataError) in
            lineNumber += 1
            guard try row.read(line, place: "\(place), line \(lineNumber)") else { return }
            hasQueries = hasQueries || row.hasQuery
            if let first = row.first, let last = row.last {
                indexes = min(first, indexes?.lowerBound ?? first)...max(last, indexes?.upperBound ?? last)
            }
            labels.add(row.labels)
            try labelWords.append(row.labels.map(\.bitPattern))
            try entries.append(row.entries)
            rowCount += 1
        }) {}
        try entries.finish()
        try labelWords.finish()
        guard rowCount > 0 else { throw DataError("\(place): It has no row. Check how it was made.") }
    }

    /// Returns the rows with their zeros as float32, N x D.
    ///
    /// - Parameters:
    ///   - firstIndex: that of the first feature, 0 or 1.
    ///   - featureCount: D, which no index exceeds.
    func inputs(firstIndex: Int, featureCount: Int, beside output: String) throws(DataError) -> SpooledRows {
        let spool = try SpoolWriter(beside: output)
        let blockRows = min(rowCount, max(1, (1 << 22) / featureCount))
        var block = [Float](repeating: 0, count: blockRows * featureCount), filled = 0
        func flush() throws(DataError) {
            try block.withBytes { bytes throws(DataError) in
                try spool.append(UnsafeRawBufferPointer(rebasing: bytes[..<(4 * filled * featureCount)]))
            }
            filled = 0
        }
        try entries.forEachRow { words throws(DataError) in
            if filled == blockRows { try flush() }
            let start = filled * featureCount
            for index in start..<start + featureCount { block[index] = 0 }
            for word in words {
                block[start + Int(word >> 32) - firstIndex] = Float(bitPattern: UInt32(truncatingIfNeeded: word))
            }
            filled += 1
        }
        try flush()
        return SpooledRows(
            file: spool.file, offset: 0, rowCount: rowCount, rowShape: [featureCount], elementType: .float32)
    }

    /// Returns the labels as numbers, N, or with several labels a row as N x K of 0 and 1, K being the number of labels
    /// that `summary` knows.
    ///
    /// - Parameter summary: of the labels of all files.
    func targets(_ summary: LabelSummary, beside output: String) throws(DataError) -> SpooledRows {
        let spool = try SpoolWriter(beside: output)
        var buffer: [UInt8] = []
        func append(_ bytes: [UInt8]) throws(DataError) {
            buffer += bytes
            guard buffer.count >= 1 << 20 else { return }
            try spool.append(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
        let type = summary.areSeveral ? ElementType.uint8 : summary.elementType
        let values = summary.areSeveral ? summary.values : []
        let columns = Dictionary(zip(values, 0...), uniquingKeysWith: { $1 })
        try labelWords.forEachRow { words throws(DataError) in
            guard summary.areSeveral else { return try append(type.bytes(of: Double(bitPattern: words[0]))) }
            var row = [UInt8](repeating: 0, count: columns.count)
            for word in words { if let column = columns[Double(bitPattern: word)] { row[column] = 1 } }
            try append(row)
        }
        try spool.append(buffer)
        return SpooledRows(
            file: spool.file, offset: 0, rowCount: rowCount, rowShape: summary.areSeveral ? [columns.count] : [],
            elementType: type)
    }

    /// A line's content, in memory that the next line uses again.
    private struct Row {
        var labels: [Double] = []
        var entries: [UInt64] = []
        var hasQuery = false
        private let reader = DecimalReader()

        var first: Int? { entries.first.map { Int($0 >> 32) } }
        var last: Int? { entries.last.map { Int($0 >> 32) } }

        /// - Returns: false if the line is empty or a comment.
        mutating func read(_ line: UnsafeBufferPointer<UInt8>, place: @autoclosure () -> String) throws(DataError)
            -> Bool
        {
            labels.removeAll(keepingCapacity: true)
            entries.removeAll(keepingCapacity: true)
            hasQuery = false
            var next = 0, fieldCount = 0
            while next < line.count {
                let byte = line[next]
                if byte == UInt8(ascii: "#") { break }
                if byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A {
                    next += 1
                    continue
                }
                let start = next
                var colon: Int?
                while next < line.count, ![0x20, 0x09, 0x0A, 0x0D, 0x23].contains(line[next]) {
                    if line[next] == UInt8(ascii: ":"), colon == nil { colon = next }
                    next += 1
                }
                let field = UnsafeBufferPointer(rebasing: line[start..<next])
                func error(_ problem: String) -> DataError {
                    let shown = String(decoding: field.prefix(40), as: UTF8.self)
                    return DataError("\(place()): '\(shown)' \(problem)")
                }
                if let colon {
                    let value = UnsafeBufferPointer(rebasing: line[(colon + 1)..<next])
                    try add(UnsafeBufferPointer(rebasing: line[start..<colon]), value, error)
                } else if fieldCount == 0 {
                    try addLabels(field, error)
                } else {
                    throw error("is no index:value. Expected 'label index:value ...', with blanks between.")
                }
                fieldCount += 1
            }
            return fieldCount > 0
        }

        private mutating func addLabels(_ field: UnsafeBufferPointer<UInt8>, _ error: (String) -> DataError)
            throws(DataError)
        {
            for part in field.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
                guard let label = reader.read(UnsafeBufferPointer(rebasing: part))?.value, label.isFinite else {
                    throw error("is no label. Expected a number, or several with commas between.")
                }
                // Numbers of articles, say, of which two would become one class.
                guard abs(label) < 0x1p53 || !isRounded(part, label) else {
                    throw error(
                        "is a whole number beyond 2^53, which float64 rounds. Number such labels from 0 or 1 up, or "
                            + "write values with a decimal point.")
                }
                labels.append(label == 0 ? 0 : label)
            }
        }

        private mutating func add(
            _ index: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>, _ error: (String) -> DataError
        ) throws(DataError) {
            if index.elementsEqual("qid".utf8) {
                guard !text.isEmpty, text.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    throw error("has no number of a query. Expected qid:number.")
                }
                hasQuery = true
                return
            }
            guard !index.isEmpty, index.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw error("has no index. Expected index:value, the index a whole number from 0 or 1 up.")
            }
            let number = index.reduce(0) { min(1 << 30, $0 * 10 + Int($1 - 0x30)) }
            guard number <= SVMLightRows.mostIndex else {
                throw error("has an index above \(SVMLightRows.mostIndex), the most that is read.")
            }
            guard last.map({ number > $0 }) ?? true else {
                throw error("comes after index \(last ?? 0). Expected each index once, in ascending order.")
            }
            guard let value = reader.read(text)?.value, Float(value).isFinite else {
                throw error("has no finite value in float32. Expected index:value; leave out what is missing.")
            }
            entries.append(UInt64(number) << 32 | UInt64(Float(value).bitPattern))
        }
    }
}

/// Whether a label is written as a whole number of which `Double` has lost digits.
private func isRounded(_ digits: Slice<UnsafeBufferPointer<UInt8>>, _ label: Double) -> Bool {
    let text = String(decoding: digits, as: UTF8.self)
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2B || $0 == 0x2D }) else { return false }
    // Beyond 2^64 no type of integers has it.
    if let number = Int64(text) { return Int64(exactly: label) != number }
    return UInt64(text).map { UInt64(exactly: label) != $0 } ?? true
}
