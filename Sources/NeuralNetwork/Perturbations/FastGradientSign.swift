import Keys
import Support

/// One step along the gradient to the border of the ball: x' = x + epsilon sign(dL/dx), or epsilon times the gradient's
/// direction in the norm l2.
///
/// Source: Goodfellow, Shlens & Szegedy 2015, "Explaining and harnessing adversarial examples", section 4; l2: Miyato,
/// Dai & Goodfellow 2017, "Adversarial training methods for semi-supervised text classification", equation 5.
package struct FastGradientSign: Perturbation, Equatable {
    package static let kind = "fgsm"
    package static let documentation = "One step along the sign of the gradient (Goodfellow et al. 2015)."
    package var epsilon: Double
    package var boundingNorm: PerturbationNorm
    package var bounds: PerturbationBounds

    package init(epsilon: Double, _ norm: PerturbationNorm = .largest, bounds: PerturbationBounds = .init()) {
        self.epsilon = epsilon
        boundingNorm = norm
        self.bounds = bounds
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        (epsilon, boundingNorm) = try keys.ball()
        bounds = try PerturbationBounds(keys)
    }

    package var size: Double { epsilon }
    package var norm: PerturbationNorm? { boundingNorm }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func perturb<S: Scalar>(_ batch: PerturbedBatch<S>) {
        let x = batch.workspace.input
        batch.differentiate()
        boundingNorm.step(x, along: batch.gradient, size: epsilon)
        bounds.clip(x)
    }
}

extension KeyReader {
    /// The ball around each row that an attack stays in.
    func ball() throws(ConfigError) -> (radius: Double, norm: PerturbationNorm) {
        let radius = try required(
            "epsilon", Form<Double>.number(.natural), "The largest change, in the unit of scaled inputs.")
        let norm: PerturbationNorm = try self(
            "norm", .choice, "linf",
            "What measures it: the largest change of an input of a row (`linf`), or the length of the row's change "
                + "(`l2`)."
        )
        return (radius, norm)
    }
}
