/// The norm of a gradient, the cosine of its angle to the gradient of the step before, and the number of values that
/// are not finite, computed in one pass.
package struct GradientSums {
    package let norm: Double
    package let cosine: Double?
    package let nonfiniteCount: Int

    /// Sums over `gradient`, and over its product with `previous`, the gradient of the step before, if there is one.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package init<S: Scalar>(_ gradient: Matrix<S>, previous: Matrix<S>?) {
        let g = gradient.base, count = gradient.count
        let squares: Double
        if let q = previous?.base {
            var sums = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
            var i = 0
            while i + 8 <= count {
                var a = SIMD8<Double>(), b = SIMD8<Double>()
                for k in 0..<8 { a[k] = Double(g[i + k]) }
                for k in 0..<8 { b[k] = Double(q[i + k]) }
                sums.0 += a * a
                sums.1 += b * b
                sums.2 += a * b
                i += 8
            }
            var (own, other, product) = (sums.0.sum(), sums.1.sum(), sums.2.sum())
            while i < count {
                own += Double(g[i]) * Double(g[i])
                other += Double(q[i]) * Double(q[i])
                product += Double(g[i]) * Double(q[i])
                i += 1
            }
            squares = own
            let lengths = own.squareRoot() * other.squareRoot()
            cosine = lengths > 0 && lengths.isFinite ? product / lengths : nil
        } else {
            squares = sumOfSquares(count: count) { Double(g[$0]) }
            cosine = nil
        }
        norm = squares.squareRoot()
        // A sum of squares of Float is finite only if every value is; of Double it may overflow.
        nonfiniteCount = squares.isFinite ? 0 : gradient.elements.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
    }
}
