import Foundation
import GRDB

/// A checkpoint that counts: a row of `checkpoint`, committed after the file and the rows up to its step were on the
/// disk.
package struct CheckpointRecord: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case step
        /// The state of the best evaluation so far.
        case best
    }
    package let step: Int
    package let kind: Kind
    /// The absolute path of the HDF5 file.
    package let path: String
    /// Of the file's bytes, in hexadecimal.
    package let sha256: String
    package let byteCount: Int

    package init(step: Int, kind: Kind, path: String, sha256: String, byteCount: Int) {
        self.step = step
        self.kind = kind
        self.path = path
        self.sha256 = sha256
        self.byteCount = byteCount
    }
}

extension CheckpointRecord {
    /// Where the best checkpoint is found while a better one takes its name and does not count yet.
    package static func previousBest(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path + "/previous-best.h5"
    }

    /// The files that may be this checkpoint: results file and checkpoints may have been moved or copied together.
    ///
    /// - Parameter folder: the run's folder beside the results file.
    package func places(besideResults folder: String) -> [String] {
        let moved = "\(folder)/\(URL(fileURLWithPath: path).lastPathComponent)"
        let names = moved == path ? [path] : [moved, path]
        return (names + (kind == .best ? names.map(CheckpointRecord.previousBest) : []))
            .filter(FileManager.default.fileExists(atPath:))
    }
}

extension ResultsFile {
    /// Returns the checkpoints of a run that count, the newest first.
    package func checkpoints(ofRun id: Int64) throws(ResultsError) -> [CheckpointRecord] {
        try onFile(path) { try database.read { try $0.checkpoints(ofRun: id) } }
    }
}

extension Database {
    func checkpoints(ofRun id: Int64) throws -> [CheckpointRecord] {
        // A file of an earlier schema that is only read.
        guard try tableExists("checkpoint") else { return [] }
        return try Row.fetchAll(
            self,
            sql:
                "SELECT step, kind, path, sha256, bytes FROM checkpoint WHERE run_id = ? ORDER BY step DESC, kind DESC",
            arguments: [id]
        ).map { row in
            CheckpointRecord(
                step: try row.checked("step"), kind: CheckpointRecord.Kind(rawValue: try row.checked("kind")) ?? .step,
                path: try row.checked("path"),
                sha256: try row.checked("sha256"), byteCount: try row.checked("bytes"))
        }
    }
}

extension RunWriter {
    /// Commits every row, then that a checkpoint counts, and returns when both are on the disk.
    ///
    /// - Parameter count: how many of the newest checkpoints of this kind go on counting; nil for all.
    /// - Returns: the checkpoints that no longer count, whose files can be removed.
    package func commit(_ checkpoint: CheckpointRecord, keeping count: Int?) throws(ResultsError) -> [CheckpointRecord]
    {
        try flush()
        return try file.writeDurably(patience: patience) { database in
            try database.requireAttempt(attempt, atRun: runID, in: file.path)
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO checkpoint (run_id, step, path, sha256, bytes, kind) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    runID, checkpoint.step, checkpoint.path, checkpoint.sha256, checkpoint.byteCount,
                    checkpoint.kind.rawValue,
                ])
            guard let count else { return [] }
            let dropped = try database.checkpoints(ofRun: runID).filter { $0.kind == checkpoint.kind }.dropFirst(count)
            try forget(Array(dropped), in: database)
            return Array(dropped)
        }
    }

    /// Removes all checkpoints of the run from those that count, and returns them.
    func forgetCheckpoints(in database: Database) throws -> [CheckpointRecord] {
        let all = try database.checkpoints(ofRun: runID)
        try forget(all, in: database)
        return all
    }

    private func forget(_ checkpoints: [CheckpointRecord], in database: Database) throws {
        for old in checkpoints {
            try database.execute(
                sql: "DELETE FROM checkpoint WHERE run_id = ? AND step = ? AND kind = ?",
                arguments: [runID, old.step, old.kind.rawValue])
        }
    }
}
