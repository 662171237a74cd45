import NeuralNetwork

extension Examples {
    /// The root mean square of values after scaling, of up to 1,000 of the given rows, evenly spread.
    package func typicalSize(rows: RowSet, scaling: Scaling) throws(DataError) -> Double? {
        guard !rows.isEmpty else { return nil }
        let sample = sample(1000, of: rows)
        var total = 0.0
        try forEachRow(sample) { _, x in
            let squares =
                switch scaling.transform {
                case .uniform(let factor): sumOfSquares(count: x.count) { x[$0] * factor }
                case .threshold(let threshold): sumOfSquares(count: x.count) { x[$0] > threshold ? 1 : 0 }
                case .perFeature(let offsets, let factors):
                    sumOfSquares(count: x.count) { (x[$0] - offsets[$0]) * factors[$0] }
                }
            total += squares
        }
        return (total / Double(sample.count * featureCount)).squareRoot()
    }

    /// Measures the share of values that are not 0 after scaling, on up to 1,000 of the given rows, evenly spread; nil
    /// where scaling moves zeros, so that they cannot be skipped.
    package func density(rows: RowSet, scaling: Scaling) throws(DataError) -> Double? {
        guard scaling.keepsZeros, !rows.isEmpty else { return nil }
        let sample = sample(1000, of: rows)
        var count = 0
        try forEachRow(sample) { _, values in
            for value in values { count += scaling.value(value) == 0 ? 0 : 1 }
        }
        return Double(count) / Double(sample.count * featureCount)
    }

    /// Up to so many rows for a look, evenly spread; of rows in their file some that are beside each other.
    func sample(_ count: Int, of rows: RowSet) -> RowSet { isStreamed ? rows.first(count) : rows.spread(count) }

    /// Returns rows, scaled as by `gather`, without their zeros, under the numbers that they have here.
    ///
    /// All others are left empty. `scaling` must keep zeros, and values be in memory.
    ///
    /// - Parameter used: sets of rows, which may overlap.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func withoutZeros<S: Scalar>(of used: [RowSet], scaling: Scaling) -> SparseRows<S> {
        precondition(scaling.keepsZeros)
        guard case .memory(let storage) = content else { preconditionFailure("\(place) is streamed") }
        var isUsed = [Bool](repeating: false, count: rowCount)
        for rows in used { for row in rows { isUsed[row] = true } }
        return storage.format == .uint8
            ? withoutZeros(ofBytes: storage, isUsed, scaling) : withoutZeros(ofNumbers: storage, isUsed, scaling)
    }

    /// Bytes: what scaling makes of each of the 256 is computed once and looked up, and eight zeros are passed over at
    /// once.
    @inline(__always)
    private func withoutZeros<S: Scalar>(
        ofBytes storage: NumberStorage, _ isUsed: [Bool], _ scaling: Scaling
    ) -> SparseRows<S> {
        let width = featureCount
        return storage.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: S.self, capacity: 256) { table in
                for byte in 0..<256 { table.initializeElement(at: byte, to: S(scaling.value(Double(byte)))) }
                guard let table = table.baseAddress, let base = bytes.baseAddress else {
                    preconditionFailure("rows have features")
                }
                func row(_ i: Int) -> UnsafePointer<UInt8> {
                    (base + i * width).assumingMemoryBound(to: UInt8.self)
                }
                var entryCount = 0
                for i in 0..<rowCount where isUsed[i] {
                    let x = row(i)
                    for column in 0..<width { entryCount += x[column] == 0 ? 0 : 1 }
                }
                return SparseRows(rows: rowCount, columns: width, entryCount: entryCount) { i, target in
                    guard isUsed[i] else { return 0 }
                    let x = row(i)
                    var next = 0, column = 0
                    while column < width {
                        let end = min(column + 8, width)
                        defer { column = end }
                        let areZeros =
                            end - column == 8 && UnsafeRawPointer(x + column).loadUnaligned(as: UInt64.self) == 0
                        if areZeros { continue }
                        for place in column..<end {
                            let value = table[Int(x[place])]
                            guard value != 0 else { continue }
                            target[next].index = Int32(truncatingIfNeeded: place)
                            target[next].value = value
                            next += 1
                        }
                    }
                    return next
                }
            }
        }
    }

    @inline(__always)
    private func withoutZeros<S: Scalar>(
        ofNumbers storage: NumberStorage, _ isUsed: [Bool], _ scaling: Scaling
    ) -> SparseRows<S> {
        let width = featureCount
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { buffer in
            guard let x = buffer.baseAddress else { preconditionFailure("rows have features") }
            // What scaling makes 0 is 0 before, or below a threshold: counting zeros of the raw values gives room
            // enough.
            var entryCount = 0
            for row in 0..<rowCount where isUsed[row] {
                storage.decode(row * width..<(row + 1) * width, into: x)
                for column in 0..<width { entryCount += x[column] == 0 ? 0 : 1 }
            }
            return SparseRows(rows: rowCount, columns: width, entryCount: entryCount) { row, target in
                guard isUsed[row] else { return 0 }
                storage.decode(row * width..<(row + 1) * width, into: x)
                var next = 0
                for column in 0..<width where x[column] != 0 {
                    let value = S(scaling.value(x[column]))
                    guard value != 0 else { continue }
                    target[next].index = Int32(truncatingIfNeeded: column)
                    target[next].value = value
                    next += 1
                }
                return next
            }
        }
    }
}
