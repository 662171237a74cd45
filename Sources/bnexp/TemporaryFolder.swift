import Foundation
import Support

/// Runs `body` with a new folder for temporary files, which is removed afterwards.
func withTemporaryFolder<Result>(_ purpose: String, _ body: (_ path: String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "bnexp-\(purpose)-\(UUID().uuidString)")
    do {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
        throw Failure(
            .cannotWrite,
            "the folder \(folder.path) cannot be made; check the free space, or name another place with TMPDIR")
    }
    defer {
        do { try FileManager.default.removeItem(at: folder) } catch {
            say("\(folder.path) could not be removed: \(error.localizedDescription)")
        }
    }
    return try body(folder.path)
}
