import Foundation
import GRDB
import Support

/// What a backup has copied.
package struct BackupSummary: Sendable {
    package let runCount: Int
    package let checkpointCount: Int
    /// The paths of checkpoints that are not there any more, or do not have the bytes that were recorded.
    package let leftCheckpoints: [String]
}

extension ResultsFile {
    /// Copies the file as it is at one moment, also while runs write to it, and the checkpoints that count then.
    ///
    /// The copy gets its name when it is complete; its checkpoints lie beside it, where its runs find them.
    /// - Parameters:
    ///   - copy: a path that no file has.
    ///   - isForReading: whether the copy is only read, so that it needs no log: also where that does not work.
    /// - Throws: `ResultsError` if there is such a file, or it cannot be written.
    package func backUp(to copy: String, isForReading: Bool = false) throws -> BackupSummary {
        guard copy != "-" else { throw ResultsError("a backup is a file; name one", cause: .request) }
        if let other = resultsFile(ofWhichIsPart: copy) {
            throw ResultsError("\(copy) is a name that belongs to the results file \(other); name another file")
        }
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
            let runs = try queue.inDatabase { database in
                try Row.fetchAll(database, sql: "SELECT id, uuid FROM run").map {
                    (id: try $0.checked("id") as Int64, uuid: try $0.checkedUUID())
                }
            }
            var copied = 0, left: [String] = []
            for run in runs {
                for record in try queue.inDatabase({ try $0.checkpoints(ofRun: run.id) }) {
                    let name = URL(fileURLWithPath: record.path).lastPathComponent
                    let target = "\(folder)/\(run.uuid)/\(name)"
                    // A run that goes on removes old checkpoints meanwhile.
                    let isCopied = try copyFile(of: record, from: "\(checkpointsFolder)/\(run.uuid)", to: target)
                    if isCopied { copied += 1 } else { left.append(record.path) }
                    try queue.inDatabase { database in
                        let key: StatementArguments = [run.id, record.step, record.kind.rawValue]
                        let condition = "WHERE run_id = ? AND step = ? AND kind = ?"
                        if isCopied {
                            try database.execute(
                                sql: "UPDATE checkpoint SET path = ? \(condition)", arguments: [target] + key)
                        } else {
                            try database.execute(sql: "DELETE FROM checkpoint \(condition)", arguments: key)
                        }
                    }
                }
            }
            // What opens it for writing sets it again.
            if isForReading { try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = DELETE") } }
            try queue.close()
            try output.finish()
            isComplete = true
            return BackupSummary(runCount: runs.count, checkpointCount: copied, leftCheckpoints: left)
        }
    }
}

extension ResultsFile {
    /// Copies checkpoints that count and are not beside the file, from the folder beside another file with the same
    /// runs.
    package func takeCheckpoints(from folder: String) throws {
        for run in try allRuns() {
            for record in try checkpoints(ofRun: Int64(run.id)) {
                let target = "\(checkpointsFolder)/\(run.uuid)/\(URL(fileURLWithPath: record.path).lastPathComponent)"
                let own = FileManager.default.contents(atPath: target)
                if own.map({ SHA256.hexadecimal($0) }) == record.sha256 { continue }
                _ = try copyFile(of: record, from: "\(folder)/\(run.uuid)", to: target)
            }
        }
    }
}

/// Copies a checkpoint whose bytes are those that were recorded; false if no such file is there.
///
/// - Parameter folder: the run's folder beside the results file.
private func copyFile(of record: CheckpointRecord, from folder: String, to target: String) throws -> Bool {
    let contents = record.places(besideResults: folder).lazy.compactMap { FileManager.default.contents(atPath: $0) }
    guard let bytes = contents.first(where: { SHA256.hexadecimal($0) == record.sha256 }) else { return false }
    try makeFolder(URL(fileURLWithPath: target).deletingLastPathComponent().path)
    let file = try OutputFile(path: target)
    try file.write(Array(bytes))
    try file.finish()
    return true
}
