import Foundation
import TestSupport
import Testing

@Suite struct ImportCommandTests {
    /// Records of the binary version of CIFAR-10 with these labels.
    private func write(labels: [UInt8], to file: URL) throws {
        try Data(labels.flatMap { [$0] + [UInt8](repeating: 40 &* $0, count: 3072) }).write(to: file)
    }

    @Test func cifar10FilesBecomeDataToTrainOn() throws {
        try withTemporaryFolder { folder throws in
            for (name, labels) in [
                ("data_batch_1.bin", [0, 1, 2]), ("data_batch_2.bin", [1]), ("test_batch.bin", [2, 0]),
            ] as [(String, [UInt8])] {
                try write(labels: labels, to: folder.appendingPathComponent(name))
            }
            let arguments = [
                "data", "import", "cifar10", "--train", "data_batch_1.bin", "data_batch_2.bin", "--test",
                "test_batch.bin", "--output", "cifar10.h5",
            ]
            let result = try bnexp(arguments, in: folder)
            #expect(result.exitCode == 0 && result.output == "cifar10.h5\n", "\(result)")
            #expect(
                result.errors == "train: 4 x 32 x 32 x 3 images, 3 classes\ntest: 2 x 32 x 32 x 3 images, 2 classes\n")
            try toyConfig(file: "cifar10.h5", batchSize: 2).write(
                to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            #expect(
                try bnexp(["run", "c.json", "--dry-run"], in: folder).output.contains("train: 4 rows of 3072 features"))

            let again = try bnexp(arguments, in: folder)
            #expect(
                again.exitCode == 73 && again.errors.contains("cifar10.h5 exists")
                    && again.output.isEmpty, "\(again)")
            #expect(try bnexp(arguments + ["--force"], in: folder).exitCode == 0)
        }
    }

    @Test func unsuitableCIFAR10FilesAreNamed() throws {
        try withTemporaryFolder { folder throws in
            try write(labels: [0, 11], to: folder.appendingPathComponent("wrong.bin"))
            try Data(repeating: 0, count: 3000).write(to: folder.appendingPathComponent("short.bin"))
            for (file, expected) in [
                ("wrong.bin", "wrong.bin: The label of record 1, counted from 0, is 11; expected 0 to 9."),
                ("short.bin", "short.bin: It has 3000 bytes, which are 0 records of 3073 bytes and 3000 bytes more"),
                ("none.bin", "none.bin: The file cannot be opened"),
            ] {
                let result = try bnexp(
                    ["data", "import", "cifar10", "--train", file, "--output", "out.h5"], in: folder)
                #expect(result.exitCode == 65 && result.output.isEmpty && result.errors.contains(expected), "\(result)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("out.h5").path))
        }
    }
}
