import Keys
import Support

// What LARS and LAMB have in common: the size of a parameter's update follows from the size of the parameter.

/// Returns c norm(p) / norm(u), or 1 where one of the norms is 0, as of a parameter that starts at 0.
func trustRatio(coefficient c: Double = 1, parameterNorm: Double, updateNorm: Double) -> Double {
    parameterNorm == 0 || updateNorm == 0 ? 1 : c * parameterNorm / updateNorm
}

extension UpdatedValues {
    var valueNorm: Double { sumOfSquares(count: count) { Double(p[$0]) }.squareRoot() }
    var gradientNorm: Double { sumOfSquares(count: count) { Double(g[$0]) }.squareRoot() }
}

extension ParameterKind {
    /// All but weights: what is not adapted unless it is said otherwise.
    package static let vectors = allCases.filter { $0 != .weight }
}

extension KeyReader {
    /// The parameters whose updates are not adapted.
    func adaptationExcluded() throws(ConfigError) -> Set<ParameterKind> {
        Set(
            try self(
                "adaptation_exclude", .set(of: .choice),
                JSON(.array(ParameterKind.vectors.map { JSON(.string($0.rawValue)) })),
                "Parameters whose updates do not depend on their norms."))
    }
}
