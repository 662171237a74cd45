import Foundation
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
            let dry = try bnexp(["delete", "--sweep", "rates", "--dry-run"], in: folder)
            #expect(
                dry.errors.contains("kept, for other sweeps ask for them too: run 8")
                    && dry.errors.contains("sweep 2 (rates)"))
            #expect(try counts() == [[.integer(10), .integer(2), .integer(9)]])
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
            #expect(again.exitCode == 73 && again.errors.contains("replaces nothing"), "\(again.errors)")
            for (arguments, message) in [(["-o", "x"], "Missing expected argument"), (["1", "-o", "-"], "no stream")] {
                let wrong = try bnexp(["extract"] + arguments, in: folder)
                #expect(wrong.exitCode == 64 && wrong.errors.contains(message), "\(wrong.errors)")
            }
        }
    }

    @Test(arguments: [
        (["lst"], "unknown subcommand \"lst\" of bnexp; did you mean list?"),
        (["data", "inspct", "x"], "unknown subcommand \"inspct\" of bnexp data; did you mean inspect?"),
        (["frobnicate"], "expected one of init, run, sweep"),
    ])
    func unknownSubcommandsAreNamed(arguments: [String], message: String) throws {
        try withTemporaryFolder { folder in
            let result = try bnexp(arguments, in: folder)
            #expect(result.exitCode == 64 && result.errors.contains(message), "\(result.errors)")
        }
    }
}
