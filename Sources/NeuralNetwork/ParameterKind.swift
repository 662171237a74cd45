/// The part that a trained array has in its layer; the names are those of the results file.
package struct ParameterKind: RawRepresentable, Hashable, CaseIterable, Sendable {
    package let rawValue: String

    /// - Returns: nil for a name that no kind of parameter has.
    package init?(rawValue: String) {
        guard ParameterKind.allCases.contains(where: { $0.rawValue == rawValue }) else { return nil }
        self.rawValue = rawValue
    }

    /// A kind that a normalization declares; see `Normalization.ownParameterKinds`.
    init(named rawValue: String) { self.rawValue = rawValue }

    package static let weight = ParameterKind(named: "weight")
    package static let bias = ParameterKind(named: "bias")
    package static let gain = ParameterKind(named: "gain")
    package static let gamma = ParameterKind(named: "gamma")
    package static let beta = ParameterKind(named: "beta")
    /// What multiplies the branch of a residual block; one value.
    package static let factor = ParameterKind(named: "factor")

    /// Every kind, in the order in which a layer stores its parameters.
    package static let allCases: [ParameterKind] =
        Normalizations.kinds.flatMap { $0.ownParameterKinds }.reduce(into: [.weight, .bias, .gain, .gamma, .beta]) {
            if !$0.contains($1) { $0.append($1) }
        } + [.factor]
}
