import ArgumentParser

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List what HDF5 files hold, and create them.",
        subcommands: [InspectCommand.self, ImportCommand.self, SynthesizeCommand.self])
}
