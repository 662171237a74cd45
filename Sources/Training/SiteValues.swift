import NeuralNetwork

extension LayerBuffers {
    /// A site's values and the norm of the loss gradient there, if the layer has the site.
    func values(at site: Site) -> (Matrix<S>, Double)? {
        switch site {
        case .linear: linear === preactivation ? nil : (linear, gradientNorms.linear)
        case .sum: sum.map { ($0, gradientNorms.sum) }
        case .normalized: normalization.map { ($0.normalized, gradientNorms.normalized) }
        case .preactivation: (preactivation, gradientNorms.preactivation)
        case .activation: activation.map { ($0, gradientNorms.activation) }
        case .output: hasOwnOutput ? (output, gradientNorms.output) : nil
        }
    }
}
