extension Examples {
    /// How many of the given rows have the same values as a row of other examples.
    package func countRows(_ rows: RowSet, thatAreIn others: Examples, _ otherRows: RowSet) throws(DataError) -> Int {
        guard featureCount == others.featureCount, elementType == others.elementType else { return 0 }
        func hash(_ values: UnsafeBufferPointer<Double>) -> Int {
            var hasher = Hasher()
            hasher.combine(bytes: UnsafeRawBufferPointer(values))
            return hasher.finalize()
        }
        // Of 64 bits: two different rows have the same hash once in 10^9 pairs of 10^5 rows each.
        var known: Set<Int> = [], count = 0
        try others.forEachRow(otherRows) { _, values in known.insert(hash(values)) }
        try forEachRow(rows) { _, values in count += known.contains(hash(values)) ? 1 : 0 }
        return count
    }

    /// How many features have one value in all of the given rows.
    package func countConstantFeatures(rows: RowSet) throws(DataError) -> Int {
        let summary = try ColumnSummary(of: self, rows: rows)
        return zip(summary.minimum, summary.maximum).count { $0 == $1 }
    }
}
