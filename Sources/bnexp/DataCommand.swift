import ArgumentParser
import Datasets
import Foundation

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Look into HDF5 files, and make them from other formats.",
        subcommands: [Inspect.self, Import.self])

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the datasets and attributes of an HDF5 file.")

        @Argument(help: "An HDF5 file.", completion: .hdf5File) var file: String
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let summary = try FileSummary(file: file)
            guard json else { return print(summary.table) }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(summary), as: UTF8.self))
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Make an HDF5 file from another format.", subcommands: [IDX.self])
    }

    struct IDX: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "idx", abstract: "Import IDX files, the format of MNIST and Fashion-MNIST; plain or gzip.",
            discussion: "Writes train/images, train/labels and, if they are given, test/images and test/labels.")

        @Option(help: "IDX file of the training images.", completion: .file()) var trainImages: String
        @Option(help: "IDX file of the training labels.", completion: .file()) var trainLabels: String
        @Option(help: "IDX file of the test images.", completion: .file()) var testImages: String?
        @Option(help: "IDX file of the test labels.", completion: .file()) var testLabels: String?
        @Option(name: .shortAndLong, help: "The HDF5 file to write.", completion: .hdf5File) var output: String
        @Flag(help: "Replace the output if it exists.") var force = false

        func validate() throws {
            guard (testImages == nil) == (testLabels == nil) else {
                throw ValidationError("--test-images and --test-labels belong together: give both or neither.")
            }
        }

        func run() throws {
            var splits = [("train", try IDXSplit(images: trainImages, labels: trainLabels))]
            if let testImages, let testLabels { splits.append(("test", try IDXSplit(images: testImages, labels: testLabels))) }
            try write(splits, toHDF5: output, replacing: force)
            for (name, data) in splits {
                let line = "\(name): \(describe(shape: data.images.shape)) images, \(Set(data.labels.values).count) classes\n"
                writeToStandardError(line)
            }
            print(output)
        }
    }
}
