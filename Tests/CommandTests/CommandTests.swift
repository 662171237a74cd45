import Foundation
import TestSupport
import Testing

@Suite struct CommandTests {
    private func inToyFolder(_ body: (URL) throws -> Void) throws { try withToyFolder(normalizedToyConfig, body) }

    @Test func runPrintsItsUuidAndNothingElse() throws {
        try inToyFolder { folder in
            let result = try bnexp(
                ["run", "c.json", "--set", "optimizer.learning_rate=0.1", "--name", "n", "--seed", "4", "--tag", "x"],
                in: folder)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.output.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\n/) != nil)
            let uuid = result.output.trimmingCharacters(in: .newlines)
            let row = try bnexp(
                [
                    "sql",
                    "SELECT name, seed, status, (SELECT tag FROM tag) AS tag, (SELECT value FROM run_parameter WHERE "
                        + "path = 'optimizer.learning_rate') AS rate FROM run WHERE uuid = '\(uuid)'",
                    "--json",
                ],
                in: folder)
            #expect(
                row.output
                    == "[\n  {\"name\": \"n\", \"seed\": 4, \"status\": \"finished\", \"tag\": \"x\", \"rate\": 0.1}\n]\n"
            )
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).errors.isEmpty)
        }
    }

    @Test func aConfigMayComeFromStandardInput() throws {
        try inToyFolder { (folder: URL) throws -> Void in
            #expect(try bnexp(["run", "-", "-q"], in: folder, input: toyConfig()).exitCode == 0)
            #expect(try bnexp(["list", "--json"], in: folder).output.contains("\"name\": \"standard-input\""))
        }
    }

    @Test func dryRunWritesNothingAndSaysWhatWouldBe() throws {
        try inToyFolder { folder in
            let result = try bnexp(["run", "c.json", "--dry-run"], in: folder)
            #expect(result.exitCode == 0)
            for text in [
                "\"learning_rate\": 0.5", "0  12 x 6, batch normalization, relu: 84 parameters",
                "1  6 x 3, bias, logits: 21 parameters",
                "in all 105 parameters", "20 updates, batches of 10, 12 in an epoch", "training_step: 5",
            ] { #expect(result.output.contains(text), "\(text) is not in \(result.output)") }
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results.sqlite").path))
        }
    }

    @Test func listShowComparePlotReadTheRuns() throws {
        try inToyFolder { folder in
            #expect(try bnexp(["run", "c.json", "-q"], in: folder).exitCode == 0)
            #expect(
                try bnexp(
                    ["run", "c.json", "-q", "--set", "model.normalization.kind=none", "--name", "plain"], in: folder
                ).exitCode == 0)
            let list = try bnexp(["list"], in: folder).output.split(separator: "\n")
            #expect(
                list.count == 4 && list[2].contains("toy") && list[3].contains("plain") && list[3].contains("finished"))
            let show = try bnexp(["show", "latest", "--json"], in: folder)
            let object = try JSONSerialization.jsonObject(with: Data(show.output.utf8)) as? [String: [[String: Any]]]
            #expect(object?["layer"]?.count == 2 && object?["run"]?[0]["name"] as? String == "plain")
            let compare = try bnexp(["compare", "toy", "plain", "--show-sql"], in: folder).output
            #expect(
                compare.contains("model.normalization.kind")
                    && compare.contains("weight gradient norm, layer 0, first step"))
            let sql = compare[compare.range(of: "SELECT name")!.lowerBound...]
            #expect(
                try bnexp(["sql", String(sql.dropLast(2)), "--json"], in: folder).output.contains(
                    "\"normalization\": \"batch\""))
            #expect(try bnexp(["plot", "toy", "plain", "--metric", "loss", "-o", "p.svg"], in: folder).exitCode == 0)
            #expect(
                try String(contentsOf: folder.appendingPathComponent("p.svg"), encoding: .utf8).contains(
                    ">plain</text>"))
            let nothing = try bnexp(["show", "nothing"], in: folder)
            #expect(nothing.exitCode == 64 && nothing.errors.contains("no run \"nothing\""))
            #expect(try bnexp(["compare", "toy"], in: folder).exitCode == 64)
        }
    }

    /// SQLite takes these for databases in memory, which would be lost.
    @Test(arguments: [":memory:", "file:x?mode=memory"])
    func everyResultsPathIsAFile(path: String) throws {
        try inToyFolder { folder in
            let result = try bnexp(["run", "c.json", "-q", "--db", path], in: folder)
            #expect(result.exitCode == 0)
            #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path))
        }
    }

    @Test func aConfigMayExtendItselfOnlyInError() throws {
        try inToyFolder { folder in
            let name = folder.lastPathComponent
            try "{\"extends\": \"../\(name)/loop.json\"}".write(
                to: folder.appendingPathComponent("loop.json"), atomically: true, encoding: .utf8)
            let result = try bnexp(["run", "loop.json"], in: folder)
            #expect(result.exitCode == 65 && result.errors.contains("extends itself"), "\(result.errors)")
        }
    }

    @Test func gradcheckPassesAndCatchesFaults() throws {
        let good = try bnexp(["gradcheck", "configs/mnist_bn.json", "--samples", "5", "--json"], in: repository)
        let rows = try JSONSerialization.jsonObject(with: Data(good.output.utf8)) as? [[String: Any]] ?? []
        #expect(good.exitCode == 0 && rows.count == 11 && rows.allSatisfy { $0["verdict"] as? String == "ok" })
        let bad = try bnexp(
            ["gradcheck", "configs/mnist_bn.json", "--samples", "5", "--inject-fault", "drop_mean_term"], in: repository
        )
        #expect(bad.exitCode == 1 && bad.errors.contains("caught in layer 0 weight") && bad.output.contains("WRONG"))
        let vain = try bnexp(
            ["gradcheck", "configs/mnist_nobn.json", "--inject-fault", "drop_epsilon"], in: repository)
        #expect(vain.exitCode == 65 && vain.errors.contains("concerns nothing"))
    }

    /// The mistake is a setting of the run, which its identity and its rows tell; a sweep does not make it unasked.
    @Test func trainingWithAFaultIsRecorded() throws {
        try inToyFolder { folder in
            for arguments in [[], ["--inject-fault", "drop_mean_term"]] {
                let result = try bnexp(["run", "c.json", "--progress", "none"] + arguments, in: folder)
                #expect(result.exitCode == 0)
                #expect(
                    result.errors.contains("wrong on purpose, drop_mean_term") == !arguments.isEmpty, "\(result.errors)"
                )
            }
            let rows = try bnexp(
                [
                    "sql", "--csv",
                    """
                    SELECT value, (SELECT count(DISTINCT identity) FROM run), (SELECT count(DISTINCT content_hash) FROM run) FROM run
                    LEFT JOIN run_parameter ON run_id = id AND path = 'training.inject_fault' ORDER BY id
                    """,
                ], in: folder
            ).output
            #expect(rows.split(whereSeparator: \.isNewline).dropFirst() == [",2,2", "drop_mean_term,2,2"], "\(rows)")

            let sweep = ["sweep", "c.json", "--axis", "training.inject_fault=null,forget_gamma", "-q"]
            let refused = try bnexp(sweep + ["--db", "s.sqlite"], in: folder)
            #expect(refused.exitCode == 64 && refused.errors.contains("--allow-faults"), "\(refused.errors)")
            #expect(try bnexp(sweep + ["--db", "s.sqlite", "--allow-faults"], in: folder).exitCode == 0)
            let script = try bnexp(sweep + ["--db", "t.sqlite", "--allow-faults", "--slurm"], in: folder)
            #expect(script.output.contains("--allow-faults"), "\(script)")
            let vain = try bnexp(
                [
                    "run", "c.json", "--set", "model.normalization={\"kind\": \"none\"}", "--inject-fault",
                    "drop_epsilon",
                ], in: folder)
            #expect(
                vain.exitCode == 65 && vain.errors.contains("training.inject_fault: drop_epsilon"), "\(vain.errors)")
        }
    }

    /// A checkpoint's weights start another run where the first one ended.
    @Test func checkpointsAreInitialWeights() throws {
        try inToyFolder { folder in
            let first = try bnexp(
                ["run", "c.json", "-q", "--set", "checkpoint={\"directory\": \"kept\", \"every\": 8}"], in: folder)
            #expect(first.exitCode == 0, "\(first.errors)")
            let kept = "kept/\(first.output.trimmingCharacters(in: .newlines))"
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent(kept).path)
                .sorted()
            #expect(files == ["step-16.h5", "step-20.h5", "step-8.h5"])
            let second = try bnexp(
                [
                    "run", "c.json", "-q", "--set", "model.initial_weights=\(kept)/step-20.h5", "--set",
                    "training.steps=0",
                ],
                in: folder)
            #expect(second.exitCode == 0, "\(second.errors)")
            let norms = try bnexp(
                [
                    "sql",
                    "SELECT count(DISTINCT weight_norm) AS n FROM parameter_statistic WHERE (run_id = 1 AND step = 20) "
                        + "OR run_id = 2 GROUP BY layer, parameter",
                    "--csv",
                ],
                in: folder)
            #expect(norms.output == "n\n1\n1\n1\n1\n1\n", "\(norms.output)")
        }
    }

    @Test func progressAsJSONReportsCommits() throws {
        try inToyFolder { folder in
            let result = try bnexp(["run", "c.json", "--progress", "json"], in: folder)
            let lines = try result.errors.split(separator: "\n").map {
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
            #expect(lines.contains { $0?["committed"] as? Int == 20 } && lines.contains { $0?["step"] as? Int == 20 })
        }
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
    func aSignalFinishesTheStepAndRecordsTheRun(signal: Int32) throws {
        try inToyFolder { folder in
            let endless = try startEndlessRun(in: folder)
            endless.signal(signal)
            #expect(try endless.finish() == .exit(75), "\(endless.errors)")
            let row = try bnexp(
                [
                    "sql",
                    "SELECT status, exit_reason LIKE 'stopped by a signal after step %' AS reason, last_step - (SELECT "
                        + "max(step) FROM training_step) <= 5 AS kept FROM run",
                    "--csv",
                ],
                in: folder)
            #expect(row.output == "status,reason,kept\ninterrupted,1,1\n")
        }
    }

    /// The shipped configs on the embedded digits, shortened: the network with batch normalization is far ahead after
    /// 250 steps.
    @Test func shippedConfigsTrainOnTheEmbeddedDigits() throws {
        try withTemporaryFolder { folder in
            let database = folder.appendingPathComponent("r.sqlite").path
            for name in ["mnist_bn", "mnist_nobn"] {
                let result = try bnexp(
                    ["run", "configs/\(name).json", "--db", database, "--set", "training.steps=250", "-q"],
                    in: repository)
                #expect(result.exitCode == 0, "\(result.errors)")
            }
            let rows = try bnexp(
                [
                    "sql", "SELECT test_accuracy > 0.8 AS good FROM run_summary ORDER BY run_id", "--db", database,
                    "--csv",
                ], in: repository)
            #expect(rows.output == "good\n1\n0\n")
        }
    }

    /// The questions of docs/results.md: each query stands there as it is in its file, and answers from real runs.
    @Test func questionsHaveAnswers() throws {
        let page = try String(contentsOf: repository.appendingPathComponent("docs/results.md"), encoding: .utf8)
        let queries = repository.appendingPathComponent("experiments/queries")
        let names = try FileManager.default.contentsOfDirectory(atPath: queries.path).sorted()
        let isInPage = [
            "final_accuracy.sql", "loss_by_step.sql", "percentile_bands.sql", "gradient_norm_by_layer.sql",
            "dead_units.sql",
        ]
        #expect(Set(names).isSuperset(of: isInPage))
        try withTemporaryFolder { folder in
            let database = folder.appendingPathComponent("r.sqlite").path
            for (config, arguments) in [
                ("mnist_bn", ["--set", "evaluation.modes=[\"running\",\"batch\"]"]), ("mnist_nobn", []),
                ("mnist_nobn", ["--seed", "1"]),
                ("mnist_bn", ["--set", "model.activation=relu", "--name", "relu"]),
                ("mnist_bn", ["--set", "evaluation.modes=[\"running\",\"batch\"]", "--seed", "1"]),
                ("mnist_nobn", ["--set", "evaluation.modes=[\"running\",\"batch\"]"]),
            ] {
                let result = try bnexp(
                    ["run", "configs/\(config).json", "--db", database, "--set", "training.steps=400", "-q"]
                        + arguments, in: repository)
                #expect(result.exitCode == 0, "\(result.errors)")
            }
            for name in names {
                let sql = try String(contentsOf: queries.appendingPathComponent(name), encoding: .utf8)
                if isInPage.contains(name) { #expect(page.contains(sql), "\(name) is not on the page as it stands") }
                let rows = try bnexp(["sql", "-", "--json", "--db", database], in: repository, input: sql)
                let table = try JSONSerialization.jsonObject(with: Data(rows.output.utf8)) as? [[String: Any]] ?? []
                #expect(
                    !table.isEmpty && table.allSatisfy { !$0.values.contains { $0 is NSNull } },
                    "\(name): \(rows.output)\(rows.errors)")
            }
        }
    }

    /// A shell starts 32 runs at once into a results file that is not there yet.
    @Test func manyWritersLoseNothing() throws {
        try inToyFolder { folder in
            // xargs rather than `wait`: this process's children start with SIGCHLD blocked, for which shells would wait
            // in vain.
            let script = "seq 32 | xargs -P 32 -I SEED \"$BNEXP\" run c.json --seed SEED -q"
            let result = try run(["/bin/sh", "-c", script], in: folder, environment: ["BNEXP": binary.path])
            #expect(result.errors.isEmpty, "\(result.errors)")
            #expect(Set(result.output.split(separator: "\n")).count == 32)
            let counts = try bnexp(
                [
                    "sql",
                    "SELECT count(*), count(DISTINCT seed), sum(status = 'finished'), (SELECT count(*) FROM "
                        + "training_step) FROM run",
                    "--csv",
                ],
                in: folder)
            #expect(counts.output.hasSuffix("\n32,32,32,160\n"), "\(counts.output)")
        }
    }

    @Test func aShardIsAFileOfItsOwn() throws {
        try inToyFolder { folder in
            for name in ["a", "b"] {
                let result = try bnexp(["run", "c.json", "-q", "--shard", name], in: folder)
                #expect(result.exitCode == 0, "\(result.errors)")
            }
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("results.sqlite").path))
            #expect(try bnexp(["merge", "results.a.sqlite", "results.b.sqlite"], in: folder).exitCode == 0)
            #expect(try bnexp(["sql", "SELECT count(*) AS n FROM run", "--csv"], in: folder).output == "n\n2\n")
            #expect(try bnexp(["run", "c.json", "--shard", "a/b"], in: folder).exitCode == 64)
        }
    }

    @Test func everyShippedConfigIsValid() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: repository.appendingPathComponent("configs").path)
        for name in names where name.hasSuffix(".json") && !name.hasSuffix("schema.json") {
            let result = try bnexp(["config", "show", "configs/\(name)"], in: repository)
            #expect(result.exitCode == 0, "\(name): \(result.errors)")
        }
    }
}
