import RunStore
import TestSupport
import Testing

@Suite struct SweepRecordTests {
    private func record(_ identities: [String], uuid: String = "0000-s") -> SweepRecord {
        SweepRecord(
            uuid: uuid, name: "rates", definition: "{}",
            trials: identities.enumerated().map { index, identity in
                SweepTrialRecord(
                    trial: index, identity: identity,
                    values: [
                        SweepValueRecord(axis: "rate", label: nil, value: .number(Double(index))),
                        SweepValueRecord(axis: "variant", label: "BN", value: .text("{\"a\": 1}")),
                    ])
            })
    }

    @Test func aSweepIsRecordedOnceAndItsTrialsAsTheyCome() throws {
        try withResultsFile { file, _ in
            var first = record(["a", "b", "c"])
            first.trials.removeLast()
            let id = try file.recordSweep(first)
            #expect(try file.recordSweep(record(["a", "b", "c"])) == id)
            #expect(try file.query("SELECT count(*) FROM sweep_trial").rows == [[.integer(3)]])
            #expect(try file.query("SELECT count(*) FROM sweep_value").rows == [[.integer(6)]])
            #expect(try file.recordSweep(record(["x"], uuid: "0001-t")) != id)
            #expect(try file.findSweep("rates").uuid == "0001-t")
            #expect(try file.findSweep("0000").uuid == "0000-s")
            #expect(
                try file.query(
                    "SELECT settings FROM sweep_summary WHERE sweep_id = ? AND trial = 1", [.integer(Int(id))]
                ).rows == [[.text(#"{"rate":1.0,"variant":"BN"}"#)]])
            #expect(throws: ResultsError.self) { try file.findSweep("other") }
            // What one file knows of a trial, another can be told.
            let copy = try file.record(of: file.findSweep("0000"), trial: 2)
            #expect(copy.trials.count == 1 && copy.trials[0].identity == "c" && copy.trials[0].values.count == 2)
            #expect(throws: ResultsError.self) {
                try file.requireTrial(TrialReference(sweepID: id, trial: 2), identity: "d")
            }
            #expect(throws: ResultsError.self) {
                try file.requireTrial(TrialReference(sweepID: id, trial: 3), identity: "c")
            }
            try file.requireTrial(TrialReference(sweepID: id, trial: 2), identity: "c")
        }
    }

    /// Of several runs of one identity one that has ended stands for it, and the view says the same as the program.
    @Test func aTrialsRunIsOneThatHasEnded() throws {
        try withResultsFile { file, folder in
            let id = try file.recordSweep(record(["a", "b", "none"]))
            for (name, status, identity) in [
                ("1", RunStatus.finished, "a"), ("2", .interrupted, "a"), ("3", .failed, "b"), ("4", .interrupted, "b"),
            ] {
                let run = try file.addRun(name, status: status)
                try plant("UPDATE run SET identity = '\(identity)' WHERE id = \(run.id)", in: file.path)
            }
            let states = try file.runStates(identities: ["a", "b", "none"])
            #expect(states["a"]?.id == 1 && states["a"]?.hasEnded == true)
            #expect(states["b"]?.id == 4 && states["b"]?.status == .interrupted && states["b"]?.hasEnded == false)
            #expect(states["none"] == nil)
            #expect(
                try file.query("SELECT run_id FROM sweep_run WHERE sweep_id = ? ORDER BY trial", [.integer(Int(id))])
                    .rows == [[.integer(1)], [.integer(4)], [.null]])
        }
    }

    @Test func aRunOfAnIdentityIsBegunOnlyOnce() throws {
        try withResultsFile { file, _ in
            func begin() throws -> RunWriter {
                try file.beginRun(
                    runRecord("r", uuid: "u\(Int.random(in: 0..<Int.max))"), isOnlyOne: true,
                    attempt: AttemptRecord(host: "h", pid: 1, startedAt: .distantPast),
                    parameters: [], layers: [], tags: [])
            }
            _ = try begin()
            do {
                _ = try begin()
                Issue.record("a second run was begun")
            } catch let error as ResultsError {
                #expect(error.cause == .busyRun && error.message.contains("another process has just started run"))
            }
        }
    }
}
