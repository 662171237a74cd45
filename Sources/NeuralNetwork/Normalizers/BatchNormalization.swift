import Keys
import Support

/// Batch normalization: each feature over the batch.
///
/// Source: Ioffe & Szegedy 2015, algorithm 1. docs/batch-norm-gradient.md derives the backward pass.
package struct BatchNormalization: Normalization, Equatable {
    package static let kind = "batch"
    package static let documentation = "Batch normalization (Ioffe & Szegedy 2015)."

    /// How the gradient is computed; all ways agree within rounding.
    package enum Backward: String, CaseIterable, Sendable {
        case closedForm = "closed_form"
        case staged, jacobian
    }
    package var options: BatchOptions
    package var backward: Backward

    package init(_ options: BatchOptions = BatchOptions(), backward: Backward = .closedForm) {
        self.options = options
        self.backward = backward
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        options = try BatchOptions(keys)
        backward = try keys(
            "backward", .choice, "closed_form",
            "How the gradient is computed; all agree within rounding. See docs/batch-norm-gradient.md.")
        try keys.require(
            backward == .closedForm || options.statistics.subtractsMean, "backward",
            "found \(keys.found("backward")), but subtract_mean is false; only closed_form works without centering")
        try keys.require(
            backward == .closedForm || options.statistics.dividesByDeviation, "backward",
            "found \(keys.found("backward")), but divide_by_deviation is false; only closed_form works without dividing"
        )
    }

    package var affine: AffineOptions { options.affine }
    package var placement: NormalizationPlacement {
        get { options.placement }
        set { options.placement = newValue }
    }
    package var noise: NormalizationNoise? { options.noise }
    package var statistics: BatchStatistics? { options.statistics }
    package var isByFeature: Bool { noise == nil && backward == .closedForm }

    package var faults: Set<Fault> {
        switch backward {
        case .closedForm: options.statistics.closedFormFaults(affine)
        case .staged: affine.faults
        case .jacobian: affine.faults.union([.dropEpsilon, .unbiasedVariance])
        }
    }

    package func ownBufferShapes(rows: Int, features: Int, forTraining: Bool) -> [(rows: Int, columns: Int)] {
        guard forTraining else { return [] }
        switch backward {
        case .closedForm: return []
        case .staged: return [(rows, features)]
        case .jacobian: return [(rows, rows), (1, rows), (1, rows)]
        }
    }

    package func torchModule(features: Int) throws(NoTorchModule) -> TorchModule {
        try options.torchModule(features: features, kind: kind)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>
    ) {
        options.statistics.forward(h, state, buffers, pass: pass, columns: columns) { _ in
            (state.gamma?.value, state.beta?.value)
        }
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>
    ) {
        let own = buffers.own
        options.statistics.backward(
            gradient: gradient, state, buffers, fault: fault, columns: columns,
            addGammaGradient: { add(buffers.gammaGradient, to: $0.gradient, columns: columns) },
            differentiate: { rows, gradient, normalized, moments, scale in
                switch backward {
                case .closedForm:
                    options.statistics.closedForm(gradient, normalized, moments, scale, state, buffers, fault)
                case .staged:
                    stagedNormalizeBackward(
                        gradient: gradient, h: h.all[rows: rows], moments: moments,
                        epsilon: S(options.statistics.epsilon),
                        gamma: scale, centeredGradient: own[0])
                case .jacobian:
                    jacobianNormalizeBackward(
                        gradient: gradient, normalized: normalized, moments: moments, gamma: scale, jacobian: own[0],
                        column: own[1], product: own[2])
                }
            })
    }
}

extension BatchNormalization: TwiceDifferentiable {
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.statistics.forwardTangent(input, state, buffers, tangents, columns: columns)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.statistics.backwardTangent(tangent, gradient: gradient, state, buffers, tangents, columns: columns)
    }
}
