/// The buffers of one batch: inputs, targets, every site's values and, for training, the gradients.
///
/// They are allocated once, for the largest batch.
package final class Workspace<S: Scalar> {
    /// The batch without its zeros, if it was loaded by `loadInput`.
    private(set) var sparseInput: SparseBatch<S>?
    /// The sparse batches made so far, one for each source.
    private var sparseBatches: [SparseBatch<S>] = []
    /// The dense batch, made where something asks for it: rows without their zeros may do for all.
    private var madeInput: Matrix<S>?
    private var isDenseInputStale = false
    private let capacity: Int
    private let inputCount: Int
    private let isForTraining: Bool
    /// The targets of the batch, which the caller fills.
    package let targets: Targets<S>
    package let layers: [LayerBuffers<S>]
    /// Whether `backward` also measures the norms of the loss gradient at every site.
    package var measuresGradientNorms = false
    /// Whether what the gradient takes for constants, such as r and d of batch renormalization, keeps the values of the
    /// last pass.
    package var holdsConstants = false {
        didSet { for layer in layers { layer.normalization?.holdsConstants = holdsConstants } }
    }

    /// The place of the first row in the batch of which the workspace's rows are a part: dropout and noise are those
    /// that the batch has for them.
    package var firstRow = 0 {
        didSet { for layer in layers { layer.normalization?.firstRow = firstRow } }
    }

    /// - Parameter valueCount: how many values a row's target has; nil for classes.
    package init(_ description: NetworkDescription, rows: Int, forTraining: Bool, valueCount: Int? = nil) {
        capacity = rows
        inputCount = description.inputs
        self.rows = rows
        isForTraining = forTraining
        targets = Targets(rows: rows, valueCount: valueCount)
        let last = description.layers.count - 1
        layers = description.layers.enumerated().map { index, layer in
            LayerBuffers(layer, isOutput: index == last, rows: rows, forTraining: forTraining)
        }
    }

    /// The batch, N x D; filled by the caller, or from the sparse input where that was loaded.
    package var input: Matrix<S> {
        if isDenseInputStale {
            sparseInput?.expand(into: denseInput)
            isDenseInputStale = false
        }
        return denseInput
    }

    private var denseInput: Matrix<S> {
        if let madeInput { return madeInput }
        let input = Matrix<S>(rows: capacity, columns: inputCount)
        input.useRows(rows)
        madeInput = input
        return input
    }

    /// The number of rows in use, N.
    package private(set) var rows: Int

    var layerInput: LayerInput<S> { sparseInput.map { .sparse($0) } ?? .dense(denseInput) }

    /// Loads the batch from rows of a sparse source; the first call with a source allocates.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func loadInput(_ source: SparseRows<S>, rows indices: ArraySlice<UInt32>) {
        useRows(indices.count)
        if sparseInput?.source !== source { sparseInput = batch(of: source) }
        sparseInput?.load(indices)
        isDenseInputStale = true
    }

    private func batch(of source: SparseRows<S>) -> SparseBatch<S> {
        if let known = sparseBatches.first(where: { $0.source === source }) { return known }
        let batch = SparseBatch(source, capacity: capacity, forTraining: isForTraining)
        sparseBatches.append(batch)
        return batch
    }

    /// Copies the inputs and targets of another workspace of the same network.
    package func copyBatch(from other: Workspace<S>) { copyRows(0..<other.rows, from: other) }

    /// Copies the inputs and targets of some rows of another workspace of the same network, whose `firstRow` becomes
    /// the first of them.
    package func copyRows(_ rows: Range<Int>, from other: Workspace<S>) {
        useRows(rows.count)
        firstRow = rows.lowerBound
        input.base.update(from: other.input.base + rows.lowerBound * other.input.columns, count: input.count)
        targets.copyRows(rows, from: other.targets)
    }

    package var logits: Matrix<S> { layers[layers.count - 1].preactivation }

    /// Uses `count` rows of every buffer from now on.
    package func useRows(_ count: Int) {
        precondition(count >= 0 && count <= capacity, "\(count) rows asked of a workspace of \(capacity)")
        rows = count
        madeInput?.useRows(count)
        targets.useRows(count)
        for layer in layers { layer.useRows(count) }
    }
}
