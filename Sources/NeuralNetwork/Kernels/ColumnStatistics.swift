// Sums over the batch, feature by feature. N batch rows, H features.
//
// Rows are summed in blocks of 32 whose sums are then added, so that the rounding error grows with 32 + N / 32 rather
// than with N. Features go in strips of up to 4 vectors, whose sums stay in registers.

private let rowsPerBlock = 32

/// Overwrites each column's sum, sum_j = sum over i of x_ij.
///
/// x is N x H, sum 1 x H.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func sumColumns<S: Scalar>(_ x: MatrixBlock<S>, into sum: Matrix<S>) {
    precondition(sum.columns >= x.columns.upperBound)
    sumTerms(rows: x.count, columns: x.columns, into: sum.base, nil) { i, j in
        let value = S.load(x.base + i * x.stride + j)
        return (value, value)
    }
}

/// Overwrites the sums of a gradient and of its product with x, feature by feature: sum_j = sum_i g_ij and productSum_j
/// = sum_i g_ij x_ij.
///
/// g and x are N x H, the sums 1 x H.
func sumColumns<S: Scalar>(
    _ g: MatrixBlock<S>, times x: MatrixBlock<S>, into sum: Matrix<S>, productsInto productSum: Matrix<S>
) {
    precondition(g.hasShape(of: x) && sum.columns >= g.columns.upperBound && productSum.columns >= g.columns.upperBound)
    sumTerms(rows: g.count, columns: g.columns, into: sum.base, productSum.base) { i, j in
        let gradient = S.load(g.base + i * g.stride + j)
        return (gradient, gradient * S.load(x.base + i * x.stride + j))
    }
}

/// Overwrites mean and biased variance (ddof 0) of each feature over the rows: equations (2) and (3) of
/// docs/batch-norm-gradient.md.
///
/// x is N x H, the results are 1 x H.
///
/// The mean is kept as a rounded value m and its residual delta, the mean of x - m: then
///     variance = mean((x - m)^2) - delta^2
/// loses no digits when the mean is large beside the spread, as E[x^2] - E[x]^2 does, nor by rounding m, as plain
/// two-pass does. Source: the corrected two-pass algorithm, Chan, Golub & LeVeque, "Algorithms for computing the sample
/// variance", 1983, eq. 1.7.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func columnMoments<S: Scalar>(
    _ x: MatrixBlock<S>, mean: Matrix<S>, meanResidual: Matrix<S>, variance: Matrix<S>
) {
    precondition(min(mean.columns, meanResidual.columns, variance.columns) >= x.columns.upperBound)
    let inverseCount = 1 / S(x.count)
    let m = mean.base, delta = meanResidual.base, squares = variance.base
    sumColumns(x, into: mean)
    for j in x.columns { m[j] *= inverseCount }
    sumTerms(rows: x.count, columns: x.columns, into: delta, squares) { i, j in
        let difference = S.load(x.base + i * x.stride + j) - S.load(m + j)
        return (difference, difference * difference)
    }
    for j in x.columns { delta[j] *= inverseCount }
    for j in x.columns {
        // What is not a number stays so, which a maximum with 0 would hide.
        let value = squares[j] * inverseCount - delta[j] * delta[j]
        squares[j] = value < 0 ? 0 : value
    }
    for j in x.columns where isAlmostConstant(mean: m[j], variance: squares[j]) && isConstant(x, column: j) {
        (m[j], delta[j], squares[j]) = (x.base[j], 0, 0)
    }
}

/// Whether a spread is within what rounding the mean leaves, so that the values may all be the same.
@inline(__always)
func isAlmostConstant<S: Scalar>(mean: S, variance: S) -> Bool {
    let rounding = 1024 * S.ulpOfOne * mean
    return variance <= rounding * rounding
}

