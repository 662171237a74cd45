import NeuralNetwork
import TestSupport
import Testing

/// Rules and projections that see whole parameters, against what their equations promise.
@Suite struct WholeUpdateTests {
    /// A network of three layers with gradients, before its first update.
    private func network(
        _ optimizer: Optimizer, frozen: Set<ParameterKind> = [],
        reparameterization: WeightReparameterization = .none
    ) -> (Network<Double>, Workspace<Double>) {
        let description = NetworkDescription(
            layers: [(7, 9), (9, 5), (5, 3)].map { inputs, outputs in
                LayerDescription(
                    inputs: inputs, outputs: outputs, normalization: nil, activation: outputs == 3 ? .identity : .tanh,
                    hasBias: true, weightReparameterization: reparameterization, frozen: frozen)
            })
        let network = Network<Double>(description, initialization: .lecun, optimizer: optimizer, seed: 1)
        let workspace = Workspace<Double>(description, rows: 10, forTraining: true)
        workspace.input.copy(from: randomMatrix(10, 7, seed: 2))
        for (i, label) in randomLabels(10, classes: 3, seed: 3).enumerated() { workspace.targets.labels[i] = label }
        return (network, workspace)
    }

    private func step(_ network: Network<Double>, _ workspace: Workspace<Double>, t: Int = 1) {
        _ = network.forward(workspace, .training(step: t - 1))
        network.backward(workspace)
        network.update(workspace, rate: 0.5, t: t)
    }

    /// The changes of all weights, with their first norms.
    private func changes(_ optimizer: Optimizer) -> [(norm: Double, change: Double)] {
        let (network, workspace) = network(optimizer)
        let before = network.layers.map { Array($0.weight.value.elements) }
        step(network, workspace)
        return zip(before, network.layers).map { old, layer in
            let change = zip(old, layer.weight.value.elements).map { $1 - $0 }
            return (length(old), length(change))
        }
    }

    private func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Without momentum and decay, norm(update) = rate c norm(W), whatever the gradient.
    @Test func updatesOfLARSAreAShareOfTheWeight() {
        for (norm, change) in changes(Optimizer(LARS(momentum: 0, trustCoefficient: 0.02))) {
            #expect(abs(change - 0.5 * 0.02 * norm) < 1e-14 * norm)
        }
    }

    /// norm(update) = rate norm(W), with weight decay too.
    @Test func updatesOfLAMBAreAsLargeAsTheWeight() {
        for (norm, change) in changes(Optimizer(LAMB(), weightDecay: 0.3)) {
            #expect(abs(change - 0.5 * norm) < 1e-14 * norm)
        }
    }

    /// What starts at 0 has no norm to follow: its rate is that of the rule.
    @Test func parametersOfNoLengthAreUpdated() {
        for rule in [LARS(momentum: 0, excluded: []), LAMB(excluded: [])] as [any OptimizerRule] {
            let (network, workspace) = network(Optimizer(rule))
            step(network, workspace)
            for layer in network.layers {
                #expect(layer.bias?.value.elements.allSatisfy { $0.isFinite && $0 != 0 } == true, "\(rule)")
            }
        }
    }

    /// A step of Muon moves a hidden weight along a matrix whose singular values are near 1, and AdamW the others by its
    /// own rate: lecun's 9 x 5 weight between hidden layers, and 7 x 9 and 5 x 3 beside it.
    @Test func updatesOfMuonAreNearlyOrthogonal() {
        let (network, workspace) = network(Optimizer(Muon()))
        let before = network.layers.map { Array($0.weight.value.elements) }
        step(network, workspace)
        let moved = zip(before, network.layers).map { old, layer in
            zip(old, layer.weight.value.elements).map { ($0 - $1) / 0.5 }
        }
        #expect(network.layers.map(\.weight.state.count) == [2, 1, 2])
        let gram = Matrix<Double>(rows: 5, columns: 5)
        for i in 0..<5 { for j in 0..<5 { for k in 0..<9 { gram[i, j] += moved[1][k * 5 + i] * moved[1][k * 5 + j] } } }
        for square in symmetricEigenvalues(gram) { #expect(square > 0.3 && square < 1.6) }
        // Adam's first step is the rate in every direction, here 0.001 / 0.02 of Muon's.
        for change in moved[0] + moved[2] { #expect(abs(abs(change) - 0.05) < 1e-4) }
    }

    /// Weights keep their norms over many updates, and the first one's direction is that of the update alone.
    @Test(arguments: [WeightReparameterization.none, .weightNorm, .weightStandardization])
    func projectionsKeepNorms(reparameterization: WeightReparameterization) {
        for projection in [WeightProjection.layer, .unit] {
            let (network, workspace) = network(
                Optimizer(SGD(momentum: 0.9), weightProjection: projection), reparameterization: reparameterization)
            let (plain, other) = self.network(Optimizer(SGD(momentum: 0.9)), reparameterization: reparameterization)
            func norms(_ network: Network<Double>) -> [Double] {
                network.layers.flatMap { layer -> [Double] in
                    let w = layer.weight.value
                    let columns = (0..<w.columns).map { j in length((0..<w.rows).map { w[$0, j] }) }
                    return projection == .unit ? columns : [length(columns)]
                }
            }
            let first = norms(network)
            step(network, workspace)
            step(plain, other)
            let w = network.layers[0].weight.value, v = plain.layers[0].weight.value
            let ratios = (0..<w.rows).map { w[$0, 2] / v[$0, 2] }
            #expect(ratios.allSatisfy { abs($0 - ratios[0]) < 1e-12 })
            for t in 2...20 { step(network, workspace, t: t) }
            for (found, expected) in zip(norms(network), first) { #expect(abs(found - expected) < 1e-13 * expected) }
        }
    }

    /// Frozen weights stay the same bits, also where a projection would round them.
    @Test func projectionsLeaveFrozenWeightsAlone() {
        let (network, workspace) = network(Optimizer(weightProjection: .unit), frozen: [.weight])
        let before = network.layers.map { Array($0.weight.value.elements) }
        for t in 1...5 { step(network, workspace, t: t) }
        #expect(network.layers.map { Array($0.weight.value.elements) } == before)
    }

    /// The measured size of an update is that of all it changes, its projection too.
    @Test func updateNormsCoverProjections() {
        let (network, workspace) = network(Optimizer(weightProjection: .unit))
        let norms = UpdateNorms(network), before = network.layers.map { Array($0.weight.value.elements) }
        _ = network.forward(workspace, .training(step: 0))
        network.backward(workspace)
        network.update(workspace, rate: 0.5, t: 1, changes: norms)
        for (index, layer) in network.layers.enumerated() {
            let change = length(zip(before[index], layer.weight.value.elements).map { $1 - $0 })
            #expect(abs(norms.norms[index][0] - change) < 1e-14)
        }
    }
}
