import Matrices

// The linear layer h = X W + b. N batch rows, D inputs, H units: X is N x D, W is D x H, b is 1 x H, h is N x H.

/// Equation (1) of docs/batch-norm-gradient.md: h = X W + b, overwritten. b may be absent.
func linear<S: Scalar>(_ x: Matrix<S>, weight: Matrix<S>, bias: Matrix<S>?, into h: Matrix<S>, multiplier: Multiplier<S>) {
    multiplier.multiply(x, weight, into: h)
    guard let bias = bias?.base else { return }
    for i in 0..<h.rows {
        let row = h.base + i * h.columns
        for j in 0..<h.columns { row[j] += bias[j] }
    }
}

/// Equations (16) to (18): dL/dW = X^T dL/dh, dL/db_j = sum_k dL/dh_kj and dL/dX = dL/dh W^T, all overwritten. `gradient` is dL/dh (N x H).
///
/// `inputGradient` (N x D) is absent for the first layer, whose inputs are data.
func linearBackward<S: Scalar>(
    gradient: Matrix<S>, x: Matrix<S>, weight: Matrix<S>, weightGradient: Matrix<S>, biasGradient: Matrix<S>?,
    inputGradient: Matrix<S>?, scratch: ColumnScratch<S>, multiplier: Multiplier<S>
) {
    multiplier.multiplyTransposedLeft(x, gradient, into: weightGradient)
    if let biasGradient { sumColumns(gradient.allRows, into: biasGradient, scratch: scratch) }
    if let inputGradient { multiplier.multiplyTransposedRight(gradient, weight, into: inputGradient) }
}
