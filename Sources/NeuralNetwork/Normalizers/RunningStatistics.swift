/// Averages of batch statistics, which inference normalizes with; each 1 x H.
package final class RunningStatistics<S: Scalar> {
    package let mean: Matrix<S>
    /// The average of batch variances.
    ///
    /// For batch renormalization: of batch standard deviations sqrt(variance + epsilon).
    package let spread: Matrix<S>
    /// Whether `spread` holds standard deviations.
    package let averagesDeviation: Bool
    /// Batches averaged so far; a cumulative average needs it.
    package var batchCount = 0
    let description: RunningStatisticsDescription
    let epsilon: Double

    init(features: Int, _ normalization: Normalization) {
        description = normalization.running
        epsilon = normalization.epsilon
        if case .batchRenormalization = normalization.kind {
            averagesDeviation = true
        } else {
            averagesDeviation = false
        }
        mean = Matrix(rows: 1, columns: features)
        spread = Matrix(rows: 1, columns: features)
        spread.elements.update(repeating: averagesDeviation ? 1 : S(description.initialVariance))
    }

    /// The running variance of feature j, whichever of variance and deviation is averaged.
    package func variance(_ j: Int) -> Double {
        let value = Double(spread.base[j])
        return averagesDeviation ? value * value - epsilon : value
    }

    /// running = (1 - weight) running + weight batch, for the mean and for the variance (times N / (N - 1) where
    /// unbiased) or the deviation.
    ///
    /// The weight is the momentum, or 1 / t for the t-th batch of a cumulative average. `rows` is N, at least 2 where
    /// unbiased.
    func advance(by moments: NormalizationMoments<S>, rows: Int) {
        batchCount += 1
        let weight: Double
        switch description.average {
        case .moving(let momentum): weight = momentum
        case .cumulative: weight = 1 / Double(batchCount)
        case .recomputed: return
        }
        let new = S(weight), old = S(1 - weight)
        let correction = description.isUnbiased ? S(rows) / S(rows - 1) : 1
        let batchMean = moments.mean.base, residual = moments.meanResidual.base
        let batchVariance = moments.variance.base, inverse = moments.inverseStandardDeviation.base
        let mean = mean.base, spread = spread.base
        for j in 0..<self.mean.columns { mean[j] = old * mean[j] + new * (batchMean[j] + residual[j]) }
        if averagesDeviation {
            for j in 0..<self.mean.columns { spread[j] = old * spread[j] + new * (1 / inverse[j]) }
        } else {
            for j in 0..<self.mean.columns { spread[j] = old * spread[j] + new * (batchVariance[j] * correction) }
        }
    }

    /// The running moments of the given features as inference uses them; overwritten.
    func copy(to moments: NormalizationMoments<S>, columns: Range<Int>) {
        for j in columns {
            moments.mean.base[j] = mean.base[j]
            moments.meanResidual.base[j] = 0
            moments.variance.base[j] = S(variance(j))
            moments.inverseStandardDeviation.base[j] =
                averagesDeviation ? 1 / spread.base[j] : 1 / (spread.base[j] + S(epsilon)).squareRoot()
        }
    }
}

/// Running statistics computed anew as means over batches that pass through the fixed network: E[x] = E_B[mean_B] and
/// Var[x] = N / (N - 1) E_B[variance_B] (the factor where the layer's estimator is unbiased).
///
/// Source: Ioffe & Szegedy 2015, algorithm 2, steps 7 to 10.
package final class StatisticsRecomputation<S: Scalar> {
    private let network: Network<S>
    private var means: [[Double]]
    private var variances: [[Double]]
    private var counts: [Int]
    private var saved: [(mean: [S], spread: [S])] = []

    package init(_ network: Network<S>) {
        self.network = network
        means = network.layers.map { Array(repeating: 0, count: $0.running == nil ? 0 : $0.description.outputs) }
        variances = means
        counts = network.layers.map { _ in 0 }
    }

    /// Adds the batch of the last forward pass with batch statistics.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func add(_ workspace: Workspace<S>) {
        for (index, layer) in network.layers.enumerated() {
            guard let running = layer.running, let buffers = workspace.layers[index].normalization else { continue }
            for (group, rows) in buffers.groups(rows: workspace.rows).enumerated() {
                let moments = buffers.moments[group]
                let correction =
                    running.description.isUnbiased && !running.averagesDeviation
                    ? Double(rows.count) / Double(rows.count - 1) : 1
                for j in means[index].indices {
                    means[index][j] += Double(moments.mean.base[j]) + Double(moments.meanResidual.base[j])
                    variances[index][j] += Double(moments.variance.base[j]) * correction
                }
                counts[index] += 1
            }
        }
    }

    /// Puts the means in the place of the running statistics of all layers, or of those that `isChosen` picks.
    package func install(where isChosen: (Layer<S>) -> Bool = { _ in true }) {
        saved = network.layers.map {
            ($0.running.map { Array($0.mean.elements) } ?? [], $0.running.map { Array($0.spread.elements) } ?? [])
        }
        for (index, layer) in network.layers.enumerated() {
            guard let running = layer.running, counts[index] > 0, isChosen(layer) else { continue }
            for j in means[index].indices {
                running.mean.base[j] = S(means[index][j] / Double(counts[index]))
                let variance = variances[index][j] / Double(counts[index])
                running.spread.base[j] = S(
                    running.averagesDeviation ? (variance + running.epsilon).squareRoot() : variance)
            }
        }
    }

    /// Puts back what `install` replaced.
    package func restore() {
        for (layer, values) in zip(network.layers, saved) {
            guard let running = layer.running else { continue }
            for j in values.mean.indices {
                running.mean.base[j] = values.mean[j]
                running.spread.base[j] = values.spread[j]
            }
        }
    }
}
