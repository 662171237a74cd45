import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// A network with blocks of hidden layers, as a config describes it.
func residualNetwork(
    _ blocks: ResidualBlocks, hidden: [Int], inputs: Int = 4, outputs: Int = 3, activation: Activation = .tanh,
    normalization: (any Normalization)? = nil, hasBias: Bool = true, dropout: Double = 0,
    weights: WeightReparameterization = .none
) -> NetworkDescription {
    let sizes = [inputs] + hidden + [outputs]
    return NetworkDescription(
        layers: zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
            let isHidden = index < hidden.count
            return LayerDescription(
                inputs: size.0, outputs: size.1, normalization: isHidden ? normalization : nil,
                activation: isHidden ? activation : .identity, hasBias: hasBias, weightReparameterization: weights,
                dropout: isHidden ? dropout : 0, skip: blocks.skip(endingIn: index, hiddenCount: hidden.count),
                initialScale: blocks.initialScale(ofLayer: index, hiddenCount: hidden.count))
        })
}

/// Networks of every form of block, each with what is special about it.
func residualNetworks(_ placement: ResidualBlocks.Placement) -> [(String, NetworkDescription)] {
    let normalizations: [(any Normalization)?] = [
        nil, batchNormalization(), batchNormalization(placement: .afterActivation), layerNormalization(),
        batchNormalization(dividesByDeviation: false),
        batchNormalization(noise: NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)),
    ]
    var networks = normalizations.flatMap { normalization in
        [(1, 1.0, false), (2, -0.7, false), (2, 0.4, true)].map { every, factor, trains in
            (
                "\(placement), \(String(describing: normalization)), \(every), \(factor), \(trains)",
                residualNetwork(
                    ResidualBlocks(every: every, factor: factor, trainsFactor: trains, placement: placement),
                    hidden: [4, every == 1 ? 4 : 5, 4], normalization: normalization)
            )
        }
    }
    let two = ResidualBlocks(every: 2, factor: 0.4, trainsFactor: true, placement: placement)
    networks += [
        ("dropout", residualNetwork(two, hidden: [4, 3, 4, 5, 4], normalization: batchNormalization(), dropout: 0.3)),
        ("weight norm", residualNetwork(two, hidden: [4, 3, 4], weights: .weightNorm)),
    ]
    return networks
}

@Suite struct ResidualTests {
    private struct Passed {
        let network: Network<Double>
        let workspace: Workspace<Double>
        let loss: Double

        init(_ description: NetworkDescription, _ initialization: Initialization = .he) {
            network = Network(description, initialization: initialization, optimizer: Optimizer(), seed: 3)
            workspace = Workspace(description, rows: 6, forTraining: true)
            workspace.input.copy(from: randomMatrix(6, description.inputs, seed: 1))
            for (i, label) in randomLabels(6, classes: description.outputs, seed: 2).enumerated() {
                workspace.targets.labels[i] = label
            }
            loss = network.forward(workspace, .training(step: 0)).loss
        }
    }

    private func values(_ matrix: Matrix<Double>) -> [Double] { Array(matrix.elements) }
    private func sum(_ a: Matrix<Double>, _ factor: Double, _ b: Matrix<Double>) -> [Double] {
        zip(values(a), values(b)).map { $0 + factor * $1 }
    }

