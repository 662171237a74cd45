import Keys

/// A rule of updating parameters by their gradients, with keys of its own.
package protocol OptimizerRule: KeyedKind {
    /// The learning rate that a config need not give.
    static var standardLearningRate: Double { get }
    /// The weight decay that a config need not give.
    static var standardWeightDecay: Double { get }
    static var weightDecayForm: WeightDecayForm { get }

    /// How many values are kept for each parameter value between updates, all 0 at first.
    var stateCount: Int { get }
    /// The same for the values of one parameter, where parameters differ.
    func stateCount(of place: ParameterPlace) -> Int
    /// The shapes of the arrays that an update of a parameter needs to work in.
    func scratchShapes(of place: ParameterPlace) -> [(rows: Int, columns: Int)]
    /// The learning rate of a parameter; nil where it is the optimizer's.
    func learningRate(of place: ParameterPlace) -> Double?
    /// The key that contradicts a network of so many layers, and why; nil where none does.
    func problem(layerCount: Int) -> (key: String, message: String)?

    /// Whether the update of a value depends on the other values of its parameter, so that `prepare` must see all of
    /// them before any is updated.
    func needsWhole(_ place: ParameterPlace) -> Bool
    /// Gets ready for update number `t` of a whole parameter, whose values and gradients stay as they are.
    ///
    /// - Returns: what the learning rate of this update is multiplied by.
    func prepare<S: Scalar>(_ values: UpdatedValues<S>, t: Int, _ multiplier: Multiplier<S>) -> Double

    /// Makes update number `t` (from 1) of some values of a parameter, in place.
    ///
    /// Every value's update is the same bits however the values are divided among calls.
    func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int)

    /// Whether the rule divides values by a diagonal, so that not all of `preconditioner` is 1.
    var isPreconditioned: Bool { get }

    /// Returns the diagonal P of update number `t`, before it is made: p -= rate P^-1 m with m the gradient g, or the
    /// mean of gradients that the rule keeps.
    ///
    /// The factor that `prepare` returns is not in it.
    func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double]
}

extension OptimizerRule {
    package static var standardWeightDecay: Double { 0 }
    package static var weightDecayForm: WeightDecayForm { .coupled }
    package func stateCount(of place: ParameterPlace) -> Int { stateCount }
    package func scratchShapes(of place: ParameterPlace) -> [(rows: Int, columns: Int)] { [] }
    package func learningRate(of place: ParameterPlace) -> Double? { nil }
    package func problem(layerCount: Int) -> (key: String, message: String)? { nil }
    package func needsWhole(_ place: ParameterPlace) -> Bool { false }
    package func prepare<S: Scalar>(_ values: UpdatedValues<S>, t: Int, _ multiplier: Multiplier<S>) -> Double { 1 }
    package var isPreconditioned: Bool { false }
    package func preconditioner<S: Scalar>(_ values: UpdatedValues<S>, t: Int) -> [Double] {
        Array(repeating: 1, count: values.count)
    }
}

/// How weight decay lambda enters an update.
package enum WeightDecayForm: Sendable {
    /// The gradient becomes g + lambda p.
    case coupled
    /// p is first multiplied by 1 - rate lambda, and the gradient left alone.
    case decoupled
    /// The rule's own equation has lambda p beside what it makes of the gradient.
    case ofRule

    var documentation: String {
        switch self {
        case .coupled: "Added to the gradient times the parameter."
        case .decoupled: "Parameters are multiplied by 1 - rate times this, apart from their gradients."
        case .ofRule: "Times the parameter, a part of the update that follows the parameter's norm."
        }
    }
}
