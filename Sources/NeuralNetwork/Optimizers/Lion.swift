import Keys
import Support

/// Lion: c = beta1 m + (1 - beta1) g; p -= rate sign(c); m = beta2 m + (1 - beta2) g, with decoupled weight decay.
///
/// m starts at 0. Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms", algorithm 2.
package struct Lion: OptimizerRule, Equatable {
    package static let kind = "lion"
    package static let documentation = "Lion, by the sign of a momentum (Chen et al. 2023)."
    package static let standardLearningRate = 1e-4
    package static let weightDecayForm = WeightDecayForm.decoupled
    let beta1: Double
    let beta2: Double

    package init(beta1: Double = 0.9, beta2: Double = 0.99) {
        self.beta1 = beta1
        self.beta2 = beta2
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        beta1 = try keys("beta1", .number(.fraction), 0.9, "Weight of the OLD mean in the update.")
        beta2 = try keys("beta2", .number(.fraction), 0.99, "Weight of the OLD mean in the mean that is kept.")
    }

    package var stateCount: Int { 1 }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        let p = values.p, g = values.g, m = values.state(0), rate = S(rate)
        let new1 = S(1 - beta1), new2 = S(1 - beta2), beta1 = S(beta1), beta2 = S(beta2)
        for i in 0..<values.count {
            let c = beta1 * m[i] + new1 * g[i]
            // So written that not-a-number stays.
            p[i] -= c > 0 ? rate : c < 0 ? -rate : rate * c
            m[i] = beta2 * m[i] + new2 * g[i]
        }
    }
}
