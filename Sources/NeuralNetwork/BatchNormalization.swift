import Matrices

// Batch normalization of h (N batch rows x H features), feature by feature. Source: Ioffe & Szegedy 2015, algorithm 1.
//
//     mean_j = (1/N) sum_i h_ij        variance_j = (1/N) sum_i (h_ij - mean_j)^2
//     normalized_ij = (h_ij - mean_j) (variance_j + epsilon)^(-1/2)        y_ij = gamma_j normalized_ij + beta_j

/// How a layer is batch-normalized. Defaults and presets are the config's business.
package struct BatchNormalization: Equatable, Sendable {
    /// Added to the variance.
    package var epsilon: Double
    /// The weight of the NEW value: running = (1 - momentum) running + momentum batch.
    package var momentum: Double
    /// Whether gamma is there and trained; else it is 1.
    package var hasScale: Bool
    /// Whether beta is there and trained; else it is 0.
    package var hasShift: Bool
    package var initialGamma: Double
    package var initialBeta: Double
    package var initialRunningVariance: Double
    /// Whether the running variance averages N / (N - 1) times the batch's variance.
    package var usesUnbiasedRunningVariance: Bool

    package init(
        epsilon: Double = 1e-5, momentum: Double = 0.1, hasScale: Bool = true, hasShift: Bool = true, initialGamma: Double = 1,
        initialBeta: Double = 0, initialRunningVariance: Double = 1, usesUnbiasedRunningVariance: Bool = true
    ) {
        self.epsilon = epsilon
        self.momentum = momentum
        self.hasScale = hasScale
        self.hasShift = hasShift
        self.initialGamma = initialGamma
        self.initialBeta = initialBeta
        self.initialRunningVariance = initialRunningVariance
        self.usesUnbiasedRunningVariance = usesUnbiasedRunningVariance
    }
}

/// Mean and variance that a batch is normalized with; each 1 x H.
package final class NormalizationMoments<S: Scalar> {
    package let mean: Matrix<S>
    /// What rounding the mean left over; the mean meant is `mean + meanResidual`.
    package let meanResidual: Matrix<S>
    /// Biased (ddof 0).
    package let variance: Matrix<S>
    /// (variance + epsilon)^(-1/2)
    package let inverseStandardDeviation: Matrix<S>

    init(features: Int) {
        mean = Matrix(rows: 1, columns: features)
        meanResidual = Matrix(rows: 1, columns: features)
        variance = Matrix(rows: 1, columns: features)
        inverseStandardDeviation = Matrix(rows: 1, columns: features)
    }
}

/// The moments of the batch h (N x H), as training normalizes with; overwritten.
func measureMoments<S: Scalar>(of h: Matrix<S>, epsilon: S, into moments: NormalizationMoments<S>, scratch: ColumnScratch<S>) {
    columnMoments(h, mean: moments.mean, meanResidual: moments.meanResidual, variance: moments.variance, scratch: scratch)
    invertStandardDeviation(moments, epsilon: epsilon)
}

/// The running moments, as inference normalizes with; overwritten.
func useMoments<S: Scalar>(mean: Matrix<S>, variance: Matrix<S>, epsilon: S, into moments: NormalizationMoments<S>) {
    for j in 0..<mean.columns {
        moments.mean.base[j] = mean.base[j]
        moments.meanResidual.base[j] = 0
        moments.variance.base[j] = variance.base[j]
    }
    invertStandardDeviation(moments, epsilon: epsilon)
}

private func invertStandardDeviation<S: Scalar>(_ moments: NormalizationMoments<S>, epsilon: S) {
    for j in 0..<moments.variance.columns {
        moments.inverseStandardDeviation.base[j] = 1 / (moments.variance.base[j] + epsilon).squareRoot()
    }
}

