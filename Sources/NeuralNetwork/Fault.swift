/// A deliberate mistake in the backward pass, to see that `bnexp gradcheck` catches it.
package enum Fault: String, CaseIterable, Sendable {
    /// (variance)^(-1/2) in place of (variance + epsilon)^(-1/2) in dL/dh.
    case dropEpsilon = "drop_epsilon"
    /// dL/dh without sum_k dL/dy_kj, as if the mean were a constant.
    case dropMeanTerm = "drop_mean_term"
    /// dL/dh without the last sum, as if the variance were a constant.
    case dropVarianceTerm = "drop_variance_term"
    /// The variance with N - 1 in dL/dh, with N in the forward pass.
    case unbiasedVariance = "unbiased_variance"
    /// dL/dh without gamma.
    case forgetGamma = "forget_gamma"
    /// dL/dgamma = sum_k dL/dy_kj, without the normalized values.
    case gammaFromSum = "gamma_from_sum"
    /// dL/dy = dL/da, without the activation function's derivative.
    case forgetActivation = "forget_activation"
    /// The loss's gradient without its 1/N.
    case forgetBatchMean = "forget_batch_mean"
    /// dL/db from the first row alone.
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

    /// Whether a network of this description has the term that the fault changes.
    package func concerns(_ network: NetworkDescription) -> Bool {
        return switch self {
        case .dropEpsilon, .unbiasedVariance, .dropMeanTerm, .dropVarianceTerm, .forgetGamma, .gammaFromSum:
            network.layers.contains { $0.normalization?.faults.contains(self) == true }
        case .forgetActivation: network.layers.dropLast().contains { $0.activation != .identity }
        case .forgetBatchMean: true
        case .biasFromOneRow: network.layers.contains { $0.hasBias && $0.normalization?.cancelsBias != true }
        }
    }

    /// Changes what the backward pass knows of the variance.
    func apply<S: Scalar>(to moments: NormalizationMoments<S>, rows: Int) {
        for j in 0..<moments.variance.columns {
            let variance = moments.variance.base[j], inverse = moments.inverseStandardDeviation.base[j]
            switch self {
            case .dropEpsilon: moments.inverseStandardDeviation.base[j] = 1 / variance.squareRoot()
            case .unbiasedVariance:
                let epsilon = 1 / (inverse * inverse) - variance
                moments.inverseStandardDeviation.base[j] = 1 / (variance * S(rows) / S(rows - 1) + epsilon).squareRoot()
            default: return
            }
        }
    }
}
