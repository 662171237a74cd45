/// How the weight that multiplies the inputs comes from the trained one, unit by unit.
///
/// V is D x H, one column a unit.
package enum WeightReparameterization: String, CaseIterable, Sendable {
    /// W = V.
    case none
    /// W_j = g_j V_j / norm(V_j), with a trained gain g that starts at norm(V_j).
    ///
    /// Source: Salimans & Kingma 2016, equation 2.
    case weightNorm = "weight_norm"
    /// W_j = (V_j - mean(V_j)) (variance(V_j) + epsilon)^(-1/2), biased variance over the D inputs, epsilon 1e-5 inside
    /// the root.
    ///
    /// Source: Qiao et al. 2019, "Micro-batch training with batch-channel normalization and weight standardization".
    case weightStandardization = "weight_standardization"

    static let epsilon = 1e-5
}

/// The effective weight of one layer with what its passes need.
final class EffectiveWeight<S: Scalar> {
    private let kind: WeightReparameterization
    /// Whether the trained parameter is the weight itself.
    var isPlain: Bool { kind == .none }
    private let trained: Parameter<S>
    private let gain: Parameter<S>?
    /// W and dL/dW; the trained parameter's own where nothing comes between.
    let value: Matrix<S>
    let gradient: Matrix<S>
    private let moments: NormalizationMoments<S>?
    private let sum: Matrix<S>
    private let productSum: Matrix<S>
    private let factor: Matrix<S>

    init(_ kind: WeightReparameterization, trained: Parameter<S>, gain: Parameter<S>?) {
        self.kind = kind
        self.trained = trained
        self.gain = gain
        let inputs = trained.value.rows, outputs = trained.value.columns
        value = kind == .none ? trained.value : Matrix(rows: inputs, columns: outputs)
        gradient = kind == .none ? trained.gradient : Matrix(rows: inputs, columns: outputs)
        let width = kind == .none ? 0 : outputs
        moments = kind == .none ? nil : NormalizationMoments(features: outputs)
        sum = Matrix(rows: 1, columns: width)
        productSum = Matrix(rows: 1, columns: width)
        factor = Matrix(rows: 1, columns: width)
        if kind == .weightNorm, let gain {
            columnMeanSquares(trained.value.all, into: gain.value)
            for j in 0..<outputs { gain.value.base[j] = (gain.value.base[j] * S(inputs)).squareRoot() }
        }
    }

    /// W from the trained values, overwritten.
    func forward() {
        guard let moments else { return }
        let v = trained.value
        switch kind {
        case .none: break
        case .weightNorm:
            columnMeanSquares(v.all, into: moments.variance)
            for j in 0..<v.columns {
                moments.inverseStandardDeviation.base[j] = 1 / (moments.variance.base[j] * S(v.rows)).squareRoot()
            }
            for i in 0..<v.rows {
                let source = v.base + i * v.columns, target = value.base + i * v.columns
                for j in 0..<v.columns {
                    target[j] = source[j] * moments.inverseStandardDeviation.base[j] * (gain?.value.base[j] ?? 1)
                }
            }
        case .weightStandardization:
            columnMoments(v.all, mean: moments.mean, meanResidual: moments.meanResidual, variance: moments.variance)
            moments.invertStandardDeviation(epsilon: S(WeightReparameterization.epsilon), columns: 0..<v.columns)
            normalize(v.all, moments: moments, gamma: nil, beta: nil, normalized: value.all, into: value.all)
        }
    }

    /// The trained parameters' gradients from dL/dW, overwritten.
    ///
    /// Weight normalization: dL/dg_j = dL/dW_j . V_j / norm(V_j) and dL/dV_j = g_j / norm(V_j) (dL/dW_j - dL/dg_j V_j /
    /// norm(V_j)); equation 3. Weight standardization is batch normalization of V over its D rows, and so is its
    /// backward pass.
    func backward() {
        guard let moments else { return }
        let v = trained.value
        trained.gradient.copy(from: gradient)
        switch kind {
        case .none: break
        case .weightNorm:
            guard let gain else { return }
            sumColumns(gradient.all, times: v.all, into: sum, productsInto: productSum)
            let inverse = moments.inverseStandardDeviation.base
            for j in 0..<v.columns { gain.gradient.base[j] = productSum.base[j] * inverse[j] }
            for i in 0..<v.rows {
                let g = trained.gradient.base + i * v.columns, row = v.base + i * v.columns
                for j in 0..<v.columns {
                    g[j] = gain.value.base[j] * inverse[j] * (g[j] - gain.gradient.base[j] * row[j] * inverse[j])
                }
            }
        case .weightStandardization:
            normalizationGradients(
                gradient: gradient.all, normalized: value.all, gammaGradient: productSum, betaGradient: sum)
            normalizeBackward(
                gradient: trained.gradient.all, normalized: value.all,
                inverseStandardDeviation: moments.inverseStandardDeviation,
                gamma: nil, sum: sum, productSum: productSum, factor: factor)
        }
    }
}
