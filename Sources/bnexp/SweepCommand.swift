import ArgumentParser

struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Run the trials that a sweep file asks for, several at a time; or print them.",
        discussion: """
            Examples:
              bnexp sweep configs/mnist_bn.json --axis training.steps=50,500 --seeds 1..3
              bnexp sweep experiments/rate_by_normalization.json --jobs 4
              bnexp sweep status latest
            """,
        subcommands: [
            SweepRunCommand.self, SweepStatusCommand.self, SweepListCommand.self, SweepShowCommand.self,
            SweepDeleteCommand.self,
        ], defaultSubcommand: SweepRunCommand.self)
}

/// The sweep of a results file that a command works on.
struct SweepArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "An id, the beginning of a uuid, a name, latest, or the sweep file.", valueName: "sweep"),
        completion: .sweep)
    var name: String
}
