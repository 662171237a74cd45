import Matrices

// Normalization of h (N rows x H features) feature by feature, with statistics over the rows. Equation numbers are those of
// docs/batch-norm-gradient.md, where each is derived.
//
//     mean_j = (1/N) sum_i h_ij        variance_j = (1/N) sum_i (h_ij - mean_j)^2
//     normalized_ij = (h_ij - mean_j) (variance_j + epsilon)^(-1/2)        y_ij = gamma_j normalized_ij + beta_j

/// Mean and variance that values are normalized with; each 1 x H.
package final class NormalizationMoments<S: Scalar> {
    package let mean: Matrix<S>
    /// What rounding the mean left over; the mean meant is `mean + meanResidual`.
    package let meanResidual: Matrix<S>
    /// Biased (ddof 0); the mean square where nothing is subtracted.
    package let variance: Matrix<S>
    /// (variance + epsilon)^(-1/2)
    package let inverseStandardDeviation: Matrix<S>

    init(features: Int) {
        mean = Matrix(rows: 1, columns: features)
        meanResidual = Matrix(rows: 1, columns: features)
        variance = Matrix(rows: 1, columns: features)
        inverseStandardDeviation = Matrix(rows: 1, columns: features)
    }

    func invertStandardDeviation(epsilon: S) {
        for j in 0..<variance.columns { inverseStandardDeviation.base[j] = 1 / (variance.base[j] + epsilon).squareRoot() }
    }
}

/// Equations (4) and (5): normalized = (h - mean) (variance + epsilon)^(-1/2) and y = gamma normalized + beta, both overwritten.
///
/// h, normalized and y are N x H, gamma and beta 1 x H or absent (1 and 0). y may be `normalized` where both are absent.
func normalize<S: Scalar>(
    _ h: MatrixRows<S>, moments: NormalizationMoments<S>, gamma: Matrix<S>?, beta: Matrix<S>?, normalized: MatrixRows<S>, into y: MatrixRows<S>
) {
    let features = h.columns
    precondition(normalized.count == h.count && y.count == h.count && normalized.columns == features && y.columns == features)
    let mean = moments.mean.base, residual = moments.meanResidual.base, inverse = moments.inverseStandardDeviation.base
    for i in 0..<h.count {
        let source = h.base + i * features, target = normalized.base + i * features, output = y.base + i * features
        for j in 0..<features { target[j] = (source[j] - mean[j] - residual[j]) * inverse[j] }
        scaleAndShift(target, gamma: gamma?.base, beta: beta?.base, into: output, count: features)
    }
}

/// Equation (5) for one row of `count` features.
@inline(__always)
func scaleAndShift<S: Scalar>(
    _ normalized: UnsafeMutablePointer<S>, gamma: UnsafeMutablePointer<S>?, beta: UnsafeMutablePointer<S>?,
    into y: UnsafeMutablePointer<S>, count: Int
) {
    switch (gamma, beta) {
    case (let gamma?, let beta?): for j in 0..<count { y[j] = gamma[j] * normalized[j] + beta[j] }
    case (let gamma?, nil): for j in 0..<count { y[j] = gamma[j] * normalized[j] }
    case (nil, let beta?): for j in 0..<count { y[j] = normalized[j] + beta[j] }
    case (nil, nil): if y != normalized { y.update(from: normalized, count: count) }
    }
}

/// Equations (8) and (9): dL/dbeta_j = sum_k dL/dy_kj and dL/dgamma_j = sum_k dL/dy_kj normalized_kj, both overwritten (1 x H).
///
/// `gradient` is dL/dy; it and `normalized` are N x H. The sums are needed by `normalizeBackward` also where the layer has no gamma or beta.
func normalizationGradients<S: Scalar>(
    gradient: MatrixRows<S>, normalized: MatrixRows<S>, gammaGradient: Matrix<S>, betaGradient: Matrix<S>, scratch: ColumnScratch<S>
) {
    sumColumns(gradient, times: normalized, into: betaGradient, productsInto: gammaGradient, scratch: scratch)
}

/// Equations (14) and (15): dL/dh_ij = (gamma_j / N) (variance_j + epsilon)^(-1/2) (N dL/dy_ij - sum_j - normalized_ij productSum_j)
/// with the sums of `normalizationGradients`: sum = dL/dbeta and productSum = dL/dgamma.
///
/// `gradient` (N x H) holds dL/dy before and dL/dh after. The other arrays are 1 x H; gamma is absent where it is 1, and `sum` where no
/// mean was subtracted. Source: Ioffe & Szegedy 2015, section 3, the gradients simplified.
func normalizeBackward<S: Scalar>(
    gradient: MatrixRows<S>, normalized: MatrixRows<S>, inverseStandardDeviation: Matrix<S>, gamma: Matrix<S>?, sum: Matrix<S>?,
    productSum: Matrix<S>, scratch: ColumnScratch<S>
) {
    let features = gradient.columns
    precondition(normalized.count == gradient.count && normalized.columns == features)
    let count = S(gradient.count)
    let factor = scratch.first.base, inverse = inverseStandardDeviation.base, products = productSum.base
    if let gamma = gamma?.base {
        for j in 0..<features { factor[j] = gamma[j] * inverse[j] / count }
    } else {
        for j in 0..<features { factor[j] = inverse[j] / count }
    }
    for i in 0..<gradient.count {
        let g = gradient.base + i * features, x = normalized.base + i * features
        if let sum = sum?.base {
            for j in 0..<features { g[j] = factor[j] * (count * g[j] - sum[j] - x[j] * products[j]) }
        } else {
            for j in 0..<features { g[j] = factor[j] * (count * g[j] - x[j] * products[j]) }
        }
    }
}
