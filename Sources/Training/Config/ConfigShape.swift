import Support

// What a config's keys are described with; the keys themselves are in ConfigSchema.swift.

/// What a value may be.
package indirect enum Shape: Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    case string
    /// A file, relative to the file that names it.
    case path
    case choice([String])
    case list(of: Shape)
    /// A list in which nothing is there twice.
    case set(of: Shape)
    case object([Key])
    /// An object whose `kind` says which other keys it has.
    case kinds([Kind])
    case either(Shape, Shape)
    /// A parameter's kind, or `<layer>/<kind>`.
    case parameter
    /// Names of the user's own, each with a value.
    case map(of: Shape, name: String, mayBeEmpty: Bool)
    /// What something else checks.
    case any
}

package struct Key: Sendable {
    package enum Default: Sendable {
        case value(JSON)
        case required
        /// Left out unless given; the text says what that means.
        case none(String)
        /// Taken from the sibling `convention`.
        case byConvention(@Sendable (NormalizationConvention) -> JSON)
    }
    package let name: String
    package let shape: Shape
    package let defaultValue: Default
    package let documentation: String

    package init(_ name: String, _ shape: Shape, _ defaultValue: Default, _ documentation: String) {
        self.name = name
        self.shape = shape
        self.defaultValue = defaultValue
        self.documentation = documentation
    }
}

package struct Kind: Sendable {
    package let name: String
    package let documentation: String
    package let keys: [Key]

    package init(_ name: String, _ documentation: String, _ keys: [Key] = []) {
        self.name = name
        self.documentation = documentation
        self.keys = keys
    }
}

package struct NumberRange: Sendable {
    package var above: Double?
    package var least: Double?
    package var below: Double?
    package var most: Double?

    package init(above: Double? = nil, least: Double? = nil, below: Double? = nil, most: Double? = nil) {
        self.above = above
        self.least = least
        self.below = below
        self.most = most
    }

    package func contains(_ number: Double) -> Bool {
        (above.map { number > $0 } ?? true) && (least.map { number >= $0 } ?? true)
            && (below.map { number < $0 } ?? true) && (most.map { number <= $0 } ?? true)
    }

    package var description: String {
        let bounds = [
            above.map { "above \(JSON.shortest($0))" }, least.map { "at least \(JSON.shortest($0))" },
            below.map { "below \(JSON.shortest($0))" }, most.map { "at most \(JSON.shortest($0))" },
        ]
        return (["a number"] + [bounds.compactMap { $0 }.joined(separator: " and ")]).filter { !$0.isEmpty }.joined(
            separator: " ")
    }

    package static let positive = NumberRange(above: 0)
    package static let any = NumberRange()
    package static let fraction = NumberRange(least: 0, below: 1)
}

/// Presets of other frameworks' defaults, under which their results can be repeated.
package enum NormalizationConvention: String, CaseIterable, Sendable {
    case pytorch, keras, cs231n

    package var epsilon: Double { self == .keras ? 1e-3 : 1e-5 }
    package var momentum: Double { self == .keras ? 0.01 : 0.1 }
    package var initialRunningVariance: Double { self == .cs231n ? 0 : 1 }
    package var runningVarianceEstimator: String { self == .pytorch ? "unbiased" : "biased" }
}
