/// Rows of numbers or of names, read from an open file in a contained process.
protocol RowSource: AnyObject {
    var found: FoundRows { get }
    /// The names that were read so far; numbers of names are their indices here. Empty for numbers.
    var names: [String] { get }
    /// Refuses rows that are not in the file.
    func requirePresent(_ rows: RowSet) throws(DataError)
    /// Overwrites `target` with consecutive rows, in the format that `found` says.
    func read(_ rows: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError)
}

extension RowSource {
    var names: [String] { [] }
    func requirePresent(_ rows: RowSet) throws(DataError) {}
}

/// What a contained process finds out about rows, for those who read them.
struct FoundRows: Codable, Sendable {
    /// File and dataset, for messages.
    var place: String
    /// The name of the type in the file, for people.
    var typeName: String
    var rowCount: Int
    /// The shape of a row; empty if a row is a single value.
    var rowShape: [Int]
    var elementType: ElementType
    /// How values are read; `int32`, the numbers of their names, for names.
    var format: NumberFormat
    var areNames = false
    /// The names that the file gives to some numbers, as an enumeration does.
    var valueNames: [Int: String] = [:]
    /// Whether values that are no numbers are marked as missing in the file.
    var marksMissing = false
    /// So many rows, from a multiple of that number on, are read at the cost of one, as those of a chunk are.
    var blockRows = 1
    /// Where the values lie in the file one after the other as they are in memory; nil if they lie otherwise.
    var rawOffset: Int?
    /// What the user should know of how the values are read.
    var notes: [String] = []

    var featureCount: Int { rowShape.reduce(1, *) }
    var rowByteCount: Int { featureCount * format.byteCount }
}

/// Blocks of about that size are read at a time: a sign of life for each, and little memory beside the result.
private let blockByteCount = 1 << 26

extension RowSource {
    /// Overwrites `target` with rows, which are given in ascending order.
    ///
    /// - Parameter progress: called before each block with the number of rows that are there.
    func read(_ rows: RowSet, into target: UnsafeMutableRawPointer, progress: (Int) -> Void) throws(DataError) {
        try requirePresent(rows)
        let width = max(1, found.rowByteCount)
        let blockRows = max(1, blockByteCount / width / found.blockRows) * found.blockRows
        var place = 0
        while place < rows.count {
            progress(place)
            let block = rows[place] / blockRows, places = rows.places(in: block * blockRows..<(block + 1) * blockRows)
            for piece in rows.pieces(in: places, blockRows: found.blockRows) {
                let first = rows[piece.lowerBound], span = first..<rows[piece.upperBound - 1] + 1
                if span.count == piece.count {
                    try read(span, into: target + piece.lowerBound * width)
                    continue
                }
                let scratch = UnsafeMutableRawPointer.allocate(byteCount: span.count * width, alignment: 16)
                defer { scratch.deallocate() }
                try read(span, into: scratch)
                for place in piece {
                    (target + place * width).copyMemory(
                        from: scratch + (rows[place] - first) * width, byteCount: width)
                }
            }
            place = places.upperBound
        }
        progress(place)
    }
}

/// A part of the rows of another source, in any order.
final class ChosenRows: RowSource {
    let found: FoundRows
    private let source: any RowSource
    private let rows: RowSet

    init(_ rows: RowSet, of source: any RowSource) {
        self.source = source
        self.rows = rows
        var found = source.found
        found.rowCount = rows.count
        if case .range(let range) = rows {
            found.rawOffset = found.rawOffset.map { $0 + range.lowerBound * found.rowByteCount }
        } else {
            (found.rawOffset, found.blockRows) = (nil, max(1, blockByteCount / max(1, found.rowByteCount)))
        }
        self.found = found
    }

    var names: [String] { source.names }

    private func rowsOfSource(_ chosen: Range<Int>) -> RowSet {
        switch rows {
        case .range(let range): .range(range.lowerBound + chosen.lowerBound..<range.lowerBound + chosen.upperBound)
        case .list(let list): .list(Array(list[chosen]))
        }
    }

    func requirePresent(_ chosen: RowSet) throws(DataError) {
        switch chosen {
        case .range(let range): try source.requirePresent(sorted(rowsOfSource(range)))
        case .list(let list): try source.requirePresent(.list(list.map { UInt32(rows[Int($0)]) }.sorted()))
        }
    }

    func read(_ chosen: Range<Int>, into target: UnsafeMutableRawPointer) throws(DataError) {
        let wanted = rowsOfSource(chosen)
        guard case .list(let list) = wanted else {
            return try source.read(rows[chosen.lowerBound]..<rows[chosen.lowerBound] + chosen.count, into: target)
        }
        // In the order of the file, each row once, and from there to its places.
        let once = RowSet.list(Set(list).sorted()), width = found.rowByteCount
        let scratch = UnsafeMutableRawPointer.allocate(byteCount: once.count * width, alignment: 16)
        defer { scratch.deallocate() }
        try source.read(once, into: scratch) { _ in }
        for (place, row) in list.enumerated() {
            guard let index = once.place(of: Int(row)) else { continue }
            (target + place * width).copyMemory(from: scratch + index * width, byteCount: width)
        }
    }

    private func sorted(_ rows: RowSet) -> RowSet {
        if case .list(let list) = rows { .list(list.sorted()) } else { rows }
    }
}
