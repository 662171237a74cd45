import Keys
import Support

// Normalization of h (N rows x H features) row by row, with statistics over the features, all or group by group: layer,
// group and RMS normalization.
// What they compute for a row does not depend on the other rows, so training and inference are the same.

/// normalized_ij = (h_ij - mean_i) (variance_i + epsilon)^(-1/2) and y = gamma normalized + beta, both overwritten.
///
/// Without `subtractsMean` the mean is 0 and the variance the mean square. h, normalized and y are N x H, gamma and
/// beta 1 x H or absent (1 and 0); `inverseStandardDeviation` (at least N) receives the factor of each row. Sums are in
/// Double.
///
/// With `groups`, which divide H, each row is so many rows of H / groups features, but for gamma and beta.
func normalizeRows<S: Scalar>(
    _ h: Matrix<S>, groups: Int = 1, epsilon: Double, subtractsMean: Bool, gamma: Matrix<S>?, beta: Matrix<S>?,
    inverseStandardDeviation: Matrix<S>,
    normalized: Matrix<S>, into y: Matrix<S>
) {
    let features = h.columns / groups, featureCount = Double(features), rows = h.rows * groups
    precondition(normalized.rows == h.rows && y.rows == h.rows && inverseStandardDeviation.columns >= rows)
    for i in 0..<rows {
        let source = h.base + i * features, target = normalized.base + i * features
        var mean = subtractsMean ? sum(count: features) { Double(source[$0]) } / featureCount : 0
        var variance = sumOfSquares(count: features) { Double(source[$0]) - mean } / featureCount
        // As for a constant column, the rounding of its mean must not become a spread.
        if subtractsMean, isAlmostConstant(mean: mean, variance: variance),
            (1..<features).allSatisfy({ source[$0] == source[0] })
        {
            (mean, variance) = (Double(source[0]), 0)
        }
        let inverse = S(1 / (variance + epsilon).squareRoot())
        inverseStandardDeviation.base[i] = inverse
        let rounded = S(mean), residual = S(mean - Double(rounded))
        for j in 0..<features { target[j] = (source[j] - rounded - residual) * inverse }
        let first = i % groups * features
        scaleAndShift(
            target, gamma: gamma.map { $0.base + first }, beta: beta.map { $0.base + first },
            into: y.base + i * features, count: features)
    }
}

/// dL/dh_ij = (variance_i + epsilon)^(-1/2) (q_ij - (1/H) sum_j q_ij - normalized_ij (1/H) sum_j q_ij normalized_ij)
/// with q = dL/dy gamma; without `subtractsMean` the first sum is absent.
///
/// `gradient` (N x H) holds dL/dy before and dL/dh after. dL/dgamma and dL/dbeta are sums over rows:
/// `normalizationGradients`. H is the number of features of a group.
func normalizeRowsBackward<S: Scalar>(
    gradient: Matrix<S>, groups: Int = 1, normalized: Matrix<S>, inverseStandardDeviation: Matrix<S>,
    gamma: Matrix<S>?, subtractsMean: Bool,
    keepsVarianceTerm: Bool = true
) {
    let features = gradient.columns / groups, featureCount = Double(features), rows = gradient.rows * groups
    precondition(normalized.rows == gradient.rows && inverseStandardDeviation.columns >= rows)
    for i in 0..<rows {
        let g = gradient.base + i * features, x = normalized.base + i * features
        if let gamma = gamma.map({ $0.base + i % groups * features }) {
            for j in 0..<features { g[j] *= gamma[j] }
        }
        let mean = subtractsMean ? S(sum(count: features) { Double(g[$0]) } / featureCount) : 0
        let productMean =
            keepsVarianceTerm ? S(sum(count: features) { Double(g[$0]) * Double(x[$0]) } / featureCount) : 0
        let inverse = inverseStandardDeviation.base[i]
        for j in 0..<features { g[j] = inverse * (g[j] - mean - x[j] * productMean) }
    }
}

