import Foundation
import RunStore
import TestSupport
import Testing

/// `bnexp sweep --task I --tasks K --collect DIR`, what becomes of its shards, and what two processes do to each other.
@Suite struct CollectTests {
    /// Four trials in two tasks.
    ///
    /// Names with what shells and SQLite's addresses treat specially.
    private func inSweepFolder(steps: Int = 20, _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let place = folder.appendingPathComponent("it's 100% #1")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for name in ["a", "b"] {
                try FileManager.default.createDirectory(
                    at: place.appendingPathComponent(name), withIntermediateDirectories: true)
            }
            try writeToyData(to: place.appendingPathComponent("toy.h5").path)
            try toyConfig().write(to: place.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            try """
            {"name": "toy", "config": "c.json", "seeds": [1, 2, 3, 4],
             "product": {"training.steps": [\(steps)]}}
            """.write(to: place.appendingPathComponent("s.json"), atomically: true, encoding: .utf8)
            try body(place)
        }
    }

    private func task(_ task: Int, scratch: String = "a", _ more: [String] = []) -> [String] {
        [
            "sweep", "s.json", "--task", "\(task)", "--tasks", "2", "--collect", "shards", "--scratch", scratch,
            "--jobs", "1",
        ] + more
    }

    private func shards(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/shards").filter { $0.hasSuffix(".sqlite") }
    }

    private func merge(_ folder: URL, _ database: String = "merged.sqlite") throws -> CommandResult {
        try bnexp(["sweep", "s.json", "--collect", "shards", "--merge", "--db", database], in: folder)
    }

    /// Trial, status and the hash of all rows, of each run.
    private func runs(_ folder: URL, _ database: String) throws -> [[SQLValue]] {
        try ResultsFile(reading: folder.appendingPathComponent(database).path).query(
            "SELECT trial, status, content_hash FROM run ORDER BY trial"
        ).rows
    }

    /// Starts a task that would train for ever, and waits until it trains.
    private func start(_ folder: URL, scratch: String, _ more: [String] = []) throws -> StartedCommand {
        let command = try StartedCommand(
            [binary.path] + task(0, scratch: scratch, ["--progress", "json"] + more), in: folder)
        try command.wait(for: "progress") { $0.errors.contains(/"event": "progress".*"step": [1-9]/) }
        return command
    }

    @Test func mergedTasksAreWhatOneProcessMakes() throws {
        try inSweepFolder { folder throws in
            #expect(try bnexp(["sweep", "s.json"], in: folder).exitCode == 0)
            for number in [1, 0] {
                let result = try bnexp(task(number), in: folder)
                #expect(result.exitCode == 0, "\(result.errors)")
                #expect(result.errors.contains("task \(number) of 2: \(number * 2)-\(number * 2 + 1) of 4 trials"))
            }
            let copies = try shards(folder)
            #expect(copies.count == 2)
            for copy in copies {
                let result = try bnexp(["doctor", "--db", "shards/\(copy)"], in: folder)
                #expect(result.exitCode == 0 && result.output.contains("copy of a shard"), "\(result.output)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a") == [])

            let status = try bnexp(["sweep", "status", "s.json", "--collect", "shards"], in: folder)
            #expect(status.output.contains(/finished +4/) && status.errors.contains("2 of 2 tasks"), "\(status.errors)")
            let first = try merge(folder)
            #expect(first.exitCode == 0 && first.errors.contains("4 runs added"), "\(first.errors)")
            #expect(try merge(folder).errors.contains("0 runs added, 0 replaced, 4 kept; 4 of 4 trials have ended"))
            #expect(try runs(folder, "merged.sqlite") == runs(folder, "results.sqlite"))

            // What is done is neither run nor copied again.
            #expect(try bnexp(task(0), in: folder).errors.contains("2 trials: 2 exist already"))
            #expect(try shards(folder) == copies)
        }
    }

    /// A task that is stopped goes on in a folder of another machine, from its checkpoints.
    @Test(arguments: [SIGTERM, SIGUSR1, SIGINT]) func aStoppedTaskGoesOnElsewhere(signal: Int32) throws {
        try inSweepFolder(steps: 1_000_000_000) { folder throws in
            let first = try start(folder, scratch: "a")
            first.signal(signal)
            if signal != SIGINT { first.signal(signal) }
            #expect(try first.finish() == .exit(75))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a") == [])
            let second = try start(folder, scratch: "b")
            second.signal(SIGTERM)
            #expect(try second.finish() == .exit(75))
            let copy = try #require(try shards(folder).first)
            #expect(try shards(folder).count == 1)
            let attempts = try ResultsFile(reading: folder.path + "/shards/" + copy).query(
                "SELECT attempt, from_step > 0 FROM run_attempt ORDER BY attempt"
            ).rows
            #expect(attempts == [[.integer(1), .integer(0)], [.integer(2), .integer(1)]])
        }
    }

    /// A process that was killed leaves what it did on its machine, and its last copy elsewhere; that copy says that
    /// its run is at work.
    @Test(arguments: ["a", "b"]) func aKilledTaskGoesOn(scratch: String) throws {
        try inSweepFolder(steps: 1_000_000_000) { folder throws in
            let first = try start(folder, scratch: "a", ["--collect-every", "0.001"])
            try first.wait(for: "a copy") { _ in (try? self.shards(folder))?.isEmpty == false }
            first.signal(SIGKILL)
            _ = try first.finish()
            let second = try start(folder, scratch: scratch)
            second.signal(SIGTERM)
            #expect(try second.finish() == .exit(75))
            let copies = try shards(folder)
            #expect(copies.count == 1)
            let file = try ResultsFile(reading: folder.path + "/shards/" + copies[0])
            #expect(
                try file.query("SELECT count(*), max(attempt) FROM run_attempt").rows == [[.integer(2), .integer(2)]])
        }
    }

