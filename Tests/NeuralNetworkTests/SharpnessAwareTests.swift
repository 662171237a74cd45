import NeuralNetwork
import TestSupport
import Testing

/// The second gradient of a step, against one that is taken by hand.
@Suite struct SharpnessAwareTests {
    private func network(_ optimizer: Optimizer) -> (Network<Double>, Workspace<Double>) {
        let description = NetworkDescription(layers: [
            LayerDescription(
                inputs: 5, outputs: 6, normalization: batchNormalization(), activation: .tanh, hasBias: false,
                dropout: 0.3),
            LayerDescription(
                inputs: 6, outputs: 3, normalization: nil, activation: .identity, hasBias: true, frozen: [.bias]),
        ])
        let network = Network<Double>(
            description, initialization: .lecun, optimizer: optimizer, objective: Objective(l2: 0.01), seed: 3)
        let workspace = Workspace<Double>(description, rows: 12, forTraining: true)
        workspace.input.copy(from: randomMatrix(12, 5, seed: 4))
        for (i, label) in randomLabels(12, classes: 3, seed: 5).enumerated() { workspace.targets.labels[i] = label }
        return (network, workspace)
    }

    /// With the same masks of dropout, with l2, and without the frozen bias: g(p + rho T^2 g / norm(T g)).
    @Test(arguments: [false, true])
    func gradientIsThatOfTheNearbyPoint(isAdaptive: Bool) {
        let rho = 0.2, eta = 0.05
        let (found, workspace) = network(
            Optimizer(SGD(), sharpnessAware: SharpnessAware(rho: rho, isAdaptive: isAdaptive, eta: eta)))
        _ = found.forward(workspace, .training(step: 7))
        found.backward(workspace)
        found.update(workspace, rate: 0.25, t: 8)

        let (expected, other) = network(Optimizer(SGD()))
        _ = expected.forward(other, .training(step: 7))
        expected.backward(other)
        let trained = expected.layers.flatMap { layer in layer.parameters.filter { layer.trains($0) } }
        let start = trained.map { Array($0.value.elements) }
        func scale(_ p: Double, _ kind: ParameterKind) -> Double {
            isAdaptive && kind != .beta && kind != .bias ? abs(p) + eta : 1
        }
        var squares = 0.0
        for parameter in trained {
            for i in 0..<parameter.value.count {
                let scaled = scale(parameter.value.base[i], parameter.kind) * parameter.gradient.base[i]
                squares += scaled * scaled
            }
        }
        for parameter in trained {
            for i in 0..<parameter.value.count {
                let t = scale(parameter.value.base[i], parameter.kind)
                parameter.value.base[i] += rho * t * t * parameter.gradient.base[i] / squares.squareRoot()
            }
        }
        _ = expected.forward(other, .training(step: 7))
        expected.backward(other)
        let updated = found.layers.flatMap { layer in layer.parameters.filter { layer.trains($0) } }
        for ((parameter, other), values) in zip(zip(updated, trained), start) {
            for i in values.indices {
                let value = values[i] - 0.25 * other.gradient.base[i]
                #expect(abs(parameter.value.base[i] - value) < 1e-12, "\(parameter.kind)")
            }
        }
    }

    /// Running statistics are those of the first pass, as if there were no second.
    @Test func runningStatisticsMoveOnce() throws {
        func statistics(_ optimizer: Optimizer, isFused: Bool) throws -> [[Double]] {
            let (network, workspace) = network(optimizer)
            _ = network.forward(workspace, .training(step: 0))
            if isFused {
                network.backwardAndUpdate(workspace, rate: 0.1, t: 1)
            } else {
                network.backward(workspace)
                network.update(workspace, rate: 0.1, t: 1)
            }
            let running = try #require(network.layers[0].running)
            #expect(running.batchCount == 1)
            return [Array(running.mean.elements), Array(running.spread.elements)]
        }
        let plain = try statistics(Optimizer(), isFused: false)
        let aware = Optimizer(sharpnessAware: SharpnessAware(rho: 1))
        for isFused in [false, true] { #expect(try statistics(aware, isFused: isFused) == plain) }
    }
}
