import ArgumentParser
import Keys
import Reports
import RunStore
import Support
import Sweeps
import Training

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print resolved configs, their differences, what keys mean, or the schema of configs.",
        subcommands: [Show.self, Explain.self, Schema.self, Diff.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the resolved config: merged, checked, every default filled in.",
            discussion: """
                Example:
                  bnexp config show configs/mnist_bn.json --set optimizer.kind=adam
                """)
        @OptionGroup var config: ConfigOptions

        func run() throws {
            let loaded = try config.load()
            loaded.notes.forEach(say)
            printData(loaded.resolved.text(indented: true))
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Print the JSON Schema (2020-12) of configs, for editors; or the table of keys in docs/config.md.",
            discussion: """
                Example:
                  bnexp config schema > schema.json
                """)
        @Flag(help: "Print a Markdown table instead.") var table = false
        @Flag(help: "Print the schema of sweep files instead.") var sweep = false

        func validate() throws {
            guard !(table && sweep) else {
                throw ValidationError(
                    "--table and --sweep contradict each other; docs/sweeps.md describes sweep files.")
            }
        }

        func run() throws {
            printData(
                table ? Config.shape.keyTable : (sweep ? sweepJSONSchema() : configJSONSchema()) + "\n", terminator: "")
        }
    }

    struct Diff: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "List the keys in which two configs differ, both merged and with every default filled in; names are "
                + "left out.",
            discussion: """
                Example:
                  bnexp config diff configs/mnist_bn.json configs/mnist_nobn.json
                """)
        @Argument(help: "A config file, or - for standard input.", completion: .configFile) var a: String
        @Argument(help: "Another one.", completion: .configFile) var b: String
        @Flag(help: "Print JSON.") var json = false

        func validate() throws {
            guard a != "-" || b != "-" else {
                throw ValidationError("both configs are standard input; name a file for one.")
            }
        }

        func run() throws {
            let sides = try [a, b].map { path in
                let loaded = try loadConfig(ConfigRequest(path: path))
                loaded.notes.forEach(say)
                return loaded.resolved.leaves().filter { $0.path != "name" }
            }
            func text(_ path: String, _ side: Int) -> SQLValue {
                sides[side].first { $0.path == path }.map { .text($0.value.text()) } ?? .null
            }
            let paths =
                sides[0].map(\.path) + sides[1].map(\.path).filter { path in !sides[0].contains { $0.path == path } }
            let rows = paths.map { [.text($0), text($0, 0), text($0, 1)] }.filter { $0[1] != $0[2] }
            if rows.isEmpty && !json { return say("the configs do not differ") }
            // In JSON the columns have the same names whatever the files are called.
            var table = Table(columns: ["path"] + (json ? ["a", "b"] : [a, b]), rows: rows)
            table.fit = .folding()
            show(table, json: json)
        }
    }
}
