import Foundation
import GRDB
import Support
import Synchronization

/// What became of the runs of one file that was merged into another.
package struct MergeSummary: Equatable, Sendable {
    /// How many runs the target did not hold.
    package var added = 0
    /// The number of runs of which the source held more than the target.
    package var replaced = 0
    /// The number of runs of which the target holds as much or more.
    package var kept = 0
    /// The uuids of runs that have ended in both files and are not the same there; the target keeps its own.
    package var differing: [String] = []
    /// The uuids of runs of the source that do not hold what they had when they ended.
    package var damaged: [String] = []
    /// The numbers in the source of the runs that were added or replaced; no part of what makes summaries equal.
    package var copied: Set<Int> = []
    /// A sweep of which only some trials have runs among those that were chosen.
    package struct SweepPart: Equatable, Sendable {
        package let name: String
        package let copiedCount: Int
        package let trialCount: Int
    }
    package var sweepParts: [SweepPart] = []

    package init(added: Int = 0, replaced: Int = 0, kept: Int = 0) {
        self.added = added
        self.replaced = replaced
        self.kept = kept
    }

    package static func == (a: MergeSummary, b: MergeSummary) -> Bool {
        (a.added, a.replaced, a.kept) == (b.added, b.replaced, b.kept) && a.differing == b.differing
            && a.damaged == b.damaged && a.sweepParts == b.sweepParts
    }
}

extension ResultsFile {
    /// Adds the runs of another results file, which is only read, each whole or not at all; merging it again changes
    /// nothing.
    ///
    /// Runs are the same if their uuids are. Of a run in both files the copy with more is kept, whole: one that
    /// ended by itself before one that did not, then the one with more rows, then the newer heartbeat. Tags, notes and
    /// sweeps of both are kept. Runs get numbers of this file; a replaced run keeps its number. Every table with a
    /// column `run_id` is copied, as far as the source has it; sweeps are joined by their uuids.
    ///
    /// - Parameter chosen: the runs of the source to add, with the sweeps that they belong to; nil for everything.
    package func merge(from source: String, runs chosen: [RunReference]? = nil) throws(ResultsError) -> MergeSummary {
        let sourceFile = try ResultsFile(reading: source, schema: schema)
        guard sourceFile.resolvedPath != resolvedPath else {
            throw ResultsError(
                "\(source) is the file that is merged into; name another results file", cause: .request)
        }
        let runs = if let chosen { chosen } else { try sourceFile.allRuns() }
        let ids = runs.map { Int64($0.id) }
        let wanted = chosen == nil ? nil : ids
        // Read-only, so that a source is not changed, nor made where it vanished.
        let place = sourceFile.resolvedPath.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed)
        let address = "file:\(place ?? source)?\(sourceFile.isReadAsItIs ? "immutable=1" : "mode=ro")"
        try writeWithoutTransaction { database in
            try database.execute(sql: "ATTACH ? AS source", arguments: [address])
            try database.execute(sql: "PRAGMA main.cache_size = \(-Merge.cacheSize)")
            log?.pagesToFold = 8 * WriteAheadLog.usualPagesToFold
        }
        let result = Result { () throws(ResultsError) in
            var summary = MergeSummary()
            let (merge, sweeps) = try write { database in
                let merge = try Merge(database, path: resolvedPath, schema: schema)
                try merge.requireRoom(database)
                let sweeps = try merge.mergeSweeps(of: wanted, database)
                if let wanted {
                    summary.sweepParts = try merge.leaveOutTrials(of: sweeps, exceptOf: wanted, database)
                }
                return (merge, sweeps)
            }
            let check = try ContentCheck(of: sourceFile)
            try mergeRuns(ids, of: source, merge, sweeps: sweeps, check, &summary)
            summary.damaged = try check.finish()
            return summary
        }
        try writeWithoutTransaction { database in
            log?.pagesToFold = WriteAheadLog.usualPagesToFold
            try database.execute(sql: "PRAGMA main.cache_size = -2000; DETACH source")
        }
        return try result.get()
    }

    /// Merges runs one after the other, many small ones in a transaction.
    ///
    /// One that fails leaves those before it.
    private func mergeRuns(
        _ ids: [Int64], of source: String, _ merge: Merge, sweeps: [Int64: Int64], _ check: ContentCheck,
        _ summary: inout MergeSummary
    ) throws(ResultsError) {
        var left = ids[...]
        while let first = left.first {
            var current = first, failure: (any Error)?
            let (summaryBefore, leftBefore) = (summary, left)
            func mergeSome(_ database: Database) throws -> (MergeSummary, ArraySlice<Int64>) {
                // A transaction that waits in vain is begun again.
                var summary = summaryBefore, left = leftBefore
                failure = nil
                let before = database.totalChangesCount
                while let id = left.first, database.totalChangesCount - before < Merge.transactionSize {
                    current = id
                    do {
                        try database.inSavepoint {
                            try merge.merge(id, sweeps: sweeps, &summary, database, check)
                            return .commit
                        }
                    } catch {
                        guard database.isInsideTransaction else { throw error }
                        failure = error
                        break
                    }
                    left.removeFirst()
                }
                return (summary, left)
            }
            do throws(ResultsError) {
                (summary, left) = try writeWithoutForeignKeys(mergeSome)
                if let failure { throw failure as? ResultsError ?? ResultsError(failure, path: path) }
            } catch {
                throw ResultsError(
                    "\(error.message) (while copying run \(current) of \(source))", cause: error.cause)
            }
        }
    }
}

/// Compares runs with the hash that they got when they ended, on a thread beside the one that copies them.
final class ContentCheck: Sendable {
    private let file: ResultsFile
    private let tables: [RunTable]
    private let queue = DispatchQueue(label: "bnexp compares rows")
    private let result = Mutex<Result<[String], ResultsError>>(.success([]))

    init(of file: ResultsFile) throws(ResultsError) {
        self.file = file
        tables = try onFile(file.path) { try file.database.read { try $0.runTables() } }
    }

    func begin(_ id: Int64) {
        queue.async {
            guard case .success(let damaged) = self.result.withLock({ $0 }) else { return }
            let next = Result { () throws(ResultsError) in
                guard let recorded = try self.file.recordedContentHash(ofRun: id),
                    try self.file.content(ofRun: id, tables: self.tables).hash != recorded
                else { return damaged }
                let uuid = try self.file.query("SELECT uuid FROM run WHERE id = ?", [.integer(Int(id))]).rows.first
                return damaged + [uuid?[0].text ?? ""]
            }
            self.result.withLock { $0 = next }
        }
    }

    /// Waits for the comparisons, and returns the uuids of the runs that do not hold what they had.
    func finish() throws(ResultsError) -> [String] {
        queue.sync {}
        return try result.withLock { $0 }.get()
    }
}
