import Keys
import Support

/// RMSProp: s = decay s + (1 - decay) g^2; d = g / (sqrt(s) + epsilon); p -= rate d.
///
/// With momentum v = momentum v + d; p -= rate v. Source: Tieleman & Hinton, Coursera lecture 6.5, 2012.
package struct RMSProp: OptimizerRule, Equatable {
    package static let kind = "rmsprop"
    package static let documentation = "RMSProp (Tieleman & Hinton 2012)."
    package static let standardLearningRate = 0.001
    let decay: Double
    let epsilon: Double
    let momentum: Double

    package init(decay: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0) {
        self.decay = decay
        self.epsilon = epsilon
        self.momentum = momentum
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        decay = try keys("decay", .number(.fraction), 0.99, "Weight of the OLD mean square.")
        epsilon = try keys.rootEpsilon(1e-8)
        momentum = try keys.momentum()
    }

    package var stateCount: Int { momentum == 0 ? 1 : 2 }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        let p = values.p, g = values.g, s = values.state(0), rate = S(rate)
        // 1 - decay is exact enough in Double only.
        let new = S(1 - decay), decay = S(decay), epsilon = S(epsilon)
        guard momentum != 0 else {
            for i in 0..<values.count {
                s[i] = decay * s[i] + new * g[i] * g[i]
                p[i] -= rate * (g[i] / (S.root(s[i]) + epsilon))
            }
            return
        }
        let v = values.state(1), keep = S(momentum)
        for i in 0..<values.count {
            s[i] = decay * s[i] + new * g[i] * g[i]
            v[i] = keep * v[i] + g[i] / (S.root(s[i]) + epsilon)
            p[i] -= rate * v[i]
        }
    }

    package var isPreconditioned: Bool { true }

    /// P = sqrt(s) + epsilon.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double] {
        let g = values.g, s = values.state(0)
        return (0..<values.count).map { i in
            (decay * Double(s[i]) + (1 - decay) * Double(g[i]) * Double(g[i])).squareRoot() + epsilon
        }
    }
}
