import Datasets
import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.confusion` asks for: at evaluations, how many rows of each class are predicted to be of each.
struct ConfusionMeasurement: RequestedMeasurement {
    private enum Every: String, CaseIterable, Sendable { case evaluation, run }

    static var key: String { "confusion" }
    static var documentation: String { "Counts of predicted classes by target class, of every evaluated split." }
    static var tables: [any MetricRow.Type] { [ConfusionRow.self] }

    private let every: Every
    var time: MeasuringTime { .evaluations }

    init(_ keys: KeyReader) throws(ConfigError) {
        every = try keys(
            "every", .choice, "evaluation",
            "Whether every `evaluation` is counted, or only the one that ends the `run`.")
    }

    func contradiction(to plan: RunPlan) -> String? {
        let classes = plan.network.outputs
        if plan.data.valueCount != nil {
            return "counts classes, but the targets are values, as loss.kind mean_squared_error has them; leave it out"
        }
        return classes <= 1000
            ? nil
            : "counts pairs of classes, too many of \(classes) classes; expected at most 1000 classes. Leave it out"
    }

    func plannedRows(of plan: RunPlan) -> [Int] {
        let evaluations = every == .evaluation ? plan.evaluationCount : 1
        return [evaluations * plan.evaluatedSplits.count * plan.network.outputs * plan.network.outputs]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        ConfusionInstrument(network, onlyAtEnd: every == .run)
    }
}

struct ConfusionRow: MetricRow {
    let step: Int
    let split: String
    let target: Int
    let predicted: Int
    let count: Int

    static let table = MetricTable<Self>(
        "confusion", since: 4,
        """
        `logging.confusion`: at an evaluation, how many rows of a class are predicted to be of each class, in the first of \
        `evaluation.modes`. A row for each pair of classes.
        """,
        [
            .key("step", "after t updates") { $0.step },
            .key("split", "train, validation or test") { $0.split },
            .key("target", "the rows' class, from 0") { $0.target },
            .key("predicted", "the class whose output is the largest, the first among equals") { $0.predicted },
            .value("count", "rows; those whose outputs are not numbers are left out") { $0.count },
        ])
}

private final class ConfusionInstrument<S: Scalar>: Instrument {
    private let plan: RunPlan
    private let onlyAtEnd: Bool
    /// Counts by target and predicted class, of each split that was evaluated.
    private var counts: [SplitName: [Int]] = [:]

    init(_ measured: MeasuredNetwork<S>, onlyAtEnd: Bool) {
        plan = measured.plan
        self.onlyAtEnd = onlyAtEnd
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ batch: EvaluatedBatch<S>) {
        guard batch.mode == plan.evaluationModes[0] else { return }
        let logits = batch.workspace.logits, classes = logits.columns
        var found = counts[batch.split] ?? Array(repeating: 0, count: classes * classes)
        for i in 0..<logits.rows {
            let row = logits.row(i)
            guard !row.contains(where: { $0.isNaN }) else { continue }
            var best = 0
            for k in 1..<max(1, classes) where row[k] > row[best] { best = k }
            found[Int(batch.workspace.targets.labels[i]) * classes + best] += 1
        }
        counts[batch.split] = found
    }

    func finishEvaluation(_ step: Int, into rows: inout MetricRows) {
        defer { counts = [:] }
        guard !onlyAtEnd || step == plan.totalSteps else { return }
        let classes = plan.network.outputs
        for split in plan.evaluatedSplits {
            guard let found = counts[split.name] else { continue }
            rows.append(
                contentsOf: found.enumerated().map { index, count in
                    ConfusionRow(
                        step: step, split: split.name.rawValue, target: index / classes, predicted: index % classes,
                        count: count)
                })
        }
    }
}
