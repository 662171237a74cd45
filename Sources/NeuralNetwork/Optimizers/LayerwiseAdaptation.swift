import Keys
import Support

// What LARS and LAMB have in common: the size of a parameter's update follows from the size of the parameter.

/// Returns c norm(p) / norm(u), or 1 where one of the norms is 0, as of a parameter that starts at 0.
func trustRatio(coefficient c: Double = 1, parameterNorm: Double, updateNorm: Double) -> Double {
    parameterNorm == 0 || updateNorm == 0 ? 1 : c * parameterNorm / updateNorm
}

extension KeyReader {
    /// The parameters whose updates are not adapted; all vectors unless the config says otherwise.
    func adaptationExcluded() throws(ConfigError) -> Set<ParameterKind> {
        let vectors = ParameterKind.allCases.filter { $0 != .weight }.map { JSON(.string($0.rawValue)) }
        return Set(
            try self(
                "adaptation_exclude", .set(of: .choice), JSON(.array(vectors)),
                "Parameters whose updates do not depend on their norms."))
    }
}
