/// Returns the Euclidean (L2, for a matrix Frobenius) norm.
///
/// Squares are summed in Double, in eight independent sums.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func norm<S: Scalar>(_ matrix: Matrix<S>) -> Double {
    let values = matrix.base
    return sumOfSquares(count: matrix.count) { Double(values[$0]) }.squareRoot()
}