    /// The equations of docs/architecture.md, site by site.
    @Test func theSumStandsBeforeNormalizationAndActivation() throws {
        for placement in ResidualBlocks.Placement.allCases {
            let blocks = ResidualBlocks(every: 2, factor: 0.5, placement: placement)
            for normalization in [nil, batchNormalization()] {
                let passed = Passed(residualNetwork(blocks, hidden: [4, 5, 4, 5, 4], normalization: normalization))
                let layers = passed.workspace.layers
                for (end, source) in [(2, 0), (4, 2)] {
                    let x = placement == .pre ? layers[source].sum ?? layers[source].linear : layers[source].output
                    let s = try #require(layers[end].sum)
                    #expect(values(s) == sum(x, 0.5, layers[end].linear))
                    if normalization == nil { #expect(layers[end].preactivation === s) }
                    let activated = values(layers[end].preactivation).map { tanh($0) }
                    #expect(zip(activated, values(layers[end].output)).allSatisfy { abs($0 - $1) < 1e-15 })
                }
                #expect(layers[1].sum == nil && layers[3].sum == nil && layers[5].sum == nil)
            }
        }
    }

    /// With a factor of 0 the blocks of `pre` are the identity: what is left is the first and the output layer.
    @Test func aBranchTimesZeroIsTheIdentity() {
        let blocks = ResidualBlocks(every: 1, factor: 0)
        let deep = Passed(residualNetwork(blocks, hidden: [4, 4, 4], normalization: batchNormalization()))
        let shallow = Passed(residualNetwork(blocks, hidden: [4], normalization: batchNormalization()))
        shallow.network.layers[1].weight.value.copy(from: deep.network.layers[3].weight.value)
        #expect(shallow.network.forward(shallow.workspace, .training(step: 0)).loss == deep.loss)
    }

    /// SkipInit: at 0 the branch's weights have no gradient and the factor has one, so that training opens the branch.
    @Test func aTrainedFactorLeavesZero() {
        let blocks = ResidualBlocks(every: 2, factor: 0, trainsFactor: true)
        let passed = Passed(residualNetwork(blocks, hidden: [4, 4, 4])), network = passed.network
        network.backward(passed.workspace)
        #expect(values(network.layers[1].weight.gradient).allSatisfy { $0 == 0 })
        network.update(passed.workspace, rate: 0.1, t: 1)
        let factor = network.layers[2].parameters.first { $0.kind == .factor }
        #expect(factor.map { $0.value[0, 0] != 0 && $0.value.count == 1 } == true)
        #expect(network.description.layers[2].parameterCount == 4 * 4 + 4 + 1)
    }

    /// Rules 1 and 2 of Fixup with L = 3 blocks of m = 3 layers: L^(-1/4) of the standard deviation, and zeros.
    @Test func fixupScalesWeights() {
        let hidden = [Int](repeating: 60, count: 10)
        func weights(_ isFixup: Bool) -> [Matrix<Double>] {
            let description = residualNetwork(
                ResidualBlocks(every: 3, isFixup: isFixup), hidden: hidden, inputs: 60, outputs: 60)
            return Network<Double>(description, initialization: .he, optimizer: Optimizer(), seed: 1).layers.map(
                \.weight.value)
        }
        for (layer, (plain, fixup)) in zip(weights(false), weights(true)).enumerated() {
            let scale = layer == 0 ? 1 : [3, 6, 9, 10].contains(layer) ? 0 : pow(3, -0.25)
            #expect(
                zip(values(plain), values(fixup)).allSatisfy { abs(scale * $0 - $1) <= 1e-15 }, "layer \(layer)")
        }
        #expect(ResidualBlocks(every: 1, isFixup: true).initialScale(ofLayer: 1, hiddenCount: 3) == 0)
    }

    /// The sum carries a bias on to every later block of `pre`, where a layer that does not subtract the mean keeps it.
    @Test func aBiasIsCancelledOnlyWhereItIsSubtractedEverywhere() {
        let pre = ResidualBlocks(every: 1), post = ResidualBlocks(every: 1, placement: .post)
        for (blocks, cancelled) in [(pre, [false, false, false]), (post, [true, true, false])] {
            var network = residualNetwork(blocks, hidden: [4, 4, 4], normalization: batchNormalization())
            network.layers[2].normalization = layerNormalization()
            #expect((0..<3).map { network.cancelsBias(ofLayer: $0) } == cancelled)
            network.layers[2].normalization = batchNormalization()
            #expect((0..<3).allSatisfy { network.cancelsBias(ofLayer: $0) })
        }
    }
}
