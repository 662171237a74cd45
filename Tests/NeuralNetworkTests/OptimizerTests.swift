import Foundation
import NeuralNetwork
import Testing

/// Three updates of a single weight against the equations, written out with Foundation's functions.
@Suite struct OptimizerTests {
    /// A softmax of two logits with one input 1: its weights follow the optimizer; the naive rule gets the same
    /// gradients.
    private func compare(_ rule: any OptimizerRule, rate: Double, _ equation: (inout [Double], Double, Int) -> Double) {
        let description = NetworkDescription(layers: [
            LayerDescription(inputs: 1, outputs: 2, normalization: nil, activation: .identity, hasBias: false)
        ])
        let network = Network<Double>(description, initialization: .zeros, optimizer: Optimizer(rule), seed: 0)
        let workspace = Workspace<Double>(description, rows: 1, forTraining: true)
        workspace.input[0, 0] = 1
        let weight = network.layers[0].weight
        var state = [0.0, 0.0], expected = 0.0
        for t in 1...5 {
            _ = network.forward(workspace, .training(step: t - 1))
            network.backward(workspace)
            expected -= equation(&state, weight.gradient[0, 0], t)
            network.update(workspace, rate: rate, t: t)
            #expect(abs(weight.value[0, 0] - expected) < 1e-15, "update \(t)")
        }
        #expect(expected > 0)
    }

    @Test func gradientDescent() { compare(SGD(), rate: 0.5) { _, g, _ in 0.5 * g } }

    @Test func momentum() {
        compare(SGD(momentum: 0.9), rate: 0.5) { state, g, _ in
            state[0] = 0.9 * state[0] + g
            return 0.5 * state[0]
        }
    }

    @Test func nesterov() {
        compare(SGD(momentum: 0.9, nesterov: true), rate: 0.5) { state, g, _ in
            state[0] = 0.9 * state[0] + g
            return 0.5 * (g + 0.9 * state[0])
        }
    }

    @Test func rmsprop() {
        compare(RMSProp(decay: 0.99, epsilon: 1e-8, momentum: 0), rate: 0.01) { state, g, _ in
            state[0] = 0.99 * state[0] + 0.01 * g * g
            return 0.01 * g / (sqrt(state[0]) + 1e-8)
        }
        compare(RMSProp(decay: 0.9, epsilon: 1e-6, momentum: 0.5), rate: 0.01) { state, g, _ in
            state[0] = 0.9 * state[0] + 0.1 * g * g
            state[1] = 0.5 * state[1] + g / (sqrt(state[0]) + 1e-6)
            return 0.01 * state[1]
        }
    }

    @Test func adam() {
        compare(Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8), rate: 0.01) { state, g, t in
            state[0] = 0.9 * state[0] + 0.1 * g
            state[1] = 0.999 * state[1] + 0.001 * g * g
            return 0.01 / (1 - pow(0.9, Double(t))) * state[0]
                / (sqrt(state[1]) / sqrt(1 - pow(0.999, Double(t))) + 1e-8)
        }
    }

    @Test func lion() {
        compare(Lion(beta1: 0.9, beta2: 0.99), rate: 0.01) { state, g, _ in
            let c = 0.9 * state[0] + 0.1 * g
            state[0] = 0.99 * state[0] + 0.01 * g
            return 0.01 * (c > 0 ? 1 : -1)
        }
    }

    /// A gradient that is not a number must not look like one of 0.
    @Test func lionKeepsWhatIsNotANumber() {
        let description = NetworkDescription(layers: [
            LayerDescription(inputs: 1, outputs: 2, normalization: nil, activation: .identity, hasBias: false)
        ])
        let network = Network<Double>(description, initialization: .zeros, optimizer: Optimizer(Lion()), seed: 0)
        let workspace = Workspace<Double>(description, rows: 1, forTraining: true)
        workspace.input[0, 0] = .nan
        _ = network.forward(workspace, .training(step: 0))
        network.backward(workspace)
        network.update(workspace, rate: 0.1, t: 1)
        #expect(!network.layers[0].weight.value.elements.contains { !$0.isNaN })
    }
}
