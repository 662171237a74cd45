import ArgumentParser
import Datasets
import Foundation
import Support

struct SynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize", abstract: "Create an HDF5 file of a synthetic problem whose difficulty is known.",
        discussion: """
            Writes train/inputs, train/targets, test/inputs and test/targets, and as attributes every option. The same \
            options give the same bytes; more rows leave the first ones as they are.

            Examples:
              bnexp data synthesize spirals -o spirals.h5
              bnexp init spirals.h5 -o spirals.json
            """,
        subcommands: [
            BlobsCommand.self, SpiralsCommand.self, MoonsCommand.self, CirclesCommand.self, ParityCommand.self,
            TeacherCommand.self, GaussianCommand.self, DegenerateCommand.self,
        ])
}

/// The options that every synthetic problem has.
struct SynthesisOptions: ParsableArguments {
    @Option(help: "Training rows.") var rows = 5000
    @Option(help: "Test rows; 0 for no test split.") var testRows = 1000
    @Option(help: "The seed of all random numbers.") var seed: UInt64 = 0
    @Option(name: .shortAndLong, help: "The HDF5 file to write; - is standard output.", completion: .hdf5File)
    var output: String
    @OptionGroup var rules: OutputRules

    func validate() throws {
        try requireRange(1...countRange.upperBound, rows, "--rows")
        try requireRange(0...countRange.upperBound, testRows, "--test-rows")
        // HDF5 attributes have signed numbers.
        guard seed <= UInt64(Int64.max) else { throw ValidationError("--seed is \(seed); expected 0 to 2^63 - 1.") }
    }
}

/// A subcommand that makes one kind of synthetic data.
protocol SynthesisCommand: ParsableCommand {
    associatedtype Recipe: SyntheticRecipe
    var common: SynthesisOptions { get }
    /// What the options ask for, which have been checked.
    func recipe() -> Recipe
}

extension SynthesisCommand {
    func run() throws {
        let size = SyntheticSize(rows: common.rows, testRows: common.testRows), recipe = recipe()
        guard size.byteCount(of: recipe) != nil else {
            throw Failure(
                .usage,
                "\(common.rows) + \(common.testRows) rows of \(recipe.featureCount) features do not fit into the "
                    + "\(availableMemory >> 20) MiB of memory here; give fewer --rows, --test-rows or features")
        }
        try common.rules.check(common.output)
        try write(recipe, size, seed: common.seed, toHDF5: common.output)
        let what =
            switch recipe.targets {
            case .classes(let count): "\(count) classes"
            case .values(let count): "\(count) \(count == 1 ? "value" : "values") a row"
            }
        for (name, rows) in [("train", common.rows), ("test", common.testRows)] where rows > 0 {
            writeToStandardError("\(name): \(rows) x \(recipe.featureCount) inputs, \(what)\n")
        }
        if common.output != "-" { printData(common.output) }
    }
}

/// Refuses a number outside of a range, in a message that names its option.
private func requireRange(_ range: ClosedRange<Double>, _ number: Double, _ option: String) throws(ValidationError) {
    guard range.contains(number) else {
        func text(_ bound: Double) -> String { String(format: "%g", bound) }
        throw ValidationError(
            "\(option) is \(text(number)); expected \(text(range.lowerBound)) to \(text(range.upperBound)).")
    }
}

/// The ranges in which nothing that is computed of options overflows.
private enum Limits {
    static let features = 1...100_000
    static let matrixFeatures = 1...1024
    static let classes = 2...1000
    static let scale = 0.0...1e6
}

struct BlobsCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: Blobs.kind, abstract: "Gaussian clusters, one a class.")

    @Option(help: "Features of a row.") var features = 16
    @Option(help: "Classes.") var classes = 10
    @Option(help: "The root mean square distance of two centres.") var separation = 6.0
    @Option(help: "The standard deviation of each feature around its centre.") var noise = 1.0
    @OptionGroup var common: SynthesisOptions

    func validate() throws {
        try requireRange(Limits.features, features, "--features")
        try requireRange(Limits.classes, classes, "--classes")
        try requireRange(Limits.scale, separation, "--separation")
        try requireRange(Limits.scale, noise, "--noise")
    }

    func recipe() -> Blobs {
        Blobs(features: features, classes: classes, separation: separation, noise: noise, seed: common.seed)
    }
}

struct SpiralsCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: Spirals.kind, abstract: "Interleaved arms of a spiral in the plane, one a class.")

    @Option(help: "Arms.") var classes = 3
    @Option(help: "Turns of each arm.") var turns = 1.0
    @Option(help: "The standard deviation around the arms, which reach out to 1.") var noise = 0.03
    @OptionGroup var common: SynthesisOptions

    func validate() throws {
        try requireRange(Limits.classes, classes, "--classes")
        try requireRange(Limits.scale, turns, "--turns")
        try requireRange(Limits.scale, noise, "--noise")
    }

    func recipe() -> Spirals { Spirals(classes: classes, turns: turns, noise: noise) }
}

