/// The iteration that brings the singular values of a matrix near 1: X <- a X + b (X X^T) X + c (X X^T)^2 X, a few
/// times.
///
/// Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks", whose a, b and c make small
/// singular values grow fastest and leave all of them between about 0.7 and 1.2.
struct NewtonSchulz: Equatable, Sendable {
    var a = 3.4445
    var b = -4.7750
    var c = 2.0315
    var steps = 5
    /// The least norm that the matrix is divided by.
    var epsilon = 1e-7

    /// The shapes that `orthogonalize` works in: the product with X, and the Gram matrix of the shorter side twice.
    static func scratchShapes(rows: Int, columns: Int) -> [(rows: Int, columns: Int)] {
        let side = min(rows, columns)
        return [(rows, columns), (side, side), (side, side)]
    }

    /// Overwrites X (D x H) with nearly U V^T, where X = U S V^T.
    ///
    /// X is first divided by its Frobenius norm, which no singular value exceeds. Where D > H the Gram matrix is X^T X,
    /// multiplied from the right: the same polynomial of the singular values.
    func orthogonalize<S: Scalar>(_ x: Matrix<S>, scratch: ArraySlice<Matrix<S>>, _ multiplier: Multiplier<S>) {
        let product = scratch[scratch.startIndex], gram = scratch[scratch.startIndex + 1],
            polynomial = scratch[scratch.startIndex + 2]
        let isWide = x.rows <= x.columns, a = S(a), b = S(b), c = S(c)
        let length = norm(x), inverse = S(1 / (length < epsilon ? epsilon : length))
        for i in 0..<x.count { x.base[i] *= inverse }
        for _ in 0..<steps {
            if isWide {
                multiplier.multiplyTransposedRight(x, x, into: gram)
            } else {
                multiplier.multiplyTransposedLeft(x, x, into: gram)
            }
            multiplier.multiply(gram, gram, into: polynomial)
            for i in 0..<gram.count { polynomial.base[i] = b * gram.base[i] + c * polynomial.base[i] }
            if isWide {
                multiplier.multiply(polynomial, x, into: product)
            } else {
                multiplier.multiply(x, polynomial, into: product)
            }
            for i in 0..<x.count { x.base[i] = a * x.base[i] + product.base[i] }
        }
    }
}
