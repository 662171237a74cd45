import Keys
import Support

/// How gradients become updates: a rule, its learning rate, and what all rules have in common.
///
/// The equations are PyTorch's.
package struct Optimizer: Sendable {
    /// Every rule; a new one is a file of its own and its name here.
    static let rules: [any OptimizerRule.Type] = [
        SGD.self, RMSProp.self, Adam.self, AdamW.self, Adagrad.self, Lion.self,
    ]

    package var rule: any OptimizerRule
    /// The rate that a schedule starts from.
    package var learningRate: Double
    /// The factor lambda: the gradient becomes g + lambda p, or where the rule decouples it, p is first multiplied by
    /// 1 - rate lambda.
    package var weightDecay: Double
    /// The parameters that do not decay.
    package var decayExcluded: Set<ParameterKind>
    /// The largest norm of all gradients together: they are multiplied by min(1, clip / (norm + 1e-6)).
    ///
    /// Source: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", section 3.2.
    package var clipGradientNorm: Double?

    package init(
        _ rule: any OptimizerRule = SGD(), weightDecay: Double = 0, decayExcluded: Set<ParameterKind> = [],
        clipGradientNorm: Double? = nil
    ) {
        self.rule = rule
        learningRate = type(of: rule).standardLearningRate
        self.weightDecay = weightDecay
        self.decayExcluded = decayExcluded
        self.clipGradientNorm = clipGradientNorm
    }

    /// How many values are kept for each parameter value between updates.
    package var stateCount: Int { rule.stateCount }

    /// The factor that clipping multiplies gradients by, whose norm together is `norm`.
    func clipFactor(norm: Double) -> Double {
        guard let clipGradientNorm else { return 1 }
        return min(1, clipGradientNorm / (norm + 1e-6))
    }
}

/// A rule of updating parameters by their gradients, with keys of its own.
package protocol OptimizerRule: KeyedKind {
    /// The learning rate that a config need not give.
    static var standardLearningRate: Double { get }
    /// The weight decay that a config need not give.
    static var standardWeightDecay: Double { get }
    /// Whether weight decay multiplies the parameters and leaves their gradients alone.
    static var decouplesWeightDecay: Bool { get }

    /// How many values are kept for each parameter value between updates, all 0 at first.
    var stateCount: Int { get }

    /// Makes update number `t` (from 1) of some values of a parameter, in place.
    ///
    /// Every value's update is the same bits however the values are divided among calls.
    func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int)

    /// Whether the rule divides each value by one of its own, so that `preconditioner` is not 1.
    var isPreconditioned: Bool { get }

    /// Returns the diagonal P of update number `t`, before it is made: p -= rate P^-1 m with m the gradient g, or the
    /// mean of gradients that the rule keeps.
    func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double]
}

extension OptimizerRule {
    package static var standardWeightDecay: Double { 0 }
    package static var decouplesWeightDecay: Bool { false }
    package var isPreconditioned: Bool { false }
    package func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double] {
        Array(repeating: 1, count: values.count)
    }
}

/// Some consecutive values of a parameter that are being updated.
package struct UpdatedValues<S: Scalar> {
    let count: Int
    /// The values p.
    let p: UnsafeMutablePointer<S>
    /// Their gradients g.
    let g: UnsafeMutablePointer<S>
    fileprivate let parameter: Parameter<S>
    fileprivate let start: Int

    /// What the rule keeps for these values, by its number.
    @inline(__always)
    func state(_ number: Int) -> UnsafeMutablePointer<S> { parameter.state[number].base + start }
}

/// Update number `t` (from 1), ready to be applied to any values of any parameter.
struct Update<S: Scalar> {
    private let optimizer: Optimizer
    private let rate: Double
    private let t: Int
    private let gradientFactor: S

    /// All gradients are multiplied by `gradientFactor` first.
    init(_ optimizer: Optimizer, rate: Double, t: Int, gradientFactor: Double = 1) {
        self.optimizer = optimizer
        self.rate = rate
        self.t = t
        self.gradientFactor = S(gradientFactor)
    }

    /// Updates the values of `range` in place; their gradients are `gradient`, the first one that of the first value.
    ///
    /// With clipping or weight decay the gradients are overwritten with those applied.
    func apply(to parameter: Parameter<S>, _ range: Range<Int>, gradient g: UnsafeMutablePointer<S>) {
        let values = UpdatedValues(
            count: range.count, p: parameter.value.base + range.lowerBound, g: g, parameter: parameter,
            start: range.lowerBound)
        adjustGradients(values)
        if decays(parameter), type(of: optimizer.rule).decouplesWeightDecay {
            let kept = S(1 - rate * optimizer.weightDecay)
            for i in 0..<values.count { values.p[i] *= kept }
        }
        optimizer.rule.update(values, rate: rate, t: t)
    }

    /// The diagonal that this update divides a parameter's values by; see `OptimizerRule.preconditioner`.
    ///
    /// The parameter and its gradient stay as they are.
    func preconditioner(of parameter: Parameter<S>) -> [Double] {
        let gradient = Matrix<S>(rows: parameter.value.rows, columns: parameter.value.columns)
        gradient.copy(from: parameter.gradient)
        let values = UpdatedValues(
            count: gradient.count, p: parameter.value.base, g: gradient.base, parameter: parameter, start: 0)
        return withExtendedLifetime(gradient) {
            adjustGradients(values)
            return optimizer.rule.preconditioner(values, t: t)
        }
    }

    /// Turns gradients into those that the rule is given: clipped, with the weight decay that is not decoupled.
    private func adjustGradients(_ values: UpdatedValues<S>) {
        let p = values.p, g = values.g
        if gradientFactor != 1 {
            for i in 0..<values.count { g[i] *= gradientFactor }
        }
        if decays(values.parameter), !type(of: optimizer.rule).decouplesWeightDecay {
            let decay = S(optimizer.weightDecay)
            for i in 0..<values.count { g[i] += decay * p[i] }
        }
    }

    private func decays(_ parameter: Parameter<S>) -> Bool {
        optimizer.weightDecay != 0 && !optimizer.decayExcluded.contains(parameter.kind)
    }
}

extension Optimizer {
    package static var form: Form<Optimizer> { .kinds(rules.map { kind($0) }) }

    private static func kind<Rule: OptimizerRule>(_: Rule.Type) -> KindForm<Optimizer> {
        KindForm(Rule.kind, Rule.documentation) { keys throws(ConfigError) in
            let rate = try keys(
                "learning_rate", .number(.positive), JSON(.number(Rule.standardLearningRate)),
                "Size of the updates; the schedule's base.")
            var optimizer = Optimizer(try Rule(keys))
            optimizer.learningRate = rate
            optimizer.weightDecay = try keys(
                "weight_decay", .number(.natural), JSON(.number(Rule.standardWeightDecay)),
                Rule.decouplesWeightDecay
                    ? "Parameters are multiplied by 1 - rate times this, apart from their gradients."
                    : "Added to the gradient times the parameter.")
            optimizer.decayExcluded = Set(
                try keys(
                    "weight_decay_exclude", .set(of: .choice), [],
                    "Parameters that do not decay, such as `[\"bias\", \"gamma\", \"beta\"]`."))
            optimizer.clipGradientNorm = try keys.optional(
                "clip_gradient_norm", .number(.positive), "no clipping", "Largest norm of all gradients together.")
            return optimizer
        }
    }
}

/// Computes base^exponent by repeated squaring: the same bits on every machine.
func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0, square = base, rest = exponent
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}
