import Keys
import Support

/// Layer normalization: each row over its features.
///
/// Source: Ba, Kiros & Hinton 2016, "Layer normalization", equation 3.
package struct LayerNormalization: Normalization, Equatable {
    package static let kind = "layer"
    package static let documentation = "Layer normalization (Ba et al. 2016)."
    package var options: RowOptions

    package init(_ options: RowOptions = RowOptions()) { self.options = options }
    package init(_ keys: KeyReader) throws(ConfigError) { options = try RowOptions(keys, hasShift: true) }

    package var affine: AffineOptions { options.affine }
    package var placement: NormalizationPlacement {
        get { options.placement }
        set { options.placement = newValue }
    }
    package var noise: NormalizationNoise? { options.noise }
    package var faults: Set<Fault> {
        Set<Fault>([.dropMeanTerm, .dropVarianceTerm]).union(affine.hasScale ? [.forgetGamma] : [])
    }

    /// The factor of each row, 1 x N.
    package func ownBufferShapes(rows: Int, features: Int, forTraining: Bool) -> [(rows: Int, columns: Int)] {
        [(1, rows)]
    }

    package func torchModule(features: Int) throws(NoTorchModule) -> TorchModule {
        let state = affine.torchState
        return TorchModule(
            "nn.LayerNorm(\(features), eps=\(options.epsilon)\(state.isEmpty ? ", elementwise_affine=False" : ""))",
            state)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>
    ) {
        options.forward(h, state, buffers, subtractsMean: true)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>
    ) {
        options.backward(gradient: gradient, state, buffers, fault: fault, subtractsMean: true)
    }
}

extension LayerNormalization: TwiceDifferentiable {
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.forwardTangent(input, state, buffers, tangents, subtractsMean: true)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.backwardTangent(tangent, gradient: gradient, state, buffers, tangents, subtractsMean: true)
    }
}
