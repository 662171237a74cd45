import ArgumentParser
import RunStore

struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete runs with all their rows.",
        discussion: """
            A run that a process of this machine works on is refused. Checkpoints on the disk are kept and listed. \
            --sweep alone deletes the sweep with its runs, but for those that other sweeps ask for too; a sweep goes \
            with its last run in any case.

            Examples:
              bnexp delete 1 2
              bnexp delete --where seed=0 --status finished --dry-run
              bnexp delete --sweep latest --yes --vacuum
            """)

    @OptionGroup var selection: RunSelection
    @OptionGroup var deletion: DeletionOptions

    func validate() throws {
        guard !selection.isEmpty else {
            throw ValidationError(
                "Missing expected argument: name runs, or choose them with --where, --tag or --sweep.")
        }
    }

    func run() throws {
        let file = try deletion.open()
        if let sweep = selection.wholeSweep { return try deletion.delete(findSweep(sweep, in: file), in: file) }
        let runs = try selection.references(in: file, default: .all)
        if selection.runs.isEmpty { try deletion.requireConsent(to: runs, in: file) }
        try deletion.delete(runs, in: file)
    }
}
