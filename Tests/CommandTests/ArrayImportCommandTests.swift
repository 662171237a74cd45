import Foundation
import TestSupport
import Testing

/// `bnexp data import` on files of NumPy, MATLAB and svmlight; what is in them, `ImportersTests` see.
@Suite struct ArrayImportCommandTests {
    private func fixture(_ name: String) -> String {
        repository.appendingPathComponent("Tests/ImportersTests/Fixtures/\(name)").path
    }

    private func dryRun(_ file: String, in folder: URL) throws -> String {
        try toyConfig(file: file, inputs: "train/inputs", targets: "train/targets", batchSize: 2).write(
            to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
        return try bnexp(["run", "c.json", "--dry-run"], in: folder).output
    }

    @Test func everyFormatBecomesDataToTrainOn() throws {
        try withTemporaryFolder { folder throws in
            for (arguments, message) in [
                (["npy", fixture("version1.npy"), "--targets", fixture("names.npy")], "train: 4 x 3 float32 inputs"),
                (["npz", fixture("packed.npz")], "test: inputs are 'x_test', targets 'y_test'"),
                (["mat", fixture("big.mat"), "--inputs", "X", "--target", "cells"], "3 classes: ape 1, cat 2, dög 1"),
                (["svmlight", fixture("from1.svmlight")], "indexes are counted from 1"),
            ] {
                let command = ["data", "import"] + arguments + ["--output", "\(arguments[0]).h5"]
                let result = try bnexp(command, in: folder)
                #expect(result.exitCode == 0 && result.output == "\(arguments[0]).h5\n", "\(result)")
                #expect(result.errors.contains(message), "\(result.errors)")
                #expect(try dryRun("\(arguments[0]).h5", in: folder).contains("train: 4 rows of 3 features"))
                let again = try bnexp(command, in: folder)
                #expect(again.exitCode == 73 && again.errors.contains("--force replaces it"), "\(again)")
                // The bytes are the same each time.
                let first = try Data(contentsOf: folder.appendingPathComponent("\(arguments[0]).h5"))
                #expect(try bnexp(command + ["--force"], in: folder).exitCode == 0)
                #expect(try Data(contentsOf: folder.appendingPathComponent("\(arguments[0]).h5")) == first)
            }
        }
    }

    @Test func rowsOfStandardInputAreDivided() throws {
        try withTemporaryFolder { folder throws in
            let lines = (0..<100).map { "\($0 % 2) 1:\($0) 3:0.5\n" }.joined()
            let result = try bnexp(
                ["data", "import", "svmlight", "-", "--test-fraction", "0.2", "--stratify", "-o", "out.h5"], in: folder,
                input: lines)
            #expect(result.exitCode == 0, "\(result)")
            #expect(result.errors.contains("train: 80 x 3 float32 inputs, uint8 targets, 2 classes: 0 40, 1 40"))
            #expect(result.errors.contains("test: 20 x 3 float32 inputs, uint8 targets, 2 classes: 0 10, 1 10"))
        }
    }

    @Test(
        arguments: [
            (["npy", "x.npy", "--test-targets", "y.npy"], "--test-targets are of --test"),
            (["npy", "x.npy", "--targets", "y.npy", "--test", "z.npy"], "belong together"),
            (["npz", "x.npz", "--target", "y"], "need --inputs"),
            (["mat", "x.mat", "--inputs", "x", "--test-target", "y"], "--test-inputs"),
            (["svmlight", "x", "--features", "0"], "--features is 0"), (["svmlight", "-", "--test", "-"], "one file"),
        ])
    func argumentsThatDoNotFit(arguments: [String], expected: String) throws {
        try withTemporaryFolder { folder throws in
            let result = try bnexp(["data", "import"] + arguments + ["-o", "out.h5"], in: folder)
            #expect(result.exitCode == 64 && result.errors.contains(expected), "\(result)")
        }
    }

    /// The shell's limit on the size of files stands for a full disk.
    @Test func aFullDiskLeavesNothing() throws {
        try withTemporaryFolder { folder throws in
            let lines = (0..<2000).map { "\($0 % 2) 1:\($0) 1000:0.5\n" }.joined()
            try lines.write(to: folder.appendingPathComponent("rows"), atomically: true, encoding: .utf8)
            let result = try run(
                [
                    "/bin/bash", "-c", "ulimit -f 1000; trap '' XFSZ; exec \"$0\" data import svmlight rows -o out.h5",
                    binary.path,
                ],
                in: folder)
            #expect(result.exitCode == 73 && result.errors.contains("the disk is full"), "\(result)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "rows" } == [])
        }
    }
}
