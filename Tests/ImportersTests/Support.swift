import Datasets
import Foundation

/// A new folder, removed when the last reference goes away.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("bnexp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    var contents: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() } }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// The message of the `DataError` that `body` throws, or what happened instead.
func message<Result>(_ body: () throws -> Result) -> String {
    do {
        _ = try body()
        return "(no error)"
    } catch let error as DataError {
        return error.message
    } catch {
        return "(another error: \(error))"
    }
}
