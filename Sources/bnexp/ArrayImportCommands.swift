import ArgumentParser
import Importers

extension ImportCommand {
    struct NPY: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "npy", abstract: "Import arrays of NumPy, a file each, as numpy.save writes them.",
            discussion:
                "The first dimension counts the examples. Targets are numbers, one-hot rows or texts. Writes "
                + "train/inputs, train/targets and, if there are such rows, test/inputs and test/targets.")

        @Argument(help: "The npy file of the inputs.", completion: .file(extensions: ["npy"])) var inputs: String
        @Option(help: "The npy file of the targets.", completion: .file(extensions: ["npy"])) var targets: String?
        @Option(help: "The npy file of the inputs of the test split.", completion: .file(extensions: ["npy"]))
        var test: String?
        @Option(help: "The npy file of its targets.", completion: .file(extensions: ["npy"])) var testTargets: String?
        @OptionGroup var gaps: MissingOption
        @OptionGroup var arguments: ImportArguments

        func validate() throws {
            guard testTargets == nil || test != nil else {
                throw ValidationError("--test-targets are of --test: give both or neither.")
            }
            guard test == nil || (targets == nil) == (testTargets == nil) else {
                throw ValidationError("--targets and --test-targets belong together: give both or neither.")
            }
        }

        func run() throws {
            try arguments.importing([inputs, targets, test, testTargets].compactMap { $0 }) { options, output in
                var source = NPYImport(inputs: inputs, targets: targets, test: test.map { ($0, testTargets) })
                source.missing = gaps.missing
                return try source.write(options, to: output)
            }
        }
    }

    struct NPZ: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "npz", abstract: "Import arrays of an npz file, as numpy.savez writes it.",
            discussion:
                "Without --inputs the names tell: x_train and y_train, X and y, data and target, train_images and "
                + "train_labels, and the like.")

        @Argument(help: "An npz file.", completion: .file(extensions: ["npz"])) var file: String
        @OptionGroup var names: ArrayNameOptions
        @OptionGroup var gaps: MissingOption
        @OptionGroup var arguments: ImportArguments

        func run() throws {
            try arguments.importing([file]) { options, output in
                var source = ArchiveImport(.npz, path: file, names: names.names)
                source.missing = gaps.missing
                return try source.write(options, to: output)
            }
        }
    }

    struct MAT: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "mat", abstract: "Import arrays of a MATLAB file of version 5, 6 or 7.",
            discussion:
                "Names are as for npz; a field of a struct is data.X. A file of version 7.3 is HDF5, and needs no "
                + "import."
        )

        @Argument(help: "A MATLAB file.", completion: .file(extensions: ["mat"])) var file: String
        @OptionGroup var names: ArrayNameOptions
        @Option(help: "Which dimension of the inputs counts the examples, if the number of targets does not tell.")
        var examples: ExampleDimension?
        @OptionGroup var gaps: MissingOption
        @OptionGroup var arguments: ImportArguments

        func run() throws {
            try arguments.importing([file]) { options, output in
                var source = ArchiveImport(.mat, path: file, names: names.names)
                source.examples = examples
                source.missing = gaps.missing
                return try source.write(options, to: output)
            }
        }
    }

    struct SVMLight: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "svmlight", abstract: "Import text files in the format of svmlight and LIBSVM.",
            discussion:
                "Lines are 'label index:value ...', plain or compressed with gzip; rows are written with their zeros. "
                + "Several labels with commas between become columns of 0 and 1.")

        @Argument(help: "A file of training rows; - is standard input.", completion: .file()) var file: String
        @Option(help: "A file of test rows.", completion: .file()) var test: String?
        @Option(help: "The number of features; without it, the largest index.") var features: Int?
        @Flag(help: "Count indexes from 0, also where 0 does not occur.") var zeroBased = false
        @OptionGroup var arguments: ImportArguments

        func validate() throws {
            guard features.map({ $0 > 0 }) ?? true else {
                throw ValidationError("--features is \(features ?? 0); expected 1 or more.")
            }
            guard file != "-" || test != "-" else {
                throw ValidationError("Standard input is one file; name the other.")
            }
        }

        func run() throws {
            try arguments.importing([file, test].compactMap { $0 }) { options, output in
                try SVMLightImport(train: file, test: test, featureCount: features, isZeroBased: zeroBased)
                    .write(options, to: output)
            }
        }
    }

    struct CIFAR100: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cifar100", abstract: "Import files of the binary version of CIFAR-100.",
            discussion: "Writes inputs of N x 32 x 32 x 3, and the fine labels or the coarse ones as targets.")

        @Option(parsing: .upToNextOption, help: "Files of training records, train.bin.", completion: .file())
        var train: [String]
        @Option(parsing: .upToNextOption, help: "Files of test records, test.bin.", completion: .file())
        var test: [String] = []
        @Option(help: "Which of the two labels of a record.") var labels = CIFAR100Import.Labels.fine
        @Option(help: "The names of the classes, a line each: fine_label_names.txt.", completion: .file())
        var names: String?
        @OptionGroup var arguments: ImportArguments

        func run() throws {
            try arguments.importing(train + test + (names.map { [$0] } ?? [])) { options, output in
                try CIFAR100Import(train: train, test: test, labels: labels, names: names).write(options, to: output)
            }
        }
    }
}

/// What is done about NaN in arrays.
struct MissingOption: ParsableArguments {
    @Option(
        help:
            "Leave out rows in which a value is missing, which is NaN, or put in the mean of the training rows; else it is an error."
    )
    var missing: TableOptions.MissingValues?
}

/// Which arrays of a file are inputs and targets.
struct ArrayNameOptions: ParsableArguments {
    @Option(help: "The name of the array of the inputs.") var inputs: String?
    @Option(help: "The name of the array of the targets.") var target: String?
    @Option(help: "The name of the array of the inputs of the test split.") var testInputs: String?
    @Option(help: "The name of the array of its targets.") var testTarget: String?

    var names: ArrayNames {
        ArrayNames(inputs: inputs, target: target, testInputs: testInputs, testTarget: testTarget)
    }

    func validate() throws {
        guard inputs != nil || (target == nil && testInputs == nil && testTarget == nil) else {
            throw ValidationError("--target and the arrays of the test split need --inputs: name both.")
        }
        guard testTarget == nil || testInputs != nil else {
            throw ValidationError("--test-target is of --test-inputs: give both or neither.")
        }
        guard testInputs == nil || (target == nil) == (testTarget == nil) else {
            throw ValidationError("--target and --test-target belong together: give both or neither.")
        }
    }
}

extension CIFAR100Import.Labels: ExpressibleByArgument {}
extension ExampleDimension: ExpressibleByArgument {}