/// normalized = (h - mean) (variance + epsilon)^(-1/2) and y = gamma normalized + beta, both overwritten.
///
/// h, normalized and y are N x H, gamma and beta 1 x H or absent (1 and 0). y may be `normalized` where both are absent.
func normalize<S: Scalar>(
    _ h: Matrix<S>, moments: NormalizationMoments<S>, gamma: Matrix<S>?, beta: Matrix<S>?, normalized: Matrix<S>, into y: Matrix<S>
) {
    let features = h.columns
    precondition(normalized.rows == h.rows && y.rows == h.rows && normalized.columns == features && y.columns == features)
    let mean = moments.mean.base, residual = moments.meanResidual.base, inverse = moments.inverseStandardDeviation.base
    for i in 0..<h.rows {
        let source = h.base + i * features, target = normalized.base + i * features, output = y.base + i * features
        for j in 0..<features { target[j] = (source[j] - mean[j] - residual[j]) * inverse[j] }
        switch (gamma?.base, beta?.base) {
        case (let gamma?, let beta?): for j in 0..<features { output[j] = gamma[j] * target[j] + beta[j] }
        case (let gamma?, nil): for j in 0..<features { output[j] = gamma[j] * target[j] }
        case (nil, let beta?): for j in 0..<features { output[j] = target[j] + beta[j] }
        case (nil, nil): if output != target { output.update(from: target, count: features) }
        }
    }
}

/// The gradients of batch normalization in training, in closed form:
///
///     dL/dbeta_j  = sum_k dL/dy_kj
///     dL/dgamma_j = sum_k dL/dy_kj normalized_kj
///     dL/dh_ij    = (gamma_j / N) (variance_j + epsilon)^(-1/2) (N dL/dy_ij - dL/dbeta_j - normalized_ij dL/dgamma_j)
///
/// `gradient` (N x H) holds dL/dy before and dL/dh after. `betaGradient` and `gammaGradient` (1 x H) are overwritten, also where the
/// layer has no such parameter: the sums are needed. gamma is 1 x H, or absent where it is 1.
/// Source: Ioffe & Szegedy 2015, section 3, the gradients simplified.
func normalizeBackward<S: Scalar>(
    gradient: Matrix<S>, normalized: Matrix<S>, moments: NormalizationMoments<S>, gamma: Matrix<S>?,
    gammaGradient: Matrix<S>, betaGradient: Matrix<S>, scratch: ColumnScratch<S>
) {
    let features = gradient.columns
    precondition(normalized.rows == gradient.rows && normalized.columns == features)
    sumColumns(gradient, times: normalized, into: betaGradient, productsInto: gammaGradient, scratch: scratch)
    let count = S(gradient.rows)
    let factor = scratch.first.base, inverse = moments.inverseStandardDeviation.base
    if let gamma = gamma?.base {
        for j in 0..<features { factor[j] = gamma[j] * inverse[j] / count }
    } else {
        for j in 0..<features { factor[j] = inverse[j] / count }
    }
    let sum = betaGradient.base, productSum = gammaGradient.base
    for i in 0..<gradient.rows {
        let g = gradient.base + i * features, x = normalized.base + i * features
        for j in 0..<features { g[j] = factor[j] * (count * g[j] - sum[j] - x[j] * productSum[j]) }
    }
}

/// running = (1 - momentum) running + momentum batch, for the mean and for the variance (times N / (N - 1) where unbiased).
///
/// `runningMean` and `runningVariance` are 1 x H, updated in place; `rows` is N, at least 2 where unbiased.
func updateRunning<S: Scalar>(
    mean runningMean: Matrix<S>, variance runningVariance: Matrix<S>, from moments: NormalizationMoments<S>, rows: Int,
    description: BatchNormalization
) {
    let new = S(description.momentum), old = 1 - new
    let correction = description.usesUnbiasedRunningVariance ? S(rows) / S(rows - 1) : 1
    let batchMean = moments.mean.base, residual = moments.meanResidual.base, batchVariance = moments.variance.base
    let mean = runningMean.base, variance = runningVariance.base
    for j in 0..<runningMean.columns { mean[j] = old * mean[j] + new * (batchMean[j] + residual[j]) }
    for j in 0..<runningVariance.columns { variance[j] = old * variance[j] + new * (batchVariance[j] * correction) }
}
