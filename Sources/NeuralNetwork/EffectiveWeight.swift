/// The weight that multiplies one layer's inputs, with the buffers that computing it from the trained weight needs.
package final class EffectiveWeight<S: Scalar> {
    private let kind: WeightReparameterization
    /// Whether the trained parameter is itself the weight that multiplies the inputs.
    package var isPlain: Bool { kind == .none }
    private let trained: Parameter<S>
    private let gain: Parameter<S>?
    /// The weight W, and below it dL/dW; they are the trained parameter's own matrices where that is W itself.
    package let value: Matrix<S>
    package let gradient: Matrix<S>
    /// The moments of the trained weight's columns; nil where it is itself the weight.
    let moments: NormalizationMoments<S>?
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

    /// Overwrites W with what follows from the trained values.
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

    /// Overwrites the trained parameters' gradients with what follows from dL/dW.
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
