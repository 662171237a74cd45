import Datasets
import Foundation

let testFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
let fixtureFolder = testFolder.appendingPathComponent("Fixtures")
let typesFile = fixtureFolder.appendingPathComponent("types.h5").path
let embeddedFile = testFolder.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
    "data/mnist-5k.h5"
).path

/// A new folder, removed when the last reference goes away.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("bnexp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        try Data(bytes).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    var contents: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: url.path) } }

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

/// Writes one dataset to a file of its own and opens it.
func dataset<Element: HDF5Element>(_ elements: [Element], _ shape: [Int], in folder: TemporaryFolder) throws
    -> HDF5Dataset
{
    let path = folder.path("\(UUID().uuidString).h5")
    let writer = try HDF5Writer(path: path)
    try writer.write(elements, shape: shape, to: "train/labels")
    try writer.finish()
    return try HDF5File(path: path).dataset("train/labels")
}

/// The classes of data that have them.
func classes(_ data: LabelledData) -> Labels {
    guard case .classes(let labels) = data.targets else { preconditionFailure("the targets are values") }
    return labels
}
