import NeuralNetwork
import TestSupport
import Testing

@Suite struct DropoutTests {
    /// What a SELU layer of 40,000 standard normal values hands on, and the mask.
    private func output(_ activation: Activation, _ p: Double) -> (LayerBuffers<Double>, Workspace<Double>) {
        let description = NetworkDescription(layers: [
            LayerDescription(
                inputs: 1, outputs: 1, normalization: nil, activation: activation, hasBias: false, dropout: p),
            LayerDescription(inputs: 1, outputs: 2, normalization: nil, activation: .identity, hasBias: false),
        ])
        let network = Network<Double>(description, initialization: .he, optimizer: Optimizer(), seed: 1)
        network.layers[0].weight.value[0, 0] = 1
        let workspace = Workspace<Double>(description, rows: 40_000, forTraining: true)
        var stream = RandomStream(seed: 1, purpose: .synthesis)
        for i in 0..<40_000 { workspace.input[i, 0] = stream.nextNormalPair().0 }
        _ = network.forward(workspace, .training(step: 0))
        return (workspace.layers[0], workspace)
    }

    /// The constants a and b of PyTorch's `AlphaDropout` (torch/nn/functional.py): a = ((alpha'^2 p + 1)(1 -
    /// p))^(-1/2).
    @Test func alphaDropoutHasPyTorchsConstants() throws {
        for (p, a, b) in [(0.1, 0.9212845161497115, 0.16197097005757022), (0.5, 0.886404894665932, 0.7791939305180317)]
        {
            let buffers = output(.selu, p).0, mask = try #require(buffers.dropout?.mask)
            let x = try #require(buffers.activation)
            let dropped = -1.7580993408473766 * a + b
            for i in 0..<100 {
                let expected = mask[i, 0] == 0 ? dropped : a * x[i, 0] + b
                #expect(mask[i, 0] == 0 || abs(mask[i, 0] - a) < 1e-14)
                #expect(abs(buffers.output[i, 0] - expected) < 1e-14)
            }
        }
    }

    /// Mean 0 and variance 1 are a fixed point of SELU, which alpha dropout keeps: 40,000 values tell them within 0.02.
    @Test func selfNormalizingLayersKeepTheirMoments() {
        for p in [0.05, 0.3, 0.8] {
            let distribution = Distribution(output(.selu, p).0.output)
            #expect(abs(distribution.mean) < 0.03 && abs(distribution.standardDeviation - 1) < 0.03)
        }
        #expect(Distribution(output(.relu, 0.3).0.output).minimum == 0)
    }
}
