import Datasets
import Foundation
import NeuralNetwork
import RunStore
import TestSupport
import Testing
import Training

/// Files that another program changes between the first look at them and the last row that is read.
@Suite struct ChangingFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    enum Change: CaseIterable { case grows, shrinks, isOverwritten, isReplaced, isRemoved, becomesAPipe }

    /// 1,000 rows of 200 features, 0.8 MB a file: with `stream_memory` 1 every file has windows of its own.
    private func writeData(_ name: String, isPacked: Bool) throws {
        let writer = try HDF5Writer(path: folder.path(name))
        let packing = isPacked ? HDF5Writer.Compression(chunkRows: 50, level: 1) : nil
        try writer.write((0..<200_000).map { Float($0 % 7) }, shape: [1000, 200], to: "x", compression: packing)
        try writer.write((0..<1000).map { UInt8($0 % 3) }, shape: [1000], to: "y")
        try writer.finish()
    }

    private func apply(_ change: Change, to name: String) throws {
        let path = folder.path(name)
        switch change {
        case .grows, .isOverwritten:
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            if change == .grows { try file.seekToEnd() }
            try file.write(contentsOf: Data(repeating: 0, count: 100))
            try file.close()
        case .shrinks: #expect(truncate(path, 100_000) == 0)
        case .isReplaced:
            try FileManager.default.copyItem(atPath: path, toPath: path + ".new")
            #expect(rename(path + ".new", path) == 0)
        case .isRemoved: #expect(unlink(path) == 0)
        case .becomesAPipe: #expect(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
        }
    }

    private func plan(_ files: String) throws -> RunPlan {
        let path = try folder.write(
            Array(
                """
                { "data": { "file": "other.h5", "train": {"file": \(files), "inputs": "x", "targets": "y"}, "residency": "stream",
                            "stream_memory": 1 },
                  "model": { "hidden": [4] }, "training": { "batch_size": 50, "epochs": 1000 } }
                """.utf8), to: "config.json")
        return try planRun(loadConfig(ConfigRequest(path: path)))
    }

    /// Trains until the change after 30 steps is told, which ends the run as failed.
    private func problem(_ files: String, change: Change, of name: String) throws -> String {
        let plan = try plan(files), results = folder.path("results.sqlite")
        var hooks = RunHooks(), count = 0
        hooks.shouldStop = {
            count += 1
            if count == 30 { #expect(throws: Never.self) { try apply(change, to: name) } }
            return count > 2000
        }
        let problem = message {
            try runExperiment(
                { plan }, results: ResultsFile(writing: results),
                environment: RunEnvironment(threads: 1, instructionSet: "test", command: "test"), ifExists: .rerun,
                hooks: hooks)
        }
        #expect(try ResultsFile(reading: results).query("SELECT status FROM run").rows == [[.text("failed")]])
        return problem
    }

    @Test(arguments: Change.allCases, [false, true])
    func aFileThatIsStreamedIsWatched(change: Change, isPacked: Bool) throws {
        try writeData("a.h5", isPacked: isPacked)
        let problem = try problem(#""\#(folder.path("a.h5"))""#, change: change, of: "a.h5")
        #expect(problem.contains("a.h5") && problem.contains("was changed while it was read"), "\(problem)")
    }

    @Test(arguments: [true, false])
    func everyFileOfSeveralIsWatched(asPattern: Bool) throws {
        for name in ["part-1.h5", "part-2.h5"] { try writeData(name, isPacked: false) }
        let files =
            asPattern
            ? #""\#(folder.path("part-*.h5"))""#
            : #"["\#(folder.path("part-1.h5"))", "\#(folder.path("part-2.h5"))"]"#
        let problem = try problem(files, change: .isReplaced, of: "part-2.h5")
        #expect(problem.contains("part-2.h5: The file was changed while it was read"), "\(problem)")
    }
}