struct MoonsCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: Moons.kind, abstract: "Two half circles that interlock, one a class.")

    @Option(help: "The standard deviation around the half circles, whose radius is 1.") var noise = 0.1
    @OptionGroup var common: SynthesisOptions

    func validate() throws { try requireRange(Limits.scale, noise, "--noise") }

    func recipe() -> Moons { Moons(noise: noise) }
}

struct CirclesCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: Circles.kind, abstract: "Circles around the origin, one a class.")

    @Option(help: "Circles.") var classes = 2
    @Option(help: "The standard deviation around the circles, the largest of which has the radius 1.") var noise = 0.08
    @OptionGroup var common: SynthesisOptions

    func validate() throws {
        try requireRange(Limits.classes, classes, "--classes")
        try requireRange(Limits.scale, noise, "--noise")
    }

    func recipe() -> Circles { Circles(classes: classes, noise: noise) }
}

struct ParityCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: Parity.kind, abstract: "Whether an odd number of bits is 1; --bits 2 is XOR.")

    @Option(help: "Features of a row: the bits, as -1 and +1, then distractors.") var features = 8
    @Option(help: "Bits that count.") var bits = 3
    @Option(help: "The standard deviation around -1 and +1.") var noise = 0.2
    @OptionGroup var common: SynthesisOptions

    func validate() throws {
        try requireRange(Limits.features, features, "--features")
        try requireRange(1...features, bits, "--bits")
        try requireRange(Limits.scale, noise, "--noise")
    }

    func recipe() -> Parity { Parity(features: features, bits: bits, noise: noise) }
}

struct TeacherCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: Teacher.kind, abstract: "What a random multilayer perceptron says of normal inputs.")

    @Option(help: "Features of a row.") var features = 20
    @Option(help: "Classes, of which the teacher's largest output is the label; with --values its outputs.")
    var classes = 5
    @Flag(help: "Store the teacher's outputs themselves, for mean_squared_error.") var values = false
    @Option(help: "Units of each of the teacher's hidden layers.") var width = 32
    @Option(help: "Hidden layers of the teacher; 0 for a linear one.") var depth = 1
    @Option(help: "The standard deviation of what is added to the outputs, whose own is 1.") var noise = 0.0
    @OptionGroup var common: SynthesisOptions

    func validate() throws {
        try requireRange(Limits.matrixFeatures, features, "--features")
        try requireRange((values ? 1 : 2)...1000, classes, "--classes")
        try requireRange(1...1024, width, "--width")
        try requireRange(0...16, depth, "--depth")
        try requireRange(Limits.scale, noise, "--noise")
    }

    func recipe() -> Teacher {
        Teacher(
            features: features, targets: values ? .values(classes) : .classes(classes), width: width, depth: depth,
            noise: noise, seed: common.seed)
    }
}

struct GaussianCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: CorrelatedGaussian.kind,
        abstract: "Correlated normal inputs of a given condition number, with a linear target.")

    @Option(help: "Features of a row.") var features = 20
    @Option(help: "The condition number of the covariance of the inputs.") var condition = 100.0
    @Option(help: "The mean of every feature.") var mean = 0.0
    @Option(help: "The standard deviation of what is added to the target, whose own is 1.") var noise = 0.1
    @OptionGroup var common: SynthesisOptions

    func validate() throws {
        try requireRange(Limits.matrixFeatures, features, "--features")
        try requireRange(1...1e12, condition, "--condition")
        try requireRange(-1e6...1e6, mean, "--mean")
        try requireRange(Limits.scale, noise, "--noise")
        if features == 1 && condition != 1 {
            throw ValidationError("one feature has the condition number 1; give --condition 1 or more --features.")
        }
    }

    func recipe() -> CorrelatedGaussian {
        CorrelatedGaussian(features: features, condition: condition, mean: mean, noise: noise, seed: common.seed)
    }
}

struct DegenerateCommand: SynthesisCommand {
    static let configuration = CommandConfiguration(
        commandName: Degenerate.kind,
        abstract: "Columns and rows that are hard on batch normalization.",
        discussion: Degenerate().columns.enumerated().map { "Column \($0): \($1)." }.joined(separator: "\n")
            + "\nEvery eighth row repeats the row before it.")

    @OptionGroup var common: SynthesisOptions

    func recipe() -> Degenerate { Degenerate() }
}
