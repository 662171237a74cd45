import NeuralNetwork

/// Numeric derivatives of the loss by way of one unit, by five-point central differences.
///
/// The loss is taken as the sum over rows of dL/da times what a moves, which has the same gradient: f'(0) = (f(-2s) - 8
/// f(-s) + 8 f(s) - f(2s)) / (12 s) + O(s^4). Where a step crosses a kink of the activation function, smaller ones are
/// tried.
package struct NumericGradient {
    private let unit: BatchNormalizedUnit

    package init(_ unit: BatchNormalizedUnit) { self.unit = unit }

    /// dL/dh of one row; nil where even the smallest step crosses a kink.
    package func input(row: Int) -> Double? {
        difference(scale: (unit.variance + unit.epsilon).squareRoot()) { step in
            var h = unit.h
            h[row] += step
            return changed(h: h)
        }
    }

    /// dL/db: every h of the column moves alike.
    package var bias: Double? {
        difference(scale: (unit.variance + unit.epsilon).squareRoot()) { step in changed(h: unit.h.map { $0 + step }) }
    }

    package var gamma: Double? { difference(scale: 1) { changed(gamma: unit.gamma + $0) } }
    package var beta: Double? { difference(scale: 1) { changed(beta: unit.beta + $0) } }

    private func changed(h: [Double]? = nil, gamma: Double? = nil, beta: Double? = nil) -> BatchNormalizedUnit {
        BatchNormalizedUnit(
            h: h ?? unit.h, gamma: gamma ?? unit.gamma, beta: beta ?? unit.beta, epsilon: unit.epsilon,
            activation: unit.activation, activationGradient: unit.activationGradient)
    }

    private func difference(scale: Double, _ moved: (Double) -> BatchNormalizedUnit) -> Double? {
        var step = scale * 0x1p-9
        guard step > 0, step.isFinite else { return nil }
        for _ in 0..<8 {
            var total = 0.0, isSmooth = true
            for (offset, weight) in [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)] {
                let other = moved(offset * step)
                isSmooth = isSmooth && !crossesKink(other)
                for (row, gradient) in unit.activationGradient.enumerated() {
                    total += weight * gradient * (other.a[row] - unit.a[row])
                }
            }
            if isSmooth { return total / (12 * step) }
            step /= 8
        }
        return nil
    }

    private func crossesKink(_ other: BatchNormalizedUnit) -> Bool {
        guard let kink = unit.activation.kink else { return false }
        return zip(unit.y, other.y).contains { ($0 > kink) != ($1 > kink) }
    }
}
