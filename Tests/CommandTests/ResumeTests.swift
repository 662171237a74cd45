import Datasets
import Foundation
import RunStore
import TestSupport
import Testing

/// What becomes of a run that a signal, a crash or a second start meets.
@Suite struct ResumeTests {
    private let options = [
        "--set", "training.steps=20000", "--set", "logging.every=10", "--set", "evaluation.every=1000", "--progress",
        "json",
    ]

    private func inToyFolder(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            try toyConfig(
                model: ", \"normalization\": {\"kind\": \"batch\"}, \"dropout\": 0.1", rest: ", \"name\": \"toy\""
            ).write(
                to: folder.appendingPathComponent("c.json"), atomically: true, encoding: .utf8)
            try body(folder)
        }
    }

    private func arguments(_ database: String) -> [String] {
        ["run", "c.json", "--db", database, "--if-exists", "resume"] + options
    }

    /// Starts a run in `database`, sends it a signal when it has committed a step, and expects that this ended it.
    private func interrupt(
        _ database: String, _ options: [String] = [], in folder: URL, with signal: Int32, afterStep step: Int,
        expecting end: StartedCommand.End
    ) throws {
        let command = try StartedCommand([binary.path] + arguments(database) + options, in: folder)
        let committed = try command.wait(forCommitOfStep: step)
        command.signal(signal)
        #expect(try command.finish() == end, "\(command.errors)")
        let file = try ResultsFile(reading: folder.appendingPathComponent(database).path)
        let rows = try file.query(
            "SELECT status, (SELECT count(*) FROM training_step WHERE step = \(committed)) FROM run")
        let status = end == .signal(SIGKILL) ? "running" : "interrupted"
        #expect(rows.rows == [[.text(status), .integer(1)]])
    }

    /// Every table that must not differ, of one file's only run.
    private func contents(_ folder: URL, _ database: String) throws -> [String: QueryResult] {
        let file = try ResultsFile(reading: folder.appendingPathComponent(database).path)
        #expect(try file.query("SELECT status, count(*) FROM run").rows == [[.text("finished"), .integer(1)]])
        #expect(try file.query("PRAGMA integrity_check").rows == [[.text("ok")]])
        return try Dictionary(
            uniqueKeysWithValues: file.reproducibleTables().map { ($0, try file.query("SELECT * FROM \($0)")) })
    }

    /// Killed again and again at changing moments, with a checkpoint every 250 steps or with none, a run ends in the
    /// same bits.
    @Test(arguments: [["--set", "checkpoint={\"every\": 250, \"keep\": 2}"], []])
    func aKilledRunGoesOnToTheSameBits(checkpoint: [String]) throws {
        try inToyFolder { folder in
            #expect(try bnexp(arguments("whole.sqlite") + checkpoint, in: folder).exitCode == 0)
            for step in [0, 900, 2000, 3300, 4700, 6100] {
                try interrupt(
                    "killed.sqlite", checkpoint, in: folder, with: SIGKILL, afterStep: step, expecting: .signal(SIGKILL)
                )
            }
            let last = try bnexp(arguments("killed.sqlite") + checkpoint, in: folder)
            #expect(last.exitCode == 0, "\(last.errors)")
            #expect(try contents(folder, "whole.sqlite") == contents(folder, "killed.sqlite"))
            #expect(
                FileManager.default.fileExists(atPath: folder.appendingPathComponent("killed.sqlite.checkpoints").path)
                    == !checkpoint.isEmpty)
        }
    }

    @Test func aStoppedRunGoesOnToTheSameBits() throws {
        try inToyFolder { folder in
            #expect(try bnexp(arguments("whole.sqlite"), in: folder).exitCode == 0)
            for step in [0, 2500, 5000] {
                try interrupt("stopped.sqlite", in: folder, with: SIGTERM, afterStep: step, expecting: .exit(75))
            }
            #expect(try bnexp(arguments("stopped.sqlite"), in: folder).exitCode == 0)
            #expect(try contents(folder, "whole.sqlite") == contents(folder, "stopped.sqlite"))
        }
    }

    @Test func policiesForARunThatIsThere() throws {
        try inToyFolder { folder in
            let run = ["run", "c.json", "-q"]
            let first = try bnexp(run, in: folder).output
            #expect(try bnexp(run + ["--if-exists", "skip"], in: folder).output == first)
            #expect(try bnexp(run + ["--if-exists", "resume"], in: folder).output == first)
            let refused = try bnexp(run + ["--if-exists", "error"], in: folder)
            #expect(refused.exitCode == 64 && refused.errors.contains("exists, finished") && refused.output.isEmpty)
            // Name, tags and logging do not make another experiment, the seed does.
            #expect(
                try bnexp(run + ["--if-exists", "skip", "--name", "n", "--set", "logging.every=3"], in: folder).output
                    == first)
            #expect(try bnexp(run + ["--if-exists", "skip", "--seed", "1"], in: folder).output != first)
            let wild = ["run", "c.json", "-q", "--set", "optimizer.learning_rate=1e30"]
            let diverged = try bnexp(wild, in: folder)
            for policy in ["skip", "resume"] {
                let found = try bnexp(wild + ["--if-exists", policy], in: folder)
                #expect(diverged.exitCode == 2 && found.exitCode == 2 && found.output == diverged.output, "\(found)")
                #expect(try bnexp(wild + ["--if-exists", policy, "--allow-divergence"], in: folder).exitCode == 0)
            }
            #expect(try bnexp(run, in: folder).output != first)
        }
    }

    @Test func aRunIsResumedOnlyAsItWasMeasured() throws {
        try inToyFolder { folder in
            try interrupt(
                "r.sqlite", in: folder, with: SIGTERM, afterStep: 0, expecting: .exit(75))
            let other = try bnexp(
                arguments("r.sqlite").map { $0 == "logging.every=10" ? "logging.every=7" : $0 }, in: folder)
            #expect(other.exitCode == 65 && other.errors.contains("logging: differs from what run"), "\(other.errors)")
        }
    }

    @Test func earlyStoppingAndTheBestCheckpoint() throws {
        try inToyFolder { folder in
            let stop = [
                "--set", "training.stop_when={\"split\": \"train\", \"metric\": \"accuracy\", \"above\": 0.9}", "--set",
                "evaluation.every=10",
            ]
            let result = try bnexp(
                [
                    "run", "c.json", "--set", "training.steps=4000", "--set",
                    "checkpoint={\"directory\": \"kept\", \"best\": {\"split\": \"train\"}}",
                ] + stop, in: folder)
            #expect(result.exitCode == 0 && result.errors.contains("stopped early: train accuracy"), "\(result.errors)")
            let row = try bnexp(
                [
                    "sql",
                    "SELECT status, exit_reason LIKE '%is above 0.9 at step%' AS reason, last_step < 4000 AS early, "
                        + "(SELECT max(accuracy) > 0.9 FROM evaluation) AS good, last_step = (SELECT max(step) FROM "
                        + "training_step) AS measured FROM run",
                    "--csv",
                ],
                in: folder)
            #expect(row.output == "status,reason,early,good,measured\nfinished,1,1,1,1\n", "\(row.output)")
            let uuid = result.output.trimmingCharacters(in: .newlines)
            let best = try HDF5File(path: folder.appendingPathComponent("kept/\(uuid)/best.h5").path).attributes()[
                "step"]
            let step = try bnexp(["sql", "SELECT step FROM evaluation ORDER BY loss LIMIT 1", "--csv"], in: folder)
                .output
            #expect("step\n\(best?.description ?? "")\n" == step)
            let wrong = try bnexp(
                ["run", "c.json", "--set", "training.stop_when={\"split\": \"test\", \"patience\": 2}"], in: folder)
            #expect(
                wrong.exitCode == 65 && wrong.errors.contains("training.stop_when.split")
                    && wrong.errors.contains("data.test is not given"), "\(wrong.errors)")
        }
    }

    @Test func frozenParametersStay() throws {
        try inToyFolder { folder in
            #expect(
                try bnexp(["run", "c.json", "-q", "--set", "model.frozen=[\"gamma\",\"1/weight\"]"], in: folder)
                    .exitCode == 0)
            let rows = try bnexp(
                [
                    "sql",
                    "SELECT layer, parameter, count(DISTINCT weight_norm) > 1 AS moved FROM parameter_statistic GROUP "
                        + "BY layer, parameter",
                    "--csv",
                ], in: folder)
            #expect(
                rows.output
                    == "layer,parameter,moved\n0,beta,1\n0,gamma,0\n0,weight,1\n1,bias,1\n1,weight,0\n",
                "\(rows.output)")
        }
    }

    @Test func evaluateAndDumpAskACheckpoint() throws {
        try inToyFolder { folder in
            #expect(
                try bnexp(["run", "c.json", "-q", "--set", "checkpoint={}", "--set", "training.steps=40"], in: folder)
                    .exitCode == 0)
            let recorded = try bnexp(
                [
                    "sql", "SELECT step, split, mode, loss, accuracy, example_count FROM evaluation WHERE step = 40",
                    "--json",
                ], in: folder)
            let again = try bnexp(["evaluate", "latest", "--json"], in: folder)
            #expect(again.output == recorded.output && again.exitCode == 0, "\(again.errors)")
            let batch = try bnexp(
                ["evaluate", "latest", "--mode", "batch", "--batch-size", "20", "--json"], in: folder)
            #expect(batch.output.contains("\"mode\": \"batch\""))
            // The step is computed again; its weight is what was logged.
            #expect(try bnexp(["dump", "latest", "--step", "15", "-o", "d.h5"], in: folder).exitCode == 0)
            let file = try HDF5File(path: folder.appendingPathComponent("d.h5").path)
            let gradient: [Double] = try file.dataset("layer/0/weight_gradient").read()
            let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let logged = try bnexp(
                [
                    "sql",
                    "SELECT gradient_norm FROM parameter_statistic WHERE step = 15 AND layer = 0 AND parameter = "
                        + "'weight'",
                    "--csv",
                ], in: folder)
            let expected = Double(logged.output.split(separator: "\n")[1]) ?? 0
            #expect(abs(norm - expected) < 1e-12 * expected && norm > 0)
            #expect(
                try file.dataset("layer/0/preactivation").shape == [10, 6] && file.dataset("targets").shape == [10])
            let late = try bnexp(["dump", "latest", "--step", "41", "-o", "e.h5"], in: folder)
            #expect(late.exitCode == 64 && late.errors.contains("has only 40 steps"))
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            let without = try bnexp(["evaluate", "latest"], in: folder)
            #expect(without.exitCode == 64 && without.errors.contains("has no checkpoint"))
        }
    }

    @Test func verifyResume() throws {
        try inToyFolder { folder in
            let result = try bnexp(["verify-resume", "c.json", "--json"], in: folder)
            let rows = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]] ?? []
            #expect(
                result.exitCode == 0 && rows.count >= 20 && rows.allSatisfy { $0["verdict"] as? String == "identical" },
                "\(result.output)\(result.errors)")
            let short = try bnexp(["verify-resume", "c.json", "--at", "20"], in: folder)
            #expect(short.exitCode == 65 && short.errors.contains("--at: found 20"))
        }
    }
}
