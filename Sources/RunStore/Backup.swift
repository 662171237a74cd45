import Foundation
import GRDB
import Support

/// What a backup has copied.
package struct BackupSummary: Sendable {
    package let runCount: Int
    package let checkpointCount: Int
}

extension ResultsFile {
    /// Copies the file as it is at one moment, also while runs write to it, and the checkpoints that count then.
    ///
    /// The copy gets its name when it is complete; its checkpoints lie beside it, where its runs find them.
    /// - Parameter copy: a path that no file has.
    /// - Throws: `ResultsError` if there is such a file, or it cannot be written.
    package func backUp(to copy: String) throws -> BackupSummary {
        let copy = withLinksResolved(copy), folder = copy + ".checkpoints"
        for name in [copy, folder] where FileManager.default.fileExists(atPath: name) {
            throw ResultsError("\(name) exists, and a backup replaces nothing; name another file, or remove it first")
        }
        var isComplete = false
        defer {
            if !isComplete { try? FileManager.default.removeItem(atPath: folder) }
        }
        return try describingErrors(of: copy) {
            let output = try OutputFile(path: copy)
            guard let partial = output.temporaryPath else {
                throw ResultsError("\(copy) is no regular file; name another")
            }
            let queue = try DatabaseQueue(path: partial)
            try database.backup(to: queue)
            let (runCount, checkpoints) = try queue.inDatabase { database in
                (
                    try Int.fetchOne(database, sql: "SELECT count(*) FROM run") ?? 0,
                    try database.tableExists("checkpoint")
                        ? Row.fetchAll(
                            database,
                            sql: "SELECT uuid, run_id, step, kind, path, sha256 FROM checkpoint JOIN run ON id = run_id"
                        )
                        : []
                )
            }
            var copied = 0
            for row in checkpoints {
                let uuid: String = try row.checked("uuid"), source: String = try row.checked("path")
                let target = "\(folder)/\(uuid)/\(URL(fileURLWithPath: source).lastPathComponent)"
                // A run that goes on removes old checkpoints meanwhile.
                let isCopied = try copyCheckpoint(source, to: target, sha256: row.checked("sha256"))
                copied += isCopied ? 1 : 0
                let key: StatementArguments = [
                    try row.checked("run_id") as Int64, try row.checked("step") as Int,
                    try row.checked("kind") as String,
                ]
                try queue.inDatabase { database in
                    let condition = "WHERE run_id = ? AND step = ? AND kind = ?"
                    if isCopied {
                        try database.execute(
                            sql: "UPDATE checkpoint SET path = ? \(condition)", arguments: [target] + key)
                    } else {
                        try database.execute(sql: "DELETE FROM checkpoint \(condition)", arguments: key)
                    }
                }
            }
            try queue.close()
            try output.finish()
            isComplete = true
            return BackupSummary(runCount: runCount, checkpointCount: copied)
        }
    }
}

/// Copies a checkpoint whose bytes are those that were recorded; false if they are not, or it is gone.
private func copyCheckpoint(_ source: String, to target: String, sha256: String) throws -> Bool {
    guard let bytes = FileManager.default.contents(atPath: source), SHA256.hexadecimal(bytes) == sha256 else {
        return false
    }
    try makeFolder(URL(fileURLWithPath: target).deletingLastPathComponent().path)
    let file = try OutputFile(path: target)
    try file.write(Array(bytes))
    try file.finish()
    return true
}
