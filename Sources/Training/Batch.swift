import Datasets
import NeuralNetwork

/// The form in which the first layer receives its inputs; results are the same bits in either, as long as weights
/// are finite.
package enum InputForm: String, CaseIterable, Sendable {
    /// Sparse where that is the faster: few values are left different from 0 by scaling.
    case automatic = "auto"
    case dense
    case sparse

    /// Above this share of values that are not 0 the dense product is the faster; see docs/performance.md.
    static let largestSparseDensity = 0.4

    /// The form to use, never `automatic`.
    package func resolved(for plan: RunPlan) -> InputForm {
        let inputs = plan.data.train.data.inputs
        // A batch keeps room for every value of every row, column by column.
        let largestBatch = max(plan.config.training.batchSize, plan.config.evaluation.batchSize)
        let isPossible =
            inputs.featureCount <= SparseRows<Float>.largestColumnCount && inputs.featureCount * largestBatch <= 1 << 24
        guard self != .dense, isPossible,
            let density = inputs.density(rows: plan.data.train.rows, scaling: plan.data.scaling)
        else {
            return .dense
        }
        return self == .sparse || density <= InputForm.largestSparseDensity ? .sparse : .dense
    }
}

extension TrainingData {
    /// What fills workspaces with rows of a split.
    /// - Parameter form: resolved.
    func loader<S: Scalar>(_ split: Split, _ form: InputForm) -> BatchLoader<S> {
        BatchLoader(
            split.data, scaling: scaling,
            withoutZeros: form == .sparse ? sparseInputs.form(of: split.data.inputs, scaling: scaling) : nil)
    }
}

/// Fills a workspace with rows of a split; it does not allocate.
package struct BatchLoader<S: Scalar> {
    private let data: LabelledData
    private let scaling: Scaling
    private let withoutZeros: SparseRows<S>?

    /// - Parameter withoutZeros: the data's inputs in that form; they are then loaded so.
    package init(_ data: LabelledData, scaling: Scaling, withoutZeros: SparseRows<S>? = nil) {
        self.data = data
        self.scaling = scaling
        self.withoutZeros = withoutZeros
    }

    /// Gathers `rows` into the workspace, which uses that many rows from now on.
    package func load(_ rows: ArraySlice<Int32>, into workspace: Workspace<S>) {
        workspace.useRows(rows.count)
        if let withoutZeros {
            workspace.loadInput(withoutZeros, rows: rows)
        } else {
            data.inputs.gather(rows: rows, scaling: scaling, into: workspace.input)
        }
        switch data.targets {
        case .classes(let labels): labels.gather(rows: rows, into: workspace.targets.labelBuffer)
        case .values(let values):
            guard let target = workspace.targets.values else {
                preconditionFailure("the workspace has no room for values")
            }
            values.gather(rows: rows, scaling: .identity, into: target)
        }
    }
}
