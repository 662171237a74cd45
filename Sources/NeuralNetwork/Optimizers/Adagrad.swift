import Keys
import Support

/// Adagrad: s = s + g^2; p -= rate / (1 + (t - 1) rateDecay) g / (sqrt(s) + epsilon).
///
/// Source: Duchi, Hazan & Singer 2011, "Adaptive subgradient methods", in PyTorch's form.
package struct Adagrad: OptimizerRule, Equatable {
    package static let kind = "adagrad"
    package static let documentation = "Adagrad (Duchi et al. 2011)."
    package static let standardLearningRate = 0.01
    let rateDecay: Double
    let epsilon: Double

    package init(rateDecay: Double = 0, epsilon: Double = 1e-10) {
        self.rateDecay = rateDecay
        self.epsilon = epsilon
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        rateDecay = try keys(
            "learning_rate_decay", .number(.natural), 0.0, "The rate is divided by 1 + (t - 1) times this.")
        epsilon = try keys.rootEpsilon(1e-10)
    }

    package var stateCount: Int { 1 }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        let p = values.p, g = values.g, s = values.state(0), epsilon = S(epsilon)
        let stepSize = S(rate / (1 + Double(t - 1) * rateDecay))
        for i in 0..<values.count {
            s[i] += g[i] * g[i]
            p[i] -= stepSize * (g[i] / (S.root(s[i]) + epsilon))
        }
    }

    package var isPreconditioned: Bool { true }

    /// P = (1 + (t - 1) rateDecay) (sqrt(s) + epsilon).
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double] {
        let g = values.g, s = values.state(0)
        return (0..<values.count).map { i in
            (1 + Double(t - 1) * rateDecay) * ((Double(s[i]) + Double(g[i]) * Double(g[i])).squareRoot() + epsilon)
        }
    }
}
