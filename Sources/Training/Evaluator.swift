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

    /// One row per split and mode, and of those with perturbed inputs one per perturbation too; losses are means over
    /// all rows that are evaluated, the last, smaller batch included.
    /// - Parameters:
    ///   - instruments: what measures every batch after it was run forward, its inputs as they are.
    ///   - progress: called with the number of its rows.
    func evaluate(
        step: Int, instruments: InstrumentSet<S>? = nil, progress: (_ rows: Int) -> Void = { _ in }
    ) throws -> Evaluations {
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
                let chosen = evaluatedRows(of: split, step: step)
                found.clean.append(try evaluate(split, chosen, loader, mode, step: step, instruments, progress))
                guard let instruments, instruments.needsSecondPass(over: split.name) else { continue }
                try forEachBatch(of: split, chosen, loader, mode, step: step) { _, batch in
                    instruments.measureAgain(batch)
                }
            }
            if let perturbed { found.perturbed += try perturbed.evaluate(mode, step: step) }
        }
        return found
    }

    private func evaluate(
        _ split: Split, _ chosen: RowSet, _ loader: BatchLoader<S>, _ mode: NormalizationMode, step: Int,
        _ instruments: InstrumentSet<S>?, _ progress: (_ rows: Int) -> Void
    ) throws(DataError) -> EvaluationRow {
        var sum = ResultSum(plan.config.objective)
        try forEachBatch(of: split, chosen, loader, mode, step: step) { result, batch in
            sum.add(result)
            instruments?.measure(batch)
            progress(batch.workspace.rows)
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

    /// Runs the batches of a split's chosen rows forward, the last, smaller one included.
    private func forEachBatch(
        of split: Split, _ chosen: RowSet, _ loader: BatchLoader<S>, _ mode: NormalizationMode, step: Int,
        _ body: (BatchResult, EvaluatedBatch<S>) -> Void
    ) throws(DataError) {
        loader.restart()
        var start = 0
        while start < chosen.count {
            let end = min(start + plan.config.evaluation.batchSize, chosen.count)
            for place in start..<end { rows[place - start] = UInt32(chosen[place]) }
            try loader.load(rows[..<(end - start)], task: plan.task(ofEvaluation: step), into: workspace)
            body(
                network.forward(workspace, .evaluation(mode)),
                EvaluatedBatch(split: split.name, mode: mode, workspace: workspace))
            start = end
        }
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
