import Keys

/// The parameters of one kind in every layer, as `gamma`, or in one layer, as `0/weight`.
package struct ParameterPattern: Hashable, Sendable {
    /// The layer; nil stands for every layer.
    package let layer: Int?
    package let kind: ParameterKind

    package init(layer: Int? = nil, _ kind: ParameterKind) {
        self.layer = layer
        self.kind = kind
    }

    /// - Returns: nil for a text that names no parameters.
    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: /(?:([0-9]{1,9})\/)?([a-z_]+)/),
            let kind = ParameterKind(rawValue: String(match.2))
        else { return nil }
        self.init(layer: match.1.flatMap { Int($0) }, kind)
    }

    /// The text that stands for it.
    package var text: String { (layer.map { "\($0)/" } ?? "") + kind.rawValue }

    /// What errors call a text that names parameters.
    static var expectation: String {
        "a parameter such as \"gamma\" or \"0/weight\", of the kinds "
            + ParameterKind.allCases.map(\.rawValue).joined(separator: ", ")
    }

    package static var form: Form<ParameterPattern> {
        .text(
            pattern: "([0-9]+/)?(\(ParameterKind.allCases.map(\.rawValue).joined(separator: "|")))",
            expectation: expectation, sample: ParameterPattern(.weight), parse: { ParameterPattern($0) })
    }
}
