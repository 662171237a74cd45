/// Returns norm(a - b) and the cosine of the angle between the vectors a and b, which are given as pairs of parts.
///
/// The cosine is nil where one of the vectors is 0.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func compare<S: Scalar>(_ pairs: [(Matrix<S>, Matrix<S>)]) -> (distance: Double, cosine: Double?) {
    var squares = (a: 0.0, b: 0.0, difference: 0.0, product: 0.0)
    for (a, b) in pairs {
        let x = a.base, y = b.base
        squares.a += sumOfSquares(count: a.count) { Double(x[$0]) }
        squares.b += sumOfSquares(count: b.count) { Double(y[$0]) }
        squares.difference += sumOfSquares(count: a.count) { Double(x[$0]) - Double(y[$0]) }
        squares.product += sum(count: a.count) { Double(x[$0]) * Double(y[$0]) }
    }
    let lengths = squares.a.squareRoot() * squares.b.squareRoot()
    return (squares.difference.squareRoot(), lengths > 0 ? squares.product / lengths : nil)
}
