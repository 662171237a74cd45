import Datasets
import Foundation
import RunStore
import TestSupport
import Testing

/// `bnexp sweep` from one end to the other, on the toy data.
@Suite struct SweepCommandTests {
    private let blocks =
        #""product": {"optimizer.learning_rate": [0.1, 0.5]}, "variants": {"BN": {"model.normalization.kind": "batch"}, "none": {"model.normalization.kind": "none"}}, "seeds": [1, 2]"#

    private func inSweepFolder(_ blocks: String? = nil, rest: String = "", _ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
            func write(_ text: String, _ name: String) throws {
                try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
            try write(
                toyConfig(data: ", \"test\": {\"inputs\": \"test/images\", \"targets\": \"test/labels\"}", rest: rest),
                "c.json")
            try write("{\"name\": \"toy\", \"config\": \"c.json\", \(blocks ?? self.blocks)}", "s.json")
            try body(folder)
        }
    }

    /// Whether some trial of a sweep with `--progress json` has made an update.
    private static func hasTrained(_ sweep: StartedCommand) -> Bool {
        sweep.errors.contains(/"event": "progress".*"step": [1-9]/)
    }

    private func rows(_ sql: String, _ folder: URL, _ database: String = "results.sqlite") throws -> [[SQLValue]] {
        try ResultsFile(reading: folder.appendingPathComponent(database).path).query(sql).rows
    }

