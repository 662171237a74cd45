import Foundation

/// The inputs of N examples with D features each, kept as wide as the file has them, in memory or in their file.
package struct Examples: Sendable {
    /// Where the N x D values are, row by row.
    enum Content: Sendable {
        case memory(NumberStorage)
        case disk(RowsOnDisk)
    }
    let content: Content
    /// N, the number of examples.
    package let rowCount: Int
    /// D, the number of features of an example: the product of `shape`.
    package let featureCount: Int
    /// The shape of one example, `[28, 28]` for an image; empty if an example is a single number.
    package let shape: [Int]
    /// The type of the values in the file.
    package let elementType: ElementType
    /// The name that messages give to the data: file and dataset.
    package let place: String
    /// The numbers that the rows have in the dataset, for messages.
    private let rowNumbers: RowSet
    private let marksMissing: Bool
    /// Whether it is known that no value is infinite or no number.
    private let areFinite: Bool

    /// Makes examples from values in memory.
    package init(_ storage: NumberStorage, shape: [Int], elementType: ElementType, place: String = "data in memory") {
        let featureCount = shape.reduce(1, *)
        precondition(
            featureCount > 0 && storage.count % featureCount == 0, "\(storage.count) values are no rows of \(shape)")
        self.init(
            .memory(storage), .range(0..<storage.count / featureCount), shape: shape, elementType: elementType,
            place: place, marksMissing: false)
    }

    private init(
        _ content: Content, _ rowNumbers: RowSet, shape: [Int], elementType: ElementType, place: String,
        marksMissing: Bool, areFinite: Bool = false
    ) {
        self.areFinite = areFinite
        self.content = content
        self.rowNumbers = rowNumbers
        self.shape = shape
        self.elementType = elementType
        self.place = place
        self.marksMissing = marksMissing
        featureCount = shape.reduce(1, *)
        rowCount = rowNumbers.count
    }

    /// Takes what was read of rows.
    init(_ storage: NumberStorage, _ rows: RowSet, of found: FoundRows) {
        self.init(
            .memory(storage), rows, shape: found.rowShape, elementType: found.elementType, place: found.place,
            marksMissing: found.marksMissing)
    }

    /// Leaves rows in their files.
    ///
    /// - Parameter usedAreFinite: whether all values of the rows that are used were found to be finite.
    init(streaming rows: RowsOnDisk, usedAreFinite: Bool) {
        self.init(
            .disk(rows), .range(0..<rows.rowCount), shape: rows.found.rowShape, elementType: rows.found.elementType,
            place: rows.found.place, marksMissing: rows.found.marksMissing, areFinite: usedAreFinite)
    }

    /// Reads all rows of a dataset alone.
    ///
    /// - Throws: an error also if any value is not finite.
    package init(file: String, _ request: DatasetRequest, _ permissions: HDF5Permissions = .init()) throws(DataError) {
        let rows = try RowsOnDisk(file: file, request, areTargets: false, permissions)
        let all = RowSet.range(0..<rows.rowCount)
        self.init(try rows.read(all).values, all, of: rows.found)
        try requireFinite(all)
    }

    /// The format of each value.
    package var format: NumberFormat {
        switch content {
        case .memory(let storage): storage.format
        case .disk(let rows): rows.found.format
        }
    }

    /// Whether the values are in their file, to be read when they are needed.
    package var isStreamed: Bool { if case .disk = content { true } else { false } }

    /// Where the values are in memory, by which those that are shared are known; nil if they are in their file.
    package var baseAddress: UnsafeRawPointer? {
        if case .memory(let storage) = content { storage.withUnsafeBytes { $0.baseAddress } } else { nil }
    }

    /// All values, of examples in memory.
    package var values: [Double] { if case .memory(let storage) = content { storage.values } else { [] } }

    /// Some rows, in memory.
    func inMemory(_ rows: RowSet) throws(DataError) -> Examples {
        guard case .disk(let source) = content else { return selecting(rows) }
        return Examples(try source.read(rows).values, rows, of: source.found)
    }

    /// Some rows of examples in memory.
    func selecting(_ rows: RowSet) -> Examples {
        guard case .memory(let storage) = content else { preconditionFailure("\(place) is streamed") }
        return Examples(
            .memory(storage.selecting(rows, width: featureCount)), .list(rows.map { UInt32(rowNumbers[$0]) }),
            shape: shape, elementType: elementType, place: place, marksMissing: marksMissing)
    }

    /// The number of a row and of its feature in the dataset, of the value at a place.
    func position(of index: Int) -> String {
        "row \(rowNumbers[index / featureCount]), column \(index % featureCount), counted from 0,"
    }

    /// Calls `body` with the index of each row and its values, in turn.
    ///
    /// - Parameter rows: in ascending order, if they are in their file.
    func forEachRow(_ rows: RowSet, _ body: (_ row: Int, _ values: UnsafeBufferPointer<Double>) -> Void)
        throws(DataError)
    {
        switch content {
        case .memory(let storage):
            forEachRow(of: storage, rows.indices, number: { rows[$0] }, row: { rows[$0] }, body)
        case .disk(let source):
            let pieceRows = source.rowCount(ofBytes: 1 << 26)
            var place = 0
            while place < rows.count {
                let end = (rows[place] / pieceRows + 1) * pieceRows
                let places = rows.places(in: rows[place]..<end), piece = rows[places]
                let storage = try source.read(piece).values
                forEachRow(of: storage, piece.indices, number: { piece[$0] }, row: { $0 }, body)
                place = places.upperBound
            }
        }
    }

    /// - Parameters:
    ///   - number: the index of a row among all rows.
    ///   - row: the index of a row in `storage`.
    private func forEachRow(
        of storage: NumberStorage, _ places: Range<Int>, number: (Int) -> Int, row: (Int) -> Int,
        _ body: (_ row: Int, _ values: UnsafeBufferPointer<Double>) -> Void
    ) {
        // Some rows at a time, since a short one costs less than the call.
        let blockRows = max(1, 1024 / featureCount)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: blockRows * featureCount) { buffer in
            guard let base = buffer.baseAddress else { return }
            var place = places.lowerBound
            while place < places.upperBound {
                let first = row(place)
                var count = 1
                while count < blockRows, place + count < places.upperBound, row(place + count) == first + count {
                    count += 1
                }
                storage.decode(first * featureCount..<(first + count) * featureCount, into: base)
                for index in 0..<count {
                    body(
                        number(place + index),
                        UnsafeBufferPointer(start: base + index * featureCount, count: featureCount))
                }
                place += count
            }
        }
    }

    /// The index of the first value of the given rows that is wrong, and how many are; nil if none is.
    func find(in rows: RowSet, _ isWrong: (Double) -> Bool) throws(DataError) -> (first: Int, count: Int)? {
        var first: Int?, count = 0
        try forEachRow(rows) { row, values in
            let wrong = values.reduce(0) { $0 + (isWrong($1) ? 1 : 0) }
            guard wrong > 0 else { return }
            count += wrong
            if first == nil, let column = values.firstIndex(where: isWrong) { first = row * featureCount + column }
        }
        return first.map { ($0, count) }
    }

    /// Refuses targets of outputs that are probabilities which are none.
    package func requireUnitInterval(_ rows: RowSet) throws(DataError) {
        guard let found = try find(in: rows, { !($0 >= 0 && $0 <= 1) }) else { return }
        throw DataError(
            "\(place): \(position(of: found.first)) is not between 0 and 1, as loss.kind sigmoid_cross_entropy "
                + "expects. For one class a row choose softmax_cross_entropy, for values mean_squared_error.")
    }

    /// Refuses values that are no numbers.
    package func requireFinite(_ rows: RowSet) throws(DataError) {
        guard !format.isInteger, !areFinite else { return }
        if case .memory(let storage) = content, storage.largestMagnitude().isFinite { return }
        guard let found = try find(in: rows, { !$0.isFinite }) else { return }
        throw DataError(
            "\(place): \(found.count) of \(rows.count * featureCount) values are "
                + (marksMissing ? "missing (_FillValue)" : "not finite (NaN or infinity)") + ", the first in "
                + "\(position(of: found.first).dropLast()). Replace them or leave out their rows.")
    }
}
