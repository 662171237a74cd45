import ArgumentParser
import RunStore
import Support
import Training

struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Write one step whole to HDF5: every layer's values, parameters and the gradient of each.",
        discussion: """
            The step is computed again from a checkpoint before it, or from step 0, with the same bits as in the \
            run. docs/dump.md lists the arrays with their equations.

            Examples:
              bnexp dump latest --step 100 -o step.h5
              bnexp data inspect step.h5
            """)

    @OptionGroup var selection: RunArgument
    @OptionGroup var state: StateOptions
    @Option(help: "The number of finished updates; 0 is the network at initialization.") var step: Int
    @Option(name: .shortAndLong, help: "The HDF5 file to write; - is standard output.", completion: .hdf5File)
    var output: String
    @OptionGroup var rules: OutputRules
    @OptionGroup var results: ResultsOption

    func validate() throws {
        try requireRange(0...countRange.upperBound, step, "--step")
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        try rules.check(output, protecting: OutputRules.Protected(file), reading: [state.data].compactMap { $0 })
        try dump(
            step: step, of: file.findRun(selection.runName), in: file, from: state.choice, dataFile: state.data,
            to: output, note: say)
        if output != "-" { printData(output) }
    }
}
