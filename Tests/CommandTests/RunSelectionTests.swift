import Foundation
import GRDB
import Testing

/// How runs are chosen, and how `bnexp list` shows them, on planted runs.
@Suite struct RunSelectionTests {
    private func ids(_ arguments: String..., in folder: URL) throws -> [Int] {
        try objects(["list"] + arguments, in: folder).compactMap { $0["id"] as? Int }
    }

    @Test func conditionsChooseRuns() throws {
        try PlantedResults.inFolder { folder in
            #expect(try ids("--sweep", "rates", in: folder) == Array(1...8))
            #expect(try ids("--sweep", "latest", "--where", "optimizer.learning_rate=1", in: folder) == [3, 4, 7, 8])
            #expect(try ids("--since", "2026-01-08", in: folder) == [8, 9, 10])
            #expect(try ids("--since", "2026-01-08 10:01", in: folder) == [9, 10])
            #expect(try ids("--since", "1h", in: folder) == [] && ids("--since", "999999999w", in: folder).count == 10)
            for (since, first) in [
                ("2026-01-08T12:00:00+02:00", 8), ("2026-01-08T12:01:00+0200", 9), ("2026-01-08T10:00:00Z", 8),
                ("2026-01-08 10", 8), ("2026-01", 1), ("2026", 1),
            ] {
                #expect(try ids("--since", since, in: folder) == Array(first...10), "\(since)")
            }
            for since in ["today", "yesterday", "30s", "2 hours ago", "3 days"] {
                #expect(try ids("--since", since, in: folder) == [], "\(since)")
            }
            #expect(try ids("9", "2", "--tag", "base", in: folder) == [2], "names and conditions")
            #expect(try ids("--name", "rates/[01]", "--status", "finished", in: folder) == [1, 2])
            for (arguments, message) in [
                (["--since", "soon"], "soon"), (["--since", "2026-13-01"], "2026-13-01"),
                (["--since", "2026-02-30"], "2026-02-30"),
                (["--sort", "nope"], "\"nope\"; columns are id, uuid, name"),
                (["--where", "optimizer.lr=1"], "keys there are optimizer.learning_rate"),
                (["--where", "optimizer.learning_rat=1"], "did you mean optimizer.learning_rate?"),
                (["--where", "status=finished"], "--status chooses by it"),
                (["--where", "test_accuracy>0.9"], "bnexp sql"),
                (["--sweep", "no"], "no sweep \"no\""),
                (["--reverse"], "--reverse needs --sort"), (["--sort", "test_acuracy"], "did you mean test_accuracy?"),
                (["--columns", "learning_rate"], "did you mean optimizer.learning_rate?"),
            ] {
                let result = try bnexp(["list"] + arguments, in: folder)
                #expect(result.exitCode == 64 && result.errors.contains(message), "\(arguments): \(result.errors)")
            }
        }
    }

