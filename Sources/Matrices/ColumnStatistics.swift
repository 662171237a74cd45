// Sums over the batch, feature by feature. N batch rows, H features.
//
// Rows are summed in blocks of 32 whose sums are then added, so that the rounding error grows with 32 + N / 32 rather than with N,
// and the inner loop over features vectorizes.

@usableFromInline let rowsPerBlock = 32

/// Buffers of 1 x H for the partial sums of one block of rows.
@usableFromInline
package final class ColumnScratch<S: Scalar> {
    @usableFromInline package let first: Matrix<S>
    @usableFromInline package let second: Matrix<S>
    /// For sums that nobody asked for.
    @usableFromInline package let third: Matrix<S>
    package init(columns: Int) {
        first = Matrix(rows: 1, columns: columns)
        second = Matrix(rows: 1, columns: columns)
        third = Matrix(rows: 1, columns: columns)
    }
}

/// sum_j = sum over i of x_ij, overwritten. x is N x H, sum 1 x H.
@inlinable
package func sumColumns<S: Scalar>(_ x: MatrixRows<S>, into sum: Matrix<S>, scratch: ColumnScratch<S>) {
    precondition(sum.rows == 1 && sum.columns == x.columns && scratch.first.columns >= x.columns)
    let features = x.columns
    let total = sum.base, partial = scratch.first.base
    for j in 0..<features { total[j] = 0 }
    var start = 0
    while start < x.count {
        let end = Swift.min(start + rowsPerBlock, x.count)
        for j in 0..<features { partial[j] = 0 }
        for i in start..<end {
            let row = x.base + i * features
            for j in 0..<features { partial[j] += row[j] }
        }
        for j in 0..<features { total[j] += partial[j] }
        start = end
    }
}

/// Sums of a gradient and of its product with x, feature by feature: sum_j = sum_i g_ij and productSum_j = sum_i g_ij x_ij,
/// both overwritten. g and x are N x H, the sums 1 x H.
@inlinable
package func sumColumns<S: Scalar>(
    _ g: MatrixRows<S>, times x: MatrixRows<S>, into sum: Matrix<S>, productsInto productSum: Matrix<S>, scratch: ColumnScratch<S>
) {
    precondition(g.count == x.count && g.columns == x.columns && sum.columns == g.columns && productSum.columns == g.columns)
    let features = g.columns
    let total = sum.base, productTotal = productSum.base
    let partial = scratch.first.base, productPartial = scratch.second.base
    for j in 0..<features { total[j] = 0 }
    for j in 0..<features { productTotal[j] = 0 }
    var start = 0
    while start < g.count {
        let end = Swift.min(start + rowsPerBlock, g.count)
        for j in 0..<features { partial[j] = 0 }
        for j in 0..<features { productPartial[j] = 0 }
        for i in start..<end {
            let gradient = g.base + i * features, row = x.base + i * features
            for j in 0..<features {
                partial[j] += gradient[j]
                productPartial[j] += gradient[j] * row[j]
            }
        }
        for j in 0..<features { total[j] += partial[j] }
        for j in 0..<features { productTotal[j] += productPartial[j] }
        start = end
    }
}

/// Mean and biased variance (ddof 0) of each feature over the rows, overwritten: equations (2) and (3) of docs/batch-norm-gradient.md.
/// x is N x H, the results are 1 x H.
///
/// The mean is kept as a rounded value m and its residual delta, the mean of x - m: then
///     variance = mean((x - m)^2) - delta^2
/// loses no digits when the mean is large beside the spread, as E[x^2] - E[x]^2 does, nor by rounding m, as plain two-pass does.
/// Source: the corrected two-pass algorithm, Chan, Golub & LeVeque, "Algorithms for computing the sample variance", 1983, eq. 1.7.
@inlinable
package func columnMoments<S: Scalar>(
    _ x: MatrixRows<S>, mean: Matrix<S>, meanResidual: Matrix<S>, variance: Matrix<S>, scratch: ColumnScratch<S>
) {
    precondition(mean.columns == x.columns && meanResidual.columns == x.columns && variance.columns == x.columns)
    let features = x.columns
    let inverseCount = 1 / S(x.count)
    sumColumns(x, into: mean, scratch: scratch)
    let m = mean.base, delta = meanResidual.base, squares = variance.base
    let partial = scratch.first.base, squarePartial = scratch.second.base
    for j in 0..<features { m[j] *= inverseCount }
    for j in 0..<features { delta[j] = 0 }
    for j in 0..<features { squares[j] = 0 }
    var start = 0
    while start < x.count {
        let end = Swift.min(start + rowsPerBlock, x.count)
        for j in 0..<features { partial[j] = 0 }
        for j in 0..<features { squarePartial[j] = 0 }
        for i in start..<end {
            let row = x.base + i * features
            for j in 0..<features {
                let difference = row[j] - m[j]
                partial[j] += difference
                squarePartial[j] += difference * difference
            }
        }
        for j in 0..<features { delta[j] += partial[j] }
        for j in 0..<features { squares[j] += squarePartial[j] }
        start = end
    }
    for j in 0..<features { delta[j] *= inverseCount }
    for j in 0..<features { squares[j] = Swift.max(0, squares[j] * inverseCount - delta[j] * delta[j]) }
}

/// The mean square of each feature over the rows, overwritten. x is N x H, the result 1 x H.
@inlinable
package func columnMeanSquares<S: Scalar>(_ x: MatrixRows<S>, into meanSquare: Matrix<S>, scratch: ColumnScratch<S>) {
    let features = x.columns
    sumColumns(x, times: x, into: scratch.third, productsInto: meanSquare, scratch: scratch)
    for j in 0..<features { meanSquare.base[j] /= S(x.count) }
}
