// The linear layer h = X W + b. N batch rows, D inputs, H units: X is N x D, W is D x H, b is 1 x H, h is N x H.

/// A layer's input X: the data of the first layer may be given without their zeros.
enum LayerInput<S: Scalar> {
    case dense(Matrix<S>)
    case sparse(SparseBatch<S>)

    var columns: Int {
        switch self {
        case .dense(let x): x.columns
        case .sparse(let x): x.source.columnCount
        }
    }
}

/// Overwrites h = X W + b for the units `columns`: equation (1) of docs/batch-norm-gradient.md.
///
/// The bias b may be absent.
func linear<S: Scalar>(
    _ x: LayerInput<S>, weight: Matrix<S>, bias: Matrix<S>?, into h: Matrix<S>, columns: Range<Int>,
    scratch: ProductScratch<S>
) {
    switch x {
    case .dense(let x): multiply(x, weight, into: h, part: columns, scratch: scratch)
    case .sparse(let x): multiply(x, weight, into: h, part: columns)
    }
    guard let bias = bias?.base else { return }
    for i in 0..<h.rows {
        let row = h.base + i * h.columns
        assign(row, columns) { S.load(row + $0) + S.load(bias + $0) }
    }
}

/// Computes rows `part` of dL/dW = X^T dL/dh, equation (16).
///
/// They overwrite those of `weightGradient`, or, without it, are handed to `body` some rows at a time.
///
/// `gradient` is dL/dh (N x H).
func linearBackward<S: Scalar>(
    gradient: Matrix<S>, x: LayerInput<S>, weightGradient: Matrix<S>?, part: Range<Int>, scratch: ProductScratch<S>,
    each body: (Range<Int>, UnsafeMutablePointer<S>) -> Void
) {
    switch x {
    case .dense(let x):
        multiplyTransposedLeft(x, gradient, into: weightGradient, part: part, scratch: scratch, each: body)
    case .sparse(let x):
        multiplyTransposedLeft(x, gradient, into: weightGradient, part: part, scratch: scratch, each: body)
    }
}
