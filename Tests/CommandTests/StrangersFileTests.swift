import Foundation
import GRDB
import RunStore
import TestSupport
import Testing

/// Results files that another program has changed, and names that lead somewhere else than they seem to.
@Suite struct StrangersFileTests {
    private let checkpoint = ["--set", "checkpoint={\"every\": 10}"]

    /// Calls `body` with a folder that has `results.sqlite`, whose only run has checkpoints.
    private func inRunFolder(_ body: (URL) throws -> Void) throws {
        try withToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q"] + checkpoint, in: folder).exitCode == 0)
            try body(folder)
        }
    }

    private func change(_ sql: String, _ folder: URL, _ database: String = "results.sqlite") throws {
        try DatabaseQueue(path: folder.appendingPathComponent(database).path).inDatabase { database in
            try database.execute(sql: "PRAGMA writable_schema = ON")
            try database.execute(sql: sql)
        }
    }

    private func refuses(_ arguments: [String], _ words: String, exitCode: Int32 = 73, in folder: URL) throws {
        let result = try bnexp(arguments, in: folder)
        #expect(
            result.exitCode == exitCode && result.errors.contains(words),
            "\(arguments): \(result.exitCode) \(result.errors)")
    }

    /// A uuid names folders, so a stranger's must not lead out of them.
    @Test func aUUIDLeadsNowhere() throws {
        try inRunFolder { folder in
            let victim = folder.appendingPathComponent("victim")
            try FileManager.default.createDirectory(at: victim, withIntermediateDirectories: false)
            for name in ["step-5.h5", "best.h5", "x.partial"] {
                try Data(name.utf8).write(to: victim.appendingPathComponent(name))
            }
            try change("UPDATE run SET uuid = '../victim', status = 'interrupted'", folder)
            try refuses(["backup", "copy.sqlite"], "has the uuid", in: folder)
            try refuses(["run", "c.json", "-q", "--if-exists", "resume"] + checkpoint, "has the uuid", in: folder)
            try refuses(["show", "latest"], "has the uuid", in: folder)
            let names = try FileManager.default.contentsOfDirectory(atPath: victim.path).sorted()
            #expect(names == ["best.h5", "step-5.h5", "x.partial"])
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/copy.sqlite"))
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/copy.sqlite.checkpoints"))
        }
    }

    /// SQLite takes or removes what has the name of a log or a journal of its file.
    @Test(arguments: ["-wal", "-shm", "-journal", ".lock", ".checkpoints"])
    func namesThatBelongToAResultsFileAreRefused(end: String) throws {
        try inRunFolder { folder in
            try FileManager.default.copyItem(
                atPath: folder.path + "/results.sqlite", toPath: folder.path + "/other.sqlite")
            let name = "other.sqlite" + end
            try refuses(["backup", name], "belongs to the results file", in: folder)
            try refuses(["run", "c.json", "-q", "--db", name], "belongs to the results file", in: folder)
            try refuses(
                ["export", "--table", "training_step", "-o", name, "--force"], "part of the results file", in: folder)
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/" + name))
        }
    }

    @Test func aFileInThePlaceOfALogIsNotRemoved() throws {
        try withToyFolder { folder in
            for end in ["-wal", "-journal"] {
                let place = folder.appendingPathComponent("new.sqlite" + end)
                try Data("mine".utf8).write(to: place)
                try refuses(["run", "c.json", "-q", "--db", "new.sqlite"], "is in the way", in: folder)
                #expect(try Data(contentsOf: place) == Data("mine".utf8))
                try FileManager.default.removeItem(at: place)
            }
        }
    }

    /// A pipe in the place of a file would be waited for without end.
    @Test func pipesAreNoResultsFiles() throws {
        try inRunFolder { folder in
            #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
            for command in [["list"], ["run", "c.json", "-q"]] {
                try refuses(command + ["--db", "pipe"], "no regular file", in: folder)
            }
            try refuses(["merge", "pipe"], "no regular file", in: folder)
            #expect(try bnexp(["doctor", "--db", "pipe"], in: folder).output.contains("no regular file"))
            let script = "cat pipe | wc -c & '\(binary.path)' dump latest --step 3 -o pipe; wait"
            let dump = try run(["/bin/sh", "-c", script], in: folder)
            let counts = dump.output.split(separator: "\n").compactMap { Int($0) }
            #expect(dump.exitCode == 0 && counts.count == 1 && counts[0] > 1000, "\(dump)")
        }
    }

    @Test func withoutItsLockNothingIsWritten() throws {
        try inRunFolder { folder in
            let lock = folder.appendingPathComponent("results.sqlite.lock")
            try FileManager.default.removeItem(at: lock)
            try FileManager.default.createDirectory(at: lock, withIntermediateDirectories: false)
            try refuses(["tag", "latest", "x"], "results.sqlite.lock cannot be locked", in: folder)
        }
    }

    /// Results file and checkpoints that were moved together, and a checkpoint that is damaged.
    @Test func aBackupTakesMovedCheckpointsAndTellsWhatItLeaves() throws {
        try inRunFolder { folder in
            let manager = FileManager.default, moved = folder.appendingPathComponent("moved").path
            try manager.createDirectory(atPath: moved, withIntermediateDirectories: false)
            for end in ["", ".checkpoints"] {
                try manager.moveItem(
                    atPath: folder.path + "/results.sqlite" + end, toPath: moved + "/results.sqlite" + end)
            }
            let runs = moved + "/results.sqlite.checkpoints"
            let run = runs + "/" + (try #require(try manager.contentsOfDirectory(atPath: runs).first))
            try Data("damaged".utf8).write(to: URL(fileURLWithPath: run + "/step-10.h5"))
            let backup = try bnexp(["backup", "copy.sqlite", "--db", "moved/results.sqlite"], in: folder)
            #expect(backup.exitCode == 0 && backup.errors.contains("1 runs and 1 checkpoints"), "\(backup.errors)")
            #expect(backup.errors.contains("step-10.h5 is not there any more, or is damaged"), "\(backup.errors)")
            #expect(
                try bnexp(["evaluate", "latest", "--checkpoint", "20", "--db", "copy.sqlite"], in: folder).exitCode
                    == 0)
        }
    }

    @Test func mergeTellsARunThatLacksRows() throws {
        try inRunFolder { folder in
            try change("DELETE FROM activation_statistic WHERE step = 10", folder)
            let merge = try bnexp(["merge", "results.sqlite", "--db", "merged.sqlite"], in: folder)
            #expect(merge.exitCode == 0 && merge.errors.contains("does not hold the rows"), "\(merge.errors)")
        }
    }

    /// Tables that were made loose, and tables and views that are gone.
    @Test func tablesThatAreNotOursAreFound() throws {
        try inRunFolder { folder in
            #expect(try bnexp(["doctor"], in: folder).output.contains("every table is as bnexp makes it"))
            try change(
                """
                UPDATE sqlite_master SET sql = replace(replace(sql, 'STRICT', ''), ', WITHOUT', ' WITHOUT')
                WHERE name = 'training_step'
                """, folder)
            try change("UPDATE training_step SET step = 'a' WHERE step = 5", folder)
            let doctor = try bnexp(["doctor"], in: folder)
            #expect(doctor.exitCode == 1 && doctor.output.contains("problem  schema"), "\(doctor.output)")
            try refuses(["export", "--wide", "-o", "wide"], "has \"a\" in the column step", in: folder)
            let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            #expect(!names.contains { $0.hasSuffix(".partial") })
            try change("DROP TABLE run_phase; DROP VIEW run_summary", folder)
            try refuses(["show", "latest"], "lacks what a results file has", in: folder)
        }
    }

    @Test(arguments: [
        (["plot", "latest", "-o", "a.svg", "--output", "b.svg"], "--output is given twice"),
        (["export", "--format", "csv", "--format", "jsonl"], "--format is given twice"),
        (["plot", "--split", "test", "--split", "train"], "--split is given twice"),
        (["list", "--limit", "-1"], "--limit is -1"), (["dump", "1", "--step", "-1", "-o", "x"], "--step is -1"),
        (["show", "-1"], "no run \"-1\""), (["evaluate", "1", "--batch-size", "0"], "--batch-size is 0"),
        (["backup", "-"], "a backup is a file"), (["export", "-o", "-"], "do not fit on standard output"),
        (["dump", "1", "--step", "21", "-o", "x"], "has only 20 steps"), (["compare"], "compare needs two"),
    ])
    func whatIsWrongWithTheCommandLineIsSaid(arguments: [String], words: String) throws {
        try inRunFolder { folder in try refuses(arguments, words, exitCode: 64, in: folder) }
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
        arguments: [
            "--help", "--version", "config schema", "dump 1 --step 3 -o -", "list",
        ])
    func outputThatIsLostIsNoSuccess(command: String) throws {
        try inRunFolder { folder in
            let result = try run(["/bin/sh", "-c", "'\(binary.path)' \(command) >/dev/full"], in: folder)
            #expect(result.exitCode == 74, "\(command): \(result)")
        }
    }
}
