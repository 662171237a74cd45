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
              bnexp evaluate kept --split test --perturb '{"kind": "fgsm", "epsilon": 0.1}'
            """)

    @OptionGroup var selection: RunArgument
    @OptionGroup var state: StateOptions
    @Option(help: "A split: train, validation or test; may repeat. Default: as the run was evaluated.")
    var split: [SplitName] = []
    @Option(help: "A mode: running, batch or recomputed; may repeat. Default: as the run was evaluated.")
    var mode: [NormalizationMode] = []
    @Option(help: "Rows of an evaluation batch. Default: as the run was evaluated.") var batchSize: Int?
    @Option(
        help: ArgumentHelp(
            "Also evaluate with perturbed inputs: an object as evaluation.perturbations has it; may repeat. Default: "
                + "as the run was evaluated.",
            valueName: "JSON"))
    var perturb: [String] = []
    @OptionGroup var results: ResultsOption
    @Flag(help: "Print JSON.") var json = false

    func validate() throws { if let batchSize { try requireRange(countRange, batchSize, "--batch-size") } }

    func run() throws {
        let perturbations = try perturb.map { object in
            let source = "--perturb \(object)"
            return try JSONReader.read(object, source: source).placed(at: SourcePosition(source: source))
        }
        let file = try ResultsFile(reading: results.path)
        var display = WorkDisplay("evaluating", unit: "rows")
        defer { display.finish() }
        let found = try evaluate(
            state.choice, of: file.findRun(selection.runName), in: file, dataFile: state.data, splits: split,
            modes: mode, batchSize: batchSize, perturbations: perturbations, note: say,
            progress: { display.show($0, of: $1) }
        )
        display.finish()
        show(table(of: found), json: json)
    }

    /// A row for each split and mode; where inputs were perturbed, also one for each perturbation, which has a kind.
    private func table(of found: Evaluations) -> Table {
        func number(_ value: Double?) -> SQLValue { value.map { .number($0) } ?? .null }
        func row(_ step: Int, _ split: String, _ mode: String, _ loss: Double, _ accuracy: Double?, _ count: Int)
            -> [SQLValue]
        {
            [.integer(step), .text(split), .text(mode), .number(loss), number(accuracy), .integer(count)]
        }
        let columns = ["step", "split", "mode", "loss", "accuracy", "example_count"]
        let clean = found.clean.map { row($0.step, $0.split, $0.mode, $0.loss, $0.accuracy, $0.exampleCount) }
        guard !found.perturbed.isEmpty else { return Table(columns: columns, rows: clean) }
        let perturbed = found.perturbed.map {
            row($0.step, $0.split, $0.mode, $0.loss, $0.accuracy, $0.exampleCount) + [
                .text($0.kind), $0.norm.map { .text($0) } ?? .null, .number($0.size), number($0.cleanAccuracy),
            ]
        }
        var table = Table(
            columns: columns + ["perturbation", "norm", "size", "clean_accuracy"],
            rows: clean.map { $0 + [.null, .null, .null, .null] } + perturbed)
        table.fit = .folding(keyCount: 3)
        return table
    }
}
