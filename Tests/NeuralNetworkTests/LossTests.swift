import Foundation
import NeuralNetwork
import Testing

@Suite struct SoftmaxCrossEntropyTests {
    /// A network whose logits are its bias.
    private func result(logits: [Double], label: Int32) -> BatchResult {
        let description = NetworkDescription(layers: [
            LayerDescription(inputs: 1, outputs: logits.count, normalization: nil, activation: .identity, hasBias: true)
        ])
        let network = Network<Double>(description, initialization: .zeros, optimizer: Optimizer(), seed: 0)
        for (k, logit) in logits.enumerated() { network.layers[0].bias?.value[0, k] = logit }
        let workspace = Workspace<Double>(description, rows: 1, forTraining: false)
        workspace.targets.labels[0] = label
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
}
