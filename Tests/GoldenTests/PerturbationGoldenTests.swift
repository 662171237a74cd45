import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// Gradients of inputs and attacks that PyTorch computed: `Fixtures/make_perturbations.py` says what the file holds.
private let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Fixtures/perturbations.h5"
).path

/// One case's network with the batch that PyTorch has perturbed.
private struct AttackedNetwork<S: Scalar> {
    let file: HDF5File
    let group: String
    let network: Network<S>
    let workspace: Workspace<S>

    init(_ normalization: String, threads: Int = 1) throws {
        file = try HDF5File(path: golden)
        group = "cases/\(normalization)/"
        let kind: (any Normalization)? =
            switch normalization {
            case "batch": BatchNormalization()
            case "layer": layerNormalization()
            default: nil
            }
        let sizes = [6, 5, 4, 3]
        let description = NetworkDescription(
            layers: zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
                LayerDescription(
                    inputs: size.0, outputs: size.1, normalization: index < 2 ? kind : nil,
                    activation: index < 2 ? .tanh : .identity, hasBias: true, weightReparameterization: .none,
                    dropout: index < 2 ? 0.5 : 0)
            })
        network = Network(
            description, initialization: .zeros, optimizer: Optimizer(), seed: 0, pool: WorkerPool(threadCount: threads)
        )
        workspace = Workspace(description, rows: 20, forTraining: true)
        for (index, layer) in network.layers.enumerated() {
            for parameter in layer.parameters {
                try file.read("\(group)layer/\(index)/\(parameter.kind.rawValue)", into: parameter.value)
            }
            guard let running = layer.running else { continue }
            try file.read("\(group)layer/\(index)/running_mean", into: running.mean)
            try file.read("\(group)layer/\(index)/running_variance", into: running.spread)
        }
        try file.read("inputs", into: workspace.input)
        let labels: [Int32] = try file.dataset("labels").read()
        for (i, label) in labels.enumerated() { workspace.targets.labels[i] = label }
    }

    func values(_ path: String) throws -> [Double] { try file.dataset(group + path).read() }

    func perturbed(by perturbation: any Perturbation, _ mode: NormalizationMode) throws -> [Double] {
        try file.read("inputs", into: workspace.input)
        func room() -> Matrix<S> { Matrix(rows: 20, columns: 6) }
        perturbation.perturb(
            PerturbedBatch(
                network, workspace, mode: mode, room: (room(), room()), seed: 0, number: 0, firstRow: 0))
        return workspace.input.elements.map(Double.init)
    }
}

private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

@Suite struct PerturbationGoldenTests {
    /// The modes that are in the file; others of the running statistics are alike.
    private static let modes: [NormalizationMode] = [.running, .batch]

    /// Rounding of sums of at most 20 numbers near 1.
    @Test(arguments: ["none", "batch", "layer"], modes)
    func inputGradients(normalization: String, mode: NormalizationMode) throws {
        let attacked = try AttackedNetwork<Double>(normalization), gradient = Matrix<Double>(rows: 20, columns: 6)
        // A training pass leaves its dropout mask and moments behind, which an evaluation must not use.
        _ = attacked.network.forward(attacked.workspace, .training(step: 0))
        _ = attacked.network.forward(attacked.workspace, .evaluation(mode))
        attacked.network.differentiateInput(attacked.workspace, into: gradient)
        let expected = try attacked.values("\(mode.rawValue)/gradient")
        #expect(largestDifference(gradient.elements.map { $0 }, expected) < 1e-13)
    }

    /// Attacks follow the signs of gradients, none of which is near 0 here, so that rounding does not turn one.
    @Test(arguments: ["none", "batch", "layer"], modes)
    func attacks(normalization: String, mode: NormalizationMode) throws {
        let attacked = try AttackedNetwork<Double>(normalization)
        let bounds = PerturbationBounds(minimum: 0, maximum: 1)
        let sizes: [(PerturbationNorm, epsilon: Double, step: Double)] = [
            (.largest, 0.1, 0.03), (.euclidean, 0.3, 0.1),
        ]
        for (norm, epsilon, step) in sizes {
            let oneStep = FastGradientSign(epsilon: epsilon, norm, bounds: bounds)
            let steps = ProjectedGradientDescent(
                epsilon: epsilon, norm, steps: 7, stepSize: step, startsAtRandom: false, bounds: bounds)
            for perturbation in [oneStep, steps] as [any Perturbation] {
                let found = try attacked.perturbed(by: perturbation, mode)
                let expected = try attacked.values("\(mode.rawValue)/\(perturbation.kind)_\(norm.rawValue)")
                #expect(largestDifference(found, expected) < 1e-12, "\(perturbation.kind) \(norm)")
            }
        }
    }

    /// In float32 too, within its rounding.
    @Test func singlePrecision() throws {
        let attacked = try AttackedNetwork<Float>("batch")
        let found = try attacked.perturbed(
            by: FastGradientSign(epsilon: 0.1, bounds: PerturbationBounds(minimum: 0, maximum: 1)), .running)
        #expect(largestDifference(found, try attacked.values("running/fgsm_linf")) < 1e-6)
    }
}
