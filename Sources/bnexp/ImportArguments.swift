import ArgumentParser
import Charts
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
        OutputFile.removePartialFilesOnSignals()
        var options = ImportOptions()
        options.testFraction = testFraction
        options.isStratified = stratify
        options.seed = seed
        options.scaling = scaling
        var displays: [ImportOptions.Work: WorkDisplay] = [
            .reading: WorkDisplay("reading", unit: "MB"), .writing: WorkDisplay("writing", unit: "rows"),
        ]
        options.progress = { work, done, total in
            let unit = work == .reading ? 1_000_000 : 1
            displays[work]?.show(done / unit, of: total / unit)
        }
        let lines = Result { try importer(options, output) }
        for work in displays.keys { displays[work]?.finish() }
        for line in try lines.get() { tell(line) }
        if !OutputFile.isStandardOutput(output) { printData(output) }
    }
}

/// Says a line on standard error, broken to the width of the terminal; what follows the first line is indented.
func tell(_ line: String) {
    let text = line.escapedForTerminal(), indentation = String(text.prefix { $0 == " " })
    let first = text.wrapped(to: terminalWidth(standardError))
    var lines = first.prefix(1).map { $0 }
    if first.count > 1 {
        let rest = text.dropFirst(first[0].count).drop { $0 == " " }
        lines += String(rest).wrapped(to: max(20, terminalWidth(standardError) - indentation.count - 2))
            .map { indentation + "  " + $0 }
    }
    for line in lines { writeToStandardError(line + "\n") }
}
