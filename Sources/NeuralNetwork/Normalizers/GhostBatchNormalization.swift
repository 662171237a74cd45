import Keys
import Support

/// Batch normalization of groups of `size` consecutive rows, with running statistics that move group by group.
///
/// Source: Hoffer, Hubara & Soudry 2017, "Train longer, generalize better", algorithm 1.
package struct GhostBatchNormalization: Normalization, Equatable {
    package static let kind = "ghost_batch"
    package static let documentation = "Batch normalization of groups of rows (Hoffer et al. 2017)."
    package var options: BatchOptions

    package init(size: Int, _ options: BatchOptions = BatchOptions()) {
        self.options = options
        self.options.statistics.groupSize = size
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        let size = try keys.required(
            "size", .integer(2...Int(Int32.max)), "Rows of a group; a divisor of the batch size.")
        self.init(size: size, try BatchOptions(keys))
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
        options.statistics.backward(
            gradient: gradient, state, buffers, fault: fault, columns: columns,
            addGammaGradient: { add(buffers.gammaGradient, to: $0.gradient, columns: columns) },
            differentiate: { options.statistics.closedForm($1, $2, $3, $4, state, buffers, fault) })
    }
}

extension GhostBatchNormalization: TwiceDifferentiable {
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