/// A constant column has its value as mean and a variance of exactly 0, so that its normalized values are 0 under every
/// epsilon.
private func isConstant<S: Scalar>(_ x: MatrixBlock<S>, column j: Int) -> Bool {
    let first = x.base[j]
    for i in 1..<max(1, x.count) where x.base[i * x.stride + j] != first { return false }
    return first.isFinite
}

/// Overwrites the mean square of each feature over the rows.
///
/// x is N x H, the result 1 x H.
func columnMeanSquares<S: Scalar>(_ x: MatrixBlock<S>, into meanSquare: Matrix<S>) {
    precondition(meanSquare.columns >= x.columns.upperBound)
    sumTerms(rows: x.count, columns: x.columns, into: meanSquare.base, nil) { i, j in
        let value = S.load(x.base + i * x.stride + j)
        return (value * value, value)
    }
    for j in x.columns { meanSquare.base[j] /= S(x.count) }
}

/// Sums one term, or two, over the rows, for each column.
///
/// `term` gives both for the vector of columns from j on.
@inline(__always)
private func sumTerms<S: Scalar>(
    rows: Int, columns: Range<Int>, into first: UnsafeMutablePointer<S>, _ second: UnsafeMutablePointer<S>?,
    _ term: (_ i: Int, _ j: Int) -> (S.Lanes, S.Lanes)
) {
    forEachStrip(of: S.self, in: columns, most: 4) { start, vectors in
        switch vectors {
        case 4: sumStrip(Vectors4.self, rows: rows, start: start, end: columns.upperBound, into: first, second, term)
        case 3: sumStrip(Vectors3.self, rows: rows, start: start, end: columns.upperBound, into: first, second, term)
        case 2: sumStrip(Vectors2.self, rows: rows, start: start, end: columns.upperBound, into: first, second, term)
        default: sumStrip(Vectors1.self, rows: rows, start: start, end: columns.upperBound, into: first, second, term)
        }
    }
}

@inline(__always)
private func sumStrip<S: Scalar, Width: StripWidth>(
    _: Width.Type, rows: Int, start: Int, end: Int, into first: UnsafeMutablePointer<S>,
    _ second: UnsafeMutablePointer<S>?,
    _ term: (_ i: Int, _ j: Int) -> (S.Lanes, S.Lanes)
) {
    let vectors = Width.vectors, lanes = S.laneCount
    var a = (S.Lanes(), S.Lanes(), S.Lanes(), S.Lanes()), b = a
    var blockStart = 0
    while blockStart < rows {
        let blockEnd = min(blockStart + rowsPerBlock, rows)
        var p0 = S.Lanes(), p1 = S.Lanes(), p2 = S.Lanes(), p3 = S.Lanes()
        var q0 = S.Lanes(), q1 = S.Lanes(), q2 = S.Lanes(), q3 = S.Lanes()
        for i in blockStart..<blockEnd {
            let t0 = term(i, start)
            (p0, q0) = (p0 + t0.0, q0 + t0.1)
            if vectors > 1 {
                let t1 = term(i, start + lanes)
                (p1, q1) = (p1 + t1.0, q1 + t1.1)
            }
            if vectors > 2 {
                let t2 = term(i, start + 2 * lanes)
                (p2, q2) = (p2 + t2.0, q2 + t2.1)
            }
            if vectors > 3 {
                let t3 = term(i, start + 3 * lanes)
                (p3, q3) = (p3 + t3.0, q3 + t3.1)
            }
        }
        a = (a.0 + p0, a.1 + p1, a.2 + p2, a.3 + p3)
        b = (b.0 + q0, b.1 + q1, b.2 + q2, b.3 + q3)
        blockStart = blockEnd
    }
    func store(_ vector: Int, _ a: S.Lanes, _ b: S.Lanes) {
        guard vector < vectors else { return }
        let j = start + vector * lanes, count = min(lanes, end - j)
        S.store(a, first + j, count: count)
        if let second { S.store(b, second + j, count: count) }
    }
    store(0, a.0, b.0)
    store(1, a.1, b.1)
    store(2, a.2, b.2)
    store(3, a.3, b.3)
}
