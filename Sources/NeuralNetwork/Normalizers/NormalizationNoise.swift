import Keys
import Support

/// Noise on the output y of a normalization in training, y' = s y + m with m and s drawn for every value.
///
/// They come from distributions that are drawn anew for every feature and step: mean ~ U(-a, a), deviation ~ U(1, b),
/// m ~ U(mean - c, mean + c), s ~ N(deviation, c). Source: Santurkar, Tsipras, Ilyas & Madry 2018, "How does batch
/// normalization help optimization?", section 2.1 and the algorithm of the appendix, with a = 0.5, b = 1.25, c = 0.1.
package struct NormalizationNoise: Keyed, Equatable {
    /// The range a of the additive part.
    package var meanRange: Double
    /// The range b of the multiplicative part.
    package var deviationRange: Double
    /// The spread c of both.
    package var spread: Double

    package init(meanRange: Double, deviationRange: Double, spread: Double) {
        self.meanRange = meanRange
        self.deviationRange = deviationRange
        self.spread = spread
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        meanRange = try keys(
            "mean_range", .number(.natural), 0.5, "Means of the additive noise lie within plus or minus this.")
        deviationRange = try keys(
            "deviation_range", .number(NumberRange(least: 1)), 1.25, "Means of the factors lie between 1 and this.")
        spread = try keys("spread", .number(.natural), 0.1, "How far single values lie from these means.")
    }

    /// Reads the key `noise` of a kind of normalization.
    static func read(_ keys: KeyReader) throws(ConfigError) -> NormalizationNoise? {
        try keys.optional(
            "noise", .object, "no noise",
            "Noise on the normalization's output in training (Santurkar et al. 2018).")
    }
}
