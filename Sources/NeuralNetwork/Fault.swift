/// A deliberate mistake in the backward pass, to see that `bnexp gradcheck` catches it.
package enum Fault: String, CaseIterable, Sendable {
    /// The factor of dL/dh is variance^(-1/2) instead of (variance + epsilon)^(-1/2).
    case dropEpsilon = "drop_epsilon"
    /// The sum over k of dL/dy_kj is left out of dL/dh, as if the mean were a constant.
    case dropMeanTerm = "drop_mean_term"
    /// The last sum is left out of dL/dh, as if the variance were a constant.
    case dropVarianceTerm = "drop_variance_term"
    /// The variance is over N - 1 rows in dL/dh, and over N in the forward pass.
    case unbiasedVariance = "unbiased_variance"
    /// The factor gamma is left out of dL/dh.
    case forgetGamma = "forget_gamma"
    /// The normalized values are left out of dL/dgamma, which becomes the sum over k of dL/dy_kj.
    case gammaFromSum = "gamma_from_sum"
    /// The activation function's derivative is left out of dL/dy, which becomes dL/da.
    case forgetActivation = "forget_activation"
    /// The factor 1/N is left out of the loss's gradient.
    case forgetBatchMean = "forget_batch_mean"
    /// The bias gradient dL/db is that of the first row alone.
    case biasFromOneRow = "bias_from_one_row"

    package var explanation: String {
        switch self {
        case .dropEpsilon: "epsilon is left out of dL/dh"
        case .dropMeanTerm: "dL/dh without the sum of dL/dy, as if the mean were a constant"
        case .dropVarianceTerm: "dL/dh without the sum of dL/dy normalized, as if the variance were a constant"
        case .unbiasedVariance: "dL/dh with the variance over N - 1"
        case .forgetGamma: "dL/dh without gamma"
        case .gammaFromSum: "dL/dgamma without the normalized values"
        case .forgetActivation: "dL/dy without the activation function's derivative"
        case .forgetBatchMean: "the loss's gradient without 1/N"
        case .biasFromOneRow: "dL/db from the first row alone"
        }
    }

    /// What is wrong with asking for the fault in a network that it does not concern.
    package var concernsNothing: String { "\(rawValue) (\(explanation)) concerns nothing that this network has" }

    /// Tells whether a network of this description has the term that the fault changes.
    package func concerns(_ network: NetworkDescription) -> Bool {
        return switch self {
        case .dropEpsilon, .unbiasedVariance, .dropMeanTerm, .dropVarianceTerm, .forgetGamma, .gammaFromSum:
            network.layers.contains { $0.normalization?.faults.contains(self) == true }
        case .forgetActivation: network.layers.dropLast().contains { $0.activation != .identity }
        case .forgetBatchMean: true
        case .biasFromOneRow:
            network.layers.indices.contains { network.layers[$0].hasBias && !network.cancelsBias(ofLayer: $0) }
        }
    }

    /// Changes the moments that the backward pass reads, if the fault is one of those that concern the variance.
    func apply<S: Scalar>(to moments: NormalizationMoments<S>, rows: Int) {
        for j in 0..<moments.variance.columns {
            let variance = moments.variance.base[j], inverse = moments.inverseStandardDeviation.base[j]
            switch self {
            case .dropEpsilon: moments.inverseStandardDeviation.base[j] = 1 / variance.squareRoot()
            case .unbiasedVariance:
                let epsilon = 1 / (inverse * inverse) - variance
                moments.inverseStandardDeviation.base[j] = 1 / (variance * S(rows) / S(rows - 1) + epsilon).squareRoot()
            case .dropMeanTerm, .dropVarianceTerm, .forgetGamma, .gammaFromSum, .forgetActivation, .forgetBatchMean,
                .biasFromOneRow:
                return
            }
        }
    }
}
