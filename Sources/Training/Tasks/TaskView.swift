import Datasets
import NeuralNetwork

/// Makes the data of one task at a time of a split's rows, in a workspace that holds them as they are.
///
/// What a task needs is drawn when its first batch comes; other batches allocate nothing.
package final class TaskView<S: Scalar> {
    private let sequence: TaskSequence
    private let split: Split
    private var task = -1
    /// Feature j or class k is that of this number; empty where nothing is permuted.
    private var permutation: [UInt32] = []
    /// The class of each row of the data; empty where labels are not drawn.
    private var labels: [Int32] = []
    /// Room for the features of a row.
    private let row: Matrix<S>

    package init(_ sequence: TaskSequence, _ split: Split) {
        self.sequence = sequence
        self.split = split
        row = Matrix(rows: 1, columns: sequence.permutesInputs ? split.data.inputs.featureCount : 0)
    }

    /// Turns a batch of the given rows, as it is in the data, into that of a task.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func apply(_ task: Int, _ rows: ArraySlice<UInt32>, to workspace: Workspace<S>) {
        if task != self.task { draw(task) }
        switch sequence.kind {
        case .permutedInputs:
            guard !permutation.isEmpty else { return }
            let inputs = workspace.input
            for i in 0..<inputs.rows {
                let x = inputs.base + i * inputs.columns
                row.base.update(from: x, count: inputs.columns)
                for j in 0..<inputs.columns { x[j] = row.base[Int(permutation[j])] }
            }
        case .permutedLabels:
            guard !permutation.isEmpty else { return }
            let classes = workspace.targets.labels
            for i in 0..<rows.count { classes[i] = Int32(truncatingIfNeeded: permutation[Int(classes[i])]) }
        case .randomLabels:
            guard !labels.isEmpty else { return }
            for (i, row) in rows.enumerated() { workspace.targets.labels[i] = labels[Int(row)] }
        }
    }

    /// Draws what a task makes of the data.
    private func draw(_ task: Int) {
        self.task = task
        var stream = RandomStream(seed: sequence.seed, purpose: .task, index: task)
        let targets = split.data.targets
        func shuffled(_ count: Int) -> [UInt32] {
            var order = (0..<UInt32(count)).map { $0 }
            stream.shuffle(&order)
            return order
        }
        switch sequence.kind {
        case .permutedInputs: permutation = task == 0 ? [] : shuffled(split.data.inputs.featureCount)
        case .permutedLabels: permutation = task == 0 ? [] : shuffled(targets.outputCount)
        case .randomLabels:
            guard split.name == .train else { return }
            labels = Array(repeating: 0, count: targets.rowCount)
            for row in split.rows {
                labels[row] = Int32(truncatingIfNeeded: stream.nextIndex(below: targets.outputCount))
            }
        }
    }
}
