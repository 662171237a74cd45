// Other ways from dL/dy to dL/dh than the closed form (15) of `BatchNormalizedUnit`; all agree within rounding. See
// docs/batch-norm-gradient.md.

/// The graph of nine small steps, forward and backward.
///
/// Source of the decomposition: Kratzert 2016, "Understanding the backward pass through batch normalization layer".
package struct StagedGraph: Sendable {
    // Forward, in the order of the steps.
    package let mean: Double
    package let centered: [Double]
    package let squared: [Double]
    package let variance: Double
    package let root: Double
    package let inverse: Double
    package let normalized: [Double]
    package let scaled: [Double]
    package let shifted: [Double]

    // Backward, from the last step to the first: the gradient of the loss with respect to each step's value.
    package let shiftedGradient: [Double]
    package let scaledGradient: [Double]
    package let normalizedGradient: [Double]
    package let inverseGradient: Double
    package let rootGradient: Double
    package let varianceGradient: Double
    package let squaredGradient: Double
    /// What the step `normalized` leaves of dL/dcentered.
    package let centeredGradientDirect: [Double]
    /// dL/dcentered, with what comes by way of the squares.
    package let centeredGradient: [Double]
    package let meanGradient: Double
    package let inputGradient: [Double]

    package init(_ unit: BatchNormalizedUnit) {
        let count = Double(unit.rowCount)
        mean = unit.mean
        let centered = unit.centered
        self.centered = centered
        squared = centered.map { $0 * $0 }
        let variance = squared.sum / count
        let root = (variance + unit.epsilon).squareRoot()
        let inverse = 1 / root
        normalized = centered.map { $0 * inverse }
        scaled = normalized.map { unit.gamma * $0 }
        shifted = scaled.map { $0 + unit.beta }

        let scaledGradient = unit.outputGradient
        let normalizedGradient = scaledGradient.map { unit.gamma * $0 }
        let inverseGradient = normalizedGradient.dot(centered)
        let rootGradient = -inverseGradient / (root * root)
        let varianceGradient = rootGradient / (2 * root)
        let squaredGradient = varianceGradient / count
        let direct = normalizedGradient.map { $0 * inverse }
        let centeredGradient = zip(direct, centered).map { $0 + 2 * $1 * squaredGradient }
        let meanGradient = -centeredGradient.sum
        inputGradient = centeredGradient.map { $0 + meanGradient / count }

        (self.variance, self.root, self.inverse) = (variance, root, inverse)
        shiftedGradient = unit.outputGradient
        (self.scaledGradient, self.normalizedGradient) = (scaledGradient, normalizedGradient)
        (self.inverseGradient, self.rootGradient) = (inverseGradient, rootGradient)
        (self.varianceGradient, self.squaredGradient) = (varianceGradient, squaredGradient)
        (centeredGradientDirect, self.centeredGradient) = (direct, centeredGradient)
        self.meanGradient = meanGradient
    }
}

/// The paper's own gradients, unsimplified: equations (19) to (22).
///
/// Source: Ioffe & Szegedy 2015, section 3.
package struct PaperGradient: Sendable {
    /// dL/dx-hat (19).
    package let normalizedGradient: [Double]
    /// dL/dsigma^2 (20).
    package let varianceGradient: Double
    /// The first term of (21), -s times the sum of dL/dx-hat.
    package let meanGradientDirect: Double
    /// The second term of (21), which is 0 but for rounding, since the deviations sum to 0.
    package let meanGradientThroughVariance: Double
    /// The three terms of (22).
    package let direct: [Double]
    package let throughVariance: [Double]
    package let throughMean: Double
    /// dL/dh (22).
    package let inputGradient: [Double]

    /// dL/dmu (21).
    package var meanGradient: Double { meanGradientDirect + meanGradientThroughVariance }

    package init(_ unit: BatchNormalizedUnit) {
        let count = Double(unit.rowCount), inverse = unit.inverseStandardDeviation
        let normalizedGradient = unit.outputGradient.map { unit.gamma * $0 }
        let varianceGradient = normalizedGradient.dot(unit.centered) * -0.5 * inverse * inverse * inverse
        meanGradientDirect = -inverse * normalizedGradient.sum
        meanGradientThroughVariance = varianceGradient * (-2 * unit.centered.sum) / count
        let throughMean = (meanGradientDirect + meanGradientThroughVariance) / count
        direct = normalizedGradient.map { $0 * inverse }
        throughVariance = unit.centered.map { varianceGradient * 2 * $0 / count }
        inputGradient = zip(direct, throughVariance).map { $0 + $1 + throughMean }
        (self.normalizedGradient, self.varianceGradient) = (normalizedGradient, varianceGradient)
        self.throughMean = throughMean
    }
}

/// The closed form with dL/dx-hat in the place of dL/dy: equation (23).
///
/// Source: C. Yeh 2017, "Deriving batch-norm backprop equations"; it is the "alternative backward pass" of Stanford's
/// course CS231n.
package struct AlternativeGradient: Sendable {
    package let normalizedGradient: [Double]
    /// The sum of dL/dx-hat.
    package let sum: Double
    /// The sum of dL/dx-hat x-hat.
    package let productSum: Double
    package let inputGradient: [Double]

    package init(_ unit: BatchNormalizedUnit) {
        let count = Double(unit.rowCount), factor = unit.inverseStandardDeviation / Double(unit.rowCount)
        let normalizedGradient = unit.outputGradient.map { unit.gamma * $0 }
        let sum = normalizedGradient.sum, productSum = normalizedGradient.dot(unit.normalized)
        inputGradient = zip(normalizedGradient, unit.normalized).map {
            factor * (count * $0 - sum - $1 * productSum)
        }
        (self.normalizedGradient, self.sum, self.productSum) = (normalizedGradient, sum, productSum)
    }
}

/// The N x N matrix of the derivatives of x-hat with respect to h: equation (13).
package struct NormalizationJacobian: Sendable {
    private let unit: BatchNormalizedUnit

    package init(_ unit: BatchNormalizedUnit) { self.unit = unit }

    /// The element J_ki, the derivative of x-hat in row k with respect to h in row i.
    package subscript(k: Int, i: Int) -> Double {
        let count = Double(unit.rowCount), x = unit.normalized
        return unit.inverseStandardDeviation * ((k == i ? 1 : 0) - 1 / count - x[k] * x[i] / count)
    }

    /// Returns row k of J v; J is symmetric, so that it is that of the transposed matrix too.
    package func product(row k: Int, _ v: [Double]) -> Double {
        v.indices.reduce(0) { $0 + self[k, $1] * v[$1] }
    }

    /// Returns dL/dh of one row: row i of the transposed matrix times gamma dL/dy.
    package func inputGradient(row i: Int) -> Double { unit.gamma * product(row: i, unit.outputGradient) }

    /// What x-hat is multiplied by: s epsilon / (variance + epsilon).
    package var eigenvalueOfNormalized: Double {
        let inverse = unit.inverseStandardDeviation
        return inverse * inverse * inverse * unit.epsilon
    }
}
