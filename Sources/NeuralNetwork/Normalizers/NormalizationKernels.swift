// Normalization of h (N rows x H features) feature by feature, with statistics over the rows. Equation numbers are
// those of docs/batch-norm-gradient.md, where each is derived.
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
    /// The factor (variance + epsilon)^(-1/2).
    package let inverseStandardDeviation: Matrix<S>

    init(features: Int) {
        mean = Matrix(rows: 1, columns: features)
        meanResidual = Matrix(rows: 1, columns: features)
        variance = Matrix(rows: 1, columns: features)
        inverseStandardDeviation = Matrix(rows: 1, columns: features)
    }

    func invertStandardDeviation(epsilon: S, columns: Range<Int>) {
        for j in columns { inverseStandardDeviation.base[j] = 1 / S.root(variance.base[j] + epsilon) }
    }
}

/// Equations (4) and (5): normalized = (h - mean) (variance + epsilon)^(-1/2) and y = gamma normalized + beta, both
/// overwritten.
///
/// h, normalized and y are N x H, gamma and beta 1 x H or absent (1 and 0). y may be `normalized` where both are
/// absent.
func normalize<S: Scalar>(
    _ h: MatrixBlock<S>, moments: NormalizationMoments<S>, gamma: Matrix<S>?, beta: Matrix<S>?,
    normalized: MatrixBlock<S>,
    into y: MatrixBlock<S>
) {
    precondition(normalized.hasShape(of: h) && y.hasShape(of: h))
    let mean = moments.mean.base, residual = moments.meanResidual.base, inverse = moments.inverseStandardDeviation.base
    let gamma = gamma?.base, beta = beta?.base
    h.forEachRow { i in
        normalized.claimSharedLines(aheadOf: i)
        y.claimSharedLines(aheadOf: i)
        let source = h.base + i * h.stride
        assign(normalized.base + i * h.stride, y.base + i * h.stride, h.columns) { j in
            let value = (S.load(source + j) - S.load(mean + j) - S.load(residual + j)) * S.load(inverse + j)
            var result = value
            if let gamma { result = S.load(gamma + j) * result }
            if let beta { result = result + S.load(beta + j) }
            return (value, result)
        }
    }
}

/// dL/dh_ij = gamma_j (variance_j + epsilon)^(-1/2) dL/dy_ij, where mean and variance are constants; in place.
///
/// `gradient` is N x H, the others 1 x H, gamma absent where it is 1.
@_specialize(where S == Float)
@_specialize(where S == Double)
func scaleColumns<S: Scalar>(_ gradient: MatrixBlock<S>, by inverseStandardDeviation: Matrix<S>, gamma: Matrix<S>?) {
    let inverse = inverseStandardDeviation.base, gamma = gamma?.base
    gradient.forEachRow { i in
        let g = gradient.base + i * gradient.stride
        for j in gradient.columns { g[j] *= (gamma?[j] ?? 1) * inverse[j] }
    }
}

/// Equations (8) and (9): dL/dbeta_j = sum_k dL/dy_kj and dL/dgamma_j = sum_k dL/dy_kj normalized_kj, both overwritten
/// (1 x H).
///
/// `gradient` is dL/dy; it and `normalized` are N x H. The sums are needed by `normalizeBackward` also where the layer
/// has no gamma or beta.
func normalizationGradients<S: Scalar>(
    gradient: MatrixBlock<S>, normalized: MatrixBlock<S>, gammaGradient: Matrix<S>, betaGradient: Matrix<S>
) {
    sumColumns(gradient, times: normalized, into: betaGradient, productsInto: gammaGradient)
}

/// Equations (14) and (15): dL/dh_ij = (gamma_j / N) (variance_j + epsilon)^(-1/2) (N dL/dy_ij - sum_j - normalized_ij
/// productSum_j) with the sums of `normalizationGradients`: sum = dL/dbeta and productSum = dL/dgamma.
///
/// `gradient` (N x H) holds dL/dy before and dL/dh after. The other arrays are 1 x H; gamma is absent where it is 1,
/// `sum` where no mean was subtracted and `productSum` where nothing was divided by the deviation; `factor` is
/// overwritten with gamma_j (variance_j + epsilon)^(-1/2) / N. Source: Ioffe & Szegedy 2015, section 3, the gradients
/// simplified.
func normalizeBackward<S: Scalar>(
    gradient: MatrixBlock<S>, normalized: MatrixBlock<S>, inverseStandardDeviation: Matrix<S>, gamma: Matrix<S>?,
    sum: Matrix<S>?,
    productSum: Matrix<S>?, factor: Matrix<S>
) {
    precondition(normalized.hasShape(of: gradient))
    let count = S(gradient.count)
    let inverse = inverseStandardDeviation.base, factors = factor.base
    if let gamma = gamma?.base {
        for j in gradient.columns { factors[j] = gamma[j] * inverse[j] / count }
    } else {
        for j in gradient.columns { factors[j] = inverse[j] / count }
    }
    gradient.forEachRow { i in
        gradient.claimSharedLines(aheadOf: i)
        let g = gradient.base + i * gradient.stride, x = normalized.base + i * gradient.stride
        func centered(_ j: Int, _ sum: S.Lanes, _ product: S.Lanes) -> S.Lanes {
            S.load(factors + j) * (count * S.load(g + j) - sum - S.load(x + j) * product)
        }
        if let products = productSum?.base {
            if let sum = sum?.base {
                assign(g, gradient.columns) { centered($0, S.load(sum + $0), S.load(products + $0)) }
            } else {
                assign(g, gradient.columns) { centered($0, S.Lanes(), S.load(products + $0)) }
            }
        } else if let sum = sum?.base {
            assign(g, gradient.columns) { S.load(factors + $0) * (count * S.load(g + $0) - S.load(sum + $0)) }
        } else {
            assign(g, gradient.columns) { S.load(factors + $0) * count * S.load(g + $0) }
        }
    }
}
