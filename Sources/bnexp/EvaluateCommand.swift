import ArgumentParser
import NeuralNetwork
import Reports
import RunStore
import Support
import Training

struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Evaluate a checkpoint of a run on any split, mode and batch size; nothing is recorded.",
        discussion: """
            Examples:
              bnexp run configs/mnist_bn.json --set checkpoint={} --name kept
              bnexp evaluate kept --split test --mode batch --batch-size 10
            """)

    @OptionGroup var selection: RunArgument
    @OptionGroup var state: StateOptions
    @Option(help: "A split: train, validation or test; may repeat. Default: as the run was evaluated.")
    var split: [SplitName] = []
    @Option(help: "A mode: running, batch or recomputed; may repeat. Default: as the run was evaluated.")
    var mode: [NormalizationMode] = []
    @Option(help: "Rows of an evaluation batch. Default: as the run was evaluated.") var batchSize: Int?
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws { if let batchSize { try requireRange(countRange, batchSize, "--batch-size") } }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        var display = WorkDisplay("evaluating", unit: "rows")
        defer { display.finish() }
        let records = try evaluate(
            state.choice, of: file.findRun(selection.runName), in: file, dataFile: state.data, splits: split,
            modes: mode, batchSize: batchSize, note: say, progress: { display.show($0, of: $1) })
        display.finish()
        show(
            Table(
                columns: ["step", "split", "mode", "loss", "accuracy", "example_count"],
                rows: records.map {
                    [
                        .integer($0.step), .text($0.split), .text($0.mode), .number($0.loss),
                        $0.accuracy.map { .number($0) } ?? .null,
                        .integer($0.exampleCount),
                    ]
                }), json: json)
    }
}
