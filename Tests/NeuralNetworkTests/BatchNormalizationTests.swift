import NeuralNetwork
import TestSupport
import Testing

/// One linear layer with weight 1, so that h is the input, batch-normalized, and a softmax behind it.
private struct OneLayer {
    let network: Network<Double>
    let workspace: Workspace<Double>

    init(_ inputs: Matrix<Double>, _ normalization: any Normalization) {
        let features = inputs.columns
        let description = NetworkDescription(layers: [
            LayerDescription(
                inputs: features, outputs: features, normalization: normalization, activation: .identity, hasBias: false
            ),
            LayerDescription(inputs: features, outputs: 2, normalization: nil, activation: .identity, hasBias: true),
        ])
        network = Network(description, initialization: .zeros, optimizer: Optimizer(), seed: 0)
        for j in 0..<features { network.layers[0].weight.value[j, j] = 1 }
        workspace = Workspace(description, rows: inputs.rows, forTraining: true)
        workspace.input.copy(from: inputs)
    }

    /// The labels are all 0.
    func step(_ pass: Pass, updating: Int? = nil) {
        _ = network.forward(workspace, pass)
        guard let updating else { return }
        network.backward(workspace)
        network.update(workspace, rate: 0, t: updating)
    }
}

@Suite struct BatchNormalizationTests {
    /// By hand: the column 1, 2, 3, 6 has mean 3 and variance (4 + 1 + 0 + 9) / 4 = 3.5.
    @Test func workedExample() {
        let net = OneLayer(
            Matrix(rows: 4, columns: 1, [1, 2, 3, 6]),
            batchNormalization(epsilon: 0.5, initialGamma: 10, initialBeta: 1))
        net.step(.evaluation(.batch))
        #expect(Array(net.workspace.layers[0].normalization!.normalized.elements) == [-1, -0.5, 0, 1.5])
        #expect(Array(net.workspace.layers[0].preactivation.elements) == [-9, -4, 1, 16])
    }

    /// running = 0.9 running + 0.1 batch: mean 0.1 * 3; unbiased variance 3.5 * 4 / 3, so 0.9 + 0.1 * 14 / 3.
    @Test func runningStatisticsFollowTheirEquation() {
        let inputs = Matrix<Double>(rows: 4, columns: 1, [1, 2, 3, 6])
        let unbiased = OneLayer(inputs, batchNormalization())
        unbiased.step(.evaluation(.batch), updating: 1)
        #expect(abs(unbiased.network.layers[0].running!.mean[0, 0] - 0.3) < 1e-15)
        #expect(abs(unbiased.network.layers[0].running!.spread[0, 0] - (0.9 + 1.4 / 3)) < 1e-15)
        let biased = OneLayer(
            inputs, batchNormalization(running: RunningStatisticsDescription(initialVariance: 0, isUnbiased: false)))
        for t in 1...3 { biased.step(.evaluation(.batch), updating: t) }
        #expect(abs(biased.network.layers[0].running!.spread[0, 0] - 3.5 * (1 - 0.9 * 0.9 * 0.9)) < 1e-14)
    }

    @Test func aForwardPassLeavesRunningStatisticsAlone() {
        let net = OneLayer(randomMatrix(8, 3, seed: 1), batchNormalization())
        net.step(.evaluation(.batch))
        net.step(.evaluation(.running))
        #expect(Array(net.network.layers[0].running!.mean.elements) == [0, 0, 0])
        #expect(Array(net.network.layers[0].running!.spread.elements) == [1, 1, 1])
    }

    @Test func inferenceIsTheAffineMapOfTheRunningStatistics() {
        let inputs: Matrix<Double> = randomMatrix(5, 2, seed: 2)
        let net = OneLayer(inputs, batchNormalization(epsilon: 1e-3, initialGamma: 2, initialBeta: 0.5))
        let running = net.network.layers[0].running!
        (running.mean[0, 0], running.spread[0, 0], running.mean[0, 1], running.spread[0, 1]) = (0.25, 4, -1, 0.5)
        net.step(.evaluation(.running))
        for i in 0..<5 {
            for (j, (mean, variance)) in [(0.25, 4.0), (-1, 0.5)].enumerated() {
                let expected = 2 * (inputs[i, j] - mean) / (variance + 1e-3).squareRoot() + 0.5
                #expect(abs(net.workspace.layers[0].preactivation[i, j] - expected) < 1e-14)
            }
        }
    }

    /// dL/dh sums to 0 over the batch, since L does not change when all rows shift alike.
    @Test func theInputGradientSumsToZeroOverTheBatch() {
        let net = OneLayer(randomMatrix(16, 4, seed: 3), batchNormalization())
        let weight: Matrix<Double> = randomMatrix(4, 2, seed: 4)
        net.network.layers[1].weight.value.copy(from: weight)
        net.step(.evaluation(.batch), updating: 1)
        // X^T dL/dh with a column of ones in place of X sums it; here the weight gradient of a constant input feature.
        let constant = Matrix<Double>(rows: 16, columns: 4, (0..<64).map { $0 % 4 == 0 ? 1 : Double($0 * 7 % 13) })
        let shifted = OneLayer(constant, batchNormalization())
        shifted.network.layers[0].weight.value.copy(from: randomMatrix(4, 4, seed: 5))
        shifted.network.layers[1].weight.value.copy(from: weight)
        shifted.step(.evaluation(.batch), updating: 1)
        let gradient = shifted.network.layers[0].weight.gradient
        #expect(norm(gradient) > 1e-3)
        for j in 0..<4 { #expect(abs(gradient[0, j]) < 1e-15) }
    }

    /// 0.1 has no exact sum of three: a rounded mean would leave a spread, which a small epsilon would blow up.
    @Test(arguments: [1e-5, 1e-300]) func constantColumnsAndRowsAreNormalizedToZero(epsilon: Double) {
        let values = Matrix<Double>(rows: 3, columns: 3, Array(repeating: 0.1, count: 9))
        let kinds: [any Normalization] = [batchNormalization(epsilon: epsilon), layerNormalization(epsilon: epsilon)]
        for kind in kinds {
            let net = OneLayer(values, kind)
            net.step(.evaluation(.batch), updating: 1)
            #expect(net.workspace.layers[0].preactivation.elements.allSatisfy { $0 == 0 }, "\(kind)")
        }
    }

    @Test func constantFeaturesGiveFiniteGradients() {
        let net = OneLayer(Matrix(rows: 6, columns: 2, Array(repeating: 3, count: 12)), batchNormalization())
        net.step(.evaluation(.batch), updating: 1)
        #expect(net.workspace.layers[0].preactivation.elements.allSatisfy { $0 == 0 })
        #expect(net.network.layers[0].weight.gradient.elements.allSatisfy { $0.isFinite })
    }
}
