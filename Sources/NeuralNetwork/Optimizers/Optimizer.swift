import Keys
import Support

/// How gradients become updates: a rule, its learning rate, and what all rules have in common.
///
/// The equations are PyTorch's, where PyTorch has them.
package struct Optimizer: Sendable {
    /// Every rule; a new one is a file of its own and its name here.
    static let rules: [any OptimizerRule.Type] = [
        SGD.self, RMSProp.self, Adam.self, AdamW.self, Adagrad.self, Lion.self, LARS.self, LAMB.self, Muon.self,
    ]

    package var rule: any OptimizerRule
    /// The rate that a schedule starts from.
    package var learningRate: Double
    package var learningRateMultipliers: LearningRateMultipliers
    /// The factor lambda; `WeightDecayForm` says where it enters.
    package var weightDecay: Double
    /// The parameters that do not decay.
    package var decayExcluded: Set<ParameterKind>
    /// The largest norm of all gradients together: they are multiplied by min(1, clip / (norm + 1e-6)).
    ///
    /// Source: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", section 3.2.
    package var clipGradientNorm: Double?
    /// Where the gradient is taken in place of the parameters; nil for at the parameters.
    package var sharpnessAware: SharpnessAware?
    package var weightProjection: WeightProjection

    package init(
        _ rule: any OptimizerRule = SGD(), weightDecay: Double = 0, decayExcluded: Set<ParameterKind> = [],
        clipGradientNorm: Double? = nil, learningRateMultipliers: LearningRateMultipliers = LearningRateMultipliers(),
        sharpnessAware: SharpnessAware? = nil, weightProjection: WeightProjection = .none
    ) {
        self.rule = rule
        learningRate = type(of: rule).standardLearningRate
        self.weightDecay = weightDecay
        self.decayExcluded = decayExcluded
        self.clipGradientNorm = clipGradientNorm
        self.learningRateMultipliers = learningRateMultipliers
        self.sharpnessAware = sharpnessAware
        self.weightProjection = weightProjection
    }

    /// What the learning rate of every step is multiplied by for a parameter.
    func rateFactor(of place: ParameterPlace) -> Double {
        learningRateMultipliers.factor(of: place) * (rule.learningRate(of: place).map { $0 / learningRate } ?? 1)
    }

    /// The shapes of the arrays that an update of a parameter needs to work in: the rule's, then that of the parameters
    /// to return to.
    func scratchShapes(of place: ParameterPlace) -> [(rows: Int, columns: Int)] {
        rule.scratchShapes(of: place) + (sharpnessAware == nil ? [] : [(place.rows, place.columns)])
    }

    /// The factor that clipping multiplies gradients by, whose norm together is `norm`.
    func clipFactor(norm: Double) -> Double {
        guard let clipGradientNorm else { return 1 }
        return min(1, clipGradientNorm / (norm + 1e-6))
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
                Rule.weightDecayForm.documentation)
            optimizer.decayExcluded = Set(
                try keys(
                    "weight_decay_exclude", .set(of: .choice), [],
                    "Parameters that do not decay, such as `[\"bias\", \"gamma\", \"beta\"]`."))
            optimizer.clipGradientNorm = try keys.optional(
                "clip_gradient_norm", .number(.positive), "no clipping", "Largest norm of all gradients together.")
            optimizer.learningRateMultipliers = try LearningRateMultipliers(keys)
            optimizer.sharpnessAware = try keys.optional(
                "sharpness_aware", .object, "one gradient a step, at the parameters", SharpnessAware.documentation)
            optimizer.weightProjection =
                try keys.optional(
                    "weight_projection", .choice, "`none`", "What returns to its first norm after every update.")
                ?? .none
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
