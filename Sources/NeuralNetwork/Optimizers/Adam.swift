import Keys
import Support

/// Adam: m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) g^2;
/// p -= rate / (1 - beta1^t) m / (sqrt(s) / sqrt(1 - beta2^t) + epsilon), t = 1 at the first update.
///
/// Source: Kingma & Ba 2015, algorithm 1.
package struct Adam: OptimizerRule, Equatable {
    package static let kind = "adam"
    package static let documentation = "Adam (Kingma & Ba 2015)."
    package static let standardLearningRate = 0.001
    let beta1: Double
    let beta2: Double
    let epsilon: Double

    package init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    package init(_ keys: KeyReader) throws(ConfigError) { try self.init(keys, standardEpsilon: 1e-8) }

    /// The keys of rules that are made of this one.
    init(_ keys: KeyReader, standardEpsilon: Double) throws(ConfigError) {
        beta1 = try keys("beta1", .number(.fraction), 0.9, "Weight of the OLD mean.")
        beta2 = try keys("beta2", .number(.fraction), 0.999, "Weight of the OLD mean square.")
        epsilon = try keys.rootEpsilon(standardEpsilon)
    }

    package var stateCount: Int { 2 }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        let p = values.p, g = values.g, m = values.state(0), s = values.state(1)
        let stepSize = S(rate) / S(1 - power(beta1, t)), rootCorrection = 1 / S((1 - power(beta2, t)).squareRoot())
        let new1 = S(1 - beta1), new2 = S(1 - beta2), beta1 = S(beta1), beta2 = S(beta2), epsilon = S(epsilon)
        for i in 0..<values.count {
            m[i] = beta1 * m[i] + new1 * g[i]
            s[i] = beta2 * s[i] + new2 * g[i] * g[i]
            p[i] -= stepSize * m[i] / (S.root(s[i]) * rootCorrection + epsilon)
        }
    }

    package var isPreconditioned: Bool { true }

    /// P = (1 - beta1^t) (sqrt(s / (1 - beta2^t)) + epsilon).
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double] {
        let g = values.g, s = values.state(1)
        return (0..<values.count).map { i in
            let mean = beta2 * Double(s[i]) + (1 - beta2) * Double(g[i]) * Double(g[i])
            return (1 - power(beta1, t)) * ((mean / (1 - power(beta2, t))).squareRoot() + epsilon)
        }
    }
}
