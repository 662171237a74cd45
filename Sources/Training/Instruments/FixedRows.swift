import Datasets
import NeuralNetwork

/// The first rows of a split, which an instrument looks at in every step, as the step's task has them.
struct FixedRows<S: Scalar> {
    private let plan: RunPlan
    private let rows: ArraySlice<UInt32>
    private let loader: BatchLoader<S>

    var count: Int { rows.count }

    /// Reads so many rows, or all if the split has fewer.
    init(first count: Int, of split: Split, in plan: RunPlan) throws(DataError) {
        self.plan = plan
        let data = try split.data.inMemory(split.rows.first(count))
        rows = (0..<UInt32(data.rowCount)).map { $0 }[...]
        let kept = Split(name: split.name, data: data, rows: .range(0..<data.rowCount))
        loader = BatchLoader(data, scaling: plan.data.scaling, tasks: plan.tasks.map { TaskView($0, kept) })
    }

    /// Overwrites the workspace's batch.
    func load(step: Int, into workspace: Workspace<S>) {
        loader.loadFromMemory(rows, task: plan.task(ofBatch: step), into: workspace)
    }
}
