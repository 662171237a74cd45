import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing

/// Checkpoints and initial weights as child processes read them.
@Suite struct ArrayFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let weight = Matrix<Float>(rows: 3, columns: 2, [1, 2, 3, 4, 5, 6])
    private let bias = Matrix<Float>(rows: 1, columns: 2, [7, 8])

    private func writeArrays() throws -> String {
        let path = folder.path("arrays.h5"), writer = try HDF5Writer(path: path)
        try writer.write(weight, to: "layer/0/weight")
        try writer.write(bias, to: "layer/0/bias", isVector: true)
        try writer.setAttribute("step", .integer(12))
        try writer.setAttribute("batch_count", .integer(5), of: "layer/0")
        try writer.finish()
        return path
    }

    @Test func arraysAndAttributesAreThoseOfTheFile() throws {
        let file = try ArrayFile(path: writeArrays())
        #expect(file.names == ["layer/0/weight", "layer/0/bias"])
        #expect(file.attributes() == ["step": .integer(12)])
        #expect(file.attributes(of: "layer/0") == ["batch_count": .integer(5)])
        let (a, b) = (Matrix<Double>(rows: 3, columns: 2), Matrix<Double>(rows: 1, columns: 2))
        try file.read([("layer/0/weight", a), ("layer/0/bias", b)])
        #expect(Array(a.elements) == [1, 2, 3, 4, 5, 6] && Array(b.elements) == [7, 8])
        #expect(message { try file.read([("layer/0/weight", b)]) }.contains("3 x 2; expected 1 x 2"))
        #expect(message { try file.read([("layer/1/weight", a)]) }.contains("There is no such dataset"))
    }

    @Test func aFileThatIsReplacedIsTold() throws {
        let path = try writeArrays(), file = try ArrayFile(path: path)
        try FileManager.default.copyItem(atPath: path, toPath: path + ".new")
        #expect(rename(path + ".new", path) == 0)
        #expect(message { try file.read([("layer/0/weight", weight)]) }.contains("was changed while it was read"))
        #expect(unlink(path) == 0 && mkfifo(path, 0o600) == 0)
        #expect(message { try file.read([("layer/0/weight", weight)]) }.contains("was changed while it was read"))
        #expect(message { try ArrayFile(path: path) }.contains("no regular file"))
    }

    /// A damaged file is read or refused; in this process the library would end the test on some.
    @Test func damageEndsNoProcess() throws {
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: writeArrays())))
        var generator = SeededGenerator(seed: 7), refused = 0
        for _ in 0..<200 {
            let path = try folder.write(mutated(whole, using: &generator), to: "damaged.h5")
            let target = Matrix<Float>(rows: 3, columns: 2)
            let problem = message { try ArrayFile(path: path).read([("layer/0/weight", target)]) }
            #expect(!problem.contains("report"), "\(problem)")
            if problem != "(no error)" { refused += 1 }
        }
        #expect(refused > 20)
    }

    #if os(Linux)
        /// A name of 300 MB that a file of 16 kB claims to have, for which the library took 1.8 GB.
        @Test func claimsTakeNoMemory() throws {
            let seed = repository.appendingPathComponent("scripts/faults/seeds/groups.h5")
            var bytes = [UInt8](try Data(contentsOf: seed))
            bytes.replaceSubrange(15813..<15817, with: [0x1E, 0x93, 0xE5, 0x11])
            let path = try folder.write(bytes, to: "claims.h5")
            func largest(_ whose: Int32) -> Int {
                var usage = rusage()
                getrusage(__rusage_who_t(whose), &usage)
                return usage.ru_maxrss >> 10
            }
            // A child has what this process has; others may have had more.
            let before = max(largest(0), largest(-1))
            _ = message { try FileSummary(file: path, readsValues: true) }
            #expect(largest(-1) < before + 450, "\(largest(-1)) MB, before \(before)")
        }
    #endif
}

private let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
