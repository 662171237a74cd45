import Matrices

/// The buffers of one batch: every site's values and, for training, the gradients. Allocated once for the largest batch.
package final class Workspace<S: Scalar> {
    /// The batch, N x D; filled by the caller.
    package let input: Matrix<S>
    package let layers: [LayerBuffers<S>]
    /// Whether `backward` also measures the norms of the loss gradient at every site.
    package var measuresGradientNorms = false

    package init(_ description: NetworkDescription, rows: Int, forTraining: Bool) {
        input = Matrix(rows: rows, columns: description.inputs)
        let last = description.layers.count - 1
        layers = description.layers.enumerated().map { index, layer in
            LayerBuffers(layer, isOutput: index == last, rows: rows, forTraining: forTraining)
        }
    }

    package var logits: Matrix<S> { layers[layers.count - 1].preactivation }
    var logitGradient: Matrix<S>? { layers[layers.count - 1].gradient }

    /// Uses `count` rows of every buffer from now on.
    package func useRows(_ count: Int) {
        input.useRows(count)
        for layer in layers { layer.useRows(count) }
    }
}

/// L2 norms of the loss gradient with respect to a layer's sites; those that the layer does not have stay 0.
package struct SiteGradientNorms: Equatable, Sendable {
    package var linear = 0.0
    package var normalized = 0.0
    package var preactivation = 0.0
    package var activation = 0.0
}

/// One layer's buffers for a batch of N rows; all N x H.
package final class LayerBuffers<S: Scalar> {
    /// h = X W + b.
    package let linear: Matrix<S>
    package let normalization: NormalizationBuffers<S>?
    /// The activation function's input; `linear` itself where nothing normalizes.
    package let preactivation: Matrix<S>
    /// The activation function's output; absent in the output layer, whose preactivations are the logits.
    package let activation: Matrix<S>?
    /// The loss gradient, overwritten from site to site as `backward` goes down; absent in evaluation.
    let gradient: Matrix<S>?
    package internal(set) var gradientNorms = SiteGradientNorms()

    init(_ description: LayerDescription, isOutput: Bool, rows: Int, forTraining: Bool) {
        func buffer() -> Matrix<S> { Matrix(rows: rows, columns: description.outputs) }
        linear = buffer()
        normalization = description.normalization.map { _ in
            NormalizationBuffers(normalized: buffer(), features: description.outputs)
        }
        preactivation = normalization == nil ? linear : buffer()
        activation = isOutput ? nil : buffer()
        gradient = forTraining ? buffer() : nil
    }

    /// What the next layer receives.
    package var output: Matrix<S> { activation ?? preactivation }

    func useRows(_ count: Int) {
        linear.useRows(count)
        normalization?.normalized.useRows(count)
        preactivation.useRows(count)
        activation?.useRows(count)
        gradient?.useRows(count)
    }
}

package final class NormalizationBuffers<S: Scalar> {
    /// Before scale and shift, N x H.
    package let normalized: Matrix<S>
    package let moments: NormalizationMoments<S>
    /// Sums that the backward pass needs where the layer has no gamma or beta of its own; 1 x H.
    let gammaGradient: Matrix<S>
    let betaGradient: Matrix<S>

    init(normalized: Matrix<S>, features: Int) {
        self.normalized = normalized
        moments = NormalizationMoments(features: features)
        gammaGradient = Matrix(rows: 1, columns: features)
        betaGradient = Matrix(rows: 1, columns: features)
    }
}
