import NeuralNetwork

/// Divides the rows 0 ..< rowCount at random into training and validation rows, each in ascending order.
///
/// - Parameter validationFraction: a number between 0 and 1; `rowCount * validationFraction`, rounded, rows are for
///   validation.
/// - Throws: an error if either part would be empty.
package func divideRows(
    rowCount: Int, validationFraction: Double, seed: UInt64
) throws(DataError) -> (train: [Int32], validation: [Int32]) {
    let isFraction = validationFraction > 0 && validationFraction < 1
    let validationCount = isFraction ? Int((Double(rowCount) * validationFraction).rounded()) : 0
    guard validationCount > 0, validationCount < rowCount else {
        throw DataError(
            "Found \(validationFraction) of \(rowCount) rows; expected a fraction between 0 and 1 that leaves rows for "
                + "both training and validation.")
    }
    var rows = (0..<Int32(rowCount)).map { $0 }
    var stream = RandomStream(seed: seed, purpose: .split)
    stream.shuffle(&rows)
    return (rows[validationCount...].sorted(), rows[..<validationCount].sorted())
}
