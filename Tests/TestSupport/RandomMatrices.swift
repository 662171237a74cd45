import NeuralNetwork

/// A matrix of standard normal values times `deviation` plus `mean`, determined by the seed.
package func randomMatrix<S: Scalar>(_ rows: Int, _ columns: Int, seed: UInt64, mean: Double = 0, deviation: Double = 1)
    -> Matrix<S>
{
    var stream = RandomStream(seed: seed, purpose: .synthesis)
    return Matrix(
        rows: rows, columns: columns, (0..<rows * columns).map { _ in S(mean + deviation * stream.nextNormalPair().0) })
}

/// Labels in 0 ..< classes, determined by the seed.
package func randomLabels(_ count: Int, classes: Int, seed: UInt64) -> [Int32] {
    var stream = RandomStream(seed: seed, purpose: .synthesis, index: 1)
    return (0..<count).map { _ in Int32(stream.nextIndex(below: classes)) }
}

/// max |a - b| / max |b|, the distance of two arrays relative to the second's largest value.
package func relativeDistance<S: Scalar>(_ a: Matrix<S>, _ b: Matrix<S>) -> Double {
    precondition(a.rows == b.rows && a.columns == b.columns)
    let largest = b.elements.reduce(0.0) { max($0, abs(Double($1))) }
    let distance = zip(a.elements, b.elements).reduce(0.0) { max($0, abs(Double($1.0) - Double($1.1))) }
    return largest == 0 ? distance : distance / largest
}
