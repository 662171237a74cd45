// The derivatives of normalization along a direction, forward and backward. N rows, H features; R x is the derivative
// of x. Equation numbers are those of docs/hessian.md, where each is derived.

/// Sums over the rows of a group that the backward pass along a direction needs, and what follows from them; 1 x H
/// each.
final class TangentSums<S: Scalar> {
    /// sum_i dL/dy_ij and sum_i dL/dy_ij normalized_ij.
    let gradient: Matrix<S>
    let gradientProduct: Matrix<S>
    /// The derivatives of both along the direction.
    let tangent: Matrix<S>
    let tangentProduct: Matrix<S>
    fileprivate let scratch: (Matrix<S>, Matrix<S>)
    /// The factors of dL/dy, R dL/dy, normalized and R normalized, and what is added to the four.
    fileprivate let factors: (g: Matrix<S>, t: Matrix<S>, x: Matrix<S>, rx: Matrix<S>, constant: Matrix<S>)

    init(features: Int) {
        func row() -> Matrix<S> { Matrix(rows: 1, columns: features) }
        (gradient, gradientProduct, tangent, tangentProduct) = (row(), row(), row(), row())
        scratch = (row(), row())
        factors = (row(), row(), row(), row(), row())
    }
}

/// Equations (3) and (4): R normalized_ij = s_j (R h_ij - m_j - normalized_ij p_j) and R s_j / s_j = -s_j p_j, both
/// overwritten, with m_j = (1/N) sum_i R h_ij and p_j = (1/N) sum_i normalized_ij R h_ij.
///
/// s = (variance + epsilon)^(-1/2); without `subtractsMean` m is 0, without `divides` s is 1 and p is 0. `tangent`, R
/// h, and the normalized values are N x H, the others 1 x H; `mean` is scratch.
/// - Parameter count: the N above, which is 1 where values are divided by their norm rather than by its mean.
func normalizeTangent<S: Scalar>(
    _ tangent: MatrixBlock<S>, normalized: MatrixBlock<S>, inverseStandardDeviation: Matrix<S>, count: S,
    subtractsMean: Bool, divides: Bool = true, into normalizedTangent: MatrixBlock<S>, factorChange: Matrix<S>,
    mean: Matrix<S>
) {
    precondition(normalized.hasShape(of: tangent) && normalizedTangent.hasShape(of: tangent))
    sumColumns(tangent, times: normalized, into: mean, productsInto: factorChange)
    let s = inverseStandardDeviation.base, m = mean.base, p = factorChange.base
    for j in tangent.columns {
        m[j] = subtractsMean ? m[j] / count : 0
        p[j] = divides ? p[j] / count : 0
    }
    for i in 0..<tangent.count {
        let source = tangent.base + i * tangent.stride, x = normalized.base + i * normalized.stride
        let target = normalizedTangent.base + i * normalizedTangent.stride
        for j in tangent.columns { target[j] = s[j] * (source[j] - m[j] - x[j] * p[j]) }
    }
    for j in tangent.columns { p[j] *= -s[j] }
}

/// R y_ij = gamma_j R normalized_ij + R gamma_j normalized_ij + R beta_j, overwritten.
///
/// gamma, R gamma and R beta are 1 x H, or absent: 1, 0 and 0.
func scaleAndShiftTangent<S: Scalar>(
    _ normalizedTangent: MatrixBlock<S>, normalized: MatrixBlock<S>, scale: Matrix<S>?, scaleTangent: Matrix<S>?,
    shiftTangent: Matrix<S>?, into y: MatrixBlock<S>
) {
    precondition(normalized.hasShape(of: y) && normalizedTangent.hasShape(of: y))
    for i in 0..<y.count {
        let rx = normalizedTangent.base + i * normalizedTangent.stride, x = normalized.base + i * normalized.stride
        let target = y.base + i * y.stride
        if let gamma = scale?.base {
            for j in y.columns { target[j] = gamma[j] * rx[j] }
        } else {
            for j in y.columns { target[j] = rx[j] }
        }
        if let gammaTangent = scaleTangent?.base { for j in y.columns { target[j] += gammaTangent[j] * x[j] } }
        if let betaTangent = shiftTangent?.base { for j in y.columns { target[j] += betaTangent[j] } }
    }
}

