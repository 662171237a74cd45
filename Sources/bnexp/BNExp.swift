import ArgumentParser

@main
struct BNExp: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bnexp",
        abstract: "A batch-normalization laboratory: train MLPs as JSON configs say, and compare the runs with SQL.",
        subcommands: [DataCommand.self])
}
