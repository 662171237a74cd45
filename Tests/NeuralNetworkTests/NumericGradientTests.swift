import Matrices
import NeuralNetwork
import TestSupport
import Testing

/// Every layer, activation and normalization setting, each in a whole network: analytic against numeric gradients in float64.
@Suite struct NumericGradientTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var activation: Activation
        var normalization: BatchNormalization?
        var hasBias: Bool
        var hidden: [Int]
        var rows = 6
        var testDescription: String {
            "\(activation.rawValue), \(normalization.map { "BN eps \($0.epsilon) scale \($0.hasScale) shift \($0.hasShift)" } ?? "no BN"), "
                + "bias \(hasBias), hidden \(hidden), \(rows) rows"
        }
    }

    static let normalizations: [BatchNormalization?] = [
        nil, BatchNormalization(), BatchNormalization(epsilon: 0.5, initialGamma: 0.3, initialBeta: -0.2),
        BatchNormalization(hasScale: false), BatchNormalization(hasShift: false), BatchNormalization(hasScale: false, hasShift: false),
    ]
    static let cases: [Case] =
        Activation.allCases.flatMap { activation in
            normalizations.flatMap { normalization in
                [true, false].map { Case(activation: activation, normalization: normalization, hasBias: $0, hidden: [5, 4]) }
            }
        } + [
            Case(activation: .relu, normalization: nil, hasBias: true, hidden: []),
            Case(activation: .tanh, normalization: BatchNormalization(), hasBias: false, hidden: [4, 4, 4], rows: 40),
            Case(activation: .sigmoid, normalization: BatchNormalization(), hasBias: false, hidden: [3], rows: 2),
        ]

    @Test(arguments: cases)
    func everyParameterGradientAgrees(_ test: Case) throws {
        let sizes = [4] + test.hidden + [3]
        let description = NetworkDescription(
            layers: zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
                let isHidden = index < test.hidden.count
                return LayerDescription(
                    inputs: size.0, outputs: size.1, normalization: isHidden ? test.normalization : nil,
                    activation: isHidden ? test.activation : .identity, hasBias: test.hasBias || !isHidden)
            })
        let network = Network<Double>(
            description, initialization: .normal(standardDeviation: 0.7), optimizer: .sgd(momentum: 0, nesterov: false), seed: 11)
        let workspace = Workspace<Double>(description, rows: test.rows, forTraining: true)
        let inputs: Matrix<Double> = randomMatrix(test.rows, 4, seed: 12)
        workspace.input.copy(from: inputs)
        let labels = randomLabels(test.rows, classes: 3, seed: 13)
        labels.withUnsafeBufferPointer { labels in
            _ = network.forward(workspace, labels: labels, mode: .batch)
            network.backward(workspace, labels: labels)
            for (index, layer) in network.layers.enumerated() {
                for parameter in layer.parameters {
                    let analytic = Matrix<Double>(rows: parameter.value.rows, columns: parameter.value.columns, Array(parameter.gradient.elements))
                    // A step of 1e-3 balances the differences' error (step^4) and rounding (2^-52 / step); the seeds keep ReLU's
                    // inputs further than 2e-3 away from 0.
                    let error = gradientError(analytic: analytic, value: parameter.value, step: 2e-4) {
                        network.forward(workspace, labels: labels, mode: .batch).loss
                    }
                    #expect(error <= 1e-7, "layer \(index) \(parameter.kind.rawValue): \(error)")
                }
            }
        }
    }

    /// With momentum 0 at rate 1 the update is the negative gradient, so that `update` can be checked like any other term.
    @Test func biasBeforeBatchNormalizationHasNoGradient() {
        let layer = LayerDescription(inputs: 4, outputs: 5, normalization: BatchNormalization(), activation: .sigmoid, hasBias: true)
        let output = LayerDescription(inputs: 5, outputs: 3, normalization: nil, activation: .identity, hasBias: true)
        let description = NetworkDescription(layers: [layer, output])
        let network = Network<Double>(description, initialization: .he, optimizer: .sgd(momentum: 0, nesterov: false), seed: 3)
        let workspace = Workspace<Double>(description, rows: 8, forTraining: true)
        let inputs: Matrix<Double> = randomMatrix(8, 4, seed: 4)
        workspace.input.copy(from: inputs)
        randomLabels(8, classes: 3, seed: 5).withUnsafeBufferPointer { labels in
            _ = network.forward(workspace, labels: labels, mode: .batch)
            network.backward(workspace, labels: labels)
        }
        let gradient = network.layers[0].bias?.gradient.elements.map { abs($0) } ?? [1]
        #expect(gradient.allSatisfy { $0 < 1e-16 })
    }
}
