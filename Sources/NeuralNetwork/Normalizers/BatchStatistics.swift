import Keys
import Support

/// Mean and variance of each feature over the batch, and their averages for inference.
package struct BatchStatistics: Equatable, Sendable {
    /// Added to the variance, inside the root.
    package var epsilon = 1e-5
    /// Whether the mean is subtracted; else the batch's mean square takes the variance's place.
    package var subtractsMean = true
    /// Whether values are divided by the standard deviation; else the mean alone is normalized.
    package var dividesByDeviation = true
    package var running = RunningStatisticsDescription()
    /// The largest number of rows whose statistics are taken together; nil: all of the batch.
    package var groupSize: Int?
    /// The units of a group that are whitened together; nil where each unit is normalized by itself.
    package var whitenedUnits: Int?
    /// Whether the averages are those of standard deviations rather than of variances.
    package var averagesDeviation = false
    /// Training batches that recomputed statistics are the mean of.
    package var recomputeBatches = 100
}

/// The options that all kinds with statistics over the batch have.
package struct BatchOptions: Equatable, Sendable {
    package var statistics = BatchStatistics()
    package var affine = AffineOptions()
    package var placement = NormalizationPlacement.beforeActivation
    package var noise: NormalizationNoise?

    package init(
        epsilon: Double = 1e-5, affine: AffineOptions = AffineOptions(), subtractsMean: Bool = true,
        dividesByDeviation: Bool = true, placement: NormalizationPlacement = .beforeActivation,
        running: RunningStatisticsDescription = RunningStatisticsDescription(), noise: NormalizationNoise? = nil
    ) {
        statistics.epsilon = epsilon
        statistics.subtractsMean = subtractsMean
        statistics.dividesByDeviation = dividesByDeviation
        statistics.running = running
        self.affine = affine
        self.placement = placement
        self.noise = noise
    }

    /// - Parameter isRenormalized: whether the kind is batch renormalization, which always subtracts a moving average.
    init(_ keys: KeyReader, isRenormalized: Bool = false) throws(ConfigError) {
        let convention: NormalizationConvention = try keys(
            "convention", .choice, "pytorch", "Whose defaults the keys below have.")
        let byConvention = "by `convention`"
        statistics.epsilon = try keys(
            "epsilon", .number(.positive), JSON(.number(convention.epsilon)), shownAs: byConvention,
            "Added to the variance.")
        let momentum = try keys(
            "momentum", .number(NumberRange(least: 0, most: 1)), JSON(.number(convention.momentum)),
            shownAs: byConvention, "Weight of the NEW value: running = (1 - momentum) running + momentum batch.")
        if !isRenormalized {
            statistics.subtractsMean = try keys(
                "subtract_mean", .boolean, true, "Without it the mean square takes the variance's place.")
            statistics.dividesByDeviation =
                try keys.optional(
                    "divide_by_deviation", .boolean, "true",
                    "Without it the mean is subtracted and nothing else (mean-only, Salimans & Kingma 2016).") ?? true
            try keys.require(
                statistics.subtractsMean || statistics.dividesByDeviation, "divide_by_deviation",
                "found false, but subtract_mean is false too, so that nothing would be normalized; set one of them to "
                    + "true, or kind to \"none\"")
        }
        affine = try AffineOptions(keys)
        let estimator: VarianceEstimator = try keys(
            "running_variance_estimator", .choice, JSON(.string(convention.runningVarianceEstimator.rawValue)),
            shownAs: byConvention, "`unbiased` averages N/(N-1) times the batch variance.")
        var average = RunningAverage.moving
        if !isRenormalized {
            average = try keys(
                "running_statistics", .choice, "moving_average",
                "Average over batches: with `momentum`, of all alike, or recomputed over `recompute_batches` before "
                    + "each evaluation.")
        }
        statistics.running = RunningStatisticsDescription(
            average.described(momentum: momentum), initialVariance: convention.initialRunningVariance,
            isUnbiased: estimator == .unbiased && statistics.subtractsMean)
        statistics.averagesDeviation = isRenormalized
        statistics.recomputeBatches = try keys(
            "recompute_batches", .positiveInteger, 100, "Training batches that recomputed statistics are the mean of.")
        placement = try NormalizationPlacement(keys)
        noise = try NormalizationNoise.read(keys)
    }
}

/// Presets of other frameworks' defaults, under which their results can be repeated.
private enum NormalizationConvention: String, CaseIterable, Sendable {
    case pytorch, keras, cs231n

    var epsilon: Double { self == .keras ? 1e-3 : 1e-5 }
    var momentum: Double { self == .keras ? 0.01 : 0.1 }
    var initialRunningVariance: Double { self == .cs231n ? 0 : 1 }
    var runningVarianceEstimator: VarianceEstimator { self == .pytorch ? .unbiased : .biased }
}

private enum VarianceEstimator: String, CaseIterable, Sendable { case unbiased, biased }

private enum RunningAverage: String, CaseIterable, Sendable {
    case moving = "moving_average"
    case cumulative = "cumulative_average"
    case recomputed

    func described(momentum: Double) -> RunningStatisticsDescription.Average {
        switch self {
        case .moving: .moving(momentum: momentum)
        case .cumulative: .cumulative
        case .recomputed: .recomputed
        }
    }
}

// The passes of all kinds over the batch, group by group of rows.

