import ArgumentParser
import Experiments

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show what a config comes to, and what configs may hold.",
        subcommands: [Show.self, Schema.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the resolved config: merged, checked, every default filled in.")
        @OptionGroup var config: ConfigOptions

        func run() throws {
            let loaded = try config.load()
            loaded.notes.forEach(say)
            print(loaded.resolved.text(indented: true))
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the JSON Schema (2020-12) of configs, for editors; or README's table of keys.")
        @Flag(help: "Print a Markdown table instead.") var table = false

        func run() throws {
            print(table ? configTable() : configJSONSchema() + "\n", terminator: "")
        }
    }
}
