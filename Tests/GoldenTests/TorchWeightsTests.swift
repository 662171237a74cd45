import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing
import Training

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

/// States of `nn.Sequential` that PyTorch wrote: `Fixtures/make_torch_weights.py` says what the files hold.
@Suite struct TorchWeightsTests {
    private static let names = ["plain", "batch", "batch_float64", "batch_after", "layer", "rms", "weight_norm"]

    private func plan(_ model: String, _ precision: String, weights: String) throws -> RunPlan {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("c.json").path
            let data = fixtures.appendingPathComponent("golden.h5").path
            try """
            {"data": {"file": "\(data)", "train": {"inputs": "data/inputs", "targets": "data/labels"},
             "shuffle": false},
             "precision": "\(precision)", "model": \(model), "training": {"steps": 0, "batch_size": 20},
             "optimizer": {"kind": "sgd", "learning_rate": 0.1}, "loss": {"kind": "softmax_cross_entropy"}}
            """.write(toFile: path, atomically: true, encoding: .utf8)
            var request = ConfigRequest(path: path)
            request.overrides = ["model.initial_weights=\(weights)"]
            return try planRun(loadConfig(request))
        }
    }

    /// The network that is filled from PyTorch's file gives PyTorch's outputs, and written again the file has the
    /// same module and the same bits.
    @Test(arguments: names) func networkOfPyTorchGivesItsOutputsAndGoesBack(name: String) throws {
        let path = fixtures.appendingPathComponent("torch/\(name).safetensors").path
        let file = try SafetensorsFile(path: path)
        let model = try #require(file.metadata["model"]), precision = try #require(file.metadata["precision"])
        let outputs = try JSONDecoder().decode(
            [[Double]].self, from: Data(try #require(file.metadata["outputs"]).utf8))
        func check<S: Scalar>(_: S.Type, tolerance: Double) throws {
            let plan = try plan(model, precision, weights: path)
            let network: Network<S> = try makeNetwork(plan, pool: .single)
            let workspace = Workspace<S>(
                plan.network, rows: 20, forTraining: false, valueCount: plan.data.valueCount)
            let loader = BatchLoader<S>(plan.data.train.data, scaling: plan.data.scaling)
            loader.loadFromMemory((0..<20).map { UInt32($0) }[...], into: workspace)
            _ = network.forward(workspace, .evaluation(.running))
            let logits = workspace.layers[network.layers.count - 1].preactivation.elements.map(Double.init)
            let expected = outputs.flatMap { $0 }
            #expect(logits.count == expected.count)
            for (found, value) in zip(logits, expected) {
                #expect(abs(found - value) <= tolerance * max(1, abs(value)), "\(name): \(found), PyTorch \(value)")
            }
            try withTemporaryFolder { folder in
                let copy = folder.appendingPathComponent("copy.safetensors").path
                #expect(try writeTorchWeights(of: network, metadata: [], to: copy) == nil)
                let written = try SafetensorsFile(path: copy)
                #expect(written.metadata["module"] == file.metadata["module"])
                #expect(written.shapes == file.shapes)
                for (tensor, shape) in file.shapes {
                    guard !shape.isEmpty else {
                        #expect(try written.integer(tensor) == file.integer(tensor), "\(tensor)")
                        continue
                    }
                    let count = shape.reduce(1, *)
                    let (a, b) = (Matrix<S>(rows: 1, columns: count), Matrix<S>(rows: 1, columns: count))
                    try file.read(tensor, shape: shape, into: a)
                    try written.read(tensor, shape: shape, into: b)
                    #expect(a.elements.elementsEqual(b.elements), "\(tensor)")
                }
            }
        }
        // Sums of a dozen products of the order of 1, rounded differently.
        if precision == "float32" {
            try check(Float.self, tolerance: 2e-6)
        } else {
            try check(Double.self, tolerance: 1e-14)
        }
    }

    private func refuses(_ model: String, _ weights: String, _ words: String...) {
        let error = #expect(throws: DataError.self) {
            let plan = try plan(model, "float32", weights: weights)
            _ = try makeNetwork(plan, pool: .single) as Network<Float>
        }
        for word in words { #expect(error?.message.contains(word) == true, "\(word): \(error?.message ?? "")") }
    }

    @Test func otherModulesAndDamagedFilesAreErrors() throws {
        let batch = fixtures.appendingPathComponent("torch/batch.safetensors").path
        let normalized = #""normalization": {"kind": "batch"}"#
        refuses(#"{"hidden": [9], \#(normalized)}"#, batch, "8 x 12", "9 x 12", "Change model.hidden")
        refuses(#"{"hidden": [8], "bias": true, \#(normalized)}"#, batch, "module 0 has weight", "bias, weight")
        refuses(#"{"hidden": [8]}"#, batch, "module 0 has weight, where layer 0 of the network has bias, weight")
        refuses(#"{"hidden": [8, 8], \#(normalized)}"#, batch, "module 3 has bias, weight", "layer 1")
        refuses(#"{"hidden": [8], "normalization": {"kind": "dyt"}}"#, batch, "layer 0: dyt is no module of PyTorch")
        try withTemporaryFolder { folder in
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: batch)))
            let path = folder.appendingPathComponent("w.safetensors").path
            for (damaged, word) in [
                ([], "It has 0 bytes"), (Array(bytes.prefix(2000)), "safetensors"),
                (Array(bytes.prefix(bytes.count - 1)), "values of"), ([0xFF] + bytes.dropFirst(), "header"),
                (Array(repeating: 0xFF, count: 64), "header"),
            ] {
                try Data(damaged).write(to: URL(fileURLWithPath: path))
                refuses(#"{"hidden": [8], \#(normalized)}"#, path, "model.initial_weights", word)
            }
        }
    }
}
