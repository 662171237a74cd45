import Foundation
import RunStore
import TestSupport
import Testing
import Training

func runRecord(_ name: String = "a", uuid: String = UUID().uuidString.lowercased()) -> RunRecord {
    RunRecord(
        uuid: uuid, name: name, createdAt: Date(timeIntervalSince1970: 1_700_000_000.25), seed: 3, config: "{}",
        configHash: "c", dataHash: "d", identity: "i",
        precision: "float32", version: "1", sourceCommit: nil, threads: 1, cpu: "x", blas: "b", blasKernel: "k",
        enginePath: "e", command: "bnexp run", stepsPerEpoch: 4)
}

extension ResultsFile {
    func begin(
        _ record: RunRecord = runRecord(), parameters: [(path: String, value: SQLValue)] = [],
        layers: [LayerRecord] = []
    ) throws -> RunWriter {
        try beginRun(
            record, attempt: AttemptRecord(host: "h", pid: 1, startedAt: Date()), parameters: parameters,
            layers: layers, tags: ["t", "t"])
    }
}

func message(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch let error as ResultsError {
        return error.message
    } catch {
        return "another error: \(error)"
    }
}

@Suite struct ResultsFileTests {
    @Test func schemaIsTheContracts() throws {
        try withTemporaryFolder { folder in
            let file = try ResultsFile(writing: folder.appendingPathComponent("r.sqlite").path)
            let metricTables = Schema.current.tables.map(\.name)
            for row in try file.query(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb%'"
            ).rows {
                guard case .text(let name) = row[0], case .text(let sql) = row[1] else { continue }
                #expect(sql.contains("STRICT"), "\(name)")
                if metricTables.contains(name) {
                    #expect(sql.contains("WITHOUT ROWID") && sql.contains("PRIMARY KEY (run_id, \"step\""), "\(name)")
                }
            }
            func columns(_ table: String) throws -> [String] {
                try file.query("SELECT name FROM pragma_table_info('\(table)') ORDER BY cid").rows.map {
                    if case .text(let name) = $0[0] { name } else { "" }
                }
            }
            #expect(
                try columns("activation_statistic") == [
                    "run_id", "step", "layer", "site", "mean", "standard_deviation", "minimum", "maximum",
                    "zero_fraction", "saturated_fraction",
                    "dead_unit_fraction", "gradient_norm", "nonfinite_count",
                ])
            #expect(
                try columns("run") == [
                    "id", "uuid", "name", "status", "created_at", "finished_at", "seed", "config", "config_hash",
                    "data_hash", "identity", "precision",
                    "version", "source_commit", "threads", "cpu", "blas", "blas_kernel", "engine_path", "command",
                    "exit_reason", "last_step",
                    "peak_memory_bytes", "sweep_id", "trial", "content_hash", "sqlite_version", "steps_per_epoch",
                ])
            #expect(
                try columns("training_step") == [
                    "run_id", "step", "epoch", "loss", "regularization_loss", "accuracy", "learning_rate",
                    "gradient_norm",
                ])
            #expect(
                try columns("evaluation") == ["run_id", "step", "split", "mode", "loss", "accuracy", "example_count"])
            #expect(try file.query("SELECT * FROM pragma_journal_mode").rows == [[.text("wal")]])
            #expect(
                try file.query("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").rows == [
                    [.integer(2)]
                ])
        }
    }

    @Test func everyMistakeIsNamed() throws {
        try withTemporaryFolder { folder in
            func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
            func writing(_ name: String) -> String { message { _ = try ResultsFile(writing: path(name)) } }
            func reading(_ name: String) -> String { message { _ = try ResultsFile(reading: path(name)) } }
            #expect(message { _ = try ResultsFile(writing: folder.path) }.contains("is a directory"))
            #expect(writing("no/r.sqlite").contains("the folder \(path("no")) does not exist"))
            try Data("this is a text of more than sixteen bytes, not a database".utf8).write(
                to: folder.appendingPathComponent("text"))
            #expect(writing("text").contains("is not a readable SQLite file"))
            #expect(reading("text").contains("is not a readable SQLite file"))
            #expect(
                reading("missing").contains("there is no results file \(path("missing"))")
                    && reading("missing").contains("--db"))
            #expect(!FileManager.default.fileExists(atPath: path("missing")))
            try shell(
                "sqlite3 '\(path("other"))' 'CREATE TABLE t (a)'",
                unless: !FileManager.default.fileExists(atPath: "/usr/bin/sqlite3"))
            if FileManager.default.fileExists(atPath: path("other")) {
                #expect(writing("other").contains("of another application"))
            }
            do {
                let file = try ResultsFile(writing: path("newer"))
                _ = file
            }
            try setUserVersion(99, of: path("newer"))
            #expect(
                writing("newer").contains("has schema version 99")
                    && writing("newer").contains("up to \(Schema.current.version)"))
            if getuid() != 0 {
                _ = try ResultsFile(writing: path("locked"))
                try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path("locked"))
                #expect(writing("locked").contains("read-only"))
            }
        }
    }

    @Test func oneNewFileOpenedByManyIsMadeOnce() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("r.sqlite").path
            let failures = Failures()
            DispatchQueue.concurrentPerform(iterations: 8) { index in
                do {
                    let writer = try ResultsFile(writing: path).begin(runRecord("run \(index)"))
                    for step in 0..<20 { try writer.append(trainingStep(step)) }
                    try writer.finish(status: .finished, exitReason: nil, lastStep: 19, peakMemoryBytes: 1, phases: [])
                } catch {
                    failures.add("\(error)")
                }
            }
            #expect(failures.all == [])
            let file = try ResultsFile(reading: path)
            #expect(
                try file.query("SELECT count(*), count(DISTINCT run_id) FROM training_step").rows == [
                    [.integer(160), .integer(8)]
                ])
            #expect(try file.query("SELECT * FROM pragma_integrity_check").rows == [[.text("ok")]])
        }
    }

    @Test func queriesOnlyRead() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("r.sqlite").path
            _ = try ResultsFile(writing: path).begin()
            let file = try ResultsFile(reading: path)
            #expect(message { _ = try file.query("DELETE FROM run") }.contains("would change the file"))
            #expect(
                message { _ = try file.query("SELECT missing FROM run", isOfUser: true) }.contains(
                    "no such column: missing; the statement was: SELECT missing"))
            #expect(try file.query("SELECT count(*) FROM run").rows == [[.integer(1)]])
        }
    }

    @Test func runsAreFoundByIdPrefixNameOrLatest() throws {
        try withTemporaryFolder { folder in
            let file = try ResultsFile(writing: folder.appendingPathComponent("r.sqlite").path)
            #expect(message { _ = try file.findRun("latest") }.contains("The file holds no runs"))
            _ = try file.begin(runRecord("a", uuid: "abcd1111-x"))
            _ = try file.begin(runRecord("b", uuid: "abcd2222-x"))
            _ = try file.begin(runRecord("a", uuid: "ffff2222-x"))
            #expect(try file.findRun("2").name == "b")
            #expect(try file.findRun("a").id == 3)
            #expect(try file.findRun("latest").id == 3)
            #expect(try file.findRun("abcd2").id == 2)
            #expect(message { _ = try file.findRun("abcd") }.contains("several runs"))
            #expect(
                message { _ = try file.findRun("zzz") }.contains("no run \"zzz\"")
                    && message { _ = try file.findRun("zzz") }.contains("3 (a)"))
        }
    }
}

private final class Failures: @unchecked Sendable {
    private let lock = NSLock()
    private var messages: [String] = []
    func add(_ message: String) { lock.withLock { messages.append(message) } }
    var all: [String] { lock.withLock { messages } }
}

private func shell(_ command: String, unless skipped: Bool) throws {
    if skipped { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    try process.run()
    process.waitUntilExit()
}

/// Writes SQLite's user version where the file format keeps it: four bytes at offset 60, big-endian.
private func setUserVersion(_ version: UInt32, of path: String) throws {
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try handle.seek(toOffset: 60)
    try handle.write(contentsOf: withUnsafeBytes(of: version.bigEndian) { Data($0) })
    try handle.close()
}
