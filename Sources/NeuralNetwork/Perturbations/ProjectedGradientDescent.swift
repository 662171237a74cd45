import Keys
import Support

/// Steps along the gradient, each followed by a projection into the ball: x_(k+1) = P(x_k + alpha sign(dL/dx_k)), from
/// a point of the ball that is drawn or from x; with the gradient's direction in the norm l2.
///
/// Source: Madry et al. 2018, "Towards deep learning models resistant to adversarial attacks", equation 3 and section
/// 3.
package struct ProjectedGradientDescent: Perturbation, Equatable {
    package static let kind = "pgd"
    package static let documentation = "Steps along the sign of the gradient within the ball (Madry et al. 2018)."
    package var epsilon: Double
    package var boundingNorm: PerturbationNorm
    package var steps: Int
    /// The length alpha of a step.
    package var stepSize: Double
    package var startsAtRandom: Bool
    package var bounds: PerturbationBounds

    package init(
        epsilon: Double, _ norm: PerturbationNorm = .largest, steps: Int, stepSize: Double, startsAtRandom: Bool = true,
        bounds: PerturbationBounds = .init()
    ) {
        self.epsilon = epsilon
        boundingNorm = norm
        self.steps = steps
        self.stepSize = stepSize
        self.startsAtRandom = startsAtRandom
        self.bounds = bounds
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        (epsilon, boundingNorm) = try keys.ball()
        steps = try keys("steps", .integer(1...10_000), 10, "How many steps.")
        let stepSize = try keys.optional(
            "step_size", .number(.positive), "2.5 epsilon / steps", "The length of a step, in the unit of epsilon.")
        self.stepSize = stepSize ?? 2.5 * epsilon / Double(max(1, steps))
        startsAtRandom = try keys(
            "random_start", .boolean, true, "Whether the first point is drawn uniformly from the ball.")
        bounds = try PerturbationBounds(keys)
    }

    package var size: Double { epsilon }
    package var norm: PerturbationNorm? { boundingNorm }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func perturb<S: Scalar>(_ batch: PerturbedBatch<S>) {
        let x = batch.workspace.input, features = x.columns
        if startsAtRandom {
            for i in 0..<x.rows {
                var stream = batch.stream(row: i)
                boundingNorm.addUniform(x.base + i * features, radius: epsilon, count: features, &stream)
            }
            bounds.clip(x)
        }
        for _ in 0..<steps {
            batch.differentiate()
            boundingNorm.step(x, along: batch.gradient, size: stepSize)
            for i in 0..<x.rows {
                boundingNorm.project(
                    x.base + i * features, around: batch.clean.base + i * features, radius: epsilon, count: features)
            }
            bounds.clip(x)
        }
    }
}
