import Keys
import Support

/// Group normalization: each row over the features of one group after another; one group is layer normalization.
///
/// Source: Wu & He 2018, "Group normalization", equation 7; units are its channels.
package struct GroupNormalization: Normalization, Equatable {
    package static let kind = "group"
    package static let documentation = "Group normalization (Wu & He 2018)."
    package var options: RowOptions
    package var groups: Int

    package init(groups: Int, _ options: RowOptions = RowOptions()) {
        self.groups = groups
        self.options = options
    }
    package init(_ keys: KeyReader) throws(ConfigError) {
        groups = try keys.required(
            "groups", .positiveInteger,
            "Groups of units, each of as many as the others; their number divides the width.")
        options = try RowOptions(keys, hasShift: true)
    }

    package var affine: AffineOptions { options.affine }
    package var placement: NormalizationPlacement {
        get { options.placement }
        set { options.placement = newValue }
    }
    package var noise: NormalizationNoise? { options.noise }
    package var faults: Set<Fault> { LayerNormalization(options).faults }

    package func problem(features: Int, rows: Int) -> (key: String, message: String)? {
        guard features % groups != 0 else { return nil }
        let below = (1..<min(groups, features)).last { features % $0 == 0 }
        let above = groups < features ? (groups + 1...features).first { features % $0 == 0 } : features
        let nearest = [below, above].compactMap { $0.map(String.init) }.joined(separator: " or ")
        return (
            "groups",
            "found \(groups), which does not divide the \(features) units of a layer; expected a number that does, "
                + "such as "
                + nearest
        )
    }

    /// The factor of each group of each row, 1 x (N groups).
    package func ownBufferShapes(rows: Int, features: Int, forTraining: Bool) -> [(rows: Int, columns: Int)] {
        [(1, rows * groups)]
    }

    package func torchModule(features: Int) throws(NoTorchModule) -> TorchModule {
        let state = affine.torchState
        return TorchModule(
            "nn.GroupNorm(\(groups), \(features), eps=\(options.epsilon)\(state.isEmpty ? ", affine=False" : ""))",
            state)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward<S: Scalar>(
        _ h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>
    ) {
        options.forward(h, groups: groups, state, buffers, subtractsMean: true)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward<S: Scalar>(
        gradient: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?,
        columns: Range<Int>
    ) {
        options.backward(gradient: gradient, groups: groups, state, buffers, fault: fault, subtractsMean: true)
    }
}

extension GroupNormalization: TwiceDifferentiable {
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.forwardTangent(input, groups: groups, state, buffers, tangents, subtractsMean: true)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        options.backwardTangent(
            tangent, groups: groups, gradient: gradient, state, buffers, tangents, subtractsMean: true)
    }
}
