import NeuralNetwork

/// A matrix of standard normal values.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func randomMatrix<S: Scalar>(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<S> {
    let matrix = Matrix<S>(rows: rows, columns: columns)
    fillNormal(matrix, seed: seed)
    return matrix
}

/// Overwrites all elements with standard normal values.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func fillNormal<S: Scalar>(_ matrix: Matrix<S>, seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .synthesis)
    for index in 0..<matrix.count { matrix.base[index] = S(stream.nextNormalPair().0) }
}
