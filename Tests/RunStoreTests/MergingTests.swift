import Foundation
import RunStore
import TestSupport
import Testing
import Training

@Suite struct MergingTests {
    private func inThreeFiles(_ body: (_ target: ResultsFile, _ a: ResultsFile, _ b: ResultsFile) throws -> Void) throws
    {
        try withTemporaryFolder { folder in
            func file(_ name: String) throws -> ResultsFile {
                try ResultsFile(writing: folder.appendingPathComponent(name).path)
            }
            try body(try file("target.sqlite"), try file("a file%20?.sqlite"), try file("b.sqlite"))
        }
    }

    /// Everything of a file but the runs' numbers.
    private func content(_ file: ResultsFile) throws -> [[SQLValue]] {
        try file.query("SELECT uuid, name, status, last_step FROM run ORDER BY uuid").rows
            + file.query("SELECT uuid, step, loss FROM training_step JOIN run ON id = run_id ORDER BY 1, 2").rows
            + file.query("SELECT uuid, tag FROM tag JOIN run ON id = run_id ORDER BY 1, 2").rows
            + file.query("SELECT uuid, text FROM note JOIN run ON id = run_id ORDER BY 1, 2").rows
            + file.query("SELECT uuid, path, value FROM run_parameter JOIN run ON id = run_id ORDER BY 1, 2").rows
    }

