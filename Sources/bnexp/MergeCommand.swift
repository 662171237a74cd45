import ArgumentParser
import Reports
import RunStore

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Add the runs of other results files to the one of --db, which is created if it is missing.",
        discussion: """
            Runs are joined by uuid: merging a file twice changes nothing. Of a run that both files hold, the more \
            complete copy is kept as a whole, with the tags and notes of both. A run is added whole or not at all; the files \
            that are merged are only read, also those of earlier versions. Checkpoints are not moved.

            Examples:
              bnexp extract latest -o one.sqlite
              bnexp merge one.sqlite --db all.sqlite
            """)

    @Argument(help: "Results files to merge.", completion: .file()) var files: [String]
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        // A mistake in the names must not create an empty target.
        for file in files { _ = try ResultsFile(reading: file) }
        let target = try ResultsFile(writing: results.path)
        var rows: [[SQLValue]] = []
        // What was merged before an error is reported with it.
        defer {
            if !rows.isEmpty { show(Table(columns: ["file", "added", "replaced", "kept"], rows: rows), json: json) }
        }
        for file in files {
            let summary = try target.mergeAndTell(file)
            rows.append([.text(file), .integer(summary.added), .integer(summary.replaced), .integer(summary.kept)])
        }
    }
}
