import Datasets
import Foundation
import NeuralNetwork
import RunStore
import TestSupport
import Testing
import Training

/// Inputs that are read from their file while training, and rows that are left there.
@Suite struct ResidencyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// 3,000 rows of 100 features, 1.2 MB: under `stream_memory` 1 they are three windows.
    private func writeData(_ name: String, compression: HDF5Writer.Compression? = nil, rows: Int = 3000) throws {
        var stream = RandomStream(seed: 1, purpose: .synthesis)
        let labels = (0..<rows).map { _ in UInt8(stream.nextIndex(below: 3)) }
        var inputs: [Float] = []
        for label in labels {
            for feature in 0..<100 { inputs.append((feature % 3 == label ? 1 : 0) + Float(stream.nextUniform())) }
        }
        let writer = try HDF5Writer(path: folder.path(name))
        try writer.write(inputs, shape: [rows, 100], to: "x", compression: compression)
        try writer.write(labels, shape: [rows], to: "y", compression: compression)
        try writer.finish()
    }

    private func plan(_ data: String, set overrides: [String] = []) throws -> RunPlan {
        let path = try folder.write(
            Array(
                """
                { "data": { "file": "\(data)", "train": {"inputs": "x", "targets": "y"}, "scaling": "standardize" },
                  "model": { "hidden": [8], "normalization": {"kind": "batch"} },
                  "optimizer": { "kind": "sgd", "learning_rate": 0.1 },
                  "training": { "batch_size": 64, "steps": 100 },
                  "logging": { "every": 10, "probe": {"every": 20, "rows": 30, "units": [0]} } }
                """.utf8), to: "config.json")
        var request = ConfigRequest(path: path)
        request.overrides = overrides
        return try planRun(loadConfig(request))
    }

    /// Every row that a run writes.
    private func metrics(_ plan: RunPlan, stopAfter step: Int? = nil) throws -> [[[SQLValue]]] {
        let path = folder.path("\(UUID()).sqlite")
        func run(_ hooks: RunHooks) throws {
            _ = try runExperiment(
                { plan }, results: ResultsFile(writing: path),
                environment: RunEnvironment(threads: 1, instructionSet: "test", command: "test"), ifExists: .resume,
                hooks: hooks)
        }
        if let step {
            var hooks = RunHooks(), count = 0
            hooks.shouldStop = {
                count += 1
                return count > step
            }
            try run(hooks)
        }
        try run(RunHooks())
        let file = try ResultsFile(reading: path)
        #expect(try file.query("SELECT status FROM run").rows == [[.text("finished")]])
        return try ["training_step", "evaluation", "parameter_statistic", "probe_percentile"].map {
            try file.query("SELECT * FROM \($0)").rows
        }
    }

    /// Without shuffling, what is read while training is what memory would have given, however the file stores it.
    @Test func streamedRowsAreThoseOfMemory() throws {
        try writeData("plain.h5")
        try writeData("packed.h5", compression: .init(chunkRows: 37, level: 1))
        let stream = ["data.shuffle=false", "data.residency=stream", "data.stream_memory=1"]
        let expected = try metrics(plan("plain.h5", set: ["data.shuffle=false", "data.residency=memory"]))
        #expect(expected.allSatisfy { !$0.isEmpty })
        for name in ["plain.h5", "packed.h5"] { #expect(try metrics(plan(name, set: stream)) == expected) }
        let validation = ["data.validation={\"fraction\": 0.2, \"stratify\": true}", "training.batch_size=50"]
        #expect(
            try metrics(plan("packed.h5", set: stream + validation))
                == metrics(plan("plain.h5", set: ["data.shuffle=false"] + validation)))
    }

    @Test func streamedRunsResumeToTheSameBits() throws {
        try writeData("packed.h5", compression: .init(chunkRows: 37, level: 1))
        let plan = try plan("packed.h5", set: ["data.residency=stream", "data.stream_memory=1"])
        #expect(try metrics(plan, stopAfter: 57) == metrics(plan))
        // Another order than memory's, so another experiment, which the record says.
        let inMemory = try self.plan("packed.h5")
        #expect(try metrics(inMemory) != metrics(plan) && inMemory.data.hash != plan.data.hash)
        #expect(plan.resolved.text().contains(#""residency": "stream""#))
        #expect(!inMemory.resolved.text().contains("residency"))
    }

    /// Of a file beyond 64 MiB only the rows are read that are used; results are those of a file with these rows.
    @Test func rowsThatAreNotUsedAreNotRead() throws {
        try writeData("small.h5", rows: 200)
        let small = try LabelledData.load(file: folder.path("small.h5"), inputs: "x", targets: "y")
        let writer = try HDF5Writer(path: folder.path("large.h5")), rows = 170_000
        var inputs = [Float](repeating: .nan, count: rows * 100)
        for (index, value) in small.inputs.values.enumerated() { inputs[index] = Float(value) }
        try writer.write(inputs, shape: [rows, 100], to: "x")
        guard case .classes(let labels) = small.targets else { return #expect(Bool(false)) }
        try writer.write(
            (0..<rows).map { UInt8(labels.classes[$0 % 200]) }, shape: [rows], to: "y")
        try writer.finish()
        let large = try plan("large.h5", set: ["data.limit=200"]), expected = try plan("small.h5")
        #expect(large.data.train.data.rowCount == 200 && large.data.hash == expected.data.hash)
        #expect(try metrics(large) == metrics(expected))
        #expect(message { try self.plan("large.h5") }.contains("row 200, column 0, counted from 0"))
    }

    @Test func whatHasNoRoomIsRefusedBefore() throws {
        try writeData("plain.h5")
        #expect(
            message { try self.plan("plain.h5", set: ["data.residency=stream", "data.sampling=with_replacement"]) }
                .contains("draws from all rows at once"))
    }
}