    /// Every command that takes runs takes conditions too.
    @Test func commandsShareTheConditions() throws {
        try PlantedResults.inFolder { folder in
            let exported = try bnexp(["export", "--table", "run", "--sweep", "2", "--tag", "base"], in: folder).output
            #expect(exported.matches(of: /uuid-/).count == 2)
            let plot = try bnexp(["plot", "--where", "loss.kind=mean_squared_error", "--svg"], in: folder)
            #expect(plot.output.contains(">fit") && plot.output.contains("test loss"), "\(plot.errors)")
            let lines = try bnexp(["plot", "--sweep", "rates", "--tag", "base", "--svg"], in: folder)
            #expect(lines.output.contains(">seed=1</text>") && lines.output.matches(of: /<polyline/).count == 2)
            let report = try bnexp(["report", "--sweep", "rates", "--tag", "base", "-o", "-"], in: folder)
            #expect(report.exitCode == 0 && report.output.contains("rates/1") && !report.output.contains("rates/2"))
            let dry = try objects(["delete", "--since", "2026-01-10", "--dry-run"], in: folder)
            #expect(dry.first?["rows"] as? Int == 1)
            for command in [["export"], ["delete"], ["compare"], ["report", "-o", "-"], ["plot"]] {
                let none = try bnexp(command + ["--tag", "nobody"], in: folder)
                #expect(
                    none.exitCode == 64 && none.errors.contains("is meant by --tag nobody"),
                    "\(command): \(none.errors)")
            }
        }
    }

    /// What comes out empty says what was looked in, and what there is without the conditions.
    @Test func emptyListsSayWhatThereIs() throws {
        try PlantedResults.inFolder { folder in
            let none = try bnexp(["list", "--tag", "nobody", "--since", "2h"], in: folder)
            #expect(
                none.exitCode == 0 && none.output.isEmpty
                    && none.errors.contains(
                        "no run of results.sqlite is meant by --tag nobody --since 2h; without that "
                            + "there are 10"),
                "\(none.errors)")
            #expect(try bnexp(["list", "--tag", "nobody", "--json"], in: folder).output == "[]\n")
            #expect(try bnexp(["tag", "3"], in: folder).errors.contains("run 3 (rates/2) has no tags"))
            let path = folder.appendingPathComponent("results.sqlite").path
            try plant("DELETE FROM run; DELETE FROM sweep", in: path)
            let empty = try bnexp(["list"], in: folder)
            #expect(empty.output.isEmpty && empty.errors.contains("holds no runs yet; bnexp run CONFIG.json makes one"))
            let sweeps = try bnexp(["sweep", "list"], in: folder)
            #expect(
                sweeps.output.isEmpty && sweeps.errors.contains("holds no sweeps yet; bnexp sweep CONFIG.json --axis"))
        }
    }

    /// Conditions that happen to choose everything delete nothing before the user has said so.
    @Test func allRunsAreDeletedOnRequestOnly() throws {
        try PlantedResults.inFolder { folder in
            let all = ["delete", "--status", "finished"]
            let refused = try bnexp(all, in: folder)
            #expect(
                refused.exitCode == 64 && refused.errors.contains("all 10 runs") && refused.errors.contains("--yes"),
                "\(refused.errors)")
            #expect(try bnexp(all + ["--dry-run"], in: folder).exitCode == 0 && ids(in: folder).count == 10)
            #expect(try bnexp(all + ["--yes"], in: folder).exitCode == 0 && ids(in: folder).isEmpty)
        }
    }

    @Test func rowsAreOrderedAndColumnsChosen() throws {
        try PlantedResults.inFolder { folder in
            let best = try bnexp(
                ["list", "--sort", "test_accuracy", "--reverse", "--limit", "2", "9", "4", "3", "1"], in: folder)
            #expect(
                best.output.split(separator: "\n").dropFirst(2).map {
                    $0.prefix(2).trimmingCharacters(in: .whitespaces)
                } == ["4", "3"])
            #expect(best.errors.contains("only the first 2 runs") && best.output.contains("2026-01-04 10:00"))
            #expect(try ids("--sort", "test_accuracy", in: folder).suffix(2) == [9, 10], "without it last")
            #expect(
                try ids("--sort", "optimizer.learning_rate", "--reverse", "--tag", "base", "3", "1", in: folder) == [1])
            let chosen = try objects(
                [
                    "list", "2", "--columns", "id,optimizer.learning_rate", "test_accuracy_at_best_validation", "tags",
                    "sweep",
                ],
                in: folder)
            #expect(
                chosen.count == 1 && chosen[0]["id"] as? Int == 2
                    && chosen[0]["optimizer.learning_rate"] as? Double == 0.1
                    && chosen[0]["test_accuracy_at_best_validation"] as? Double == 0.32
                    && chosen[0]["tags"] as? String == "a first, base" && chosen[0]["sweep"] as? String == "rates",
                "\(chosen)")
            let regressions = try bnexp(["list", "9", "10"], in: folder).output
            #expect(regressions.contains("test_loss") && !regressions.contains("accuracy"), "\(regressions)")
        }
    }

    @Test func groupsAreOfOneConfigEach() throws {
        try PlantedResults.inFolder { folder in
            let rows = try objects(["list", "--group", "--sort", "test_accuracy", "--sweep", "2"], in: folder)
            #expect(rows.map { $0["runs"] as? Int } == [2, 2, 2, 2])
            let mean = (rows.last?["test_accuracy"] as? Double ?? 0),
                deviation = rows.last?["test_accuracy_deviation"] as? Double ?? 0
            #expect(abs(mean - 0.84) < 1e-12 && abs(deviation - 0.0141421356) < 1e-9, "\(rows)")
            #expect(rows.map { $0["optimizer.learning_rate"] as? Double } == [1, 0.1, 0.1, 1], "what tells them apart")
            let text = try bnexp(["list", "--group", "--sweep", "2"], in: folder).output
            #expect(text.contains("0.61 ± 0.042") && text.contains("0.84 ± 0.014") && !text.contains("uuid"), "\(text)")
        }
    }

    /// A file whose views are an older version's is read with those of this one, and stays as it is.
    @Test func filesWithOlderViewsAreListed() throws {
        try PlantedResults.inFolder { folder in
            let path = folder.appendingPathComponent("results.sqlite").path
            try DatabaseQueue(path: path).inDatabase {
                try $0.execute(
                    sql: "DROP VIEW run_summary; CREATE VIEW run_summary AS SELECT 1 AS run_id; DROP VIEW unit_value")
            }
            #expect(try ids("--tag", "base", in: folder) == [1, 2])
            let units = try bnexp(["sql", "SELECT count(*) FROM unit_value", "--csv"], in: folder)
            #expect(units.output == "count(*)\n0\n", "\(units.errors)")
            let kept = try DatabaseQueue(path: path).inDatabase {
                try String.fetchOne($0, sql: "SELECT sql FROM sqlite_master WHERE name = 'run_summary'")
            }
            #expect(kept == "CREATE VIEW run_summary AS SELECT 1 AS run_id")
        }
    }
}
