/// How a layer is normalized.
///
/// Defaults and presets are the config's business.
package struct Normalization: Equatable, Sendable {
    /// Over which values mean and variance are taken.
    package enum Kind: Equatable, Sendable {
        /// Each feature over the batch.
        ///
        /// Source: Ioffe & Szegedy 2015, algorithm 1.
        case batch
        /// Each feature over groups of `size` consecutive rows, running statistics moving group by group.
        ///
        /// Source: Hoffer, Hubara & Soudry 2017, "Train longer, generalize better", algorithm 1.
        case ghostBatch(size: Int)
        /// As batch, then moved towards what the running statistics would have given: normalized r + d with r =
        /// sigma_batch / sigma, clipped to 1 / r_max ...
        ///
        /// r_max, and d = (mean_batch - mean) / sigma, clipped to -d_max ... d_max, both constants to the backward
        /// pass. Source: Ioffe 2017, "Batch renormalization", algorithm 1.
        case batchRenormalization(BatchRenormalization)
        /// Each row over its features.
        ///
        /// Source: Ba, Kiros & Hinton 2016, "Layer normalization", equation 3.
        case layer
        /// Each row over its features, without centering.
        ///
        /// Source: Zhang & Sennrich 2019, "Root mean square layer normalization", equation 4, epsilon inside the root
        /// as PyTorch has it.
        case rms
    }
    /// Where in the layer: on the activation function's input, or on its output.
    package enum Placement: String, CaseIterable, Sendable {
        case beforeActivation = "before_activation"
        case afterActivation = "after_activation"
    }
    /// How the gradient of batch normalization is computed; all agree within rounding.
    ///
    /// See docs/batch-norm-gradient.md.
    package enum Backward: String, CaseIterable, Sendable {
        case closedForm = "closed_form"
        case staged, jacobian
    }

    package var kind: Kind
    /// Added to the variance, inside the root.
    package var epsilon: Double
    /// Whether gamma is there and trained; else it is 1.
    package var hasScale: Bool
    /// Whether beta is there and trained; else it is 0.
    package var hasShift: Bool
    package var initialGamma: Double
    package var initialBeta: Double
    /// Without it the batch's mean square takes the variance's place and nothing is subtracted; kinds over the batch
    /// only.
    package var subtractsMean: Bool
    package var placement: Placement
    /// Kinds over the batch only.
    package var running: RunningStatisticsDescription
    package var noise: NormalizationNoise?
    package var backward: Backward

    package init(
        _ kind: Kind = .batch, epsilon: Double = 1e-5, hasScale: Bool = true, hasShift: Bool = true,
        initialGamma: Double = 1,
        initialBeta: Double = 0, subtractsMean: Bool = true, placement: Placement = .beforeActivation,
        running: RunningStatisticsDescription = RunningStatisticsDescription(), noise: NormalizationNoise? = nil,
        backward: Backward = .closedForm
    ) {
        self.kind = kind
        self.epsilon = epsilon
        self.hasScale = hasScale
        self.hasShift = hasShift
        self.initialGamma = initialGamma
        self.initialBeta = initialBeta
        self.subtractsMean = subtractsMean
        self.placement = placement
        self.running = running
        self.noise = noise
        self.backward = backward
    }

    /// Whether statistics are taken over the batch, so that one row cannot be normalized and inference needs running
    /// statistics.
    package var isOverBatch: Bool {
        switch kind {
        case .batch, .ghostBatch, .batchRenormalization: true
        case .layer, .rms: false
        }
    }

    /// Whether the layer's bias would be subtracted again.
    package var cancelsBias: Bool { isOverBatch && subtractsMean && placement == .beforeActivation }

    /// The largest number of rows whose statistics are taken together; nil: all of the batch.
    package var groupSize: Int? { if case .ghostBatch(let size) = kind { size } else { nil } }
}

extension Normalization.Kind {
    /// As configs and the results file name it.
    package var name: String {
        switch self {
        case .batch: "batch"
        case .ghostBatch: "ghost_batch"
        case .batchRenormalization: "batch_renorm"
        case .layer: "layer"
        case .rms: "rms"
        }
    }
}

/// The clipping of batch renormalization, which opens with training: (1, 0) until `warmupSteps`, then linearly to the
/// limits.
package struct BatchRenormalization: Equatable, Sendable {
    package var rMaximum: Double
    package var dMaximum: Double
    /// Steps of plain batch normalization at first.
    package var warmupSteps: Int
    /// Steps at which r and d reach their limits.
    package var rSteps: Int
    package var dSteps: Int

    package init(rMaximum: Double, dMaximum: Double, warmupSteps: Int, rSteps: Int, dSteps: Int) {
        self.rMaximum = rMaximum
        self.dMaximum = dMaximum
        self.warmupSteps = warmupSteps
        self.rSteps = rSteps
        self.dSteps = dSteps
    }

    /// The limits after `step` updates.
    package func limits(step: Int) -> (r: Double, d: Double) {
        func share(_ end: Int) -> Double {
            step < warmupSteps
                ? 0 : end <= warmupSteps ? 1 : min(1, Double(step - warmupSteps) / Double(end - warmupSteps))
        }
        return (1 + share(rSteps) * (rMaximum - 1), share(dSteps) * dMaximum)
    }
}

/// What inference knows of the batches seen in training.
package struct RunningStatisticsDescription: Equatable, Sendable {
    package enum Average: Equatable, Sendable {
        /// running = (1 - momentum) running + momentum batch
        case moving(momentum: Double)
        /// running = running + (batch - running) / t after t batches: the mean of all.
        case cumulative
        /// Not averaged in training but recomputed over batches before evaluation.
        case recomputed
    }
    package var average: Average
    package var initialVariance: Double
    /// Whether N / (N - 1) times the batch's variance is averaged.
    package var isUnbiased: Bool

    package init(_ average: Average = .moving(momentum: 0.1), initialVariance: Double = 1, isUnbiased: Bool = true) {
        self.average = average
        self.initialVariance = initialVariance
        self.isUnbiased = isUnbiased
    }
}

/// Noise on the output y of a normalization in training, y' = s y + m with m and s drawn for every value, from
/// distributions that are drawn anew for every feature and step: mean ~ U(-a, a), deviation ~ U(1, b), m ~ U(mean - c,
/// mean + c), s ~ N(deviation, c).
///
/// Source: Santurkar, Tsipras, Ilyas & Madry 2018, "How does batch normalization help optimization?", section 2.1 and
/// the algorithm of the appendix, with a = 0.5, b = 1.25, c = 0.1.
package struct NormalizationNoise: Equatable, Sendable {
    /// a, of the additive part.
    package var meanRange: Double
    /// b, of the multiplicative part.
    package var deviationRange: Double
    /// c, of both.
    package var spread: Double

    package init(meanRange: Double, deviationRange: Double, spread: Double) {
        self.meanRange = meanRange
        self.deviationRange = deviationRange
        self.spread = spread
    }
}
