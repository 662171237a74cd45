/// The derivatives along a direction of the weight that multiplies one layer's inputs, and of its gradient.
///
/// Both reparameterizations normalize the columns of the trained weight V, as batch normalization does those of h:
/// weight normalization by their norms, with the gain in gamma's place, weight standardization by their deviations.
final class EffectiveWeightTangents<S: Scalar> {
    /// R W and below it R dL/dW, D x H; they are the trained parameter's own where that is W itself.
    let direction: Matrix<S>
    let product: Matrix<S>
    private let weight: ParameterTangent<S>
    private let gain: ParameterTangent<S>?
    private let effective: EffectiveWeight<S>
    private let trained: Matrix<S>
    private let gainValue: Matrix<S>?
    private let parts: Parts?

    /// What only reparameterized weights need: the columns of V normalized, their derivative and R s / s.
    private struct Parts {
        let moments: NormalizationMoments<S>
        let normalized: Matrix<S>
        let normalizedTangent: Matrix<S>
        let factorChange: Matrix<S>
        let sums: TangentSums<S>
    }

    init(_ layer: Layer<S>, weight: ParameterTangent<S>, gain: ParameterTangent<S>?) {
        effective = layer.effectiveWeight
        trained = layer.weight.value
        gainValue = layer.gain?.value
        (self.weight, self.gain) = (weight, gain)
        let inputs = trained.rows, outputs = trained.columns
        parts = layer.effectiveWeight.moments.map {
            Parts(
                moments: $0,
                normalized: layer.gain == nil ? layer.effectiveWeight.value : Matrix(rows: inputs, columns: outputs),
                normalizedTangent: Matrix(rows: inputs, columns: outputs),
                factorChange: Matrix(rows: 1, columns: outputs), sums: TangentSums(features: outputs))
        }
        direction = parts == nil ? weight.direction : Matrix(rows: inputs, columns: outputs)
        product = parts == nil ? weight.product : Matrix(rows: inputs, columns: outputs)
    }

    /// The N of the means over a column: D, or 1 where the column is divided by its norm.
    private var count: S { gainValue == nil ? S(trained.rows) : 1 }

    /// Takes the trained values as they are, which are those of the last forward pass.
    func prepare() {
        guard let parts, gainValue != nil else { return }
        let inverse = parts.moments.inverseStandardDeviation.base
        for i in 0..<trained.rows {
            let v = trained.base + i * trained.columns, u = parts.normalized.base + i * trained.columns
            for j in 0..<trained.columns { u[j] = v[j] * inverse[j] }
        }
    }

    /// Overwrites R W.
    func forward() {
        guard let parts else { return }
        normalizeTangent(
            weight.direction.all, normalized: parts.normalized.all,
            inverseStandardDeviation: parts.moments.inverseStandardDeviation, count: count,
            subtractsMean: gainValue == nil, into: parts.normalizedTangent.all, factorChange: parts.factorChange,
            mean: parts.sums.gradient)
        scaleAndShiftTangent(
            parts.normalizedTangent.all, normalized: parts.normalized.all, scale: gainValue,
            scaleTangent: gain?.direction, shiftTangent: nil, into: direction.all)
    }

    /// Overwrites the products of the trained parameters with what follows from R dL/dW.
    func backward() {
        guard let parts else { return }
        weight.product.copy(from: product)
        normalizeBackwardTangent(
            weight.product.all, gradient: effective.gradient.all, normalized: parts.normalized.all,
            normalizedTangent: parts.normalizedTangent.all,
            inverseStandardDeviation: parts.moments.inverseStandardDeviation, factorChange: parts.factorChange,
            count: count, subtractsMean: gainValue == nil, scale: gainValue, scaleTangent: gain?.direction,
            sums: parts.sums)
        gain?.product.copy(from: parts.sums.tangentProduct)
    }
}
