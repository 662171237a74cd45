import Keys
import Support

/// Noise of every input: x' = x + s n, n standard normal.
///
/// The noise of a row is the same at every step, so that steps compare.
package struct GaussianNoise: Perturbation, Equatable {
    package static let kind = "gaussian"
    package static let documentation = "Normal noise of every input."
    package var standardDeviation: Double
    package var bounds: PerturbationBounds

    package init(standardDeviation: Double, bounds: PerturbationBounds = .init()) {
        self.standardDeviation = standardDeviation
        self.bounds = bounds
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        standardDeviation = try keys.required(
            "standard_deviation", .number(.natural), "Of the noise, in the unit of scaled inputs.")
        bounds = try PerturbationBounds(keys)
    }

    package var size: Double { standardDeviation }
    package var norm: PerturbationNorm? { nil }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func perturb<S: Scalar>(_ batch: PerturbedBatch<S>) {
        let x = batch.workspace.input
        for i in 0..<x.rows {
            var stream = batch.stream(row: i)
            for j in 0..<x.columns { x[i, j] += S(standardDeviation * stream.nextNormalPair().0) }
        }
        bounds.clip(x)
    }
}