extension BatchStatistics {
    /// Normalizes the features `columns` of h with the batch's statistics in training, with the running ones in
    /// inference.
    /// - Parameter scaleAndShift: gamma and beta for a group of these moments, each 1 x H or absent.
    @inline(__always)
    func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>,
        scaleAndShift: (NormalizationMoments<S>) -> (gamma: Matrix<S>?, beta: Matrix<S>?)
    ) {
        guard pass.usesBatchStatistics else {
            state.running?.copy(to: buffers.moments[0], columns: columns)
            return normalize(
                h[columns: columns], moments: buffers.moments[0], gamma: state.gamma?.value, beta: state.beta?.value,
                normalized: buffers.normalized[columns: columns], into: buffers.output[columns: columns])
        }
        var start = 0, group = 0
        while start < h.rows {
            let rows = start..<min(start + buffers.groupSize, h.rows), block = h[columns: columns][rows: rows]
            let moments = buffers.moments[group]
            if subtractsMean {
                columnMoments(block, mean: moments.mean, meanResidual: moments.meanResidual, variance: moments.variance)
            } else {
                columnMeanSquares(block, into: moments.variance)
            }
            invertDeviation(of: moments, columns)
            let (gamma, beta) = scaleAndShift(moments)
            normalize(
                block, moments: moments, gamma: gamma, beta: beta,
                normalized: buffers.normalized[columns: columns][rows: rows],
                into: buffers.output[columns: columns][rows: rows])
            start = rows.upperBound
            group += 1
        }
    }

    /// Overwrites the factor of centred values: (variance + epsilon)^(-1/2), or 1 where nothing is divided by.
    @inline(__always)
    private func invertDeviation<S: Scalar>(of moments: NormalizationMoments<S>, _ columns: Range<Int>) {
        if dividesByDeviation {
            moments.invertStandardDeviation(epsilon: S(epsilon), columns: columns)
        } else {
            for j in columns { moments.inverseStandardDeviation.base[j] = 1 }
        }
    }

    /// Turns dL/doutput into dL/dh for the features `columns`, in place, and overwrites the gradients of gamma and
    /// beta.
    /// - Parameters:
    ///   - addGammaGradient: adds what a group's sums contribute to the gradient of gamma.
    ///   - differentiate: turns one group's dL/doutput into its dL/dh, with the scale of its normalized values.
    @inline(__always)
    func backward<S: Scalar>(
        gradient: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>, addGammaGradient: (Parameter<S>) -> Void,
        differentiate: (
            _ rows: Range<Int>, _ gradient: MatrixBlock<S>, _ normalized: MatrixBlock<S>, NormalizationMoments<S>,
            _ scale: Matrix<S>?
        ) -> Void
    ) {
        clear(state.gamma, columns)
        clear(state.beta, columns)
        let sum = buffers.betaGradient, productSum = buffers.gammaGradient
        var start = 0, group = 0
        while start < gradient.rows {
            let rows = start..<min(start + buffers.groupSize, gradient.rows), moments = buffers.moments[group]
            let g = gradient[columns: columns][rows: rows],
                normalized = buffers.normalized[columns: columns][rows: rows]
            normalizationGradients(gradient: g, normalized: normalized, gammaGradient: productSum, betaGradient: sum)
            if let beta = state.beta { add(sum, to: beta.gradient, columns: columns) }
            if let gamma = state.gamma {
                if fault == .gammaFromSum {
                    add(sum, to: gamma.gradient, columns: columns)
                } else {
                    addGammaGradient(gamma)
                }
            }
            fault?.apply(to: moments, rows: rows.count)
            if fault == .dropVarianceTerm { productSum.elements.update(repeating: 0) }
            differentiate(
                rows, g, normalized, moments, fault == .forgetGamma ? nil : buffers.scale ?? state.gamma?.value)
            start = rows.upperBound
            group += 1
        }
    }

    @inline(__always)
    private func clear<S: Scalar>(_ parameter: Parameter<S>?, _ columns: Range<Int>) {
        guard let parameter else { return }
        (parameter.gradient.base + columns.lowerBound).update(repeating: 0, count: columns.count)
    }

    /// The closed form of dL/dh for one group; see `normalizeBackward`.
    @inline(__always)
    func closedForm<S: Scalar>(
        _ gradient: MatrixBlock<S>, _ normalized: MatrixBlock<S>, _ moments: NormalizationMoments<S>,
        _ scale: Matrix<S>?,
        _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, _ fault: Fault?
    ) {
        normalizeBackward(
            gradient: gradient, normalized: normalized, inverseStandardDeviation: moments.inverseStandardDeviation,
            gamma: scale, sum: subtractsMean && fault != .dropMeanTerm ? buffers.betaGradient : nil,
            productSum: dividesByDeviation ? buffers.gammaGradient : nil, factor: state.scratch.first)
    }

    /// The mistakes that the closed form can make.
    func closedFormFaults(_ affine: AffineOptions) -> Set<Fault> {
        var faults: Set<Fault> = dividesByDeviation ? [.dropEpsilon, .unbiasedVariance, .dropVarianceTerm] : []
        if subtractsMean { faults.insert(.dropMeanTerm) }
        return faults.union(affine.faults)
    }
}

extension AffineOptions {
    /// The mistakes that concern a gamma with statistics over the batch.
    var faults: Set<Fault> { hasScale ? [.forgetGamma, .gammaFromSum] : [] }
}

/// Adds sums of the features `columns` to a row of such sums, such as a parameter's gradient.
@inline(__always)
func add<S: Scalar>(_ sums: Matrix<S>, to target: Matrix<S>, columns: Range<Int>) {
    updateElements(target[columns: columns], sums[columns: columns]) { $0 + $1 }
}