    @Test func everyTrialIsRunOnceAndNoneAgain() throws {
        try inSweepFolder { folder throws in
            let dry = try bnexp(["sweep", "s.json", "--dry-run"], in: folder)
            #expect(
                dry.output.contains("variant=BN")
                    && dry.output.contains("seed=1 optimizer.learning_rate=0.1 model.normalization.kind=batch"),
                "\(dry.output)")
            #expect(dry.errors == "bnexp: 8 trials; 8 to run, 160 steps\n")
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results.sqlite").path))

            let first = try bnexp(["sweep", "s.json", "--jobs", "3"], in: folder)
            #expect(first.exitCode == 0, "\(first.errors)")
            #expect(first.errors.contains("8 trials: 8 finished"))
            #expect(first.output.wholeMatch(of: /[0-9a-f-]{36}\n/) != nil)
            let all = try rows(
                "SELECT sweep.uuid, sweep.name, trial, status, run.name FROM sweep JOIN run ON sweep_id = sweep.id "
                    + "ORDER BY trial", folder)
            #expect(all.map { $0[2] } == (0..<8).map { .integer($0) })
            #expect(
                all.allSatisfy {
                    $0[0] == .text(first.output.trimmingCharacters(in: .newlines)) && $0[3] == .text("finished")
                })
            #expect(all[3][4] == .text("toy/3"))
            #expect(
                try rows("SELECT axis, coalesce(label, value) FROM sweep_value WHERE trial = 6 ORDER BY axis", folder)
                    == [
                        [.text("optimizer.learning_rate"), .number(0.5)], [.text("seed"), .integer(1)],
                        [.text("variant"), .text("none")],
                    ])

            let again = try bnexp(["sweep", "s.json"], in: folder)
            #expect(
                again.exitCode == 0 && again.output == first.output
                    && again.errors.contains("8 trials: 8 exist already"), "\(again.errors)")
            #expect(try rows("SELECT count(*) FROM run", folder) == [[.integer(8)]])
            #expect(!again.errors.contains("logging"))
            let logged = try bnexp(["sweep", "s.json", "--set", "logging.every=1"], in: folder)
            #expect(
                logged.exitCode == 0
                    && logged.errors.contains(
                        "8 runs that exist already were measured with other settings of \"logging\""),
                "\(logged.errors)")
            // A wider sweep runs only what is new, and finds the old runs.
            try
                "{\"name\": \"wide\", \"config\": \"c.json\", \(blocks.replacing("[0.1, 0.5]", with: "[0.1, 0.2, 0.5]"))}"
                .write(
                    to: folder.appendingPathComponent("wide.json"), atomically: true, encoding: .utf8)
            #expect(try bnexp(["sweep", "wide.json", "-q"], in: folder).exitCode == 0)
            #expect(
                try rows(
                    "SELECT sweep, count(*), count(run_id), min(status) FROM sweep_summary GROUP BY sweep_id", folder)
                    == [
                        [.text("toy"), .integer(8), .integer(8), .text("finished")],
                        [.text("wide"), .integer(12), .integer(12), .text("finished")],
                    ])
            #expect(try rows("SELECT count(*) FROM run", folder) == [[.integer(12)]])
        }
    }

    /// Jobs, threads and the order of trials make no difference to any measured bit.
    @Test func aTrialIsTheSameBitsHoweverItIsRun() throws {
        try inSweepFolder { folder throws in
            #expect(
                try bnexp(["sweep", "s.json", "--jobs", "1", "--db", "one.sqlite", "-q"], in: folder).exitCode == 0)
            #expect(
                try bnexp(
                    ["sweep", "s.json", "--jobs", "4", "--threads", "2", "--db", "four.sqlite", "-q"], in: folder
                ).exitCode == 0)
            let lines = try bnexp(["sweep", "s.json", "--expand", "--db", "lines.sqlite"], in: folder)
            #expect(lines.output.split(separator: "\n").count == 8)
            // Reversed, through a shell, two at a time.
            let script = "tac | tr '\\n' '\\0' | xargs -0 -P 2 -I LINE sh -c LINE"
            let result = try run(["/bin/bash", "-c", script], in: folder, input: lines.output)
            #expect(result.exitCode == 0 && result.errors.isEmpty, "\(result.errors)")
            for table in ["training_step", "activation_statistic", "parameter_statistic", "evaluation"] {
                let sql = "SELECT trial, m.* FROM \(table) AS m JOIN run ON run.id = run_id ORDER BY trial, 3, 4, 5, 6"
                func measured(_ database: String) throws -> [[SQLValue]] {
                    try rows(sql, folder, database).map { [$0[0]] + $0.dropFirst(2) }
                }
                let one = try measured("one.sqlite")
                #expect(!one.isEmpty)
                #expect(try one == measured("four.sqlite"))
                #expect(try one == measured("lines.sqlite"))
            }
            #expect(
                try bnexp(["sweep", "s.json", "--expand", "--db", "lines.sqlite", "-q"], in: folder).output.isEmpty)
            // Shards of one sweep become one sweep.
            #expect(try bnexp(["sweep", "s.json", "--index", "0-2", "--shard", "a", "-q"], in: folder).exitCode == 0)
            #expect(try bnexp(["sweep", "s.json", "--index", "3-9", "--shard", "b", "-q"], in: folder).exitCode == 0)
            #expect(
                try bnexp(["merge", "results.a.sqlite", "results.b.sqlite", "--db", "all.sqlite"], in: folder).exitCode
                    == 0)
            #expect(
                try rows("SELECT count(*), count(DISTINCT trial), min(status) FROM sweep_run", folder, "all.sqlite")
                    == [[.integer(8), .integer(8), .text("finished")]])
            #expect(try rows("SELECT count(*) FROM sweep", folder, "all.sqlite") == [[.integer(1)]])
        }
    }

    @Test func aStoppedSweepGoesOnWhereItWas() throws {
        // Long enough to be met by the signal; the second signal's work is finished by the third call.
        try inSweepFolder { folder throws in
            let long = ["--set", "training.steps=30000", "--set", "evaluation.every=0", "--set", "logging.every=1000"]
            let sweep = try StartedCommand(
                [binary.path, "sweep", "s.json", "--jobs", "2", "--progress", "json"] + long, in: folder)
            try sweep.wait(for: "that a trial trains", until: Self.hasTrained)
            sweep.signal(SIGINT)
            #expect(try sweep.finish() == .exit(75), "\(sweep.errors)")
            #expect(sweep.errors.contains("the same command resumes"))
            let stopped = try rows("SELECT status, count(*) FROM run GROUP BY status ORDER BY status", folder)
            #expect(
                stopped.contains { $0[0] == .text("interrupted") } && !stopped.contains { $0[0] == .text("running") },
                "\(stopped)")
            let status = try bnexp(["sweep", "status", "s.json"] + long, in: folder)
            #expect(status.output.contains("interrupted") && status.output.contains("missing"), "\(status.output)")

            #expect(try bnexp(["sweep", "s.json", "-q"] + long, in: folder).exitCode == 0)
            #expect(
                try rows("SELECT count(*), min(status), min(last_step) FROM run", folder) == [
                    [.integer(8), .text("finished"), .integer(30000)]
                ])
            #expect(
                try rows("SELECT count(*) > 0 FROM run_attempt WHERE attempt = 2 AND from_step > 0", folder) == [
                    [.integer(1)]
                ])
            #expect(try bnexp(["sweep", "s.json", "-q", "--db", "whole.sqlite"] + long, in: folder).exitCode == 0)
            let sql = "SELECT trial, step, loss FROM training_step JOIN run ON run.id = run_id ORDER BY trial, step"
            #expect(try rows(sql, folder) == rows(sql, folder, "whole.sqlite"))
        }
    }

    @Test func aKilledSweepGoesOnWhereItWas() throws {
        try inSweepFolder { folder throws in
            let long = [
                "--set", "training.steps=5000", "--set", "evaluation.every=0", "--set",
                "checkpoint={\"every\": 500, \"keep\": 1}",
            ]
            for _ in 1...3 {
                let sweep = try StartedCommand(
                    [binary.path, "sweep", "s.json", "--jobs", "2", "--progress", "json"] + long, in: folder)
                try sweep.wait(for: "that a trial trains", until: Self.hasTrained)
                sweep.signal(SIGKILL)
                #expect(try sweep.finish() == .signal(SIGKILL), "\(sweep.errors)")
                let running = try rows("SELECT count(*) > 0 FROM run WHERE status = 'running'", folder)
                #expect(running == [[.integer(1)]])
            }
            let result = try bnexp(["sweep", "s.json", "-q"] + long, in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(
                try rows("SELECT count(*), count(DISTINCT trial), min(status), min(last_step) FROM run", folder)
                    == [[.integer(8), .integer(8), .text("finished"), .integer(5000)]])
        }
    }

    @Test func divergenceIsDataAndFailuresAreTold() throws {
        // The second trial's checkpoint folder would lie inside a file; the third diverges.
        let blocks =
            #""list": [{"optimizer.learning_rate": 0.1}, {"checkpoint": {"directory": "c.json/x"}, "optimizer.learning_rate": 0.2}, {"optimizer.learning_rate": 1e30}, {"optimizer.learning_rate": 0.3}]"#
        try inSweepFolder(blocks) { folder throws in
            let result = try bnexp(["sweep", "s.json", "--jobs", "1"], in: folder)
            #expect(result.exitCode == 3, "\(result.errors)")
            #expect(result.errors.contains("4 trials: 2 finished, 1 diverged, 1 failed"))
            #expect(
                result.errors.contains("trial 1")
                    && result.errors.contains("checkpoint.directory names another"))
            #expect(result.output.count == 37)
            let status = try bnexp(["sweep", "status", "s.json", "--json"], in: folder).output
            for (trial, word) in [(0, "finished"), (1, "failed"), (2, "diverged"), (3, "finished")] {
                #expect(
                    status.split(separator: "\n").contains {
                        $0.contains("\"trial\": \(trial),") && $0.contains("\"status\": \"\(word)\"")
                    }, "\(status)")
            }
            // Only the failed one is run again, and fails again.
            let again = try bnexp(["sweep", "s.json"], in: folder)
            #expect(again.exitCode == 3 && again.errors.contains("1 failed, 3 exist already"), "\(again.errors)")
            #expect(try rows("SELECT count(*) FROM run", folder) == [[.integer(4)]])

            let fast = try bnexp(["sweep", "s.json", "--jobs", "1", "--fail-fast", "--db", "fast.sqlite"], in: folder)
            #expect(
                fast.exitCode == 3 && fast.errors.contains("1 trials failed, and 2 were not begun"), "\(fast.errors)")
            #expect(try rows("SELECT count(*) FROM run", folder, "fast.sqlite") == [[.integer(2)]])
        }
    }

    /// Two processes share a sweep: no trial is run twice, both end well, and what one leaves to the other is said.
    @Test func processesShareASweep() throws {
        try inSweepFolder { folder throws in
            let script = "seq 3 | xargs -P 3 -I N \"$BNEXP\" sweep s.json --jobs 2 --set training.steps=2000"
            let result = try run(["/bin/sh", "-c", script], in: folder, environment: ["BNEXP": binary.path])
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(
                try rows("SELECT count(*), count(DISTINCT identity), min(status) FROM run", folder) == [
                    [.integer(8), .integer(8), .text("finished")]
                ], "\(result.errors)")
        }
    }

    /// A sweep that was run with other settings is found, and what made it is said.
    @Test func aSweepOfOtherSettingsIsExplained() throws {
        try inSweepFolder { folder in
            let own = ["--set", "training.steps=3", "--set", "training.batch_size=5"]
            #expect(try bnexp(["sweep", "s.json", "-q"] + own, in: folder).exitCode == 0)
            let status = try bnexp(["sweep", "status", "s.json"], in: folder)
            #expect(
                status.output.contains("missing") && status.errors.contains("the sweep 1 (toy) with other settings")
                    && status.errors.contains("training.batch_size is 5 there and 10 here")
                    && status.errors.contains("--set training.steps=3"), "\(status.errors)")
            let compared = try bnexp(["compare", "--sweep", "s.json"], in: folder)
            #expect(compared.exitCode == 64 && compared.errors.contains("training.steps is 3 there"))
            let same = try bnexp(["sweep", "status", "s.json"] + own, in: folder)
            #expect(!same.output.contains("missing") && same.errors.isEmpty, "\(same.errors)")
        }
    }

    /// An option that cannot be read is a mistake of usage, whatever the config is.
    @Test(arguments: [
        ["--axis", "x"], ["--axis", "training.steps=1,,2"], ["--seeds", "a"], ["--seeds", "3..1"],
        ["--axis", "optimizer.learning_rate=1,2", "--axis", "optimizer.learning_rate=3"],
        ["--seeds", "1", "--set", "x"],
        ["--seeds", "1", "--tag", String(repeating: "t", count: 256)],
    ]) func malformedOptionsAreUsage(arguments: [String]) throws {
        try inSweepFolder { folder in
            let result = try bnexp(["sweep", "c.json"] + arguments, in: folder)
            #expect(result.exitCode == 64 && result.errors.contains(/expected|already/), "\(result.errors)")
        }
    }

    /// Axes of the command line make the sweep that a file would.
    @Test func sweepsNeedNoFile() throws {
        try inSweepFolder { folder throws in
            let axes = [
                "c.json", "--axis", "optimizer.learning_rate=0.1,0.5", "--axis", "model.hidden=[3],[3,4]", "--seeds",
                "1..2",
            ]
            let dry = try bnexp(["sweep"] + axes + ["--dry-run"], in: folder)
            #expect(dry.exitCode == 0 && dry.errors.contains("8 trials; 8 to run"), "\(dry.errors)")
            #expect(dry.output.contains("optimizer.learning_rate=0.5 model.hidden=[3, 4]"), "\(dry.output)")
            let ran = try bnexp(["sweep"] + axes + ["-q"], in: folder)
            #expect(ran.exitCode == 0, "\(ran.errors)")
            #expect(
                try rows("SELECT name, (SELECT count(*) FROM run WHERE sweep_id = sweep.id) FROM sweep", folder)
                    == [[.text("c-by-learning_rate-hidden-seed"), .integer(8)]])
            let again = try bnexp(["sweep", "run"] + axes, in: folder)
            #expect(again.output == ran.output && again.errors.contains("8 exist already"), "\(again.errors)")
            #expect(try bnexp(["sweep", "status"] + axes, in: folder).output.contains("finished       8"))
            let script = try bnexp(["sweep"] + axes + ["--slurm", "--db", "none.sqlite"], in: folder).output
            #expect(script.contains("--axis") && script.contains("--seeds"), "\(script)")
            // What the best trial's line pipes into bnexp run is that trial's config.
            let config = try bnexp(["show", "3", "--config"], in: folder).output
            let rerun = try bnexp(["run", "-", "-q", "--if-exists", "skip"], in: folder, input: config)
            #expect(
                try rerun.exitCode == 0 && rows("SELECT count(*) FROM run", folder) == [[.integer(8)]],
                "\(rerun.errors)")
            for (arguments, message) in [
                (["--axis", "optimizer.learning_rate"], "expected key.path=A,B,C"),
                (["--axis", "seed=1,,2"], "a value is empty"),
                (["--axis", "seed=1", "--axis", "seed=2"], "is an axis already"),
                (["--seeds", "3..1"], "the smaller one first"),
                (["--seeds", "1,x"], "expected whole numbers"), (["--seeds", "0..999999999"], "at most 1000000 seeds"),
                (["--axis", "no.key=1"], "no"), ([], "or give --axis KEY=A,B,C"),
            ] {
                let wrong = try bnexp(["sweep", "c.json", "--dry-run"] + arguments, in: folder)
                #expect(
                    wrong.exitCode == (message == "no" || arguments.isEmpty ? 65 : 64) && wrong.output.isEmpty
                        && wrong.errors.contains(message),
                    "\(arguments): \(wrong)")
            }
        }
    }

    @Test func comparisonsAreByAxis() throws {
        try inSweepFolder { folder throws in
            #expect(try bnexp(["sweep", "s.json", "-q"], in: folder).exitCode == 0)
            let expected = try rows(
                """
                SELECT avg(test_accuracy) FROM sweep_summary WHERE json_extract(settings, '$.variant') = 'BN' AND json_extract(settings, '$."optimizer.learning_rate"') = 0.5
                """, folder)[0][0]
            let json = try bnexp(["compare", "--sweep", "toy", "--json"], in: folder)
            #expect(json.exitCode == 0, "\(json.errors)")
            guard case .number(let mean) = expected else { return #expect(Bool(false), "\(expected)") }
            #expect(
                json.output.contains("{\"optimizer.learning_rate\": 0.5, \"variant\": \"BN\", \"mean\": \(mean), "),
                "\(json.output)")
            let text = try bnexp(
                ["compare", "--sweep", "s.json", "--by", "variant", "--by", "learning_rate"], in: folder)
            #expect(text.output.contains("optimizer.learning_rate=0.1  optimizer.learning_rate=0.5"), "\(text.output)")
            #expect(text.errors.contains("test_accuracy of sweep 1 (toy)"))
            #expect(
                text.errors.contains("the best trial is ")
                    && text.errors.contains(/run c\.json --set .*--name=toy\/[0-7]\n/), "\(text.errors)")
            let loss = try bnexp(
                ["compare", "--sweep", "latest", "--metric", "final_loss", "--by", "variant"], in: folder
            ).output
            #expect(loss.contains("best_with") && loss.contains("optimizer.learning_rate=0.5"), "\(loss)")
            for (arguments, expected) in [
                (["--by", "seed"], "is what means are taken over"),
                (["--by", "rate"], "its axes are optimizer.learning_rate, variant, seed"),
                (["--metric", "accuracy"], "no metric \"accuracy\"; expected one of"),
                (["--by", "variant", "toy"], "leave out runs"),
            ] {
                let wrong = try bnexp(["compare", "--sweep", "toy"] + arguments, in: folder)
                #expect(wrong.exitCode == 64 && wrong.output.isEmpty && wrong.errors.contains(expected), "\(wrong)")
            }
            #expect(
                try bnexp(
                    ["---completion", "compare", "--", "--sweep", "3", "0", "bnexp", "compare", "--sweep", ""],
                    in: folder
                ).output == "latest\ntoy\n")
        }
    }

    @Test(arguments: [
        (["s.json", "--jobs", "0"], 64, "--jobs is 0; expected 1 to 1,024."),
        (["s.json", "--threads", "0"], 64, "--threads is 0"),
        (["s.json", "--index", "9"], 64, "--index is 9; the sweep has 8 trials, counted from 0."),
        (["s.json", "--index", "3-1"], 64, "'3-1' is invalid"),
        (["s.json", "--dry-run", "--expand"], 64, "contradict"), (["s.json", "--json"], 64, "--json needs --dry-run"),
        (["none.json"], 65, "none.json: no such"), (["c.json"], 65, "is a config of one run"),
        (["s.json", "--set", "optimizer.rate=1"], 65, "unknown key"),
        (["s.json", "--db", "no/folder.sqlite"], 73, "does not exist"),
        (["s.json", "--keep-going", "--fail-fast"], 64, "fail-fast"),
        (["s.json", "--if-exists", "never"], 64, "never"),
    ])
    func mistakesAreNamed(arguments: [String], exitCode: Int32, expected: String) throws {
        try inSweepFolder { folder throws in
            let result = try bnexp(["sweep"] + arguments, in: folder)
            #expect(
                result.exitCode == exitCode && result.output.isEmpty && result.errors.contains(expected), "\(result)")
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results.sqlite").path))
        }
    }

    @Test func aTrialByItselfMustBeTheSweeps() throws {
        try inSweepFolder { folder throws in
            #expect(try bnexp(["sweep", "s.json", "--expand", "-q"], in: folder).exitCode == 0)
            func errors(_ arguments: [String]) throws -> String {
                let result = try bnexp(["run", "c.json"] + arguments, in: folder)
                #expect(result.exitCode == 64 && result.output.isEmpty, "\(result)")
                return result.errors
            }
            #expect(try errors(["--sweep", "toy"]).contains("--sweep and --trial belong together"))
            #expect(try errors(["--sweep", "toy", "--trial", "1"]).contains("is not that of trial 1"))
            #expect(
                try errors(["--sweep", "toy", "--trial", "8"]).contains("no trial 8 in results.sqlite, which knows 8"))
            #expect(try errors(["--sweep", "other", "--trial", "1"]).contains("no sweep \"other\""))
            #expect(try rows("SELECT count(*) FROM run", folder) == [[.integer(0)]])
        }
    }
}
