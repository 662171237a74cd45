import Keys
import Support

/// Adam with decoupled weight decay: p is first multiplied by 1 - rate lambda, and then updated as `Adam` does.
///
/// Source: Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2.
package struct AdamW: OptimizerRule, Equatable {
    package static let kind = "adamw"
    package static let documentation = "Adam with decoupled weight decay (Loshchilov & Hutter 2019)."
    package static let standardLearningRate = 0.001
    package static let standardWeightDecay = 0.01
    package static let weightDecayForm = WeightDecayForm.decoupled
    let adam: Adam

    package init(_ adam: Adam = Adam()) { self.adam = adam }
    package init(_ keys: KeyReader) throws(ConfigError) { adam = try Adam(keys) }

    package var stateCount: Int { adam.stateCount }

    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        adam.update(values, rate: rate, t: t)
    }

    package var isPreconditioned: Bool { true }

    package func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double] {
        adam.preconditioner(values, t: t)
    }
}
