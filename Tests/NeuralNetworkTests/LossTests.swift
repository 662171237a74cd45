import Foundation
import NeuralNetwork
import Testing

@Suite struct SoftmaxCrossEntropyTests {
    /// A network whose logits are its bias.
    ///
    /// - Parameter targets: in place of a label.
    private func result(
        logits: [Double], label: Int32 = 0, targets: [Double]? = nil, _ objective: Objective = Objective()
    ) -> BatchResult {
        let description = NetworkDescription(layers: [
            LayerDescription(inputs: 1, outputs: logits.count, normalization: nil, activation: .identity, hasBias: true)
        ])
        let network = Network<Double>(
            description, initialization: .zeros, optimizer: Optimizer(), objective: objective, seed: 0)
        for (k, logit) in logits.enumerated() { network.layers[0].bias?.value[0, k] = logit }
        let workspace = Workspace<Double>(description, rows: 1, forTraining: false, valueCount: targets?.count)
        if let targets {
            for (k, target) in targets.enumerated() { workspace.targets.values?[0, k] = target }
        } else {
            workspace.targets.labels[0] = label
        }
        return network.forward(workspace, .evaluation(.running))
    }

    @Test func workedExamples() {
        #expect(abs(result(logits: [0, 0, 0, 0], label: 2).loss - log(4)) < 1e-15)
        let ratio = result(logits: [log(3), 0], label: 0)  // p = 3/4
        #expect(abs(ratio.loss + log(0.75)) < 1e-15 && ratio.correctCount == 1)
        #expect(result(logits: [1, 1], label: 1).correctCount == 0)  // the first of equals
    }

    @Test func neverOverflows() {
        #expect(result(logits: [1e4, 0], label: 0).loss == 0)
        #expect(result(logits: [1e4, 0], label: 1).loss == 1e4)
        #expect(result(logits: [-1e300, 1e300], label: 0).loss == 2e300)
        #expect(result(logits: [.nan, 0], label: 1).loss.isNaN)
        #expect(!result(logits: [.infinity, 0], label: 1).loss.isFinite)
    }

    /// Against probabilities the loss is the label's where one of them is 1, and is least, their entropy, where both are
    /// the same.
    @Test func rowsOfProbabilities() {
        #expect(result(logits: [log(3), 0], targets: [1, 0]).loss == result(logits: [log(3), 0], label: 0).loss)
        let same = result(logits: [log(3), 0], targets: [0.75, 0.25])
        #expect(abs(same.loss + 0.75 * log(0.75) + 0.25 * log(0.25)) < 1e-15 && same.correctCount == 1)
        #expect(result(logits: [log(3), 0], targets: [0.25, 0.75]).correctCount == 0)
        #expect(result(logits: [-.infinity, 0], targets: [0, 1]).loss == 0)
    }

    /// Each output is a class of its own; the mean over outputs.
    @Test func sigmoidCrossEntropy() {
        let objective = Objective(.sigmoidCrossEntropy)
        let even = result(logits: [0, 0, 0], targets: [1, 0, 1], objective)
        #expect(abs(even.loss - log(2)) < 1e-15 && even.correctCount == 0)
        let sure = result(logits: [1e4, -1e4, 1e4], targets: [1, 0, 1], objective)
        #expect(sure.loss == 0 && sure.correctCount == 1)
        #expect(result(logits: [1e4, -1e4], targets: [0, 0], objective).loss == 5e3)
        let quarter = result(logits: [-log(3)], targets: [0.25], Objective(.sigmoidCrossEntropy, reduction: .sum))
        #expect(abs(quarter.loss + 0.75 * log(0.75) + 0.25 * log(0.25)) < 1e-15)
        #expect(result(logits: [.nan], targets: [1], objective).loss.isNaN)
    }
}
