import Datasets
import Matrices
import NeuralNetwork

/// Fills a workspace with rows of a split; it does not allocate.
package struct BatchLoader<S: Scalar> {
    private let data: LabelledData
    private let scaling: Scaling

    package init(_ data: LabelledData, scaling: Scaling) {
        self.data = data
        self.scaling = scaling
    }

    /// Gathers `rows` into the workspace, which uses that many rows from now on.
    package func load(_ rows: ArraySlice<Int32>, into workspace: Workspace<S>) {
        workspace.useRows(rows.count)
        data.inputs.gather(rows: rows, scaling: scaling, into: workspace.input)
        switch data.targets {
        case .classes(let labels): labels.gather(rows: rows, into: workspace.targets.labelBuffer)
        case .values(let values):
            guard let target = workspace.targets.values else { preconditionFailure("the workspace has no room for values") }
            values.gather(rows: rows, scaling: .identity, into: target)
        }
    }
}
