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
    package func resolved(for plan: RunPlan) throws(DataError) -> InputForm {
        let inputs = plan.data.train.data.inputs
        // A batch keeps room for every value of every row, column by column.
        let largestBatch = max(plan.config.training.batchSize, plan.config.evaluation.batchSize)
        let isPossible =
            inputs.featureCount <= SparseRows<Float>.largestColumnCount && inputs.featureCount * largestBatch <= 1 << 24
        guard self != .dense, isPossible, plan.tasks?.permutesInputs != true, !inputs.isStreamed,
            let density = try plan.data.density()
        else {
            return .dense
        }
        return self == .sparse || density <= InputForm.largestSparseDensity ? .sparse : .dense
    }
}

extension Config {
    /// How batches are made.
    /// - Parameter windows: of rows that are read from their file.
    func samplingRules(windows: WindowedOrder.Sizes?) -> BatchSampler.Rules {
        BatchSampler.Rules(
            batchSize: training.batchSize, sampling: data.sampling, shuffle: data.shuffle, dropLast: data.dropLast,
            epochLength: data.epochLength, seed: seed, windows: windows)
    }
}

extension RunPlan {
    /// The run's batches from a step on.
    func sampler(startingAtStep step: Int = 0) throws(DataError) -> BatchSampler {
        try BatchSampler(rows: data.train.rows, config.samplingRules(windows: data.windows), startingAtStep: step)
    }

    /// What fills workspaces with the training rows that a sampler draws.
    /// - Parameter form: resolved.
    func loader<S: Scalar>(_ sampler: BatchSampler, _ form: InputForm) -> BatchLoader<S> {
        data.loader(sampler, form, tasks: tasks.map { TaskView($0, data.train) })
    }

    /// What fills workspaces with the rows of a split, one after the other.
    /// - Parameter form: resolved.
    func loader<S: Scalar>(_ split: Split, _ form: InputForm, batchSize: Int) -> BatchLoader<S> {
        data.loader(split, form, batchSize: batchSize, tasks: tasks.map { TaskView($0, split) })
    }
}

extension TrainingData {
    /// The share of training inputs that scaling leaves different from 0; nil where it moves zeros.
    fileprivate func density() throws(DataError) -> Double? {
        try sparseInputs.density { () throws(DataError) in
            try train.data.inputs.density(rows: train.rows, scaling: scaling)
        }
    }

    private func withoutZeros<S: Scalar>(_ inputs: Examples) -> SparseRows<S> {
        let used = splits.filter { $0.data.inputs.baseAddress == inputs.baseAddress }.map(\.rows)
        return sparseInputs.form(of: inputs, used: used, scaling: scaling)
    }

    fileprivate func loader<S: Scalar>(
        _ sampler: BatchSampler, _ form: InputForm, tasks: TaskView<S>?
    ) -> BatchLoader<S> {
        loader(train, form, batchSize: sampler.batchSize, tasks: tasks) { sampler.comingWindows() }
    }

    fileprivate func loader<S: Scalar>(
        _ split: Split, _ form: InputForm, batchSize: Int, tasks: TaskView<S>?
    ) -> BatchLoader<S> {
        loader(split, form, batchSize: batchSize, tasks: tasks) { [windows] in
            let windowRows = windows.map { $0.blockRows * $0.blocksPerWindow } ?? 1
            var start = 0
            return AnyIterator {
                guard start < split.rowCount else { return nil }
                let first = split.rows[start]
                let places = split.rows.places(in: first..<(first / windowRows + 1) * windowRows)
                start = places.upperBound
                return split.rows[places]
            }
        }
    }

    private func loader<S: Scalar>(
        _ split: Split, _ form: InputForm, batchSize: Int, tasks: TaskView<S>?,
        windows: @escaping () -> AnyIterator<RowSet>
    ) -> BatchLoader<S> {
        BatchLoader(
            split.data, scaling: scaling,
            withoutZeros: form == .sparse ? withoutZeros(split.data.inputs) : nil,
            stream: split.data.inputs.isStreamed
                ? RowStream(split.data.inputs, batchSize: batchSize, windows: windows) : nil, tasks: tasks)
    }
}

/// Fills a workspace with rows of a split; it does not allocate, but for rows that are read from their file.
package struct BatchLoader<S: Scalar> {
    private let data: LabelledData
    private let scaling: Scaling
    private let withoutZeros: SparseRows<S>?
    private let stream: RowStream?
    private let tasks: TaskView<S>?

    /// - Parameters:
    ///   - withoutZeros: the data's inputs in that form; they are then loaded so.
    ///   - stream: what reads inputs that are in their file.
    ///   - tasks: what makes the data of each task of them; nil where there is one task.
    package init(
        _ data: LabelledData, scaling: Scaling, withoutZeros: SparseRows<S>? = nil, stream: RowStream? = nil,
        tasks: TaskView<S>? = nil
    ) {
        self.tasks = tasks
        self.data = data
        self.scaling = scaling
        self.withoutZeros = withoutZeros
        self.stream = stream
    }

    /// Begins with the first rows again.
    func restart() { stream?.restart() }

    /// Gathers `rows` into the workspace, which uses that many rows from now on.
    /// - Parameter task: the task whose data they are; see `TaskSequence`.
    package func load(_ rows: ArraySlice<UInt32>, task: Int = 0, into workspace: Workspace<S>) throws(DataError) {
        guard let stream else { return loadFromMemory(rows, task: task, into: workspace) }
        workspace.useRows(rows.count)
        try stream.gather(rows: rows, scaling: scaling, into: workspace.input)
        loadTargets(rows, into: workspace)
        tasks?.apply(task, rows, to: workspace)
    }

    /// Does the same where the inputs are in memory.
    package func loadFromMemory(_ rows: ArraySlice<UInt32>, task: Int = 0, into workspace: Workspace<S>) {
        workspace.useRows(rows.count)
        if let withoutZeros {
            workspace.loadInput(withoutZeros, rows: rows)
        } else {
            data.inputs.gather(rows: rows, scaling: scaling, into: workspace.input)
        }
        loadTargets(rows, into: workspace)
        tasks?.apply(task, rows, to: workspace)
    }

    private func loadTargets(_ rows: ArraySlice<UInt32>, into workspace: Workspace<S>) {
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
