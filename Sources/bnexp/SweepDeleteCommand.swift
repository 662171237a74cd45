import ArgumentParser
import RunStore

struct SweepDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a sweep with its runs, but for those that other sweeps ask for too.",
        discussion: """
            Example:
              bnexp sweep delete latest --dry-run
            """)

    @OptionGroup var sweep: SweepArgument
    @OptionGroup var deletion: DeletionOptions

    func run() throws {
        let file = try deletion.open()
        try deletion.delete(findSweep(sweep.name, in: file), in: file)
    }
}
