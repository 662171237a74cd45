import Keys
import Support

/// LAMB, Adam with a rate for each parameter: m and s as `Adam` keeps them,
/// u = m / (1 - beta1^t) / (sqrt(s) / sqrt(1 - beta2^t) + epsilon) + lambda p; p -= rate norm(p) / norm(u) u, lambda
/// the weight decay.
///
/// norm(p) / norm(u) is 1 where one of both is 0, and for parameters that are not adapted. Source: You et al. 2020,
/// "Large batch optimization for deep learning: training BERT in 76 minutes", algorithm 2 with phi the identity.
package struct LAMB: OptimizerRule, Equatable {
    package static let kind = "lamb"
    package static let documentation = "Adam with layer-wise adaptive rates (You et al. 2020)."
    package static let standardLearningRate = 0.001
    package static let standardWeightDecay = 0.01
    package static let weightDecayForm = WeightDecayForm.ofRule
    let adam: Adam
    let excluded: Set<ParameterKind>

    package init(
        _ adam: Adam = Adam(epsilon: 1e-6), excluded: Set<ParameterKind> = Set(ParameterKind.vectors)
    ) {
        self.adam = adam
        self.excluded = excluded
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        adam = try Adam(keys, standardEpsilon: 1e-6)
        excluded = try keys.adaptationExcluded()
    }

    package var stateCount: Int { adam.stateCount }

    package func needsWhole(_ place: ParameterPlace) -> Bool { !excluded.contains(place.kind) }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func prepare<S: Scalar>(_ values: UpdatedValues<S>, t: Int, _ multiplier: Multiplier<S>) -> Double {
        let p = values.p, g = values.g, m = values.state(0), s = values.state(1)
        let equation = Equation<S>(adam, decay: values.decay, t: t)
        return trustRatio(
            parameterNorm: values.valueNorm,
            updateNorm: sumOfSquares(count: values.count) { i in
                let (m, s) = equation.moments(m[i], s[i], g[i])
                return Double(equation.direction(m, s, p[i]))
            }.squareRoot())
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        let p = values.p, g = values.g, m = values.state(0), s = values.state(1), rate = S(rate)
        let equation = Equation<S>(adam, decay: values.decay, t: t)
        for i in 0..<values.count {
            (m[i], s[i]) = equation.moments(m[i], s[i], g[i])
            p[i] -= rate * equation.direction(m[i], s[i], p[i])
        }
    }

    package var isPreconditioned: Bool { true }

    /// Adam's P, by the ratio of norms.
    package func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double] {
        adam.preconditioner(values, t: t)
    }

    /// The equation of a value's direction u, with the numbers that all values have in common.
    private struct Equation<S: Scalar> {
        let beta1: S, beta2: S, new1: S, new2: S, epsilon: S, decay: S
        let meanCorrection: S, rootCorrection: S

        init(_ adam: Adam, decay: Double, t: Int) {
            (beta1, beta2, epsilon) = (S(adam.beta1), S(adam.beta2), S(adam.epsilon))
            (new1, new2, self.decay) = (S(1 - adam.beta1), S(1 - adam.beta2), S(decay))
            meanCorrection = S(1 / (1 - power(adam.beta1, t)))
            rootCorrection = S(1 / (1 - power(adam.beta2, t)).squareRoot())
        }

        @inline(__always)
        func moments(_ m: S, _ s: S, _ g: S) -> (S, S) { (beta1 * m + new1 * g, beta2 * s + new2 * g * g) }

        @inline(__always)
        func direction(_ m: S, _ s: S, _ p: S) -> S {
            m * meanCorrection / (S.root(s) * rootCorrection + epsilon) + decay * p
        }
    }
}
