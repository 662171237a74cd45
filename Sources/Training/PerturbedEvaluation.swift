import Datasets
import NeuralNetwork
import RunStore

/// The loss and accuracy of rows of one split in one mode, with their inputs perturbed and as they are.
package struct PerturbedEvaluationRow: MetricRow {
    package let step: Int
    package let split: String
    package let mode: String
    package let perturbation: Int
    package let kind: String
    package let norm: String?
    package let size: Double
    package let loss: Double
    package let accuracy: Double?
    package let cleanLoss: Double
    package let cleanAccuracy: Double?
    package let exampleCount: Int

    package static let table = MetricTable<Self>(
        "perturbed_evaluation", since: 9,
        """
        `evaluation.perturbations`: at every evaluation, loss and accuracy of rows whose inputs are perturbed, of every split \
        and mode. Attacks use the gradient of the loss through the network in that mode.
        """,
        [
            .key("step", "after t updates") { $0.step },
            .key("split", "train, validation or test") { $0.split },
            .key("mode", "as in `evaluation`") { $0.mode },
            .key("perturbation", "its place in `evaluation.perturbations`, from 0") { $0.perturbation },
            .value("kind", "gaussian, fgsm or pgd") { $0.kind },
            .value("norm", "linf or l2; NULL for gaussian") { $0.norm },
            .value("size", "`epsilon` or `standard_deviation`, in the unit of scaled inputs") { $0.size },
            .value("loss", "of the perturbed rows: their mean, or their sum with `loss.reduction` sum") {
                $0.loss as Double?
            },
            .value("accuracy", "share of perturbed rows predicted correctly; NULL where targets are values") {
                $0.accuracy
            },
            .value("clean_loss", "of the same rows as they are") { $0.cleanLoss as Double? },
            .value("clean_accuracy", "of the same rows as they are") { $0.cleanAccuracy },
            .value("example_count", "rows, at most `rows` of the perturbation") { $0.exampleCount },
        ],
        wideName: "{split}_perturbed_{column}.{mode}.{perturbation}",
        plots: [
            MetricPlot(
                "perturbed_accuracy", "accuracy on perturbed inputs", column: "accuracy", where: "mode = 'running'",
                lines: "perturbation"),
            MetricPlot(
                "perturbed_loss", "loss on perturbed inputs", column: "loss", .loss, where: "mode = 'running'",
                lines: "perturbation"),
        ])
}

/// Measures loss and accuracy of rows whose inputs are perturbed, in buffers of its own.
///
/// The gradients of biases and of the parameters of normalizations are overwritten, as every backward pass does.
final class PerturbedEvaluator<S: Scalar> {
    private let plan: RunPlan
    private let network: Network<S>
    /// For training, since attacks go backward.
    private let workspace: Workspace<S>
    private let room: (clean: Matrix<S>, gradient: Matrix<S>)
    private let loaders: [(split: Split, loader: BatchLoader<S>)]

    init(_ plan: RunPlan, network: Network<S>) {
        self.plan = plan
        self.network = network
        let rows = plan.perturbedBatchSize
        workspace = Workspace(network.description, rows: rows, forTraining: true, valueCount: plan.data.valueCount)
        func matrix() -> Matrix<S> { Matrix(rows: rows, columns: network.description.inputs) }
        room = (matrix(), matrix())
        loaders = plan.evaluatedSplits.map { ($0, plan.loader($0, .dense, batchSize: rows)) }
    }

    /// One row per split and perturbation, in one mode.
    func evaluate(_ mode: NormalizationMode, step: Int) throws(DataError) -> [PerturbedEvaluationRow] {
        var rows: [PerturbedEvaluationRow] = []
        for (split, loader) in loaders {
            for number in plan.config.evaluation.perturbations.indices {
                rows.append(try evaluate(number, split, loader, mode, step: step))
            }
        }
        return rows
    }

    private func evaluate(
        _ number: Int, _ split: Split, _ loader: BatchLoader<S>, _ mode: NormalizationMode, step: Int
    ) throws(DataError) -> PerturbedEvaluationRow {
        let perturbation = plan.config.evaluation.perturbations[number]
        let rows = split.rows.evenlySpread(perturbation.bounds.rows)
        var clean = ResultSum(plan.config.objective), perturbed = clean
        loader.restart()
        for start in stride(from: 0, to: rows.count, by: plan.perturbedBatchSize) {
            let batch = rows[start..<min(start + plan.perturbedBatchSize, rows.count)].map { UInt32($0) }
            try loader.load(batch[...], task: plan.task(ofEvaluation: step), into: workspace)
            clean.add(network.forward(workspace, .evaluation(mode)))
            perturbation.perturb(
                PerturbedBatch(
                    network, workspace, mode: mode, room: room, seed: plan.config.seed, number: number, firstRow: start)
            )
            perturbed.add(network.forward(workspace, .evaluation(mode)))
        }
        return PerturbedEvaluationRow(
            step: step, split: split.name.rawValue, mode: mode.rawValue, perturbation: number, kind: perturbation.kind,
            norm: perturbation.norm?.rawValue, size: perturbation.size, loss: perturbed.loss,
            accuracy: perturbed.accuracy, cleanLoss: clean.loss, cleanAccuracy: clean.accuracy,
            exampleCount: rows.count)
    }
}

extension RunPlan {
    /// Rows of a batch that is perturbed.
    var perturbedBatchSize: Int {
        let most = config.evaluation.perturbations.map(\.bounds.rows).max() ?? 0
        return min(config.evaluation.batchSize, most, evaluatedSplits.map(\.rowCount).max() ?? 1)
    }
}

/// Loss and accuracy of several batches together.
struct ResultSum {
    private let reduction: Objective.Reduction
    private var sum = 0.0
    private var correctCount: Int? = 0
    private var rowCount = 0

    init(_ objective: Objective) { reduction = objective.reduction }

    mutating func add(_ result: BatchResult) {
        sum += reduction == .sum ? result.loss : result.loss * Double(result.rowCount)
        correctCount = correctCount.flatMap { count in result.correctCount.map { count + $0 } }
        rowCount += result.rowCount
    }

    /// The mean over all rows, or their sum as `loss.reduction` says.
    var loss: Double { reduction == .sum ? sum : sum / Double(rowCount) }
    var accuracy: Double? { correctCount.map { Double($0) / Double(rowCount) } }
}