    /// On one machine a lock refuses the second process of a task.
    ///
    /// On two nothing is lost, whoever ends last.
    @Test func twoProcessesOfOneTaskLoseNothing() throws {
        try inSweepFolder(steps: 1_000_000_000) { folder throws in
            let first = try start(folder, scratch: "a")
            let refused = try bnexp(task(0, scratch: "a"), in: folder)
            #expect(refused.exitCode == 76 && refused.errors.contains("works on task 0"), "\(refused.errors)")

            let second = try start(folder, scratch: "b")
            second.signal(SIGTERM)
            #expect(try second.finish() == .exit(75))
            first.signal(SIGTERM)
            #expect(try first.finish() == .exit(75))
            #expect(try shards(folder).count == 2)
            #expect(try merge(folder).errors.contains("2 runs added"))
            // The next process takes both over.
            let third = try start(folder, scratch: "b")
            third.signal(SIGTERM)
            #expect(try third.finish() == .exit(75))
            let copies = try shards(folder)
            #expect(copies.count == 1)
            let file = try ResultsFile(reading: folder.path + "/shards/" + copies[0])
            #expect(try file.query("SELECT count(*) FROM run").rows == [[.integer(2)]])
        }
    }

    @Test func whatCannotBeCopiedStays() throws {
        try inSweepFolder(steps: 1_000_000_000) { folder throws in
            let first = try start(folder, scratch: "a")
            // Root may write to every folder, so that a file takes its place.
            try FileManager.default.removeItem(atPath: folder.path + "/shards")
            try "".write(toFile: folder.path + "/shards", atomically: true, encoding: .utf8)
            first.signal(SIGTERM)
            #expect(try first.finish() == .exit(73))
            #expect(first.errors.contains("the shard could not be copied") && first.errors.contains("it stays on"))
            try FileManager.default.removeItem(atPath: folder.path + "/shards")
            let second = try start(folder, scratch: "a")
            second.signal(SIGTERM)
            #expect(try second.finish() == .exit(75))
            let copies = try shards(folder)
            let file = try ResultsFile(reading: folder.path + "/shards/" + (copies.first ?? ""))
            #expect(
                try file.query("SELECT count(*), max(attempt) FROM run_attempt").rows == [[.integer(2), .integer(2)]])
        }
    }

    @Test(arguments: [
        (["--task", "1"], "give --task I --tasks K --collect DIR"),
        (["--task", "2", "--tasks", "2", "--collect", "d"], "--task is 2; expected 0 to 1"),
        (["--collect", "d"], "--collect d needs --task I --tasks K"),
        (["--merge"], "--merge needs --collect DIR"),
        (["--task", "0", "--tasks", "2", "--collect", "d", "--db", "x"], "--task and --db contradict each other"),
        (["--task", "0", "--tasks", "2", "--collect", "d", "--expand"], "--task and --expand contradict each other"),
        (["--task", "0", "--tasks", "2", "--collect", "d", "--merge"], "--merge and --task contradict each other"),
        (["--task", "0", "--tasks", "2", "--collect", "d", "--collect-every", "0"], "--collect-every is 0"),
        (
            ["--task", "0", "--tasks", "3", "--collect", "shards"],
            "has shards of this sweep in 2 tasks, and --tasks is 3"
        ),
    ])
    func contradictionsAreNamed(arguments: [String], message: String) throws {
        try inSweepFolder { folder throws in
            if arguments.contains("shards") { _ = try bnexp(task(0), in: folder) }
            let result = try bnexp(["sweep", "s.json"] + arguments, in: folder)
            #expect(result.exitCode == 64)
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }

    @Test func aMergeOfNothingSaysSo() throws {
        try inSweepFolder { folder throws in
            let result = try merge(folder)
            #expect(
                result.exitCode == 73 && result.errors.contains("there is no folder"), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/merged.sqlite"))
        }
    }
}
