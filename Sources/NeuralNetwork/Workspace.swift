/// The buffers of one batch: inputs, targets, every site's values and, for training, the gradients.
///
/// Allocated once for the largest batch.
package final class Workspace<S: Scalar> {
    /// The batch without its zeros, where it was loaded so.
    private(set) var sparseInput: SparseBatch<S>?
    /// One for each source.
    private var sparseBatches: [SparseBatch<S>] = []
    private let denseInput: Matrix<S>
    private var isDenseInputStale = false
    private let isForTraining: Bool
    /// Filled by the caller.
    package let targets: Targets<S>
    package let layers: [LayerBuffers<S>]
    /// Whether `backward` also measures the norms of the loss gradient at every site.
    package var measuresGradientNorms = false
    /// Whether what the gradient takes for constants, such as r and d of batch renormalization, keeps the values of the
    /// last pass.
    var holdsConstants = false {
        didSet { for layer in layers { layer.normalization?.holdsConstants = holdsConstants } }
    }

    /// - Parameter valueCount: how many values a row's target has; nil for classes.
    package init(_ description: NetworkDescription, rows: Int, forTraining: Bool, valueCount: Int? = nil) {
        denseInput = Matrix(rows: rows, columns: description.inputs)
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

    /// N.
    package var rows: Int { denseInput.rows }

    var layerInput: LayerInput<S> { sparseInput.map { .sparse($0) } ?? .dense(denseInput) }

    /// Takes the batch from rows of a sparse source; the first call with a source allocates.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func loadInput(_ source: SparseRows<S>, rows indices: ArraySlice<Int32>) {
        useRows(indices.count)
        if sparseInput?.source !== source { sparseInput = batch(of: source) }
        sparseInput?.load(indices)
        isDenseInputStale = true
    }

    private func batch(of source: SparseRows<S>) -> SparseBatch<S> {
        if let known = sparseBatches.first(where: { $0.source === source }) { return known }
        let batch = SparseBatch(source, capacity: denseInput.capacity, forTraining: isForTraining)
        sparseBatches.append(batch)
        return batch
    }

    /// Takes over the inputs and targets of another workspace of the same network.
    package func copyBatch(from other: Workspace<S>) {
        useRows(other.rows)
        input.copy(from: other.input)
        targets.copy(from: other.targets)
    }

    package var logits: Matrix<S> { layers[layers.count - 1].preactivation }

    /// Uses `count` rows of every buffer from now on.
    package func useRows(_ count: Int) {
        denseInput.useRows(count)
        targets.useRows(count)
        for layer in layers { layer.useRows(count) }
    }
}

/// L2 norms of the loss gradient with respect to a layer's sites; those that the layer does not have stay 0.
package struct SiteGradientNorms: Equatable, Sendable {
    package var linear = 0.0
    package var normalized = 0.0
    package var preactivation = 0.0
    package var activation = 0.0
    package var output = 0.0
}

/// One layer's buffers for a batch of N rows; all N x H.
///
/// Which of them are the same matrix depends on the layer:
///
///     before the activation: linear -> normalization -> preactivation -> activation -> dropout -> output
///     after the activation:  linear = preactivation -> activation -> normalization -> dropout -> output
package final class LayerBuffers<S: Scalar> {
    /// h = X W + b.
    package let linear: Matrix<S>
    package let normalization: NormalizationBuffers<S>?
    /// The activation function's input.
    package let preactivation: Matrix<S>
    /// The activation function's output; absent in the output layer, whose preactivations are the logits.
    package let activation: Matrix<S>?
    /// The factors of dropout and what they leave.
    let dropout: (mask: Matrix<S>, output: Matrix<S>)?
    /// What the next layer receives.
    package let output: Matrix<S>
    /// The loss gradient, overwritten from site to site as `backward` goes down; absent in evaluation.
    let gradient: Matrix<S>?
    package internal(set) var gradientNorms = SiteGradientNorms()

    init(_ description: LayerDescription, isOutput: Bool, rows: Int, forTraining: Bool) {
        func buffer() -> Matrix<S> { Matrix(rows: rows, columns: description.outputs) }
        linear = buffer()
        normalization = description.normalization.map {
            NormalizationBuffers($0, rows: rows, features: description.outputs, forTraining: forTraining)
        }
        let isBefore = description.normalization?.placement == .beforeActivation
        preactivation = isBefore ? normalization?.output ?? linear : linear
        activation = isOutput ? nil : buffer()
        dropout = description.dropout > 0 && forTraining && !isOutput ? (buffer(), buffer()) : nil
        let normalized = isBefore || isOutput ? nil : normalization?.output
        output = dropout?.output ?? normalized ?? activation ?? preactivation
        gradient = forTraining ? buffer() : nil
    }

    /// Whether the next layer receives something else than the activation function's output.
    package var hasOwnOutput: Bool { activation.map { $0 !== output } ?? false }

    func useRows(_ count: Int) {
        linear.useRows(count)
        normalization?.useRows(count)
        preactivation.useRows(count)
        activation?.useRows(count)
        dropout?.mask.useRows(count)
        output.useRows(count)
        gradient?.useRows(count)
    }
}
