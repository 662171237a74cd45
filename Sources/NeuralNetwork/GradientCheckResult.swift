/// What comparing the analytic with the numeric gradient of one parameter array gave.
package struct GradientCheckResult: Equatable, Sendable {
    package var layer: Int
    package var parameter: ParameterKind
    /// The number of entries of the array; `checkedCount` of them were compared.
    package var count: Int
    package var checkedCount: Int
    /// The number of entries left out because every step that could be resolved crosses a kink of an activation
    /// function or of the hinge loss.
    package var kinkCount: Int
    /// The step of the finite differences.
    package var step: Double
    package var analyticNorm: Double
    /// The largest |analytic - numeric| over the compared entries.
    package var largestAbsoluteError: Double
    /// The largest |analytic - numeric| / max(|analytic|, |numeric|) over the compared entries whose gradients are not
    /// both zero; see `resolution`.
    package var largestRelativeError: Double
    /// The norm of analytic - numeric; `normError`, the measure that is judged, is that divided by the norm of numeric.
    var errorNorm: Double
    package var normError: Double
    /// The largest error norm that rounding of the loss, by ten units in its last place at each entry's step, can
    /// cause.
    var noiseNorm: Double
    /// The magnitude 100 * 2^-52 * |loss| / step below which both gradients of an entry count as zero, since
    /// differences cannot resolve them.
    var resolution: Double
    /// Tells whether the difference is beyond the tolerance and beyond the loss's own rounding.
    package func isWrong(tolerance: Double) -> Bool {
        !(normError <= tolerance) && !(errorNorm <= noiseNorm)
    }
    package var isZero: Bool { analyticNorm <= resolution * Double(checkedCount).squareRoot() && normError == 0 }
}
