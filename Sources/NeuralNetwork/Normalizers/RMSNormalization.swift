import Keys
import Support

/// RMS normalization: each row over its features, without centering.
///
/// Source: Zhang & Sennrich 2019, "Root mean square layer normalization", equation 4, epsilon inside the root as
/// PyTorch has it.
package struct RMSNormalization: Normalization, Equatable {
    package static let kind = "rms"
    package static let documentation = "RMS normalization (Zhang & Sennrich 2019)."
    package var options: RowOptions

    package init(_ options: RowOptions = RowOptions(affine: AffineOptions(hasShift: false))) { self.options = options }
    package init(_ keys: KeyReader) throws(ConfigError) { options = try RowOptions(keys, hasShift: false) }

    package var affine: AffineOptions { options.affine }
    package var placement: NormalizationPlacement {
        get { options.placement }
        set { options.placement = newValue }
    }
    package var noise: NormalizationNoise? { options.noise }
    package var faults: Set<Fault> {
        Set<Fault>([.dropVarianceTerm]).union(affine.hasScale ? [.forgetGamma] : [])
    }

    /// The factor of each row, 1 x N.
    package func ownBufferShapes(rows: Int, features: Int, forTraining: Bool) -> [(rows: Int, columns: Int)] {
        [(1, rows)]
    }

    package func torchModule(features: Int) throws(NoTorchModule) -> TorchModule {
        guard !affine.hasShift else { throw NoTorchModule(reason: "nn.RMSNorm has no beta, which shift true asks for") }
        return TorchModule(
            "nn.RMSNorm(\(features), eps=\(options.epsilon)\(affine.hasScale ? "" : ", elementwise_affine=False"))",
            affine.hasScale ? ["weight": .parameter(.gamma)] : [:])
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>
    ) {
        options.forward(h, state, buffers, subtractsMean: false)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>
    ) {
        options.backward(gradient: gradient, state, buffers, fault: fault, subtractsMean: false)
    }
}

extension RMSNormalization: TwiceDifferentiable {
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.forwardTangent(input, state, buffers, tangents, subtractsMean: false)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.backwardTangent(tangent, gradient: gradient, state, buffers, tangents, subtractsMean: false)
    }
}
