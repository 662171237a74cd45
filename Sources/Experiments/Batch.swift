import Datasets
import Matrices
import NeuralNetwork

/// Fills a workspace with rows of a split. Its label buffer is allocated once.
struct BatchLoader<S: Scalar> {
    private let data: LabelledData
    private let scaling: Scaling
    private(set) var labels: [Int32]

    init(_ data: LabelledData, scaling: Scaling, capacity: Int) {
        self.data = data
        self.scaling = scaling
        labels = Array(repeating: 0, count: capacity)
    }

    /// Gathers `rows` into the workspace, which uses that many rows from now on.
    mutating func load(_ rows: ArraySlice<Int32>, into workspace: Workspace<S>) {
        workspace.useRows(rows.count)
        data.inputs.gather(rows: rows, scaling: scaling, into: workspace.input)
        data.labels.gather(rows: rows, into: &labels)
    }
}
