import Keys
import Support

/// Decorrelated batch normalization: groups of units are whitened over the batch, so that their covariance is the
/// identity.
///
/// For a group of n units, C the N x n centred values and Sigma = C^T C / N + epsilon I: normalized = C W with
/// W = Sigma^(-1/2) (ZCA whitening). Inference has running averages of the mean and of W. Sources: Huang et al. 2018,
/// "Decorrelated batch normalization", and Huang et al. 2019, "Iterative normalization", whose authors' code averages W
/// alike; docs/normalization.md has the backward pass.
package struct DecorrelatedBatchNormalization: Normalization, Equatable {
    package static let kind = "decorrelated_batch"
    package static let documentation = "Whitening of groups of units over the batch (Huang et al. 2018, 2019)."

    /// How W is computed.
    package enum Method: Equatable, Sendable {
        case eigen
        case newton(iterations: Int)
    }
    private enum MethodName: String, CaseIterable, Sendable { case eigen, newton }

    package var epsilon: Double
    package var momentum: Double
    package var groupSize: Int
    package var method: Method
    package var affine: AffineOptions
    package var placement: NormalizationPlacement
    package var noise: NormalizationNoise?
    private var recomputeBatches = 100

    package init(
        groupSize: Int = 16, _ method: Method = .eigen, epsilon: Double = 1e-5, momentum: Double = 0.1,
        affine: AffineOptions = AffineOptions(), placement: NormalizationPlacement = .beforeActivation,
        noise: NormalizationNoise? = nil
    ) {
        self.groupSize = groupSize
        self.method = method
        self.epsilon = epsilon
        self.momentum = momentum
        self.affine = affine
        self.placement = placement
        self.noise = noise
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        epsilon = try keys("epsilon", .number(.positive), 1e-5, "Added to the diagonal of the covariance.")
        momentum = try keys(
            "momentum", .number(NumberRange(least: 0, most: 1)), 0.1,
            "Weight of the NEW value: running = (1 - momentum) running + momentum batch.")
        groupSize = try keys(
            "group_size", .integer(1...4096), 16,
            "Units that are whitened together; the last group of a layer has the rest.")
        let name: MethodName = try keys(
            "method", .choice, "eigen", "The inverse root by eigenvalues, exactly, or by Newton's iterations.")
        let iterations = try keys.optional(
            "iterations", .integer(1...100), "5, of method `newton`", "Newton's iterations.")
        keys.example(of: "iterations", ["method": "newton", "iterations": 5])
        method = name == .eigen ? .eigen : .newton(iterations: iterations ?? 5)
        affine = try AffineOptions(keys)
        placement = try NormalizationPlacement(keys)
        noise = try NormalizationNoise.read(keys)
        recomputeBatches = try keys(
            "recompute_batches", .positiveInteger, 100, "Training batches that recomputed statistics are the mean of.")
        try keys.require(
            name == .newton || iterations == nil, "iterations",
            "found \(iterations ?? 0), but method is \"eigen\", which does not iterate; set method to \"newton\", or "
                + "leave iterations out")
    }

    package var statistics: BatchStatistics? {
        var statistics = BatchStatistics()
        statistics.epsilon = epsilon
        statistics.running = RunningStatisticsDescription(.moving(momentum: momentum), isUnbiased: false)
        statistics.recomputeBatches = recomputeBatches
        statistics.whitenedUnits = groupSize
        return statistics
    }

    package var faults: Set<Fault> { affine.faults }

    package func problem(features: Int, rows: Int) -> (key: String, message: String)? {
        let units = min(groupSize, features)
        guard method == .eigen, units >= rows else { return nil }
        return (
            "group_size",
            "found \(groupSize), but a batch has \(rows) rows, whose covariance of \(units) units has a rank of at "
                + "most \(rows - 1), and no inverse; choose at most \(rows - 1), larger batches, or method \"newton\", "
                + "which leaves small eigenvalues small"
        )
    }

    /// Those of `WhiteningBuffers`, group by group.
    package func exactBufferShapes(features: Int) -> [(rows: Int, columns: Int)] {
        stride(from: 0, to: features, by: groupSize).flatMap {
            WhiteningBuffers.shapes(units: min(groupSize, features - $0), method)
        }
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>
    ) {
        let moments = buffers.moments[0], isOfBatch = pass.usesBatchStatistics
        if isOfBatch {
            columnMoments(h.all, mean: moments.mean, meanResidual: moments.meanResidual, variance: moments.variance)
            moments.invertStandardDeviation(epsilon: S(epsilon), columns: columns)
        } else {
            state.running?.copy(to: moments, columns: columns)
        }
        forEachGroup(buffers, features: h.columns) { units, group in
            if isOfBatch {
                computeCovariance(of: h, units, moments, epsilon: epsilon, group)
                group.invert(epsilon: epsilon)
                if let kept = buffers.whitening { exchange(kept, units) { $0 = group.whitening.base[$1] } }
            } else if let running = state.running?.whitening {
                exchange(running, units) { group.whitening.base[$1] = Double($0) }
            }
            whiten(h, units, moments, group, into: buffers.normalized)
        }
        scaleAndShift(buffers.normalized, gamma: state.gamma?.value, beta: state.beta?.value, into: buffers.output)
    }

    /// With Q = gamma dL/dy and M = dL/dW = C^T Q: dL/dh = (Q - mean(Q)) W + (2/N) C dL/dSigma, where dL/dSigma follows
    /// from M, and is symmetric; see `EigenRoot.differentiate` and `NewtonRoot.differentiate`.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>
    ) {
        let sum = state.beta?.gradient ?? buffers.betaGradient
        normalizationGradients(
            gradient: gradient.all, normalized: buffers.normalized.all,
            gammaGradient: state.gamma?.gradient ?? buffers.gammaGradient, betaGradient: sum)
        if fault == .gammaFromSum, let gamma = state.gamma { gamma.gradient.copy(from: sum) }
        let gamma = fault == .forgetGamma ? nil : state.gamma?.value
        forEachGroup(buffers, features: h.columns) { units, group in
            whitenBackward(gradient: gradient, h: h, units, buffers.moments[0], gamma: gamma, sum: sum, group)
        }
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardInInference<S: Scalar>(
        gradient: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, columns: Range<Int>
    ) {
        forEachGroup(buffers, features: gradient.columns) { units, group in
            whitenGradient(gradient, units, gamma: state.gamma?.value, group)
        }
    }

    @inline(__always)
    private func forEachGroup<S: Scalar>(
        _ buffers: NormalizationBuffers<S>, features: Int, _ body: (Range<Int>, WhiteningBuffers) -> Void
    ) {
        let count = WhiteningBuffers.count(method)
        var start = 0, matrix = 0
        while start < features {
            let end = min(start + groupSize, features)
            body(start..<end, WhiteningBuffers(buffers.exact[matrix..<matrix + count], method))
            start = end
            matrix += count
        }
    }
}
