// The sum that ends a residual block. N batch rows, H units: h = X W + b, the skipped x and s = x + factor h are N x H.

/// What the layer that ends a residual block keeps of a batch.
final class ResidualBuffers<S: Scalar> {
    /// The sum s, N x H.
    let sum: Matrix<S>
    /// dL/ds, which the skip connection takes to x, N x H; absent in evaluation.
    let gradient: Matrix<S>?
    /// sum_i dL/ds_ij and sum_i dL/ds_ij h_ij, 1 x H.
    fileprivate let gradientSum: Matrix<S>
    fileprivate let productSum: Matrix<S>

    init(rows: Int, features: Int, forTraining: Bool) {
        sum = Matrix(rows: rows, columns: features)
        gradient = forTraining ? Matrix(rows: rows, columns: features) : nil
        gradientSum = Matrix(rows: 1, columns: features)
        productSum = Matrix(rows: 1, columns: features)
    }

    func useRows(_ count: Int) {
        sum.useRows(count)
        gradient?.useRows(count)
    }
}

/// Overwrites s = x + factor h in some units.
func addBranch<S: Scalar>(_ h: MatrixBlock<S>, factor: S, to x: MatrixBlock<S>, into s: MatrixBlock<S>) {
    precondition(h.hasShape(of: s) && x.hasShape(of: s))
    s.forEachRun { offset, count in
        let h = h.base + offset, x = x.base + offset, s = s.base + offset
        for index in 0..<count { s[index] = x[index] + factor * h[index] }
    }
}

/// Turns dL/ds into dL/dh = factor dL/ds in some units, in place, and keeps dL/ds, which is also the skip connection's
/// part of dL/dx.
///
/// With `isTrained`, the sums of these units that dL/dfactor = sum_ij dL/ds_ij h_ij is made of are overwritten; see
/// `differentiateFactor`.
func addBranchBackward<S: Scalar>(
    _ units: Range<Int>, gradient: Matrix<S>, h: Matrix<S>, factor: S, isTrained: Bool, _ buffers: ResidualBuffers<S>
) {
    guard let kept = buffers.gradient else { preconditionFailure("this workspace is for evaluation only") }
    let gradient = gradient[columns: units]
    mapElements(gradient, kept[columns: units]) { $0 }
    if isTrained {
        sumColumns(gradient, times: h[columns: units], into: buffers.gradientSum, productsInto: buffers.productSum)
    }
    if factor != 1 { mapElements(gradient, gradient) { factor * $0 } }
}

/// Overwrites dL/dfactor, when the sums of all units are there: their order does not depend on who computed them.
func differentiateFactor<S: Scalar>(_ factor: Parameter<S>, _ buffers: ResidualBuffers<S>) {
    let products = buffers.productSum.base
    factor.gradient.base[0] = S(sum(count: buffers.productSum.columns) { Double(products[$0]) })
}
