import Foundation
import GRDB
import RunStore
import TestSupport
import Testing
import Training

/// How sweeps of a results file are listed, shown, compared and deleted, on planted runs.
@Suite struct SweepRecordsCommandTests {
    @Test func sweepsAreListedAndShownByName() throws {
        try PlantedResults.inFolder { folder in
            let list = try objects(["sweep", "list"], in: folder)
            #expect(list.map { $0["name"] as? String } == ["older", "rates"] && list[1]["trials"] as? Int == 8)
            #expect(list[1]["finished"] as? Int == 8 && list[0]["trials"] as? Int == 0, "\(list)")
            #expect(try !bnexp(["sweep", "list"], in: folder).output.contains("diverged"), "only what there is")
            let shown = try bnexp(["sweep", "show", "latest"], in: folder).output
            #expect(
                shown.contains("optimizer.learning_rate  0.1 1") && shown.contains("variant                  BN plain")
                    && shown.contains("variant=plain optimizer.learning_rate=1 seed=0"), "\(shown)")
            #expect(
                try bnexp(["sweep", "show", "rates", "--definition"], in: folder).output.contains("\"name\": \"rates\"")
            )
            let status = try bnexp(["sweep", "status", "rates"], in: folder)
            #expect(status.exitCode == 0 && status.output.contains("finished       8"), "\(status)")
            #expect(try objects(["sweep", "status", "2"], in: folder)[2]["run_id"] as? Int == 3)
            let unknown = try bnexp(["sweep", "status", "nothing"], in: folder)
            #expect(unknown.exitCode == 64 && unknown.errors.contains("no sweep \"nothing\""), "\(unknown.errors)")
        }
    }

    @Test func aSweepGoesWithItsRuns() throws {
        try PlantedResults.inFolder { folder in
            let path = folder.appendingPathComponent("results.sqlite").path
            func counts() throws -> [[SQLValue]] {
                try ResultsFile(reading: path).query(
                    "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM sweep), (SELECT count(*) FROM sweep_trial)"
                ).rows
            }
            // Another sweep asks for run 8 too.
            try plant("INSERT INTO sweep_trial VALUES (1, 0, 'identity8')", in: path)
            // Run 9 was there before the sweep that found it fit for a trial.
            try plant("INSERT INTO sweep_trial VALUES (2, 8, 'identity9')", in: path)
            let dry = try bnexp(["delete", "--sweep", "rates", "--dry-run"], in: folder)
            #expect(
                dry.errors.contains("kept, for other sweeps ask for them too: run 8")
                    && dry.errors.contains("sweep 2 (rates)"))
            #expect(dry.errors.contains("kept, for the sweep did not make them: run 9 (fit)"), "\(dry.errors)")
            #expect(try counts() == [[.integer(10), .integer(2), .integer(10)]])
            let deleted = try bnexp(["sweep", "delete", "rates"], in: folder)
            #expect(deleted.exitCode == 0, "\(deleted.errors)")
            #expect(try counts() == [[.integer(3), .integer(1), .integer(1)]])
            #expect(try ResultsFile(reading: path).query("SELECT sweep_id FROM run WHERE id = 8").rows == [[.null]])
            let last = try bnexp(["delete", "8"], in: folder)
            #expect(last.errors.contains("sweep 1 (older)"), "with its last run: \(last.errors)")
            #expect(try counts() == [[.integer(2), .integer(0), .integer(0)]])
        }
    }

    /// The deviation is that over the seeds of a combination, whatever the combinations differ in.
    @Test func deviationsAreWithinCombinations() throws {
        try PlantedResults.inFolder { folder in
            let rows = try objects(["compare", "--sweep", "rates", "--by", "variant"], in: folder)
            let mean = rows[0]["mean"] as? Double ?? 0, deviation = rows[0]["standard_deviation"] as? Double ?? 0
            // Seeds differ by 0.06 and by 0.02: sqrt((0.06^2 / 2 + 0.02^2 / 2) / 2).
            #expect(rows[0]["variant"] as? String == "BN" && rows[0]["count"] as? Int == 4)
            #expect(abs(mean - 0.725) < 1e-12 && abs(deviation - 0.0316227766) < 1e-9, "\(rows)")
            let cells = try bnexp(
                ["compare", "--sweep", "rates", "--by", "variant", "--by", "learning_rate"], in: folder)
            #expect(
                cells.output.contains("0.61 ± 0.042 (2)") && cells.output.contains("0.84 ± 0.014 (2)"),
                "\(cells.output)")
            #expect(
                cells.errors.contains("the best trial is 3, ") && cells.errors.contains("with 0.85")
                    && cells.errors.contains("show 4 --config | "), "\(cells.errors)")
            #expect(try bnexp(["show", "4", "--config"], in: folder).output == "{}\n")
        }
    }

    /// No value of an axis is better since its bad runs diverged.
    @Test func valuesAreComparedWhereAllTrained() throws {
        try PlantedResults.inFolder { folder in
            let path = folder.appendingPathComponent("results.sqlite").path
            try DatabaseQueue(path: path).inDatabase {
                try $0.execute(sql: "UPDATE run SET status = 'diverged' WHERE id = 8")
            }
            let rows = try objects(["compare", "--sweep", "rates", "--by", "variant"], in: folder)
            #expect(rows.map { $0["mean"] as? Double ?? 0 }.map { ($0 * 1000).rounded() } == [610, 450], "\(rows)")
            #expect(rows.map { $0["combinations"] as? String } == ["1 of 2", "1 of 2"])
            let text = try bnexp(["compare", "--sweep", "rates", "--by", "variant"], in: folder)
            #expect(text.errors.contains("mean over 1 of 2 values of optimizer.learning_rate"), "\(text.errors)")
            let cells = try bnexp(
                ["compare", "--sweep", "rates", "--by", "variant", "--by", "learning_rate"], in: folder
            ).output
            #expect(cells.contains("0.2 (1 of 2; 1 diverged)"), "\(cells)")
            let groups = try objects(["list", "--group", "--sweep", "2"], in: folder)
            #expect(groups.map { $0["diverged"] as? Int } == [0, 0, 0, 1], "\(groups)")
            let seeds = try objects(["compare", "7", "8", "--group-by-seed", "--format", "json"], in: folder)
            let last = seeds.first { $0["quantity"] as? String == "test_accuracy" }
            #expect(last?["mean"] as? Double == 0.2 && last?["count"] as? Int == 1, "\(seeds)")
        }
    }

    @Test func tablesHaveFormats() throws {
        try PlantedResults.inFolder { folder in
            func compared(_ arguments: String...) throws -> CommandResult {
                try bnexp(
                    ["compare", "--sweep", "rates", "--by", "variant", "--by", "learning_rate"] + arguments, in: folder)
            }
            let markdown = try compared("--format", "markdown")
            #expect(
                markdown.output.hasPrefix(
                    "| variant | optimizer.learning_rate=0.1 | optimizer.learning_rate=1 |\n| --- | --- | --- |\n| BN | 0.61 ± 0.042 (2) |"
                )
                    && markdown.errors.isEmpty, "\(markdown.output)")
            let latex = try compared("--format", "latex").output
            #expect(
                latex.hasPrefix("\\begin{tabular}{lll}\n\\toprule\nvariant & optimizer.learning\\_rate=0.1 & ")
                    && latex.contains("0.61 $\\pm$ 0.042 (2)") && latex.hasSuffix("\\bottomrule\n\\end{tabular}\n"),
                "\(latex)")
            let csv = try bnexp(["compare", "1", "2", "--side-by-side", "--format", "csv"], in: folder).output
            #expect(csv.hasPrefix(",rates/0,rates/1\n") && csv.contains("test_accuracy,0.58,0.64\n"), "\(csv)")
            #expect(try !bnexp(["compare", "1", "2"], in: folder).output.contains("rates/0"), "seeds share a column")
            let regressions = try bnexp(["compare", "9", "10", "--side-by-side"], in: folder).output
            #expect(regressions.contains("best_test_loss") && !regressions.contains("accuracy"), "\(regressions)")
            for (arguments, message) in [
                (["--json", "--format", "csv"], "contradict"), (["--format", "html"], "markdown"),
                (["--side-by-side", "--group-by-seed"], "--side-by-side is for runs"),
            ] {
                let wrong = try bnexp(["compare", "1", "2"] + arguments, in: folder)
                #expect(wrong.exitCode == 64 && wrong.errors.contains(message), "\(arguments): \(wrong.errors)")
            }
        }
    }

    /// A sweep whose runs compare values is ranked by the loss of the test split, the smallest first.
    @Test func regressionsAreRankedByTheTestLoss() throws {
        try PlantedResults.inFolder { folder in
            let path = folder.appendingPathComponent("results.sqlite").path
            try plant(
                """
                UPDATE run_parameter SET value = 'mean_squared_error' WHERE path = 'loss.kind';
                UPDATE evaluation SET accuracy = NULL
                """, in: path)
            let compared = try bnexp(["compare", "--sweep", "rates"], in: folder)
            #expect(
                compared.errors.contains("test_loss of sweep 2") && compared.errors.contains("the best trial is 0, "),
                "\(compared.errors)")
            // Run n has a test loss of n / 11 at the end.
            let plot = try bnexp(["plot", "--sweep", "rates", "--svg"], in: folder)
            #expect(plot.exitCode == 0 && plot.output.contains("test loss"), "\(plot.errors)")
        }
    }

    /// Windows that lose their oldest rows give what the same rows give as groups.
    @Test(arguments: [
        "ROWS BETWEEN 3 PRECEDING AND CURRENT ROW", "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
        "ROWS BETWEEN 2 FOLLOWING AND 9 FOLLOWING", "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
        "ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE CURRENT ROW",
    ]) func statisticsAreWindowFunctions(frame: String) throws {
        try PlantedResults.inFolder { folder in
            var random = SeededGenerator(seed: 3)
            let numbers = (0..<60).map { _ in Double.random(in: -9...9, using: &random) }
            let rows = numbers.enumerated().map { place, x in
                place % 7 == 3 ? "(\(place), NULL, 1)" : "(\(place), \(x), \(x * x - Double(place)))"
            }
            let values = "WITH t(i, x, y) AS (VALUES \(rows.joined(separator: ", ")))"
            // json_group_array shows which rows a window has.
            let found = try objects(
                [
                    "sql",
                    """
                    \(values), w AS (SELECT i, stddev(x) OVER o AS s, median(x) OVER o AS m, quantile(x, 0.9) OVER o AS q,
                        corr(x, y) OVER o AS c, json_group_array(i) OVER o AS own FROM t
                        WINDOW o AS (ORDER BY i \(frame)))
                    SELECT i FROM w WHERE s IS NOT (SELECT stddev(x) FROM t WHERE t.i IN (SELECT value FROM json_each(own)))
                            AND abs(s - (SELECT stddev(x) FROM t WHERE t.i IN (SELECT value FROM json_each(own)))) > 1e-12
                        OR m IS NOT (SELECT median(x) FROM t WHERE t.i IN (SELECT value FROM json_each(own)))
                        OR q IS NOT (SELECT quantile(x, 0.9) FROM t WHERE t.i IN (SELECT value FROM json_each(own)))
                        OR (c IS NULL) IS NOT ((SELECT corr(x, y) FROM t WHERE t.i IN (SELECT value FROM json_each(own))) IS NULL)
                        OR abs(c - (SELECT corr(x, y) FROM t WHERE t.i IN (SELECT value FROM json_each(own)))) > 1e-12
                    """,
                ], in: folder)
            #expect(found.isEmpty, "rows \(found)")
            let checked = try objects(
                ["sql", "\(values) SELECT count(s) AS n FROM (SELECT stddev(x) OVER (ORDER BY i) AS s FROM t)"],
                in: folder)
            #expect(checked.first?["n"] as? Int == 59)
        }
    }

    /// An extract knows the trials whose runs it has, and says which it does not know.
    @Test func anExtractKnowsItsOwnTrials() throws {
        try PlantedResults.inFolder { folder in
            let extract = try bnexp(["extract", "2", "5", "6", "-o", "part.sqlite"], in: folder)
            #expect(extract.errors.contains("of the sweep rates 3 of 8 trials are copied"), "\(extract.errors)")
            let status = try bnexp(["sweep", "status", "rates", "--db", "part.sqlite"], in: folder)
            #expect(!status.output.contains("missing"), "\(status.output)")
            #expect(
                status.errors.contains("the trials 0, 2 to 3 of sweep") && status.errors.contains("bnexp extract"),
                "\(status.errors)")
            // A trial that was never run is missing in the extract too.
            try plant(
                "INSERT INTO sweep_trial VALUES (2, 8, 'nobody')",
                in: folder.appendingPathComponent("results.sqlite").path)
            #expect(try bnexp(["extract", "2", "-o", "other.sqlite"], in: folder).exitCode == 0)
            let other = try bnexp(["sweep", "status", "rates", "--db", "other.sqlite"], in: folder)
            #expect(other.output.contains("missing        1"), "\(other.output)")
            #expect(try bnexp(["merge", "results.sqlite", "--db", "part.sqlite"], in: folder).exitCode == 0)
            let whole = try objects(["sweep", "status", "rates", "--db", "part.sqlite"], in: folder)
            #expect(whole.count == 9, "merging gives the others back")
        }
    }

    @Test func sqlHasStatistics() throws {
        try PlantedResults.inFolder { folder in
            func value(_ expression: String, of values: String) throws -> String {
                let result = try bnexp(
                    [
                        "sql",
                        "SELECT \(expression) AS v FROM (SELECT column1 AS x, column2 AS y FROM (VALUES \(values)))",
                        "--csv",
                    ], in: folder)
                return result.exitCode == 0
                    ? String(result.output.split(separator: "\n", omittingEmptySubsequences: false)[1]) : result.errors
            }
            // numpy: std(ddof=1), median, quantile, corrcoef of [1, 2, 4, 10] and [1, 0, 5, 6].
            let pairs = "(1, 1), (2, 0), (4, 5), (10, 6), (NULL, 7)"
            #expect(abs((Double(try value("stddev(x)", of: pairs)) ?? 0) - 4.031128874149275) < 1e-14)
            #expect(try value("median(x)", of: pairs) == "3.0")
            #expect(
                try value("quantile(x, 0.9)", of: pairs) == "8.200000000000001"
                    && value("quantile(x, 1)", of: pairs) == "10.0")
            #expect(abs((Double(try value("corr(x, y)", of: pairs)) ?? 0) - 0.8426500884694864) < 1e-14)
            #expect(try value("stddev(x)", of: "(1, 1)") == "" && value("corr(x, y)", of: "(1, 1), (1, 2)") == "")
            #expect(try value("median(x)", of: "(NULL, NULL)") == "")
            // The squares of these are beyond the largest number, or below the smallest.
            for scale in ["e200", "e300", "e-200"] {
                let scaled = ["1", "2", "4", "10"].enumerated().map { "(\($1)\(scale), \([1, 0, 5, 6][$0])\(scale))" }
                    .joined(separator: ", ")
                let deviation = Double(try value("stddev(x)", of: scaled)) ?? 0, unit = Double("1" + scale) ?? 0
                #expect(abs(deviation / unit - 4.031128874149275) < 1e-14, "\(scale)")
                #expect(abs((Double(try value("corr(x, y)", of: scaled)) ?? 0) - 0.8426500884694864) < 1e-14)
            }
            #expect(try value("median(x)", of: "(-1.5e308, 1), (1.5e308, 1)") == "0.0")
            #expect(try value("quantile(x, 2)", of: pairs).contains("expected one number from 0 to 1"))
            #expect(try value("median(x)", of: "('a', 1)").contains("median takes numbers"))
            let tables = try bnexp(["sql", "--tables"], in: folder).output
            #expect(
                tables.contains("unit_value") && tables.contains("run_id, step, layer, quantity, unit, value"),
                "\(tables)")
            #expect(
                try bnexp(["sql"], in: folder).exitCode == 64
                    && bnexp(["sql", "--tables", "SELECT 1"], in: folder).exitCode == 64)
            // The page's queries have them too.
            let file = try ResultsFile(reading: folder.appendingPathComponent("results.sqlite").path)
            #expect(
                try file.ask("SELECT median(test_accuracy) FROM run_summary WHERE run_id < 4", seconds: 5, limit: 9).0
                    .rows == [[.number(0.64)]])
        }
    }

    @Test func unitsAreRows() throws {
        try PlantedResults.inFolder { folder in
            let path = folder.appendingPathComponent("results.sqlite").path
            try plant("INSERT INTO unit_vector VALUES (1, 5, 0, 'gamma', '[1.5,null,2]')", in: path)
            let rows = try ResultsFile(reading: path).query("SELECT unit, value FROM unit_value WHERE run_id = 1").rows
            #expect(rows == [[.integer(0), .number(1.5)], [.integer(1), .null], [.integer(2), .integer(2)]])
        }
    }

    @Test func chosenRunsAreExtracted() throws {
        try PlantedResults.inFolder { folder in
            let made = try bnexp(["extract", "--sweep", "rates", "--tag", "base", "-o", "share.sqlite"], in: folder)
            #expect(
                made.exitCode == 0 && made.output == "share.sqlite\n" && made.errors.contains("copied 2 runs"),
                "\(made.errors)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
                $0.hasPrefix("share")
            }
            #expect(names == ["share.sqlite"])
            let file = try ResultsFile(reading: folder.appendingPathComponent("share.sqlite").path)
            #expect(
                try file.query("SELECT uuid, tags, sweep, test_accuracy FROM run_summary").rows == [
                    [.text("uuid-1"), .text("base"), .text("rates"), .number(0.58)],
                    [.text("uuid-2"), .text("a first, base"), .text("rates"), .number(0.64)],
                ])
            #expect(try file.query("SELECT name FROM sweep").rows == [[.text("rates")]], "and no other sweep")
            let again = try bnexp(["extract", "1", "-o", "share.sqlite"], in: folder)
            #expect(again.exitCode == 73 && again.errors.contains("--force replaces it"), "\(again.errors)")
            // An earlier extract is replaced while nothing is lost with it.
            #expect(try bnexp(["extract", "1", "-o", "share.sqlite", "--force"], in: folder).exitCode == 0)
            #expect(try objects(["list", "--db", "share.sqlite"], in: folder).count == 1)
            #expect(try bnexp(["tag", "1", "own", "--db", "share.sqlite"], in: folder).exitCode == 0)
            for (output, reason) in [("share.sqlite", "tags or notes"), ("results.sqlite", "is the file itself")] {
                let kept = try bnexp(["extract", "1", "-o", output, "--force"], in: folder)
                #expect(kept.exitCode == 73 && kept.errors.contains(reason), "\(kept.errors)")
            }
            for (arguments, message) in [(["-o", "x"], "Missing expected argument"), (["1", "-o", "-"], "no stream")] {
                let wrong = try bnexp(["extract"] + arguments, in: folder)
                #expect(wrong.exitCode == 64 && wrong.errors.contains(message), "\(wrong.errors)")
            }
        }
    }

    @Test(arguments: [
        (["lst"], "unknown subcommand \"lst\" of bnexp; did you mean list?"),
        (["sweep", "lst"], "unknown subcommand \"lst\" of bnexp sweep; did you mean list?"),
        (["help", "lst"], "unknown subcommand \"lst\" of bnexp; did you mean list?"),
        (["data", "inspct", "x"], "unknown subcommand \"inspct\" of bnexp data; did you mean inspect?"),
        (["frobnicate"], "expected one of demo, init, run, sweep"),
    ])
    func unknownSubcommandsAreNamed(arguments: [String], message: String) throws {
        try withTemporaryFolder { folder in
            let result = try bnexp(arguments, in: folder)
            #expect(result.exitCode == 64 && result.errors.contains(message), "\(result.errors)")
        }
    }
}
