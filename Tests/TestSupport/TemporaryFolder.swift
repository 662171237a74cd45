import Datasets
import Foundation
import NeuralNetwork

/// Runs `body` with a folder of its own, which is removed afterwards.
package func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bnexp-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}

/// Writes a small classification problem: rows of 12 bytes whose class raises four of them, with train and test splits.
package func writeToyData(to path: String, trainRows: Int = 120, testRows: Int = 30, classes: Int = 3) throws {
    let writer = try HDF5Writer(path: path)
    for (name, rows, seed) in [("train", trainRows, UInt64(1)), ("test", testRows, 2)] {
        var stream = RandomStream(seed: seed, purpose: .synthesis)
        var inputs: [UInt8] = []
        var labels: [UInt8] = []
        for row in 0..<rows {
            let label = row % classes
            labels.append(UInt8(label))
            inputs += (0..<12).map { UInt8(stream.nextIndex(below: 120) + ($0 / 4 == label % 3 ? 100 : 0)) }
        }
        try writer.createGroup(name)
        try writer.write(inputs, shape: [rows, 3, 4], to: "\(name)/images")
        try writer.write(labels, shape: [rows], to: "\(name)/labels")
    }
    try writer.finish()
}

/// A new folder, removed when the last reference goes away.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("bnexp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    package func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }

    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    package var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// The message of the `DataError` that `body` throws, or what happened instead.
package func message<Result>(_ body: () throws -> Result) -> String {
    do {
        _ = try body()
        return "(no error)"
    } catch let error as DataError {
        return error.message
    } catch {
        return "(another error: \(error))"
    }
}