    @Test func twiceMergedIsOnceMerged() throws {
        try inThreeFiles { target, a, b in
            for (file, names) in [(a, ["1", "2"]), (b, ["3"])] {
                for name in names { try file.addNote("note of \(name)", to: try file.addRun(name)) }
            }
            try target.addRun("0")
            #expect(try target.merge(from: a.path) == MergeSummary(added: 2))
            #expect(try target.merge(from: b.path) == MergeSummary(added: 1))
            let once = try content(target)
            #expect(try target.merge(from: a.path) == MergeSummary(kept: 2))
            #expect(try target.merge(from: b.path) == MergeSummary(kept: 1))
            #expect(try content(target) == once)
            #expect(
                try target.query("SELECT id, name FROM run ORDER BY id").rows
                    == (0..<4).map { [.integer($0 + 1), .text("\($0)")] })
            #expect(try target.query("SELECT count(*) FROM pragma_foreign_key_check").rows == [[.integer(0)]])
            #expect(try content(a).count == 12, "the source is as it was")
        }
    }

    /// Finished over unfinished, then the higher step, then the newer heartbeat; a replaced run keeps its number and
    /// nothing else.
    @Test func theCopyWithMoreIsKept() throws {
        try inThreeFiles { target, a, _ in
            func add(
                _ uuid: String, _ targetCopy: (steps: [Int], status: RunStatus?),
                _ sourceCopy: (steps: [Int], status: RunStatus?)
            ) throws {
                try target.addRun(
                    "target", uuid: uuid, startedAt: Date(timeIntervalSince1970: 1000), steps: targetCopy.steps,
                    status: targetCopy.status)
                try a.addRun(
                    "source", uuid: uuid, startedAt: Date(timeIntervalSince1970: 2000), steps: sourceCopy.steps,
                    status: sourceCopy.status)
            }
            try add("u1", ([0, 5, 10], .interrupted), ([0, 5], .finished))
            try add("u2", ([0, 5], .finished), ([0, 5, 10], nil))
            try add("u3", ([0], .interrupted), ([0, 5], .lost))
            try add("u4", ([0, 5], .lost), ([0], .interrupted))
            try add("u5", ([0], nil), ([0], nil))
            try add("u6", ([0], .diverged), ([0, 5], nil))
            let note = try target.findRun("1")
            try target.addNote("of the old copy", to: note)
            #expect(try target.merge(from: a.path) == MergeSummary(replaced: 3, kept: 3))
            #expect(
                try target.query("SELECT uuid, name, id FROM run ORDER BY id").rows
                    == zip(1..., ["source", "target", "source", "target", "source", "target"]).map {
                        [.text("u\($0)"), .text($1), .integer($0)]
                    })
            #expect(try target.query("SELECT count(*) FROM training_step WHERE run_id = 1").rows == [[.integer(2)]])
            #expect(
                try target.query("SELECT run_id, text FROM note").rows == [[.integer(1), .text("of the old copy")]])
            #expect(try target.merge(from: a.path) == MergeSummary(kept: 6))
        }
    }

    /// A table that a later version may add is copied without code of its own.
    @Test func tablesAreFoundInTheFile() throws {
        try inThreeFiles { target, a, _ in
            let extra =
                "CREATE TABLE extra (run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, \"order\" TEXT, "
                + "PRIMARY KEY (run_id)) STRICT"
            for file in [target, a] { try plant(extra, in: file.path) }
            try target.addRun("first")
            let run = try a.addRun("second")
            try plant("INSERT INTO extra VALUES (\(run.id), 'x')", in: a.path)
            #expect(try target.merge(from: a.path) == MergeSummary(added: 1))
            #expect(try target.query("SELECT * FROM extra").rows == [[.integer(2), .text("x")]])
        }
    }

    /// Rows for which the target has no place are refused rather than left behind.
    @Test func whatWouldBeLostIsRefused() throws {
        try inThreeFiles { target, a, b in
            for (file, addition, sql, place) in [
                (
                    a, "CREATE TABLE extra (run_id INTEGER PRIMARY KEY) STRICT", "INSERT INTO extra VALUES (1)",
                    "rows in the table extra"
                ),
                (
                    b, "ALTER TABLE layer ADD COLUMN colour TEXT", "UPDATE layer SET colour = 'red'",
                    "rows in the columns colour of layer"
                ),
            ] {
                try file.addRun("first")
                try plant(addition, in: file.path)
                #expect(try target.merge(from: file.path) == MergeSummary(added: 1), "nothing is lost yet")
                try plant(sql, in: file.path)
                #expect(message { _ = try target.merge(from: file.path) }.contains(place))
            }
            #expect(try target.query("SELECT count(*) FROM run").rows == [[.integer(2)]])
        }
    }

    @Test func sweepsAreJoinedByUuid() throws {
        try inThreeFiles { target, a, b in
            // A version with sweeps in its schema has these tables already.
            let schema = """
                CREATE TABLE IF NOT EXISTS sweep (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, definition TEXT NOT NULL) STRICT;
                CREATE TABLE IF NOT EXISTS sweep_value (sweep_id INTEGER NOT NULL, trial INTEGER NOT NULL, axis TEXT NOT NULL, label TEXT, value ANY,
                    PRIMARY KEY (sweep_id, trial, axis)) STRICT
                """
            for file in [target, a, b] { try plant(schema, in: file.path) }
            for (file, trial) in [(a, 0), (b, 1)] {
                let run = try file.addRun("trial \(trial)")
                try plant(
                    """
                    INSERT INTO sweep (id, uuid, name, definition) VALUES (7, 's', 'n', '{}');
                    INSERT INTO sweep_value (sweep_id, trial, axis, value) VALUES (7, 0, 'rate', 0.1), (7, 1, 'rate', 0.2);
                    UPDATE run SET sweep_id = 7, trial = \(trial) WHERE id = \(run.id)
                    """, in: file.path)
            }
            for _ in 0..<2 { for file in [a, b] { _ = try target.merge(from: file.path) } }
            #expect(try target.query("SELECT id, uuid FROM sweep").rows == [[.integer(1), .text("s")]])
            #expect(
                try target.query("SELECT trial, value FROM sweep_value ORDER BY trial").rows == [
                    [.integer(0), .number(0.1)], [.integer(1), .number(0.2)],
                ])
            #expect(
                try target.query("SELECT sweep_id, trial FROM run ORDER BY id").rows == [
                    [.integer(1), .integer(0)], [.integer(1), .integer(1)],
                ])
        }
    }

    @Test func whatIsNotOursOrOfThisVersionIsRefused() throws {
        try inThreeFiles { target, a, b in
            func refusal(_ path: String) -> String { message { _ = try target.merge(from: path) } }
            #expect(refusal(target.path).contains("is the file that is merged into"))
            #expect(refusal("/nowhere/x.sqlite").contains("there is no results file"))
            try plant("PRAGMA application_id = 7", in: b.path)
            #expect(refusal(b.path).contains("of another application"))
            try a.addRun("x")
            try plant("PRAGMA user_version = 1000", in: a.path)
            #expect(refusal(a.path).contains("made by a newer bnexp"))
            let version = try target.query("SELECT user_version FROM pragma_user_version").rows[0][0]
            if case .integer(let newest) = version, newest > 1 {
                try plant("PRAGMA user_version = \(newest - 1)", in: a.path)
                // An earlier version is read as it is.
                #expect(try target.merge(from: a.path) == MergeSummary(added: 1))
                #expect(try a.query("PRAGMA user_version").rows == [[.integer(newest - 1)]])
            }
        }
    }

    /// An error half-way leaves whole runs only, and the next file can still be merged.
    @Test func aFailedMergeLeavesWholeRuns() throws {
        try inThreeFiles { target, a, b in
            for name in ["1", "2"] { try a.addRun(name) }
            try b.addRun("3")
            try plant(
                "PRAGMA ignore_check_constraints = 1; UPDATE run SET status = 'unheard of' WHERE id = 2", in: a.path)
            #expect(message { _ = try target.merge(from: a.path) }.contains("CHECK constraint failed"))
            #expect(try target.query("SELECT name FROM run").rows == [[.text("1")]])
            #expect(try target.content(ofRun: 1) == a.content(ofRun: 1))
            #expect(try target.merge(from: b.path) == MergeSummary(added: 1))
        }
    }

    /// A copy with more rows is fuller, whatever its last step says; two that ended differently are named.
    @Test func theFullerCopyIsKept() throws {
        try inThreeFiles { target, a, _ in
            try target.addRun("fuller", uuid: "u1", steps: [0, 5, 10], status: .lost, lastStep: 3)
            try a.addRun("emptier", uuid: "u1", steps: [0, 5], status: .lost, lastStep: 900)
            try target.addRun("one", uuid: "u2", loss: 1)
            let other = try a.addRun("other", uuid: "u2", loss: 2)
            try a.addTags(["later"], to: other)
            var expected = MergeSummary(kept: 2)
            expected.differing = ["u2"]
            #expect(try target.merge(from: a.path) == expected)
            #expect(try target.query("SELECT name FROM run ORDER BY id").rows == [[.text("fuller")], [.text("one")]])
            #expect(try target.tags(of: target.findRun("2")).contains("later"))
        }
    }
}
