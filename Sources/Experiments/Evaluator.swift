import Datasets
import Matrices
import NeuralNetwork
import RunStore

/// Measures loss and accuracy of whole splits, in buffers of its own.
final class Evaluator<S: Scalar> {
    private let plan: RunPlan
    private let network: Network<S>
    private let workspace: Workspace<S>
    private var loaders: [(split: Split, loader: BatchLoader<S>)]

    init(_ plan: RunPlan, network: Network<S>) {
        self.plan = plan
        self.network = network
        let splits = plan.evaluatedSplits
        let capacity = min(plan.config.evaluation.batchSize, splits.map(\.rowCount).max() ?? 1)
        workspace = Workspace(network.description, rows: capacity, forTraining: false)
        loaders = splits.map { ($0, BatchLoader($0.data, scaling: plan.data.scaling, capacity: capacity)) }
    }

    /// One record per split and mode; losses are means over all rows of the split, the last, smaller batch included.
    func evaluate(step: Int) -> [EvaluationRecord] {
        var records: [EvaluationRecord] = []
        for mode in plan.evaluationModes {
            for index in loaders.indices {
                let split = loaders[index].split
                var loss = 0.0, correct = 0, start = 0
                while start < split.rowCount {
                    let end = min(start + plan.config.evaluation.batchSize, split.rowCount)
                    loaders[index].loader.load(split.rows[start..<end], into: workspace)
                    let result = loaders[index].loader.labels.withUnsafeBufferPointer { labels in
                        network.forward(workspace, labels: UnsafeBufferPointer(rebasing: labels[..<(end - start)]), mode: mode)
                    }
                    loss += result.loss * Double(end - start)
                    correct += result.correctCount
                    start = end
                }
                records.append(
                    EvaluationRecord(
                        step: step, split: split.name.rawValue, mode: mode.rawValue, loss: loss / Double(split.rowCount),
                        accuracy: Double(correct) / Double(split.rowCount), exampleCount: split.rowCount))
            }
        }
        return records
    }
}
