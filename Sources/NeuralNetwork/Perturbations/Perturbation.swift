import Keys
import Support

/// A change of the inputs of a batch that is made to see what becomes of the predictions.
///
/// Sizes are in the unit of the network's inputs X (N rows, D features), that is after scaling.
package protocol Perturbation: KeyedKind {
    var bounds: PerturbationBounds { get }
    /// How large the change is: the radius of the ball around each row that it stays in, or a standard deviation.
    var size: Double { get }
    /// What measures the radius; nil where nothing bounds the change.
    var norm: PerturbationNorm? { get }

    /// Overwrites the inputs of the batch's workspace with perturbed ones.
    func perturb<S: Scalar>(_ batch: PerturbedBatch<S>)
}

extension Perturbation {
    /// The name of the kind, as configs and the results file have it.
    package var kind: String { Self.kind }
}

/// The kinds of perturbations.
package enum Perturbations {
    /// Every kind; a new one is a file of its own and its name here.
    static let kinds: [any Perturbation.Type] = [
        GaussianNoise.self, FastGradientSign.self, ProjectedGradientDescent.self,
    ]

    package static let form: Form<any Perturbation> = .kinds(kinds.map { kindForm($0) })

    private static func kindForm<Kind: Perturbation>(_: Kind.Type) -> KindForm<any Perturbation> {
        KindForm(Kind.self) { $0 }
    }
}

/// What every kind of perturbation is bounded by.
package struct PerturbationBounds: Equatable, Sendable {
    /// The smallest and the largest value of a perturbed input; nil where there is none.
    package var minimum: Double?
    package var maximum: Double?
    /// How many rows of a split are perturbed.
    package var rows: Int

    package init(minimum: Double? = nil, maximum: Double? = nil, rows: Int = 1000) {
        self.minimum = minimum
        self.maximum = maximum
        self.rows = rows
    }

    init(_ keys: KeyReader) throws(ConfigError) {
        minimum = try keys.optional("minimum", .number(.any), "none", "The smallest value of a perturbed input.")
        maximum = try keys.optional("maximum", .number(.any), "none", "The largest value of a perturbed input.")
        rows = try keys("rows", .rowCount, 1000, "How many rows of each split, evenly spread; all, if it has fewer.")
        let isOrdered = minimum.flatMap { minimum in maximum.map { minimum < $0 } } ?? true
        try keys.require(
            isOrdered, "minimum",
            "is \(keys.found("minimum")), but maximum is \(keys.found("maximum")); expected a smaller number")
    }

    /// Moves what lies outside to the nearest bound.
    func clip<S: Scalar>(_ x: Matrix<S>) {
        if let minimum = minimum.map({ S($0) }) {
            for i in 0..<x.count where x.base[i] < minimum { x.base[i] = minimum }
        }
        if let maximum = maximum.map({ S($0) }) {
            for i in 0..<x.count where x.base[i] > maximum { x.base[i] = maximum }
        }
    }
}
