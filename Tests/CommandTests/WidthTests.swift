import Foundation
import Support
import TestSupport
import Testing

/// No line that a command writes is wider than the terminal.
@Suite struct WidthTests {
    /// Commands of a folder with runs and a sweep, each with the exit code that it ends with.
    private static let commands: [(arguments: [String], exitCode: Int32)] = [
        (["run", "c.json", "--set", "training.steps=2000", "--profile"], 0),
        (["run", "c.json", "--set", "training.steps=many"], 65), (["run", "c.json", "--dry-run"], 0),
        (["list"], 0), (["list", "--limit", "2"], 0), (["list", "--columns", "id,uuid,name,test_accuracy"], 0),
        (["list", "--columns", "id,nme"], 64), (["show", "1"], 0), (["show", "nothing-of-this-name"], 64),
        (["compare"], 0), (["compare", "1", "2", "3", "4", "5"], 0), (["compare", "--group-by-seed"], 0),
        (["compare", "--sweep", "latest"], 0),
        (["compare", "--sweep", "latest", "--by", "learning_rate", "--by", "hidden"], 0),
        (["compare", "--sweep", "latest", "--columns", "mean,count"], 0),
        (["sweep", "s.json", "--set", "training.steps=300", "--jobs", "2"], 0), (["sweep", "s.json", "--dry-run"], 0),
        (["sweep", "status", "s.json", "--all"], 0), (["gradcheck", "c.json"], 0),
        (["gradcheck", "c.json", "--inject-fault", "drop_mean_term"], -1),
        (["explain", "--fault", "drop_mean_term"], 0), (["explain", "c.json", "--rows", "10"], 0),
        (["explain", "1", "--step", "3", "--unit", "6"], 64),
        (["check", "--template", "-o", "check.npz", "--results", "unbiased_variance", "--force"], 0),
        (["check", "check.npz"], 1),
        (["evaluate", "kept"], 0), (["time", "--rows", "10", "--features", "10", "--rounds", "1"], 0),
        (["evaluate", "kept", "--perturb", "{\"kind\": \"fgsm\", \"epsilon\": 0.1}"], 0),
        (["verify", "1"], 0), (["doctor"], 0), (["data", "inspect", "toy.h5"], 0),
        (["data", "inspect", "toy.h5", "--values"], 0),
        (["data", "inspect", "toy.h5", "--preview", "train/images"], 0),
        (["data", "import", "csv", "t.csv", "-o", "t.h5", "--force"], 0), (["init", "t.csv", "--force"], 0),
        (["config", "diff", "c.json", "d.json"], 0), (["config", "explain"], 0),
        (["config", "explain", "model.normalization"], 0), (["config", "explain", "optimizer.kind"], 0),
        (["delete", "1", "--dry-run"], 0), (["note", "1"], 0),
        (["sql", "SELECT * FROM run_summary"], 0), (["sql", "SELECT 1.5 AS x, 'a text of some words' AS t"], 0),
        (["plot", "1", "2", "--metric", "loss"], 0), (["plot", "--sweep", "latest", "--x", "learning_rate"], 0),
        (["plot", "1", "--heat-map"], 0), (["reap"], 0), (["list", "--unknown-option"], 64),
    ]

