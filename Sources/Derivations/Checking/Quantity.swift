import NeuralNetwork

/// The arrays of one computation by their names.
package struct Values: Sendable {
    var grids: [String: Grid] = [:]

    /// An array that is there: the checker computes nothing of which a source is missing.
    package subscript(_ name: String) -> Grid {
        guard let grid = grids[name] else { preconditionFailure("no array \(name)") }
        return grid
    }
}

/// An array that a computation begins with.
package struct Input: Sendable {
    /// The name of the course's notebooks.
    package let name: String
    /// Other names for it; where one is another array's too, it means the first that has no array yet.
    package let otherNames: [String]
    /// A letter for each dimension, which all arrays of the computation have in common; none for a number.
    package let shape: [String]
    /// What it is where a file has none.
    let standard: Grid?
    /// Whether the computation goes as far as it does without it: no gradients without `dout`.
    let isOptional: Bool
    /// Its value where it must be one of some: `0 <= p <= 1`.
    let range: ClosedRange<Double>?
    /// Whether its values are the numbers of classes, below the length that this letter has.
    let classesOf: String?

    init(
        _ name: String, _ otherNames: [String] = [], shape: [String] = [], standard: Grid? = nil,
        isOptional: Bool = false, range: ClosedRange<Double>? = nil, classesOf: String? = nil
    ) {
        self.name = name
        self.otherNames = otherNames
        self.shape = shape
        self.standard = standard
        self.isOptional = isOptional
        self.range = range
        self.classesOf = classesOf
    }
}

/// An array that a computation makes of others, and what it becomes by the mistakes that are often made.
package struct Quantity: Sendable {
    package let name: String
    package let otherNames: [String]
    /// The number of the equation, in docs/batch-norm-gradient.md or docs/check.md, or `staged`.
    package let equation: String
    /// As in `Input`.
    package let shape: [String]
    /// Names of the arrays that it is made of.
    package let sources: [String]
    let formula: @Sendable (Values) -> Grid
    /// Other ways to the same array, by way of other sources.
    let routes: [Route]
    /// What the name may also stand for, which is no mistake.
    let variants: [Mistake]
    package let mistakes: [Mistake]

    struct Route: Sendable {
        let sources: [String]
        let formula: @Sendable (Values) -> Grid
    }

    init(
        _ name: String, _ otherNames: [String] = [], _ equation: String, shape: [String], of sources: [String],
        routes: [Route] = [], variants: [Mistake] = [], mistakes: [Mistake] = [],
        _ formula: @escaping @Sendable (Values) -> Grid
    ) {
        self.name = name
        self.otherNames = otherNames
        self.equation = equation
        self.shape = shape
        self.sources = sources
        self.routes = routes
        self.variants = variants
        self.mistakes = mistakes
        self.formula = formula
    }
}

/// A different formula for an array, and the words for it.
package struct Mistake: Sendable {
    package let name: String
    /// What the formula does, as a part of a sentence: `the variance is over N - 1 rows (ddof=1)`.
    package let explanation: String
    /// Computes the array with the mistake; nil where it does not apply.
    let formula: @Sendable (Values) -> Grid?
    /// Arrays that the same mistake changes too, where the file does not have them.
    package let also: [String: @Sendable (Values) -> Grid]

    init(
        _ name: String, _ explanation: String, also: [String: @Sendable (Values) -> Grid] = [:],
        _ formula: @escaping @Sendable (Values) -> Grid?
    ) {
        self.name = name
        self.explanation = explanation
        self.also = also
        self.formula = formula
    }

    /// A mistake that `bnexp gradcheck --inject-fault` makes too.
    init(_ fault: Fault, _ explanation: String? = nil, _ formula: @escaping @Sendable (Values) -> Grid?) {
        self.init(fault.rawValue, explanation ?? fault.explanation, formula)
    }
}
