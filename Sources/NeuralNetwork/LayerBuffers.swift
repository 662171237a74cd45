/// L2 norms of the loss gradient with respect to a layer's sites; those that the layer does not have stay 0.
package struct SiteGradientNorms: Equatable, Sendable {
    package var linear = 0.0
    package var sum = 0.0
    package var normalized = 0.0
    package var preactivation = 0.0
    package var activation = 0.0
    package var output = 0.0
}

/// A site at which `LayerBuffers` may keep the loss gradient.
package enum GradientSite: CaseIterable, Sendable {
    case output
    /// The normalization's output, of which the loss gradient comes in, gamma not yet undone.
    case normalization
    case activation, preactivation
    /// The sum that ends a residual block.
    case sum
    case linear
}

/// One layer's buffers for a batch of N rows; each is N x H.
///
/// Which of them are the same matrix depends on the layer:
///
///     before the activation: linear -> normalization -> preactivation -> activation -> dropout -> output
///     after the activation:  linear = preactivation -> activation -> normalization -> dropout -> output
///
/// In the layer that ends a residual block a sum with a skip connection comes between: linear -> sum -> as above.
package final class LayerBuffers<S: Scalar> {
    /// The linear layer's output h = X W + b.
    package let linear: Matrix<S>
    /// What the layer keeps where it ends a residual block.
    let residual: ResidualBuffers<S>?
    package let normalization: NormalizationBuffers<S>?
    /// The activation function's input.
    package let preactivation: Matrix<S>
    /// The activation function's output; absent in the output layer, whose preactivations are the logits.
    package let activation: Matrix<S>?
    /// The factors of dropout, 0 or 1 / (1 - p), and the values multiplied by them; absent without dropout.
    package let dropout: (mask: Matrix<S>, output: Matrix<S>)?
    /// The values that the next layer receives.
    package let output: Matrix<S>
    /// The loss gradient, overwritten from site to site as `backward` goes down; absent in evaluation.
    let gradient: Matrix<S>?
    package internal(set) var gradientNorms = SiteGradientNorms()
    /// Copies of the loss gradient at some sites, N x H, of the last backward pass; see `keepGradients`.
    package private(set) var keptGradients: [GradientSite: Matrix<S>] = [:]

    init(_ description: LayerDescription, isOutput: Bool, rows: Int, forTraining: Bool) {
        func buffer() -> Matrix<S> { Matrix(rows: rows, columns: description.outputs) }
        linear = buffer()
        residual = description.skip.map { _ in
            ResidualBuffers(rows: rows, features: description.outputs, forTraining: forTraining)
        }
        normalization = description.normalization.map {
            NormalizationBuffers($0, rows: rows, features: description.outputs, forTraining: forTraining)
        }
        let isBefore = description.normalization?.placement == .beforeActivation
        let stream = residual?.sum ?? linear
        preactivation = isBefore ? normalization?.output ?? stream : stream
        activation = isOutput ? nil : buffer()
        dropout = description.dropout > 0 && forTraining && !isOutput ? (buffer(), buffer()) : nil
        let normalized = isBefore || isOutput ? nil : normalization?.output
        output = dropout?.output ?? normalized ?? activation ?? preactivation
        gradient = forTraining ? buffer() : nil
    }

    /// What is normalized or activated: h, or the sum x + factor h that ends a residual block.
    package var stream: Matrix<S> { residual?.sum ?? linear }
    /// The sum that ends a residual block.
    package var sum: Matrix<S>? { residual?.sum }

    /// Whether the next layer receives something else than the activation function's output.
    package var hasOwnOutput: Bool { activation.map { $0 !== output } ?? false }

    /// Has every backward pass from now on keep the gradients at those of the sites that the layer has.
    package func keepGradients(at sites: [GradientSite] = GradientSite.allCases) {
        for site in sites {
            let values: Matrix<S>? =
                switch site {
                case .output: hasOwnOutput ? output : nil
                case .normalization: normalization?.output
                case .activation: activation
                case .preactivation: preactivation
                case .sum: sum
                case .linear: linear === preactivation ? nil : linear
                }
            keptGradients[site] = values.map { Matrix(rows: $0.rows, columns: $0.columns) }
        }
    }

    /// Keeps some units' loss gradient at a site, where that was asked.
    func keep(_ gradient: Matrix<S>, _ units: Range<Int>, at site: GradientSite) {
        guard !keptGradients.isEmpty, let kept = keptGradients[site] else { return }
        mapElements(gradient[columns: units], kept[columns: units]) { $0 }
    }

    func useRows(_ count: Int) {
        for kept in keptGradients.values { kept.useRows(count) }
        linear.useRows(count)
        residual?.useRows(count)
        normalization?.useRows(count)
        preactivation.useRows(count)
        activation?.useRows(count)
        dropout?.mask.useRows(count)
        output.useRows(count)
        gradient?.useRows(count)
    }
}
