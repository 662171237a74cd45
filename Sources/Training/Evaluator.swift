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

    init(_ plan: RunPlan, network: Network<S>, inputs: InputForm) {
        self.plan = plan
        self.network = network
        let splits = plan.evaluatedSplits
        let capacity = min(plan.config.evaluation.batchSize, splits.map(\.rowCount).max() ?? 1)
        workspace = Workspace(network.description, rows: capacity, forTraining: false, valueCount: plan.data.valueCount)
        self.inputs = inputs
        loaders = splits.map { ($0, plan.data.loader($0, inputs, batchSize: capacity)) }
        rows = Array(repeating: 0, count: capacity)
    }

    /// One row per split and mode; losses are means over all rows of the split, the last, smaller batch included.
    /// - Parameter observe: called with every batch after it was run forward.
    func evaluate(step: Int, observe: (EvaluatedBatch<S>) -> Void = { _ in }) throws -> [EvaluationRow] {
        var rows: [EvaluationRow] = []
        if network.layers.contains(where: {
            $0.description.normalization?.statistics?.running.average == .recomputed && $0.running != nil
        }) {
            try recomputation().install { $0.description.normalization?.statistics?.running.average == .recomputed }
        }
        for mode in plan.evaluationModes {
            let recomputed = mode == .recomputed ? try recomputation() : nil
            recomputed?.install()
            defer { recomputed?.restore() }
            for (split, loader) in loaders { rows.append(try evaluate(split, loader, mode, step: step, observe)) }
        }
        return rows
    }

    private func evaluate(
        _ split: Split, _ loader: BatchLoader<S>, _ mode: NormalizationMode, step: Int,
        _ observe: (EvaluatedBatch<S>) -> Void
    ) throws(DataError) -> EvaluationRow {
        loader.restart()
        var loss = 0.0, start = 0
        var correct: Int? = 0
        while start < split.rowCount {
            let end = min(start + plan.config.evaluation.batchSize, split.rowCount)
            for place in start..<end { rows[place - start] = UInt32(split.rows[place]) }
            try loader.load(rows[..<(end - start)], into: workspace)
            let result = network.forward(workspace, .evaluation(mode))
            observe(EvaluatedBatch(split: split.name, mode: mode, workspace: workspace))
            loss += plan.config.objective.reduction == .sum ? result.loss : result.loss * Double(end - start)
            correct = correct.flatMap { sum in result.correctCount.map { sum + $0 } }
            start = end
        }
        return EvaluationRow(
            step: step, split: split.name.rawValue, mode: mode.rawValue,
            loss: plan.config.objective.reduction == .sum ? loss : loss / Double(split.rowCount),
            accuracy: correct.map { Double($0) / Double(split.rowCount) }, exampleCount: split.rowCount)
    }

    /// Statistics over the first batches of the run's own order.
    private func recomputation() throws -> StatisticsRecomputation<S> {
        let config = plan.config
        let workspace = Workspace<S>(
            network.description, rows: config.training.batchSize, forTraining: false, valueCount: plan.data.valueCount)
        var sampler = try plan.sampler()
        let loader: BatchLoader<S> = plan.data.loader(sampler, inputs)
        let recomputation = StatisticsRecomputation(network)
        for _ in 0..<config.model.recomputeBatches {
            try loader.load(sampler.next(), into: workspace)
            _ = network.forward(workspace, .evaluation(.batch))
            recomputation.add(workspace)
        }
        return recomputation
    }
}
