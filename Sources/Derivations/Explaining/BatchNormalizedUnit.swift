import NeuralNetwork

/// One unit of a batch-normalized layer on one batch: every quantity of its forward and backward pass, in float64.
///
/// Numbers in parentheses are those of the equations of docs/batch-norm-gradient.md, whose index j is the unit here. An
/// array has N elements, one for each row of the batch.
package struct BatchNormalizedUnit: Sendable {
    /// The values that are normalized, h = X W + b (1).
    package let h: [Double]
    package let gamma: Double
    package let beta: Double
    /// Added to the variance, inside the root; 0 is allowed.
    package let epsilon: Double
    package let activation: Activation
    /// dL/da, which comes from the layer above.
    package let activationGradient: [Double]

    // Forward.

    /// The mean over the rows (2).
    package let mean: Double
    /// The deviations h - mean.
    package let centered: [Double]
    /// Biased, over N (3).
    package let variance: Double
    /// s = (variance + epsilon)^(-1/2), of (4).
    package let inverseStandardDeviation: Double
    /// The normalized value x-hat (4).
    package let normalized: [Double]
    /// The output gamma x-hat + beta (5).
    package let y: [Double]
    /// The activation f(y) (6).
    package let a: [Double]

    // Backward.

    /// f'(y), of (7).
    package let slope: [Double]
    /// dL/dy (7).
    package let outputGradient: [Double]
    /// dL/dbeta, the sum of dL/dy (8).
    package let betaGradient: Double
    /// dL/dgamma, the sum of dL/dy x-hat (9).
    package let gammaGradient: Double
    /// What stands in the bracket of (15) and (14).
    package let terms: [BracketTerms]
    /// The factor before the bracket, gamma s / N.
    package let factor: Double
    /// dL/dh (15).
    package let inputGradient: [Double]

    /// The three terms of the bracket of (15) in one row; those of (14) are the same numbers.
    package struct BracketTerms: Equatable, Sendable {
        /// N dL/dy: the element's own way.
        package var direct: Double
        /// -dL/dbeta: the way through the mean.
        package var throughMean: Double
        /// -x-hat dL/dgamma: the way through the variance.
        package var throughVariance: Double
        package var sum: Double { direct + throughMean + throughVariance }
    }

    package var rowCount: Int { h.count }

    /// - Parameters:
    ///   - h: at least one value.
    ///   - activationGradient: dL/da, as many values; with activation `identity` it is dL/dy.
    package init(
        h: [Double], gamma: Double = 1, beta: Double = 0, epsilon: Double, activation: Activation = .identity,
        activationGradient: [Double]
    ) {
        precondition(!h.isEmpty && activationGradient.count == h.count)
        let count = Double(h.count)
        self.h = h
        self.gamma = gamma
        self.beta = beta
        self.epsilon = epsilon
        self.activation = activation
        self.activationGradient = activationGradient

        // As the kernels, so that the rounding of a constant column's mean does not become a spread.
        let isConstant = h.allSatisfy { $0 == h[0] }
        let mean = isConstant ? h[0] : h.sum / count
        let centered = h.map { $0 - mean }
        let variance = centered.dot(centered) / count
        let inverse = 1 / (variance + epsilon).squareRoot()
        let normalized = centered.map { $0 * inverse }
        let y = normalized.map { gamma * $0 + beta }
        (a, slope) = activation.valuesAndSlopes(y)
        let outputGradient = zip(activationGradient, slope).map { $0 * $1 }
        let betaGradient = outputGradient.sum
        let gammaGradient = outputGradient.dot(normalized)
        let terms = zip(outputGradient, normalized).map {
            BracketTerms(direct: count * $0, throughMean: -betaGradient, throughVariance: -$1 * gammaGradient)
        }
        let factor = gamma * inverse / count
        self.mean = mean
        self.centered = centered
        self.variance = variance
        inverseStandardDeviation = inverse
        self.normalized = normalized
        self.y = y
        self.outputGradient = outputGradient
        self.betaGradient = betaGradient
        self.gammaGradient = gammaGradient
        self.terms = terms
        self.factor = factor
        inputGradient = terms.map { factor * $0.sum }
    }
}

extension [Double] {
    package var sum: Double { reduce(0, +) }
    /// Returns the sum of the products with another array of as many values.
    package func dot(_ other: [Double]) -> Double { zip(self, other).reduce(0) { $0 + $1.0 * $1.1 } }
}
