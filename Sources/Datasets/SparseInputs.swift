import NeuralNetwork

extension Examples {
    /// The root mean square of values after scaling, of up to 1,000 of the given rows, evenly spread.
    package func typicalSize(rows: RowSet, scaling: Scaling) throws(DataError) -> Double? {
        guard !rows.isEmpty else { return nil }
        let sample = sample(1000, of: rows)
        var total = 0.0
        try forEachRow(sample) { _, values in
            for j in values.indices {
                let value = scaling.value(values[j], feature: j)
                total += value * value
            }
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

    /// Returns all rows, scaled as by `gather`, without their zeros; `scaling` must keep zeros, and values be in memory.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func withoutZeros<S: Scalar>(scaling: Scaling) -> SparseRows<S> {
        precondition(scaling.keepsZeros)
        guard case .memory(let storage) = content else { preconditionFailure("\(place) is streamed") }
        let width = featureCount
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { buffer in
            guard let x = buffer.baseAddress else { preconditionFailure("rows have features") }
            // What scaling makes 0 is 0 before, or below a threshold: counting zeros of the raw values gives room enough.
            var entryCount = 0
            for row in 0..<rowCount {
                storage.decode(row * width..<(row + 1) * width, into: x)
                for column in 0..<width { entryCount += x[column] == 0 ? 0 : 1 }
            }
            return SparseRows(rows: rowCount, columns: width, entryCount: entryCount) { row, target in
                storage.decode(row * width..<(row + 1) * width, into: x)
                var next = 0
                for column in 0..<width where x[column] != 0 {
                    let value = S(scaling.value(x[column]))
                    guard value != 0 else { continue }
                    target[next] = SparseEntry(index: Int32(truncatingIfNeeded: column), value: value)
                    next += 1
                }
                return next
            }
        }
    }
}
