import Datasets
import NeuralNetwork
import RunStore

/// Measures loss and accuracy of whole splits, in buffers of its own.
final class Evaluator<S: Scalar> {
    private let plan: RunPlan
    private let network: Network<S>
    private let workspace: Workspace<S>
    private let inputs: InputForm
    /// Room for the rows of a batch.
    private var rows: [UInt32]
    private let loaders: [(split: Split, loader: BatchLoader<S>)]
    private let perturbed: PerturbedEvaluator<S>?

    init(_ plan: RunPlan, network: Network<S>, inputs: InputForm) {
        self.plan = plan
        self.network = network
        let splits = plan.evaluatedSplits
        let capacity = min(plan.config.evaluation.batchSize, splits.map(\.rowCount).max() ?? 1)
        workspace = Workspace(network.description, rows: capacity, forTraining: false, valueCount: plan.data.valueCount)
        self.inputs = inputs
        loaders = splits.map { ($0, plan.loader($0, inputs, batchSize: capacity)) }
        perturbed =
            plan.config.evaluation.perturbations.isEmpty || splits.isEmpty
            ? nil : PerturbedEvaluator(plan, network: network)
        rows = Array(repeating: 0, count: capacity)
    }

    /// One row per split and mode, and of those with perturbed inputs one per perturbation too; losses are means over all
    /// rows that are evaluated, the last, smaller batch included.
    /// - Parameter observe: called with every batch after it was run forward, its inputs as they are.
    func evaluate(step: Int, observe: (EvaluatedBatch<S>) -> Void = { _ in }) throws -> Evaluations {
        var found = Evaluations()
        if network.layers.contains(where: {
            $0.description.normalization?.statistics?.running.average == .recomputed && $0.running != nil
        }) {
            try recomputation(step: step).install {
                $0.description.normalization?.statistics?.running.average == .recomputed
            }
        }
        for mode in plan.evaluationModes {
            let recomputed = mode == .recomputed ? try recomputation(step: step) : nil
            recomputed?.install()
            defer { recomputed?.restore() }
            for (split, loader) in loaders {
                found.clean.append(try evaluate(split, loader, mode, step: step, observe))
            }
            if let perturbed { found.perturbed += try perturbed.evaluate(mode, step: step) }
        }
        return found
    }

    private func evaluate(
        _ split: Split, _ loader: BatchLoader<S>, _ mode: NormalizationMode, step: Int,
        _ observe: (EvaluatedBatch<S>) -> Void
    ) throws(DataError) -> EvaluationRow {
        loader.restart()
        let chosen = evaluatedRows(of: split, step: step)
        var sum = ResultSum(plan.config.objective), start = 0
        while start < chosen.count {
            let end = min(start + plan.config.evaluation.batchSize, chosen.count)
            for place in start..<end { rows[place - start] = UInt32(chosen[place]) }
            try loader.load(rows[..<(end - start)], task: plan.task(ofEvaluation: step), into: workspace)
            sum.add(network.forward(workspace, .evaluation(mode)))
            observe(EvaluatedBatch(split: split.name, mode: mode, workspace: workspace))
            start = end
        }
        return EvaluationRow(
            step: step, split: split.name.rawValue, mode: mode.rawValue, loss: sum.loss, accuracy: sum.accuracy,
            exampleCount: chosen.count)
    }

    /// The rows of a split that are evaluated: all, or those that are drawn by the run's seed for this step.
    private func evaluatedRows(of split: Split, step: Int) -> RowSet {
        guard let count = plan.config.evaluation.sample[split.name] else { return split.rows }
        let purpose = SplitName.allCases.firstIndex(of: split.name) ?? 0
        var stream = RandomStream(seed: plan.config.seed, purpose: .evaluation, index: purpose, step: step)
        return drawRows(count, of: split.rows, &stream)
    }

    /// Statistics over the first batches of the run's own order.
    private func recomputation(step: Int) throws -> StatisticsRecomputation<S> {
        let config = plan.config
        let workspace = Workspace<S>(
            network.description, rows: config.training.batchSize, forTraining: false, valueCount: plan.data.valueCount)
        var sampler = try plan.sampler()
        let loader: BatchLoader<S> = plan.loader(sampler, inputs)
        let recomputation = StatisticsRecomputation(network)
        for _ in 0..<config.model.recomputeBatches {
            try loader.load(sampler.next(), task: plan.task(ofEvaluation: step), into: workspace)
            _ = network.forward(workspace, .evaluation(.batch))
            recomputation.add(workspace)
        }
        return recomputation
    }
}

/// What an evaluation of all splits and modes found.
package struct Evaluations: Sendable {
    package var clean: [EvaluationRow] = []
    package var perturbed: [PerturbedEvaluationRow] = []
}
