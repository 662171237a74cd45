import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete runs with all their rows.",
        discussion:
            "A run that a process of this machine works on is refused. Checkpoints on the disk are kept and listed."
    )

    @OptionGroup var selection: RunSelection
    @Flag(help: "Print how many rows of each table would be deleted, and delete nothing.") var dryRun = false
    @Flag(help: "Shrink the file afterwards, which needs as much free space as the file has.") var vacuum = false
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard !selection.isEmpty else {
            throw ValidationError(
                "Missing expected argument: name runs, or choose them with --where, --tag or --sweep.")
        }
        guard !(dryRun && vacuum) else {
            throw ValidationError("--dry-run and --vacuum contradict each other; give one.")
        }
    }

    func run() throws {
        let file = try dryRun ? ResultsFile(reading: results.path) : ResultsFile.existing(results.path)
        let references = try selection.references(in: file, default: .all)
        let summary = try dryRun ? file.summarizeDeletion(of: references) : file.delete(references)
        show(
            Table(columns: ["table", "rows"], rows: summary.rowCounts.map { [.text($0.table), .integer($0.count)] }),
            json: json)
        let names = references.map { "\($0.id) (\($0.name))" }.joined(separator: ", ")
        if dryRun { return say("would delete run \(names); nothing was deleted") }
        say("deleted run \(names)")
        if !summary.checkpointFolders.isEmpty {
            say(
                "their checkpoints are kept; remove them with: rm -r "
                    + "\(summary.checkpointFolders.map(quotedForShell).joined(separator: " "))"
            )
        }
        if vacuum {
            let size = try file.vacuum()
            say("\(file.path) had \(size.before) bytes and has \(size.after)")
        } else {
            say(
                "the file keeps the space for later runs; delete --vacuum, or sqlite3 \(quotedForShell(file.path)) "
                    + "VACUUM, gives it back"
            )
        }
    }
}
