import NeuralNetwork

/// Divides the rows 0 ..< rowCount at random into training and validation rows, each in ascending order.
///
/// - Parameter validationFraction: a number between 0 and 1; `rowCount * validationFraction`, rounded, rows are for
///   validation.
/// - Parameter classes: of all rows, if both parts are to have the same shares of them; else nil.
/// - Throws: an error if either part would be empty.
package func divideRows(
    rowCount: Int, validationFraction: Double, seed: UInt64, stratifiedBy classes: ClassNumbers? = nil
) throws(DataError) -> (train: RowSet, validation: RowSet) {
    let isFraction = validationFraction > 0 && validationFraction < 1
    let validationCount = isFraction ? Int((Double(rowCount) * validationFraction).rounded()) : 0
    guard validationCount > 0, validationCount < rowCount else {
        throw DataError(
            "Found \(validationFraction) of \(rowCount) rows; expected a fraction between 0 and 1 that leaves rows for "
                + "both training and validation.")
    }
    var rows = (0..<UInt32(rowCount)).map { $0 }
    var stream = RandomStream(seed: seed, purpose: .split)
    stream.shuffle(&rows)
    if let classes {
        let chosen = Set(stratified(validationCount, of: rows, classes))
        return (.list(rows.filter { !chosen.contains($0) }.sorted()), .list(chosen.sorted()))
    }
    return (.list(rows[validationCount...].sorted()), .list(rows[..<validationCount].sorted()))
}

/// Draws rows at random, each once, in ascending order; all, where there are not more.
package func drawRows(_ count: Int, of rows: RowSet, _ stream: inout RandomStream) -> RowSet {
    guard count < rows.count else { return rows }
    return .list(drawPlaces(count, below: rows.count, &stream).map { UInt32(rows[$0]) }.sorted())
}

/// Draws `count` different numbers from 0 to below `size`, with memory for the sample only.
///
/// Source: the algorithm of R. W. Floyd, in Bentley & Floyd, "Programming pearls: a sample of brilliance", 1987.
private func drawPlaces(_ count: Int, below size: Int, _ stream: inout RandomStream) -> Set<Int> {
    var places: Set<Int> = []
    for last in size - count..<size {
        let place = stream.nextIndex(below: last + 1)
        places.insert(places.contains(place) ? last : place)
    }
    return places
}

/// Draws rows at random, each once, in ascending order, and of each class the share that it has of all.
///
/// - Parameter classes: of all rows, if the sample is to have the same shares of them; else nil.
package func sampleRows(_ count: Int, of rows: RowSet, seed: UInt64, stratifiedBy classes: ClassNumbers?) -> RowSet {
    func group(_ row: Int) -> Int { classes.map { Int($0[row]) } ?? 0 }
    var sizes: [Int] = []
    for row in rows {
        let group = group(row)
        while group >= sizes.count { sizes.append(0) }
        sizes[group] += 1
    }
    var stream = RandomStream(seed: seed, purpose: .sample)
    let chosen = zip(sizes, quotas(min(count, rows.count), among: sizes)).map { size, quota in
        drawPlaces(quota, below: size, &stream)
    }
    var sample: [UInt32] = [], seen = sizes.map { _ in 0 }
    for row in rows {
        let group = group(row)
        if chosen[group].contains(seen[group]) { sample.append(UInt32(row)) }
        seen[group] += 1
    }
    return .list(sample)
}

/// The first rows of each class, in the share that it has of all.
private func stratified(_ count: Int, of rows: [UInt32], _ classes: ClassNumbers) -> [UInt32] {
    let groups = Dictionary(grouping: rows) { classes[Int($0)] }.sorted { $0.key < $1.key }.map(\.value)
    return zip(groups, quotas(count, among: groups.map(\.count))).flatMap { $0.prefix($1) }
}

/// Divides `count` among groups in the shares that they have of all; what is left by rounding goes to the groups with
/// the largest remainders, of equal ones to the first.
private func quotas(_ count: Int, among sizes: [Int]) -> [Int] {
    let total = sizes.reduce(0, +)
    let shares = sizes.map { Double($0) * Double(count) / Double(total) }
    var counts = shares.map { Int($0) }
    let order = shares.indices.sorted { a, b in
        let (left, right) = (shares[a] - Double(counts[a]), shares[b] - Double(counts[b]))
        return left != right ? left > right : a < b
    }
    for index in order.prefix(count - counts.reduce(0, +)) { counts[index] += 1 }
    return counts
}
