import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// `NumpyLegacyStream` against NumPy, and the numbers that the course's notebook prints with it.
@Suite struct NumpyLegacyTests {
    private struct Case: Decodable {
        let seed: UInt32
        let uniform: [Double]
        let normal: [Double]
        let indices: [String: [Int]]
        let laterUniform: [Double]
        let laterNormal: [Double]
    }

    /// `Fixtures/make_numpy_legacy.py` says how the file is made.
    private static let cases: [Case] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/numpy_legacy.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return (try? decoder.decode([Case].self, from: Data(contentsOf: file))) ?? []
    }()

    @Test func drawsWhatNumPyDraws() {
        #expect(Self.cases.count == 5)
        for expected in Self.cases {
            var stream = NumpyLegacyStream(seed: expected.seed)
            #expect((0..<5).map { _ in stream.nextUniform() } == expected.uniform, "seed \(expected.seed)")
            #expect(stream.normals(7) == expected.normal, "seed \(expected.seed)")
            for bound in [2, 10, 16, 1000, 65537] {
                let indices = (0..<6).map { _ in stream.nextIndex(below: bound) }
                #expect(indices == expected.indices["\(bound)"], "seed \(expected.seed), below \(bound)")
            }
            #expect((0..<1000).map { _ in stream.nextUniform() }.suffix(3) == expected.laterUniform[...])
            #expect(stream.normals(3) == expected.laterNormal)
        }
    }

    /// The cell "Fully Connected Nets with Batch Normalization" of the notebook BatchNormalization prints the initial losses
    /// 2.2611955101340957 (reg 0) and 6.996533220108303 (reg 3.14): of three layers with normal weights times 0.05.
    ///
    /// With two rows (h - mean) / std loses digits, and NumPy sums in another order: 1e-12 are a few units in the last place
    /// times that loss.
    @Test func printsTheLossesOfTheNotebook() {
        var stream = NumpyLegacyStream(seed: 231)
        let rows = 2, widths = [15, 20, 30, 10]
        let inputs = stream.normals(rows * widths[0])
        let labels = (0..<rows).map { _ in Int32(stream.nextIndex(below: 10)) }
        let layers = (0..<3).map { index in
            LayerDescription(
                inputs: widths[index], outputs: widths[index + 1],
                normalization: index < 2 ? batchNormalization() : nil, activation: index < 2 ? .relu : .identity,
                hasBias: true)
        }
        let description = NetworkDescription(layers: layers)
        for (regularization, expected) in [(0, 2.2611955101340957), (3.14, 6.996533220108303)] {
            let network = Network<Double>(
                description, initialization: .zeros, optimizer: Optimizer(SGD()),
                objective: Objective(l2: regularization), seed: 0)
            for layer in network.layers {
                let weight = layer.weight.value
                for (place, value) in stream.normals(weight.count).enumerated() { weight.base[place] = 5e-2 * value }
            }
            let workspace = Workspace<Double>(description, rows: rows, forTraining: true)
            for (place, value) in inputs.enumerated() { workspace.input.base[place] = value }
            for (row, label) in labels.enumerated() { workspace.targets.labels[row] = label }
            let loss = network.forward(workspace, .training(step: 0)).loss + network.regularizationLoss()
            #expect(abs(loss - expected) < 1e-12 * expected, "reg \(regularization): \(loss)")
        }
    }
}