    /// Calls `body` with a folder in which the commands find what they need.
    private func inFolder(_ body: (URL) throws -> Void) throws {
        let config = toyConfig(
            data: ", \"test\": {\"inputs\": \"test/images\", \"targets\": \"test/labels\"}",
            model: ", \"normalization\": {\"kind\": \"batch\"}",
            rest: ", \"name\": \"a-name-of-a-run-that-is-rather-long\"")
        try withToyFolder(config) { folder in
            func write(_ text: String, _ name: String) throws {
                try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
            try write(
                toyConfig(rest: ", \"seed\": 7, \"logging\": {\"every\": 3}").replacing(
                    ", \"logging\": { \"every\": 5 }", with: ""), "d.json")
            try write(
                """
                {"name": "a-sweep", "config": "c.json", "seeds": [1, 2],
                 "product": {"optimizer.learning_rate": [0.125, 0.5], "model.hidden": [[6], [7]]}}
                """, "s.json")
            let lines = (0..<60).map { "\($0 % 7),\(Double($0) / 3),\($0 % 3 == 0 ? "setosa" : "virginica")" }
            try write((["a_long_name_of_a_column,width,species"] + lines).joined(separator: "\n") + "\n", "t.csv")
            for seed in ["1", "2", "3"] {
                #expect(try bnexp(["run", "c.json", "-q", "--seed", seed], in: folder).exitCode == 0)
            }
            #expect(
                try bnexp(["run", "c.json", "-q", "--name", "kept", "--set", "checkpoint={}"], in: folder).exitCode == 0
            )
            #expect(try bnexp(["sweep", "s.json", "-q"], in: folder).exitCode == 0)
            #expect(
                try bnexp(
                    ["note", "1", "a note of so many words that no terminal has room for all of them"], in: folder
                )
                .exitCode == 0)
            try body(folder)
        }
    }

    /// What a user typed, and what is a path or one word, may be wider.
    private func widest(_ output: String, columns: Int) -> [String] {
        TerminalScreen(output, columns: 10_000, rows: 10_000).lines.filter { line in
            line.count > columns && line.drop { $0 == " " }.contains(" ") && !line.contains("/")
        }
    }

    @Test(arguments: [40, 80, 200]) func everyLineFits(columns: Int) throws {
        try inFolder { folder in
            for (arguments, exitCode) in Self.commands {
                let command = try StartedCommand(
                    [binary.path] + arguments, in: folder, streams: .terminal(columns: columns, rows: 50))
                let end = try command.finish()
                if exitCode >= 0 { #expect(end == .exit(exitCode), "\(arguments): \(command.output)") }
                let lines = widest(command.output, columns: columns)
                #expect(lines == [], "\(arguments) at \(columns)")
            }
        }
    }

    /// Names can be typed as they are shown, on the narrowest terminal too, and the point of a table stays.
    @Test(arguments: [40, 80]) func namesAreWhole(columns: Int) throws {
        try PlantedResults.inFolder { folder in
            let name = "rates-of-a-rather-long-sweep-name-for-the-paper"
            try plant(
                "UPDATE sweep SET name = '\(name)' WHERE id = 2; UPDATE run SET name = '\(name)/' || trial WHERE id < 9",
                in: folder.appendingPathComponent("results.sqlite").path)
            for (arguments, column) in [
                (["sweep", "list"], "name"), (["sweep", "show", "2"], "name"), (["list"], "name"),
            ] {
                let command = try StartedCommand(
                    [binary.path] + arguments, in: folder, streams: .terminal(columns: columns, rows: 50))
                _ = try command.finish()
                let lines = TerminalScreen(command.output, columns: 500, rows: 10_000).lines
                let words = lines.flatMap { $0.split(separator: " ") }.joined()
                #expect(words.contains("rates-of-a-") && words.contains("paper"), "\(column) \(words)")
                #expect(!lines.contains { $0.contains("rates") && $0.contains("…") }, "\(lines)")
            }
            let compare = try StartedCommand(
                [binary.path, "compare", "--sweep", "2", "--by", "variant"], in: folder,
                streams: .terminal(columns: columns, rows: 50))
            _ = try compare.finish()
            #expect(compare.output.contains("best_with") && !compare.output.contains("width: best_with"))
        }
    }

    @Test(arguments: [40, 80, 200]) func helpFits(columns: Int) throws {
        try withTemporaryFolder { folder in
            var waiting: [[String]] = [[]]
            while let command = waiting.popLast() {
                let help = try StartedCommand(
                    [binary.path] + command + ["--help"], in: folder, streams: .terminal(columns: columns, rows: 50))
                #expect(try help.finish() == .exit(0))
                #expect(widest(help.output, columns: columns) == [], "\(command) at \(columns)")
                // Each subcommand has a line of two spaces, its name and what it does.
                let parts = try bnexp(command + ["--help"], in: folder).output.components(separatedBy: "SUBCOMMANDS:")
                guard parts.count == 2 else { continue }
                for match in parts[1].matches(of: /\n {2}([a-z0-9-]+)/) { waiting.append(command + [String(match.1)]) }
            }
        }
    }

    /// Scripts and pagers get whole lines, with all columns.
    @Test func whatIsPipedIsComplete() throws {
        try inFolder { folder in
            let list = try bnexp(["list"], in: folder).output
            for column in ["uuid", "seed", "train_seconds", "validation_accuracy"] { #expect(list.contains(column)) }
            #expect(list.contains("a-name-of-a-run-that-is-rather-long") && !list.contains("left out"))
            let chosen = try bnexp(["list", "--json", "--columns", "name,id"], in: folder).output
            #expect(chosen.contains(#"{"name": "a-name-of-a-run-that-is-rather-long", "id": 1}"#), "\(chosen)")
            #expect(try bnexp(["list", "--columns", "id,,name"], in: folder).exitCode == 64)
            #expect(try bnexp(["compare", "--columns", "id"], in: folder).exitCode == 64)
            // Only the combinations and the axis's own table have the axis.
            let axis = try bnexp(
                ["compare", "--sweep", "latest", "--json", "--columns", "model.hidden"], in: folder
            ).output
            #expect(axis.contains("\"combinations\": [") && axis.contains("\"model.hidden\": [\n"), "\(axis)")
            #expect(!axis.contains("\"optimizer.learning_rate\""), "\(axis)")
        }
    }

    @Test func aNarrowListTellsWhatItLeavesOut() throws {
        try inFolder { folder in
            let list = try StartedCommand(
                [binary.path, "list"], in: folder, streams: .terminal(columns: 50, rows: 50),
                environment: ["NO_COLOR": "1"])
            #expect(try list.finish() == .exit(0))
            #expect(list.output.contains("left out, for want of width: uuid"), "\(list.output)")
            #expect(list.output.contains("a-na") && !list.output.contains("…"))
            // No run has a validation split.
            #expect(!list.output.contains("validation"))
        }
    }
}
