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

/// Draws rows at random, each once, in ascending order.
///
/// - Parameter classes: of all rows, if the sample is to have the same shares of them; else nil.
package func sampleRows(_ count: Int, of rows: RowSet, seed: UInt64, stratifiedBy classes: ClassNumbers?) -> RowSet {
    var rows = rows.map { UInt32($0) }
    var stream = RandomStream(seed: seed, purpose: .sample)
    stream.shuffle(&rows)
    guard let classes else { return .list(rows.prefix(count).sorted()) }
    return .list(stratified(min(count, rows.count), of: rows, classes).sorted())
}

/// The first rows of each class, in the share that it has of all; what is left by rounding goes to the classes with the
/// largest remainders, of equal ones to the first.
private func stratified(_ count: Int, of rows: [UInt32], _ classes: ClassNumbers) -> [UInt32] {
    let groups = Dictionary(grouping: rows) { classes[Int($0)] }.sorted { $0.key < $1.key }.map(\.value)
    let shares = groups.map { Double($0.count) * Double(count) / Double(rows.count) }
    var counts = shares.map { Int($0) }
    let order = shares.indices.sorted { a, b in
        let (left, right) = (shares[a] - Double(counts[a]), shares[b] - Double(counts[b]))
        return left != right ? left > right : a < b
    }
    for index in order.prefix(count - counts.reduce(0, +)) { counts[index] += 1 }
    return zip(groups, counts).flatMap { $0.prefix($1) }
}
