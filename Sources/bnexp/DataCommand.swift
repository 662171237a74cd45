import ArgumentParser
import Datasets
import Foundation

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List what HDF5 files hold, and create them.",
        subcommands: [Inspect.self, ImportCommand.self, SynthesizeCommand.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the datasets and attributes of an HDF5 file.")

        @Argument(help: "An HDF5 file.", completion: .hdf5File) var file: String
        @Flag(help: "Look at the values too: ranges, how many are not finite, how many differ.") var values = false
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let summary = try FileSummary(file: file, readsValues: values)
            guard json else { return printData(summary.table) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            printData(String(decoding: try encoder.encode(summary), as: UTF8.self))
        }
    }
}