/// Equation (5) of docs/batch-norm-gradient.md for one row of `count` features.
@inline(__always)
private func scaleAndShift<S: Scalar>(
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

/// The options that all kinds with statistics over the features of a row have.
package struct RowOptions: Equatable, Sendable {
    /// Added to the variance or mean square, inside the root.
    package var epsilon: Double
    package var affine: AffineOptions
    package var placement: NormalizationPlacement
    package var noise: NormalizationNoise?

    package init(
        epsilon: Double = 1e-5, affine: AffineOptions = AffineOptions(),
        placement: NormalizationPlacement = .beforeActivation, noise: NormalizationNoise? = nil
    ) {
        self.epsilon = epsilon
        self.affine = affine
        self.placement = placement
        self.noise = noise
    }

    init(_ keys: KeyReader, hasShift: Bool) throws(ConfigError) {
        epsilon = try keys("epsilon", .number(.positive), 1e-5, "Added to the variance or mean square.")
        affine = try AffineOptions(keys, hasShift: hasShift)
        placement = try NormalizationPlacement(keys)
        noise = try NormalizationNoise.read(keys)
    }

    /// Normalizes every row of h; see `normalizeRows`.
    @inline(__always)
    func forward<S: Scalar>(
        _ h: Matrix<S>, groups: Int = 1, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        subtractsMean: Bool
    ) {
        normalizeRows(
            h, groups: groups, epsilon: epsilon, subtractsMean: subtractsMean, gamma: state.gamma?.value,
            beta: state.beta?.value,
            inverseStandardDeviation: buffers.own[0], normalized: buffers.normalized, into: buffers.output)
    }

    /// Turns dL/doutput into dL/dh, in place, and overwrites the gradients of gamma and beta; see
    /// `normalizeRowsBackward`.
    @inline(__always)
    func backward<S: Scalar>(
        gradient: Matrix<S>, groups: Int = 1, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        fault: Fault?, subtractsMean: Bool
    ) {
        normalizationGradients(
            gradient: gradient.all, normalized: buffers.normalized.all,
            gammaGradient: state.gamma?.gradient ?? buffers.gammaGradient,
            betaGradient: state.beta?.gradient ?? buffers.betaGradient)
        normalizeRowsBackward(
            gradient: gradient, groups: groups, normalized: buffers.normalized,
            inverseStandardDeviation: buffers.own[0], gamma: fault == .forgetGamma ? nil : state.gamma?.value,
            subtractsMean: subtractsMean && fault != .dropMeanTerm, keepsVarianceTerm: fault != .dropVarianceTerm)
    }

    /// See `TwiceDifferentiable.forwardTangent`.
    @inline(__always)
    func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, groups: Int = 1, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, subtractsMean: Bool
    ) {
        normalizeRowsTangent(
            input, groups: groups, normalized: buffers.normalized, inverseStandardDeviation: buffers.own[0],
            subtractsMean: subtractsMean, into: tangents.normalized, factorChange: tangents.factorChanges[0])
        scaleAndShiftTangent(
            tangents.normalized.all, normalized: buffers.normalized.all, scale: state.gamma?.value,
            scaleTangent: tangents.gamma?.direction, shiftTangent: tangents.beta?.direction,
            into: tangents.output.all)
    }

    /// See `TwiceDifferentiable.backwardTangent`.
    @inline(__always)
    func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, groups: Int = 1, gradient: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, subtractsMean: Bool
    ) {
        tangents.differentiateAffine(tangent, gradient: gradient, normalized: buffers.normalized)
        normalizeRowsBackwardTangent(
            tangent, groups: groups, gradient: gradient, normalized: buffers.normalized,
            normalizedTangent: tangents.normalized, inverseStandardDeviation: buffers.own[0],
            factorChange: tangents.factorChanges[0], subtractsMean: subtractsMean, gamma: state.gamma?.value,
            gammaTangent: tangents.gamma?.direction)
    }
}
