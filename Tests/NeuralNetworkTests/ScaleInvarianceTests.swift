import Foundation
import NeuralNetwork
import TestSupport
import Testing

@Suite struct ScaleInvarianceTests {
    /// A network says of each weight what its outputs say: the larger epsilon is, the less they agree, so it is small
    /// here.
    @Test(arguments: [Activation.relu, .tanh], [WeightReparameterization.none, .weightNorm, .weightStandardization])
    func networksKnowWhichWeightsHaveAScale(activation: Activation, weights: WeightReparameterization) throws {
        let kinds: [(any Normalization)?] = [
            nil, batchNormalization(epsilon: 1e-12), batchNormalization(epsilon: 1e-12, subtractsMean: false),
            batchNormalization(epsilon: 1e-12, dividesByDeviation: false),
            batchNormalization(epsilon: 1e-12, placement: .afterActivation), ghostBatch(size: 3, epsilon: 1e-12),
            layerNormalization(epsilon: 1e-12), layerNormalization(epsilon: 1e-12, placement: .afterActivation),
            rms(epsilon: 1e-12), DynamicTanh(),
        ]
        for kind in kinds {
            for hasBias in [false, true] {
                check(
                    CheckedNetwork(activation: activation, normalization: kind, hasBias: hasBias, weights: weights),
                    isStandardized: weights == .weightStandardization)
            }
        }
    }

    @Test(arguments: ResidualBlocks.Placement.allCases) func sumsTakeTheScaleOn(placement: ResidualBlocks.Placement) {
        let blocks = ResidualBlocks(every: 2, factor: 0.7, trainsFactor: false, placement: placement)
        let kinds: [any Normalization] = [batchNormalization(epsilon: 1e-12), layerNormalization(epsilon: 1e-12)]
        for normalization in kinds {
            check(
                CheckedNetwork(
                    residualNetwork(
                        blocks, hidden: [4, 5, 4, 5, 4], activation: .relu, normalization: normalization, hasBias: false
                    )))
        }
    }

    private func check(_ net: CheckedNetwork, isStandardized: Bool = false) {
        GradientCheck(net.network, net.workspace, sampleCount: 1, seed: 5).leaveInitialValues()
        let description = net.network.description
        for (index, layer) in net.network.layers.enumerated() {
            let loss = net.network.forward(net.workspace, .training(step: 0)).loss
            for i in 0..<layer.weight.value.count { layer.weight.value.base[i] *= 2 }
            let scaled = net.network.forward(net.workspace, .training(step: 0)).loss
            // Weight standardization has an epsilon of its own, 1e-5.
            let isSame = abs(loss - scaled) < (isStandardized ? 1e-3 : 1e-9)
            #expect(
                isSame == description.isScaleInvariant(layer: index),
                "\(layer.description), layer \(index): \(loss), then \(scaled)")
        }
    }

    /// Small angles keep their digits, and those of vectors that only grow or shrink are 0.
    @Test func anglesOfUpdates() throws {
        for angle in [1e-9, 1e-4, 0.5, 2, 3.1] {
            // From (3, 0) to a vector of length 5 at the angle.
            let change = (5 * cos(angle) - 3, 5 * sin(angle))
            let found = try #require(
                angularUpdate(
                    norm: 3, changeNorm: hypot(change.0, change.1), product: 3 * change.0))
            #expect(abs(found - angle) < 1e-7 * angle + 4e-8, "\(angle): \(found)")
        }
        let turned = try #require(angularUpdate(norm: 2, changeNorm: 1e-9, product: 0))
        #expect(abs(turned - 5e-10) < 1e-22)
        #expect(angularUpdate(norm: 2, changeNorm: 0, product: 0) == 0)
        #expect(angularUpdate(norm: 2, changeNorm: 1, product: -2) == 0)
        #expect(angularUpdate(norm: 2, changeNorm: 2, product: -4) == nil)
        #expect(angularUpdate(norm: 0, changeNorm: 1, product: 0) == nil)
        #expect(angularUpdate(norm: .infinity, changeNorm: 1, product: 0) == nil)
    }
}
