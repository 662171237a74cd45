import Keys
import Support

/// Factors of the learning rate for some parameters, as PyTorch's parameter groups have learning rates of their own.
///
/// The factor of one layer's parameter wins over that of the same kind in every layer; where there is none it is 1. It
/// multiplies the rate of every step, and so decoupled weight decay, too.
package struct LearningRateMultipliers: Sendable {
    /// The factor of each pattern that was given.
    package let factors: [ParameterPattern: Double]

    package init(_ factors: [ParameterPattern: Double] = [:]) { self.factors = factors }

    /// The factor of a parameter.
    func factor(of place: ParameterPlace) -> Double { pattern(of: place).flatMap { factors[$0] } ?? 1 }

    /// The pattern whose factor a parameter has; nil for none.
    package func pattern(of place: ParameterPlace) -> ParameterPattern? {
        [ParameterPattern(layer: place.layer, place.kind), ParameterPattern(place.kind)].first { factors[$0] != nil }
    }

    /// The key that all rules have in common.
    init(_ keys: KeyReader) throws(ConfigError) {
        let key = LearningRateMultipliers.key
        let given = try keys.optional(
            key, Form<[NamedValue<Double>]>.map(of: .number(.positive), name: "parameter", mayBeEmpty: true), "all 1",
            "Factors of the learning rate: of `gamma` in every layer, or of `0/weight` in layer 0, which wins.")
        var factors: [ParameterPattern: Double] = [:]
        for named in given ?? [] {
            guard let pattern = ParameterPattern(named.name) else {
                throw keys.error("\(key).\(named.name)", "names no parameter; expected \(ParameterPattern.expectation)")
            }
            guard factors.updateValue(named.value, forKey: pattern) == nil else {
                throw keys.error("\(key).\(named.name)", "names \(pattern.text) a second time; remove one of the two")
            }
        }
        self.factors = factors
    }

    package static let key = "learning_rate_multipliers"
}