/// Equation (7): `tangent` holds R dL/dy before and R dL/dh after, for one group of rows normalized column by column.
///
/// `sums` are overwritten with those of the group: R dL/dbeta is `tangent`, R dL/dgamma `tangentProduct`. gamma and R
/// gamma are 1 x H, or absent: 1 and 0. `count` and `divides` are those of `normalizeTangent`.
func normalizeBackwardTangent<S: Scalar>(
    _ tangent: MatrixBlock<S>, gradient: MatrixBlock<S>, normalized: MatrixBlock<S>, normalizedTangent: MatrixBlock<S>,
    inverseStandardDeviation: Matrix<S>, factorChange: Matrix<S>, count: S, subtractsMean: Bool, divides: Bool = true,
    scale: Matrix<S>?, scaleTangent: Matrix<S>?, sums: TangentSums<S>
) {
    precondition(gradient.hasShape(of: tangent) && normalized.hasShape(of: tangent))
    precondition(normalizedTangent.hasShape(of: tangent))
    sumColumns(gradient, times: normalized, into: sums.gradient, productsInto: sums.gradientProduct)
    sumColumns(tangent, times: normalized, into: sums.tangent, productsInto: sums.tangentProduct)
    sumColumns(gradient, times: normalizedTangent, into: sums.scratch.0, productsInto: sums.scratch.1)
    let s = inverseStandardDeviation.base, change = factorChange.base
    let gradientSum = sums.gradient.base, gradientProduct = sums.gradientProduct.base
    let tangentSum = sums.tangent.base, tangentProduct = sums.tangentProduct.base, rest = sums.scratch.1.base
    let a = sums.factors.g.base, b = sums.factors.t.base, c = sums.factors.x.base, d = sums.factors.rx.base
    let e = sums.factors.constant.base
    for j in tangent.columns {
        tangentProduct[j] += rest[j]
        let gamma = scale?.base[j] ?? 1, gammaTangent = scaleTangent?.base[j] ?? 0
        // The means of q, of its product with the normalized values, and the derivatives of both.
        let mean = subtractsMean ? gamma * gradientSum[j] / count : 0
        let product = divides ? gamma * gradientProduct[j] / count : 0
        let meanTangent = subtractsMean ? (gammaTangent * gradientSum[j] + gamma * tangentSum[j]) / count : 0
        let productTangent = divides ? (gammaTangent * gradientProduct[j] + gamma * tangentProduct[j]) / count : 0
        a[j] = s[j] * (change[j] * gamma + gammaTangent)
        b[j] = s[j] * gamma
        c[j] = -s[j] * (change[j] * product + productTangent)
        d[j] = -s[j] * product
        e[j] = -s[j] * (change[j] * mean + meanTangent)
    }
    for i in 0..<tangent.count {
        let t = tangent.base + i * tangent.stride, g = gradient.base + i * gradient.stride
        let x = normalized.base + i * normalized.stride
        let rx = normalizedTangent.base + i * normalizedTangent.stride
        for j in tangent.columns { t[j] = a[j] * g[j] + b[j] * t[j] + c[j] * x[j] + d[j] * rx[j] + e[j] }
    }
}

/// What `normalizeTangent` does, row by row: the means are over the features of a row.
///
/// `inverseStandardDeviation` and `factorChange` hold a value for each row. With `groups`, which divide H, each row is
/// so many rows of H / groups features.
func normalizeRowsTangent<S: Scalar>(
    _ tangent: Matrix<S>, groups: Int = 1, normalized: Matrix<S>, inverseStandardDeviation: Matrix<S>,
    subtractsMean: Bool, into normalizedTangent: Matrix<S>, factorChange: Matrix<S>
) {
    let features = tangent.columns / groups, featureCount = Double(features), rows = tangent.rows * groups
    precondition(normalized.count == tangent.count && normalizedTangent.count == tangent.count)
    precondition(inverseStandardDeviation.columns >= rows && factorChange.columns >= rows)
    for i in 0..<rows {
        let source = tangent.base + i * features, x = normalized.base + i * features
        let target = normalizedTangent.base + i * features, s = inverseStandardDeviation.base[i]
        let mean = subtractsMean ? S(sum(count: features) { Double(source[$0]) } / featureCount) : 0
        let product = S(sum(count: features) { Double(x[$0]) * Double(source[$0]) } / featureCount)
        for j in 0..<features { target[j] = s * (source[j] - mean - x[j] * product) }
        factorChange.base[i] = -s * product
    }
}

/// What `normalizeBackwardTangent` does, row by row, but for the sums.
func normalizeRowsBackwardTangent<S: Scalar>(
    _ tangent: Matrix<S>, groups: Int = 1, gradient: Matrix<S>, normalized: Matrix<S>, normalizedTangent: Matrix<S>,
    inverseStandardDeviation: Matrix<S>, factorChange: Matrix<S>, subtractsMean: Bool, gamma: Matrix<S>?,
    gammaTangent: Matrix<S>?
) {
    let features = tangent.columns / groups, featureCount = Double(features)
    for i in 0..<tangent.rows * groups {
        let start = i * features, first = i % groups * features
        let t = tangent.base + start, g = gradient.base + start, x = normalized.base + start
        let rx = normalizedTangent.base + start
        let scale = gamma.map { $0.base + first }, scaleTangent = gammaTangent.map { $0.base + first }
        let s = inverseStandardDeviation.base[i], change = factorChange.base[i]
        func q(_ j: Int) -> S { (scale?[j] ?? 1) * g[j] }
        func mean(_ value: (Int) -> Double) -> S { S(sum(count: features, value) / featureCount) }
        // From here on t is R q.
        for j in 0..<features { t[j] = (scaleTangent?[j] ?? 0) * g[j] + (scale?[j] ?? 1) * t[j] }
        let meanOfQ = subtractsMean ? mean { Double(q($0)) } : 0
        let product = mean { Double(q($0)) * Double(x[$0]) }
        let meanTangent = subtractsMean ? mean { Double(t[$0]) } : 0
        let productTangent = mean { Double(x[$0]) * Double(t[$0]) + Double(q($0)) * Double(rx[$0]) }
        for j in 0..<features {
            let unscaled = q(j) - meanOfQ - x[j] * product
            t[j] = s * (change * unscaled + t[j] - meanTangent - rx[j] * product - x[j] * productTangent)
        }
    }
}
