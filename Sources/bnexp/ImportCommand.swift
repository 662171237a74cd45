import ArgumentParser
import Datasets
import Foundation
import Importers
import Support

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Create an HDF5 file from files of another format.",
        subcommands: [
            CSV.self, TSV.self, NPY.self, NPZ.self, MAT.self, SVMLight.self, IDX.self, CIFAR10.self, CIFAR100.self,
        ])

    struct IDX: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "idx",
            abstract: "Import IDX files, the format of MNIST and Fashion-MNIST, plain or compressed with gzip.",
            discussion: "Writes train/images, train/labels and, if they are given, test/images and test/labels.")

        @Option(help: "IDX file of the training images.", completion: .file()) var trainImages: String
        @Option(help: "IDX file of the training labels.", completion: .file()) var trainLabels: String
        @Option(help: "IDX file of the test images.", completion: .file()) var testImages: String?
        @Option(help: "IDX file of the test labels.", completion: .file()) var testLabels: String?
        @Option(name: .shortAndLong, help: "The HDF5 file to write; - is standard output.", completion: .hdf5File)
        var output: String
        @OptionGroup var rules: OutputRules

        func validate() throws {
            guard (testImages == nil) == (testLabels == nil) else {
                throw ValidationError("--test-images and --test-labels belong together: give both or neither.")
            }
        }

        func run() throws {
            var splits = [("train", try ImageSplit(idxImages: trainImages, idxLabels: trainLabels))]
            if let testImages, let testLabels {
                splits.append(("test", try ImageSplit(idxImages: testImages, idxLabels: testLabels)))
            }
            let inputs = [trainImages, trainLabels, testImages, testLabels].compactMap { $0 }
            try writeAndTell(splits, from: "IDX", inputs, to: output, rules)
        }
    }

    struct CIFAR10: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cifar10", abstract: "Import files of the binary version of CIFAR-10.",
            discussion:
                "Writes train/images (N x 32 x 32 x 3), train/labels and, if files are given, test/images and "
                + "test/labels."
        )

        @Option(
            parsing: .upToNextOption, help: "Files of training records, data_batch_1.bin to data_batch_5.bin.",
            completion: .file())
        var train: [String]
        @Option(parsing: .upToNextOption, help: "Files of test records, test_batch.bin.", completion: .file()) var test:
            [String] = []
        @Option(name: .shortAndLong, help: "The HDF5 file to write; - is standard output.", completion: .hdf5File)
        var output: String
        @OptionGroup var rules: OutputRules

        func run() throws {
            var splits = [("train", try ImageSplit(cifar10: train))]
            if !test.isEmpty { splits.append(("test", try ImageSplit(cifar10: test))) }
            try writeAndTell(splits, from: "CIFAR-10", train + test, to: output, rules)
        }
    }
}

/// Writes the splits to an HDF5 file, says on standard error what they are, and prints the path.
private func writeAndTell(
    _ splits: [(String, ImageSplit)], from format: String, _ inputs: [String], to output: String, _ rules: OutputRules
) throws {
    try rules.check(output, reading: inputs)
    OutputFile.removePartialFilesOnSignals()
    try write(splits, from: format, toHDF5: output)
    for (name, data) in splits {
        writeToStandardError("\(name): \(describe(shape: data.shape)) images, \(Set(data.labels).count) classes\n")
    }
    if output != "-" { printData(output) }
}
