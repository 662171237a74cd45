import Keys
import Support

/// Batch normalization moved towards what the running statistics would have given: normalized r + d.
///
/// r = sigma_batch / sigma, clipped to 1 / r_max ... r_max, and d = (mean_batch - mean) / sigma, clipped to
/// -d_max ... d_max; both are constants to the backward pass. Clipping opens with training: r = 1 and d = 0 until
/// `warmupSteps`, then the limits grow linearly. Source: Ioffe 2017, "Batch renormalization", algorithm 1.
package struct BatchRenormalization: Normalization, Equatable {
    package static let kind = "batch_renorm"
    package static let documentation = "Batch renormalization (Ioffe 2017)."
    package var options: BatchOptions
    package var rMaximum: Double
    package var dMaximum: Double
    /// Steps of plain batch normalization at first.
    package var warmupSteps: Int
    /// Steps at which r and d reach their limits.
    package var rSteps: Int
    package var dSteps: Int

    package init(
        _ options: BatchOptions = BatchOptions(), rMaximum: Double = 3, dMaximum: Double = 5, warmupSteps: Int = 0,
        rSteps: Int = 0, dSteps: Int = 0
    ) {
        self.options = options
        self.options.statistics.averagesDeviation = true
        self.rMaximum = rMaximum
        self.dMaximum = dMaximum
        self.warmupSteps = warmupSteps
        self.rSteps = rSteps
        self.dSteps = dSteps
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        options = try BatchOptions(keys, isRenormalized: true)
        rMaximum = try keys("r_max", .number(NumberRange(least: 1)), 3.0, "Limit of r, and of 1 / r.")
        dMaximum = try keys("d_max", .number(.natural), 5.0, "Limit of the size of d.")
        warmupSteps = try keys("warmup_steps", .stepCount, 0, "Steps with r = 1 and d = 0; the paper has 5,000.")
        rSteps = try keys(
            "r_max_steps", .stepCount, 0, "Step at which r_max is reached, linearly; the paper has 40,000.")
        dSteps = try keys(
            "d_max_steps", .stepCount, 0, "Step at which d_max is reached, linearly; the paper has 25,000.")
    }

    package var affine: AffineOptions { options.affine }
    package var placement: NormalizationPlacement {
        get { options.placement }
        set { options.placement = newValue }
    }
    package var noise: NormalizationNoise? { options.noise }
    package var statistics: BatchStatistics? { options.statistics }
    package var isByFeature: Bool { noise == nil }
    package var faults: Set<Fault> { options.statistics.closedFormFaults(affine) }

    package var scaleBuffer: Int? { 2 }

    /// r, d, gamma r, and gamma d + beta, 1 x H each.
    package func ownBufferShapes(rows: Int, features: Int, forTraining: Bool) -> [(rows: Int, columns: Int)] {
        Array(repeating: (1, features), count: 4)
    }

    /// The limits after `step` updates.
    package func limits(step: Int) -> (r: Double, d: Double) {
        func share(_ end: Int) -> Double {
            step < warmupSteps
                ? 0 : end <= warmupSteps ? 1 : min(1, Double(step - warmupSteps) / Double(end - warmupSteps))
        }
        return (1 + share(rSteps) * (rMaximum - 1), share(dSteps) * dMaximum)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>
    ) {
        let r = buffers.own[0].base, d = buffers.own[1].base, scale = buffers.own[2], shift = buffers.own[3]
        options.statistics.forward(h, state, buffers, pass: pass, columns: columns) { moments in
            if !buffers.holdsConstants { clip(moments, state, pass: pass, r: r, d: d, columns: columns) }
            for j in columns {
                let gamma = state.gamma?.value.base[j] ?? 1
                scale.base[j] = gamma * r[j]
                shift.base[j] = gamma * d[j] + (state.beta?.value.base[j] ?? 0)
            }
            return (scale, shift)
        }
    }

    /// With output = gamma (r normalized + d) + beta, dL/dgamma = r productSum + d sum and dL/dbeta = sum.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>
    ) {
        let r = buffers.own[0].base, d = buffers.own[1].base
        let sum = buffers.betaGradient.base, productSum = buffers.gammaGradient.base
        options.statistics.backward(
            gradient: gradient, state, buffers, fault: fault, columns: columns,
            addGammaGradient: { gamma in
                for j in columns { gamma.gradient.base[j] += r[j] * productSum[j] + d[j] * sum[j] }
            },
            differentiate: { options.statistics.closedForm($1, $2, $3, $4, state, buffers, fault) })
    }

    /// r and d of a batch, overwritten; in evaluation with the batch's own statistics r is 1 and d is 0.
    private func clip<S: Scalar>(
        _ moments: NormalizationMoments<S>, _ state: Normalizer<S>, pass: Pass, r: UnsafeMutablePointer<S>,
        d: UnsafeMutablePointer<S>, columns: Range<Int>
    ) {
        guard let running = state.running else { return }
        var limits = (r: 1.0, d: 0.0)
        if case .training(let step) = pass { limits = self.limits(step: step) }
        let rLimit = S(limits.r), dLimit = S(limits.d)
        for j in columns {
            let sigma = running.spread.base[j]
            let ratio = 1 / moments.inverseStandardDeviation.base[j] / sigma
            let distance = (moments.mean.base[j] + moments.meanResidual.base[j] - running.mean.base[j]) / sigma
            r[j] = min(max(ratio, 1 / rLimit), rLimit)
            d[j] = min(max(distance, -dLimit), dLimit)
        }
    }
}

/// The output is gamma (r normalized + d) + beta with r and d constant.
extension BatchRenormalization: TwiceDifferentiable {
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        let r = buffers.own[0].base, d = buffers.own[1].base
        for j in columns {
            let gamma = tangents.gamma?.direction.base[j] ?? 0
            tangents.scale.base[j] = r[j] * gamma
            tangents.shift.base[j] = d[j] * gamma + (tangents.beta?.direction.base[j] ?? 0)
        }
        options.statistics.forwardTangent(
            input, buffers, tangents, columns: columns, scale: buffers.scale, scaleTangent: tangents.scale,
            shiftTangent: tangents.shift)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        let r = buffers.own[0].base, d = buffers.own[1].base
        let sum = tangents.sums.tangent.base, productSum = tangents.sums.tangentProduct.base
        options.statistics.backwardTangent(
            tangent, gradient: gradient, buffers, tangents, columns: columns, scale: buffers.scale,
            scaleTangent: tangents.scale,
            addGammaProduct: { for j in columns { $0.base[j] += r[j] * productSum[j] + d[j] * sum[j] } })
    }
}
