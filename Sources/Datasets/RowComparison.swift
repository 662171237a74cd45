extension Examples {
    /// How many of the given rows have the same values as a row of other examples.
    package func countRows(_ rows: [Int32], thatAreIn others: Examples, _ otherRows: [Int32]) -> Int {
        guard featureCount == others.featureCount, elementType == others.elementType else { return 0 }
        func hash(_ examples: Examples, _ row: Int32) -> Int {
            let width = featureCount * examples.storage.byteCountOfValue
            return examples.storage.withUnsafeBytes { bytes in
                var hasher = Hasher()
                hasher.combine(
                    bytes: UnsafeRawBufferPointer(rebasing: bytes[Int(row) * width..<(Int(row) + 1) * width]))
                return hasher.finalize()
            }
        }
        // Of 64 bits: two different rows have the same hash once in 10^9 pairs of 10^5 rows each.
        let known = Set(otherRows.map { hash(others, $0) })
        return rows.count { known.contains(hash(self, $0)) }
    }

    /// How many features have one value in all of the given rows.
    package func countConstantFeatures(rows: [Int32]) -> Int {
        let summary = ColumnSummary(of: self, rows: rows)
        return zip(summary.minimum, summary.maximum).count { $0 == $1 }
    }
}

extension Examples.Storage {
    fileprivate var byteCountOfValue: Int {
        switch self {
        case .uint8: 1
        case .float32: 4
        case .float64: 8
        }
    }
}
