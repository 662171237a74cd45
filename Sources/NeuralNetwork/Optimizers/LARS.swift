import Keys
import Support

/// LARS, momentum with a rate for each parameter: v = momentum v + rate r (g + lambda p); p -= v, with
/// r = c norm(p) / (norm(g) + lambda norm(p)), c the trust coefficient and lambda the weight decay.
///
/// v starts at 0. r is 1 where norm(p) or norm(g) is 0, and for parameters that are not adapted. Source: You, Gitman &
/// Ginsburg 2017, "Large batch training of convolutional networks", algorithm 1.
package struct LARS: OptimizerRule, Equatable {
    package static let kind = "lars"
    package static let documentation = "Layer-wise adaptive rates with momentum (You, Gitman & Ginsburg 2017)."
    package static let standardLearningRate = 1.0
    package static let weightDecayForm = WeightDecayForm.ofRule
    let momentum: Double
    let trustCoefficient: Double
    let excluded: Set<ParameterKind>

    package init(
        momentum: Double = 0.9, trustCoefficient: Double = 0.001,
        excluded: Set<ParameterKind> = Set(ParameterKind.vectors)
    ) {
        self.momentum = momentum
        self.trustCoefficient = trustCoefficient
        self.excluded = excluded
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        momentum = try keys.momentum(0.9)
        trustCoefficient = try keys(
            "trust_coefficient", .number(.positive), 0.001,
            "Norm of an update of rate 1 without momentum by that of its parameter.")
        excluded = try keys.adaptationExcluded()
    }

    package var stateCount: Int { 1 }

    package func needsWhole(_ place: ParameterPlace) -> Bool { !excluded.contains(place.kind) }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func prepare<S: Scalar>(_ values: UpdatedValues<S>, t: Int, _ multiplier: Multiplier<S>) -> Double {
        let parameterNorm = values.valueNorm, gradientNorm = values.gradientNorm
        return trustRatio(
            coefficient: trustCoefficient, parameterNorm: parameterNorm,
            updateNorm: gradientNorm == 0 ? 0 : gradientNorm + values.decay * parameterNorm)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        let p = values.p, g = values.g, v = values.state(0)
        let rate = S(rate), momentum = S(momentum), decay = S(values.decay)
        for i in 0..<values.count {
            v[i] = momentum * v[i] + rate * (g[i] + decay * p[i])
            p[i] -= v[i]
        }
    }

    /// P = 1 / r, one number for each parameter.
    package var isPreconditioned: Bool { true }
}
