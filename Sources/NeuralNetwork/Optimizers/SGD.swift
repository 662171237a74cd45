import Keys
import Support

/// Stochastic gradient descent: v = momentum v + g; p -= rate v, or with Nesterov's form p -= rate (g + momentum v).
///
/// v starts at 0. Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning",
/// in PyTorch's form.
package struct SGD: OptimizerRule, Equatable {
    package static let kind = "sgd"
    package static let documentation = "Stochastic gradient descent, with momentum where asked."
    package static let standardLearningRate = 0.1
    let momentum: Double
    let nesterov: Bool

    package init(momentum: Double = 0, nesterov: Bool = false) {
        self.momentum = momentum
        self.nesterov = nesterov
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        momentum = try keys.momentum()
        nesterov = try keys("nesterov", .boolean, false, "Whether momentum looks ahead.")
        try keys.require(
            !nesterov || momentum != 0, "nesterov",
            "true, but optimizer.momentum is 0; Nesterov's form needs a momentum above 0, such as 0.9")
    }

    package var stateCount: Int { momentum == 0 ? 0 : 1 }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        let p = values.p, g = values.g, rate = S(rate)
        guard momentum != 0 else {
            for i in 0..<values.count { p[i] -= rate * g[i] }
            return
        }
        let v = values.state(0), momentum = S(momentum)
        if nesterov {
            for i in 0..<values.count {
                v[i] = momentum * v[i] + g[i]
                p[i] -= rate * (g[i] + momentum * v[i])
            }
        } else {
            for i in 0..<values.count {
                v[i] = momentum * v[i] + g[i]
                p[i] -= rate * v[i]
            }
        }
    }
}

extension KeyReader {
    /// The key that rules with momentum have in common.
    func momentum(_ standard: Double = 0) throws(ConfigError) -> Double {
        try self("momentum", .number(.fraction), JSON(.number(standard)), "Share of the last update that is kept.")
    }

    /// The key that rules with a root in the denominator have in common.
    func rootEpsilon(_ standard: Double) throws(ConfigError) -> Double {
        try self("epsilon", .number(.positive), JSON(.number(standard)), "Added to the root.")
    }
}
