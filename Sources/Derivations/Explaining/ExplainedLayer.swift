import NeuralNetwork

/// One unit of a batch-normalized layer with the linear layer below it, on one batch.
package struct ExplainedLayer: Sendable {
    /// X, N x D.
    package let x: Matrix<Double>
    /// The unit's column of W, D values.
    package let weight: [Double]
    /// Nil where the layer has none, since (4) would subtract it.
    package let bias: Double?
    package let unit: BatchNormalizedUnit
    /// Whether gamma and beta are trained; else they are 1 and 0.
    package let (hasGamma, hasBeta): (Bool, Bool)
    /// What a network computed of the same batch; nil for numbers that belong to none.
    package let network: NetworkValues?

    /// What a network computed of the unit, in its own precision.
    package struct NetworkValues: Sendable {
        package enum Quantity: String, CaseIterable, Sendable {
            case h, normalized, y, a
            case betaGradient = "beta_gradient"
            case gammaGradient = "gamma_gradient"
            case hGradient = "h_gradient"
            case weightGradient = "weight_gradient"

            var formula: Formula {
                switch self {
                case .h: "h"
                case .normalized: #"\hat x"#
                case .y: "y"
                case .a: "a"
                case .betaGradient: #"\frac{dL}{d\beta}"#
                case .gammaGradient: #"\frac{dL}{d\gamma}"#
                case .hGradient: #"\frac{dL}{dh}"#
                case .weightGradient: #"\frac{dL}{dW}"#
                }
            }
        }

        /// `float32` or `float64`.
        package var precision: String
        package var values: [Quantity: [Double]]
        /// What the gradient of W has beside (16): l2 W.
        package var l2: Double
    }

    /// h is computed from the other arguments, by (1).
    package init(
        x: Matrix<Double>, weight: [Double], bias: Double?, gamma: Double?, beta: Double?, epsilon: Double,
        activation: Activation, activationGradient: [Double], network: NetworkValues? = nil
    ) {
        self.x = x
        self.weight = weight
        self.bias = bias
        (hasGamma, hasBeta) = (gamma != nil, beta != nil)
        self.network = network
        let h = (0..<x.rows).map { i in
            let row = x.row(i)
            return row.indices.reduce(bias ?? 0) { $0 + row[$1] * weight[$1] }
        }
        unit = BatchNormalizedUnit(
            h: h, gamma: gamma ?? 1, beta: beta ?? 0, epsilon: epsilon, activation: activation,
            activationGradient: activationGradient)
    }

    package var rowCount: Int { x.rows }

    /// dL/dW of the unit's column (16), for any dL/dh.
    package func weightGradient(_ inputGradient: [Double]) -> [Double] {
        var gradient = [Double](repeating: 0, count: x.columns)
        for i in 0..<x.rows {
            let row = x.row(i)
            for d in row.indices { gradient[d] += row[d] * inputGradient[i] }
        }
        return gradient
    }

    /// What the unit adds to dL/dX (18) in one row, for any dL/dh.
    package func inputShare(row: Int, _ inputGradient: [Double]) -> [Double] {
        weight.map { inputGradient[row] * $0 }
    }

    /// How far a network's values are from those in float64.
    package struct Difference: Sendable {
        package let quantity: NetworkValues.Quantity
        /// The largest value of the network.
        package let largest: Double
        package let largestDifference: Double
        /// The difference divided by the size of the terms that are summed, so that what cancels does not count.
        package let relative: Double
    }

    package func networkDifferences() -> [Difference] {
        guard let network else { return [] }
        return NetworkValues.Quantity.allCases.compactMap { quantity in
            guard let theirs = network.values[quantity] else { return nil }
            let (ours, size) = valuesAndSize(quantity, l2: network.l2)
            let difference = Derivations.largest(zip(ours, theirs).map { $0 - $1 })
            return Difference(
                quantity: quantity, largest: Derivations.largest(theirs), largestDifference: difference,
                relative: Derivations.relative(difference, to: size))
        }
    }

    /// The largest of the relative differences.
    package var largestRelativeDifference: Double { largest(networkDifferences().map(\.relative)) }

    /// What is compared, and the largest sum of the sizes of the terms that make a value of it.
    private func valuesAndSize(_ quantity: NetworkValues.Quantity, l2: Double) -> ([Double], size: Double) {
        func sizes(_ numbers: [Double]) -> [Double] { numbers.map { abs($0) } }
        let normalizedSize = largest(unit.h) * unit.inverseStandardDeviation
        let ySize = abs(unit.gamma) * normalizedSize + abs(unit.beta)
        let hGradientSizes = unit.terms.map {
            abs(unit.factor) * (abs($0.direct) + abs($0.throughMean) + abs($0.throughVariance))
        }
        switch quantity {
        case .h:
            let sums = (0..<rowCount).map { sizes(Array(x.row($0))).dot(sizes(weight)) + abs(bias ?? 0) }
            return (unit.h, largest(sums))
        case .normalized: return (unit.normalized, normalizedSize)
        case .y: return (unit.y, ySize)
        case .a: return (unit.a, max(ySize, largest(unit.a)))
        case .betaGradient: return ([unit.betaGradient], sizes(unit.outputGradient).sum)
        case .gammaGradient:
            return ([unit.gammaGradient], sizes(unit.outputGradient).dot(sizes(unit.normalized)))
        case .hGradient: return (unit.inputGradient, largest(hGradientSizes))
        case .weightGradient:
            let gradient = zip(weightGradient(unit.inputGradient), weight).map { $0 + l2 * $1 }
            let sums = (0..<x.columns).map { d in
                (0..<rowCount).reduce(abs(l2 * weight[d])) { $0 + abs(x[$1, d]) * hGradientSizes[$1] }
            }
            return (gradient, largest(sums))
        }
    }
}

/// The largest size of numbers; not-a-number if one is.
package func largest(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0.isNaN || $1.isNaN ? .nan : max($0, abs($1)) }
}

/// A difference divided by the size of what differs; 0 for no difference.
package func relative(_ difference: Double, to size: Double) -> Double { difference == 0 ? 0 : difference / size }

extension ExplainedLayer {
    /// The example of docs/batch-norm-gradient.md: three rows, two inputs, one unit, ReLU.
    package static func workedExample(epsilon: Double = 0, gamma: Double = 2, beta: Double = 1) -> ExplainedLayer {
        ExplainedLayer(
            x: Matrix(rows: 3, columns: 2, [1, 0, 1, 3, 2, 8]), weight: [1, 1], bias: 0, gamma: gamma, beta: beta,
            epsilon: epsilon, activation: .relu, activationGradient: [3, -4, 2])
    }
}
