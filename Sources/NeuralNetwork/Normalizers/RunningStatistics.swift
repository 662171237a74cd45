/// What inference knows of the batches seen in training.
package struct RunningStatisticsDescription: Equatable, Sendable {
    package enum Average: Equatable, Sendable {
        /// running = (1 - momentum) running + momentum batch.
        case moving(momentum: Double)
        /// running = running + (batch - running) / t after t batches: the mean of all.
        case cumulative
        /// Nothing is averaged in training; the statistics are recomputed over batches before evaluation.
        case recomputed
    }
    package var average: Average
    package var initialVariance: Double
    /// Whether N / (N - 1) times the batch's variance is averaged.
    package var isUnbiased: Bool

    package init(
        _ average: Average = .moving(momentum: 0.1), initialVariance: Double = 1, isUnbiased: Bool = true
    ) {
        self.average = average
        self.initialVariance = initialVariance
        self.isUnbiased = isUnbiased
    }
}

/// Averages of batch statistics, which inference normalizes with; each 1 x H.
package final class RunningStatistics<S: Scalar> {
    package let mean: Matrix<S>
    /// The average of batch variances.
    ///
    /// Batch renormalization averages batch standard deviations sqrt(variance + epsilon).
    package let spread: Matrix<S>
    /// Whether `spread` holds standard deviations.
    package let averagesDeviation: Bool
    /// Batches averaged so far; a cumulative average needs it.
    package var batchCount = 0
    /// The average of the batches' whitening matrices, H x G for groups of G units: row j has those weights of unit j
    /// that make the units of its group; absent where each unit is normalized by itself.
    package let whitening: Matrix<S>?
    let description: RunningStatisticsDescription
    package let dividesByDeviation: Bool
    let epsilon: Double

    init(features: Int, _ statistics: BatchStatistics) {
        description = statistics.running
        epsilon = statistics.epsilon
        averagesDeviation = statistics.averagesDeviation
        mean = Matrix(rows: 1, columns: features)
        spread = Matrix(rows: 1, columns: features)
        spread.elements.update(repeating: averagesDeviation ? 1 : S(description.initialVariance))
        dividesByDeviation = statistics.dividesByDeviation
        whitening = statistics.whitenedUnits.map { Matrix(rows: features, columns: $0) }
        if let whitening { for j in 0..<features { whitening.base[j * whitening.columns + j % whitening.columns] = 1 } }
    }

    /// The running variance of every feature, whichever of variance and deviation is averaged.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func variances() -> [Double] { (0..<spread.columns).map(variance) }

    private func variance(_ j: Int) -> Double {
        let value = Double(spread.base[j])
        return averagesDeviation ? value * value - epsilon : value
    }

    /// running = (1 - weight) running + weight batch, for the mean and for the variance (times N / (N - 1) where
    /// unbiased) or the deviation.
    ///
    /// The weight is the momentum, or 1 / t for the t-th batch of a cumulative average. `rows` is N, at least 2 where
    /// unbiased.
    /// - Parameter batchWhitening: the batch's whitening matrix, where there is one, whose average moves alike.
    package func advance(by moments: NormalizationMoments<S>, rows: Int, batchWhitening: Matrix<Double>? = nil) {
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
        guard let whitening = whitening?.base, let batchWhitening else { return }
        for k in 0..<batchWhitening.count {
            whitening[k] = old * whitening[k] + new * S(batchWhitening.base[k])
        }
    }

    /// The running moments of the given features as inference uses them; overwritten.
    func copy(to moments: NormalizationMoments<S>, columns: Range<Int>) {
        for j in columns {
            moments.mean.base[j] = mean.base[j]
            moments.meanResidual.base[j] = 0
            moments.variance.base[j] = S(variance(j))
            moments.inverseStandardDeviation.base[j] =
                !dividesByDeviation
                ? 1 : averagesDeviation ? 1 / spread.base[j] : 1 / (spread.base[j] + S(epsilon)).squareRoot()
        }
    }
}
