import ArgumentParser
import Datasets
import Importers
import Support

extension ScalingKind: ExpressibleByArgument {}

/// What every importer of rows takes: the output, and how rows are divided and scaled.
struct ImportArguments: ParsableArguments {
    @Option(name: .shortAndLong, help: "The HDF5 file to write; - is standard output.", completion: .hdf5File)
    var output: String
    @OptionGroup var rules: OutputRules
    @Option(help: "Draw this share of the rows, such as 0.2, to be the test split of a source that has none.")
    var testFraction: Double?
    @Flag(help: "Give both splits the same shares of each class.") var stratify = false
    @Option(help: "What the rows of the test split are drawn by.") var seed: UInt64 = 0
    @Option(help: "Scale inputs, fitted to the training rows, and write them as float32; else training scales them.")
    var scaling: ScalingKind?

    func validate() throws {
        guard testFraction.map({ $0 > 0 && $0 < 1 }) ?? true else {
            throw ValidationError("--test-fraction is \(testFraction ?? 0); expected a number between 0 and 1.")
        }
        guard testFraction != nil || !stratify else {
            throw ValidationError("--stratify is about --test-fraction: give both or neither.")
        }
    }

    /// Has an importer write the output, says on standard error what it returns, and prints the path.
    ///
    /// - Parameter inputs: the files that are read, none of which may be the output; `-` is standard input.
    func importing(
        _ inputs: [String], _ importer: (ImportOptions, _ output: String) throws -> [String]
    ) throws {
        try rules.check(output, reading: inputs)
        var options = ImportOptions()
        options.testFraction = testFraction
        options.isStratified = stratify
        options.seed = seed
        options.scaling = scaling
        for line in try importer(options, output) {
            writeToStandardError(line.escapedForTerminal(keepsLines: true) + "\n")
        }
        if !OutputFile.isStandardOutput(output) { printData(output) }
    }
}
