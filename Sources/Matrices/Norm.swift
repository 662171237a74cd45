/// The Euclidean (L2, for a matrix Frobenius) norm. Squares are summed in Double, in eight independent sums.
@inlinable
package func norm<S: Scalar>(_ matrix: Matrix<S>) -> Double {
    let values = matrix.base
    return sumOfSquares(count: matrix.count) { Double(values[$0]) }.squareRoot()
}

/// The Euclidean distance of two matrices of one shape.
@inlinable
package func distance<S: Scalar>(_ a: Matrix<S>, _ b: Matrix<S>) -> Double {
    precondition(a.rows == b.rows && a.columns == b.columns)
    let x = a.base, y = b.base
    return sumOfSquares(count: a.count) { Double(x[$0]) - Double(y[$0]) }.squareRoot()
}

/// The sum of `count` values, in eight independent sums.
@inlinable
package func sum(count: Int, _ value: (Int) -> Double) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= count {
        var lane = SIMD8<Double>()
        for k in 0..<8 { lane[k] = value(i + k) }
        sums += lane
        i += 8
    }
    var total = sums.sum()
    while i < count {
        total += value(i)
        i += 1
    }
    return total
}

@inlinable
package func sumOfSquares(count: Int, _ value: (Int) -> Double) -> Double {
    var sums = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= count {
        var lane = SIMD8<Double>()
        for k in 0..<8 { lane[k] = value(i + k) }
        sums += lane * lane
        i += 8
    }
    var total = sums.sum()
    while i < count {
        total += value(i) * value(i)
        i += 1
    }
    return total
}
