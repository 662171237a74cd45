import NeuralNetwork
import TestSupport
import Testing

@Suite struct InitializationTests {
    private func layer<S: Scalar>(_ initialization: Initialization, seed: UInt64 = 1, as type: S.Type = S.self)
        -> Layer<S>
    {
        let description = NetworkDescription(layers: [
            LayerDescription(inputs: 300, outputs: 200, normalization: nil, activation: .identity, hasBias: true)
        ])
        return Network<S>(description, initialization: initialization, optimizer: Optimizer(), seed: seed)
            .layers[0]
    }

    private func weights<S: Scalar>(_ initialization: Initialization, seed: UInt64 = 1, as type: S.Type = S.self)
        -> Matrix<S>
    {
        layer(initialization, seed: seed, as: type).weight.value
    }

    private static let deviations: [(initialization: Initialization, deviation: Double)] = [
        (.he, squareRoot(2, 300)), (.xavier, squareRoot(2, 500)), (.lecun, squareRoot(1, 300)),
        (.normal(standardDeviation: 0.1), 0.1), (Initialization(.heUniform), squareRoot(2, 300)),
        (Initialization(.glorotUniform), squareRoot(2, 500)), (Initialization(.pytorch), squareRoot(1, 900)),
        (Initialization(.he, gain: .all(3)), squareRoot(18, 300)),
        (Initialization(.pytorch, gain: .each([0.5])), squareRoot(0.25, 900)),
    ]
    private static func squareRoot(_ a: Double, _ b: Double) -> Double { (a / b).squareRoot() }

    /// 60,000 draws: the sample deviation is within 5 / sqrt(2 * 60,000) = 1.5 % of the true one but once in 2 million
    /// seeds.
    @Test(arguments: deviations)
    func hasItsStandardDeviation(_ initialization: Initialization, deviation: Double) {
        let distribution = Distribution(weights(initialization, as: Double.self))
        #expect(abs(distribution.standardDeviation / deviation - 1) < 0.015)
        #expect(abs(distribution.mean) < 5 * deviation / 60_000.0.squareRoot())
    }

    /// The bounds of uniform ones; PyTorch's Linear draws biases too, within 1 / sqrt(D), which a gain leaves alone.
    @Test func uniformWeightsStayWithinTheirBounds() {
        for (kind, bound) in [
            (Initialization.Kind.heUniform, 6.0 / 300), (.glorotUniform, 6.0 / 500), (.pytorch, 1.0 / 300),
        ] {
            let layer = layer(Initialization(kind, gain: .all(2)), as: Double.self)
            let largest = layer.weight.value.elements.map(abs).max() ?? 0
            #expect(largest <= 2 * bound.squareRoot() && largest > 1.999 * bound.squareRoot())
            let bias = layer.bias?.value.elements.map(abs).max() ?? 0
            #expect(kind == .pytorch ? bias > 0.95 * bound.squareRoot() && bias <= bound.squareRoot() : bias == 0)
        }
    }

    /// Columns of a tall matrix, rows of a wide one: W^T W or W W^T is the identity.
    @Test(arguments: [(300, 200), (40, 90), (50, 50)])
    func orthogonalWeightsAreOrthonormal(inputs: Int, outputs: Int) {
        let description = NetworkDescription(layers: [
            LayerDescription(
                inputs: inputs, outputs: outputs, normalization: nil, activation: .identity, hasBias: false)
        ])
        let weight = Network<Double>(description, initialization: .orthogonal, optimizer: Optimizer(), seed: 3).layers[
            0
        ].weight.value
        let product =
            inputs >= outputs
            ? naiveProduct(weight, transposed: true, times: weight)
            : naiveProduct(weight, times: weight, rightTransposed: true)
        for i in 0..<product.rows {
            for j in 0..<product.columns { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 1e-14) }
        }
    }

    @Test func bothPrecisionsStartFromOneNetwork() {
        let double = weights(.he, as: Double.self), single = weights(.he, as: Float.self)
        #expect(zip(double.elements, single.elements).allSatisfy { Float($0) == $1 })
        let other = weights(.he, seed: 2, as: Double.self)
        #expect(relativeDistance(other, double) > 0.1)
        let zeros = weights(.zeros, as: Float.self)
        #expect(zeros.elements.allSatisfy { $0 == 0 })
    }
}
