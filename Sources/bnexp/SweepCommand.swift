import ArgumentParser

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Run the trials that a sweep file asks for, several at a time; or print them.",
        subcommands: [SweepRunCommand.self, SweepStatusCommand.self], defaultSubcommand: SweepRunCommand.self)
}
