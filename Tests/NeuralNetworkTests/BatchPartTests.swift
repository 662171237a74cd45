import NeuralNetwork
import TestSupport
import Testing

@Suite struct BatchPartTests {
    /// Rows that are normalized by themselves, or in ghost batches of which a part has whole ones, have the same gradients
    /// in parts of a batch as in all of it, with the same dropout and noise.
    @Test(arguments: [false, true]) func partsOfABatchHaveItsDropoutAndNoise(isGhostBatch: Bool) {
        let noise = NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)
        let net = CheckedNetwork(
            rows: 12, normalization: isGhostBatch ? ghostBatch(size: 3) : layerNormalization(noise: noise),
            dropout: 0.3)
        let parameters = net.network.layers.flatMap(\.parameters)
        _ = net.network.forward(net.workspace, .training(step: 7))
        net.network.backward(net.workspace)
        let whole = parameters.map { Array($0.gradient.elements) }
        var sums = whole.map { $0.map { _ in 0.0 } }
        let part = Workspace<Double>(net.network.description, rows: 3, forTraining: true)
        for start in stride(from: 0, to: 12, by: 3) {
            part.copyRows(start..<start + 3, from: net.workspace)
            _ = net.network.forward(part, .training(step: 7))
            net.network.backward(part)
            for (place, parameter) in parameters.enumerated() {
                for i in sums[place].indices { sums[place][i] += parameter.gradient.base[i] / 4 }
            }
        }
        for (sum, expected) in zip(sums, whole) {
            for (a, b) in zip(sum, expected) { #expect(abs(a - b) < 1e-14) }
        }
        #expect(whole.contains { $0.contains { $0 != 0 } })
    }

    @Test func skippedWordsAreThoseThatAreNotDrawn() {
        for first in 0..<6 {
            for count in 0..<11 {
                var drawn = RandomStream(seed: 3, purpose: .dropout, index: 1, step: 2), skipped = drawn
                for _ in 0..<first { #expect(drawn.nextWord() == skipped.nextWord()) }
                for _ in 0..<count { _ = drawn.nextWord() }
                skipped.skip(count)
                for _ in 0..<6 { #expect(drawn.nextWord() == skipped.nextWord(), "\(count) after \(first)") }
            }
        }
    }
}
