import Foundation
import RunStore
import TestSupport
import Testing
import Training

@Suite struct RunManagementTests {
    @Test func tagsAreAddedOnceAndRemovedTogether() throws {
        try withResultsFile { file, _ in
            let run = try file.addRun("a")
            try file.addTags(["b", "t", "b"], to: run)
            #expect(try file.tags(of: run) == ["b", "t"])
            #expect(
                message { try file.removeTags(["b", "x"], from: run) }.contains("has no tag \"x\"; its tags are b, t"))
            #expect(try file.tags(of: run) == ["b", "t"])
            try file.removeTags(["b", "t"], from: run)
            #expect(try file.tags(of: run).isEmpty)
            #expect(message { try file.removeTags(["b"], from: run) }.contains("it has none"))
        }
    }

    @Test func notesOfOneMomentAreAllKeptInOrder() throws {
        try withResultsFile { file, _ in
            let run = try file.addRun("a")
            for number in 0..<5 { try file.addNote("\(number)", to: run) }
            #expect(try file.notes(of: run).rows.map { $0[1] } == (0..<5).map { .text("\($0)") })
        }
    }

    @Test func deletionTakesEveryRowOfTheRunAndNoOther() throws {
        try withResultsFile { file, folder in
            let run = try file.addRun("a"), other = try file.addRun("b")
            try file.addNote("n", to: run)
            let checkpoints = "\(file.path).checkpoints/\(run.uuid)"
            try FileManager.default.createDirectory(atPath: checkpoints, withIntermediateDirectories: true)
            let expected = try file.summarizeDeletion(of: [run])
            let counts = [
                "run": 1, "run_attempt": 1, "run_phase": 1, "run_parameter": 1, "layer": 1, "training_step": 2,
                "tag": 1, "note": 1,
            ]
            #expect(
                expected.rowCounts[0].table == "run"
                    && Dictionary(uniqueKeysWithValues: expected.rowCounts.map { ($0.table, $0.count) }) == counts)
            #expect(expected.checkpointFolders == [checkpoints])
            #expect(try file.delete([run]) == expected)
            for table in counts.keys {
                let id = table == "run" ? "id" : "run_id"
                #expect(
                    try file.query("SELECT count(*) FROM \(table) WHERE \(id) = ?", [.integer(run.id)]).rows == [
                        [.integer(0)]
                    ], "\(table)")
            }
            #expect(try file.summarizeDeletion(of: [other]).rowCounts.first { $0.table == "training_step" }?.count == 2)
            let size = try file.vacuum()
            #expect(size.after <= size.before)
        }
    }

    /// Runs whose numbers follow each other, runs between others, all runs; a row of another program that names a run in a
    /// column of its own goes by its foreign key.
    @Test(arguments: [[2], [1, 2, 3, 5, 8], Array(1...8)], [false, true])
    func deletedRunsLeaveNothingBehind(ids: [Int], hasStrangersRows: Bool) throws {
        try withResultsFile { file, _ in
            for number in 1...8 { try file.addRun("\(number)") }
            if hasStrangersRows {
                try plant(
                    "CREATE TABLE remark (about INTEGER REFERENCES run (id) ON DELETE CASCADE); "
                        + "INSERT INTO remark SELECT id FROM run", in: file.path)
            }
            let left = Array(Set(1...8).subtracting(ids)).sorted().map { [SQLValue.integer($0)] }
            let runs = try file.allRuns().filter { ids.contains($0.id) }
            let expected = try file.summarizeDeletion(of: runs)
            #expect(expected.rowCounts.first { $0.table == "training_step" }?.count == 2 * ids.count)
            #expect(try file.delete(runs) == expected)
            for table in try file.exportableTables() where table != "run" {
                let strangers = try file.query("SELECT DISTINCT run_id FROM \(table) ORDER BY 1").rows
                #expect(strangers.isEmpty || strangers == left, "\(table)")
            }
            #expect(try file.query("SELECT id FROM run ORDER BY id").rows == left)
            if hasStrangersRows { #expect(try file.query("SELECT about FROM remark ORDER BY 1").rows == left) }
            #expect(try file.query("SELECT count(*) FROM pragma_foreign_key_check").rows == [[.integer(0)]])
            #expect(try file.query("PRAGMA foreign_keys").rows == [[.integer(1)]])
        }
    }

    @Test func aRunAtWorkIsNotDeleted() throws {
        try withResultsFile { file, _ in
            let here = ProcessInfo.processInfo.hostName
            let ended = try file.addRun("ended")
            let atWork = try file.addRun("at work", host: here, pid: Int(getpid()), status: nil)
            #expect(
                message { _ = try file.delete([ended, atWork]) }.contains(
                    "process \(getpid()) on \(here) works on it"))
            #expect(try file.query("SELECT count(*) FROM run").rows == [[.integer(2)]])
            let gone = try file.addRun("gone", host: here, pid: goneProcess(), status: nil)
            #expect(try file.delete([gone]).rowCounts[0].count == 1)
        }
    }

    /// Gone and reused process numbers on this machine, old heartbeats of others; what lives or has ended stays as it
    /// is.
    @Test func reapMarksRunsWhoseProcessIsGone() throws {
        try withResultsFile { file, _ in
            let here = ProcessInfo.processInfo.hostName
            let stranger = Process()
            stranger.executableURL = URL(fileURLWithPath: "/bin/sleep")
            stranger.arguments = ["60"]
            try stranger.run()
            defer {
                // Threads of a test have other signals blocked, and what they start inherits that.
                kill(stranger.processIdentifier, SIGKILL)
                stranger.waitUntilExit()
            }
            let start = Date(timeIntervalSinceNow: -1000)
            try file.addRun("finished", host: here, pid: goneProcess())
            try file.addRun("alive", host: here, pid: Int(getpid()), startedAt: start, status: nil)
            try file.addRun("gone", host: here, pid: goneProcess(), startedAt: start, steps: [0, 5, 10], status: nil)
            try file.addRun("reused", host: here, pid: Int(stranger.processIdentifier), steps: [], status: nil)
            try file.addRun("beating", startedAt: Date(timeIntervalSinceNow: -60), status: nil)
            try file.addRun("silent", startedAt: start, status: nil)
            let hasCommandLines = FileManager.default.fileExists(atPath: "/proc/self/cmdline")
            let expected = hasCommandLines ? ["gone", "reused", "silent"] : ["gone", "silent"]
            #expect(try file.lostRuns(heartbeatAge: 120).map(\.run.name) == expected)
            #expect(try file.query("SELECT count(*) FROM run WHERE status = 'lost'").rows == [[.integer(0)]])
            let lost = try file.reap(heartbeatAge: 120)
            #expect(lost.map(\.run.name) == expected && lost.first?.lastStep == 10)
            #expect(
                try file.query(
                    "SELECT status, exit_reason, last_step, finished_at = heartbeat_at FROM run JOIN run_attempt ON "
                        + "run_id = id WHERE name = 'gone'"
                ).rows == [[.text("lost"), .text("its process is gone"), .integer(10), .integer(1)]])
            #expect(try file.reap(heartbeatAge: 120).isEmpty)
            #expect(try file.reap(heartbeatAge: 30).map(\.run.name) == ["beating"])
        }
    }

    /// Three processes work on a run: one is stopped after step 10, one is killed, the last one takes it to its end.
    @Test func theProfileAddsUpWhatProcessesTook() throws {
        try withResultsFile { file, _ in
            func phases(train: Double, total: Double) -> [PhaseRecord] {
                [
                    PhaseRecord(phase: .train, wallSeconds: train, cpuSeconds: 2 * train),
                    PhaseRecord(phase: .total, wallSeconds: total, cpuSeconds: total),
                ]
            }
            func takeUp() throws -> RunWriter {
                try file.resumeRun(
                    try #require(file.runs(identity: "i").first),
                    attempt: AttemptRecord(host: "h", pid: 1, startedAt: Date()), fromStep: 10)
            }
            try file.begin().finish(
                status: .interrupted, exitReason: nil, lastStep: 10, peakMemoryBytes: 1,
                phases: phases(train: 1, total: 2))
            #expect(try file.profile(ofRun: 1).stepCount == 10)
            _ = try takeUp()
            #expect(try file.profile(ofRun: 1).stepCount == 10)
            try takeUp().finish(
                status: .finished, exitReason: nil, lastStep: 40, peakMemoryBytes: 1, phases: phases(train: 3, total: 5)
            )
            let profile = try file.profile(ofRun: 1)
            #expect(profile.stepCount == 40 && profile.phases.map(\.phase) == [.train, .total])
            #expect(profile.phases.map(\.wallSeconds) == [4, 7] && profile.phases.map(\.cpuSeconds) == [8, 7])
            #expect(try file.profile(ofRun: 2).phases.isEmpty)
        }
    }

    @Test func changingAMissingFileMakesNone() throws {
        try withTemporaryFolder { folder in
            let path = folder.appendingPathComponent("none.sqlite").path
            #expect(message { _ = try ResultsFile.existing(path) }.contains("there is no results file"))
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func listsAreFiltered() throws {
        try withResultsFile { file, _ in
            func begin(_ name: String, _ parameters: [(path: String, value: SQLValue)]) throws {
                _ = try file.begin(runRecord(name), parameters: parameters)
            }
            try begin(
                "bn-1",
                [
                    ("seed", .integer(1)), ("rate", .number(0.1)), ("model.hidden", .text("[100, 100]")),
                    ("flag", .integer(1)),
                ])
            try begin(
                "bn-2",
                [
                    ("seed", .integer(10)), ("rate", .number(0.5)), ("model.hidden", .text("[200]")),
                    ("flag", .integer(0)), ("limit", .null),
                ])
            try file.addRun("ln")
            func names(_ change: (inout RunFilter) -> Void) throws -> [SQLValue] {
                var filter = RunFilter()
                change(&filter)
                return try file.runs(matching: filter).map { .text($0.name) }
            }
            func names(where path: String, _ value: String) throws -> [SQLValue] {
                try names { $0.parameters = [ParameterCondition(path: path, value: value)] }
            }
            #expect(try names { _ in } == [.text("bn-1"), .text("bn-2"), .text("ln")])
            #expect(try names { $0.statuses = [.finished] } == [.text("ln")])
            #expect(try names { $0.statuses = [.finished, .running] }.count == 3)
            #expect(try names { $0.name = "bn-*" } == [.text("bn-1"), .text("bn-2")])
            #expect(try names { $0.name = "*-[2]" } == [.text("bn-2")])
            #expect(try names { $0.tags = ["t"] }.count == 3)
            #expect(try names { $0.tags = ["t", "u"] }.isEmpty)
            #expect(try names(where: "seed", "1.0") == [.text("bn-1")])
            #expect(try names(where: "seed", "10") == [.text("bn-2")])
            #expect(try names(where: "rate", "1e-1") == [.text("bn-1")])
            #expect(try names(where: "flag", "true") == [.text("bn-1")])
            #expect(try names(where: "limit", "null") == [.text("bn-2")])
            #expect(try names(where: "model.hidden", "[100,100]") == [.text("bn-1")])
            #expect(message { _ = try names(where: "hidden", "1") }.contains("did you mean model.hidden?"))
            #expect(try names { $0.since = "2000-01-01" }.count == 3)
            #expect(try names { $0.since = "9000-01-01" }.isEmpty)
            let runs = try file.runs(matching: RunFilter())
            let listing = try file.listing(of: runs, keys: ["name", "rate"], sortedBy: "rate", isDescending: true)
            #expect(
                listing.rows == [
                    [.text("bn-2"), .number(0.5)], [.text("bn-1"), .number(0.1)], [.text("ln"), .null],
                ])
            #expect(message { _ = try file.listing(of: runs, keys: ["nam"]) }.contains("did you mean name?"))
        }
    }
}
