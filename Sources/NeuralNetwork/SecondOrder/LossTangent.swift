/// Overwrites `gradient` (N x K) with R dL/ds, the derivative of the loss's gradient along R s: the Hessian of each
/// row's loss times its R s, of the outputs s (N x K).
///
/// Hinge is piecewise linear, so that its derivative is 0; c is `Objective.scale`:
///
///     softmax cross-entropy   c (sum_k t_k) p_k (R s_k - sum_m p_m R s_m)      p = softmax(s)
///     mean squared error      2 c R s_k
///     sigmoid cross-entropy   c p_k (1 - p_k) R s_k                            p = 1 / (1 + exp(-s))
func differentiateGradient<S: Scalar>(
    _ objective: Objective, outputs s: Matrix<S>, targets: Targets<S>, tangent: Matrix<S>, into gradient: Matrix<S>
) {
    precondition(tangent.count == s.count && gradient.count == s.count && targets.rows == s.rows)
    let scale = S(objective.scale(rows: s.rows, outputs: s.columns))
    switch objective.loss {
    case .hinge: gradient.elements.update(repeating: 0)
    case .meanSquaredError: mapElements(tangent.all, gradient.all) { 2 * scale * $0 }
    case .sigmoidCrossEntropy:
        for i in 0..<s.count {
            let p = S.sigmoid(s.base[i])
            gradient.base[i] = scale * p * (1 - p) * tangent.base[i]
        }
    case .softmaxCrossEntropy(let smoothing):
        for i in 0..<s.rows {
            let row = s.base + i * s.columns, rs = tangent.base + i * s.columns, g = gradient.base + i * s.columns
            differentiateSoftmax(row, tangent: rs, classes: s.columns, into: g)
            var factor = scale
            if let q = targets.values.map({ $0.base + i * s.columns }) {
                factor *= S((1 - smoothing) * sum(count: s.columns) { Double(q[$0]) } + smoothing)
            }
            for k in 0..<s.columns { g[k] *= factor }
        }
    }
}

/// p_k (R s_k - sum_m p_m R s_m), the derivative of p = softmax(s) along R s, overwritten.
private func differentiateSoftmax<S: Scalar>(
    _ s: UnsafeMutablePointer<S>, tangent: UnsafeMutablePointer<S>, classes: Int, into g: UnsafeMutablePointer<S>
) {
    var largest = s[0]
    for k in 1..<max(1, classes) where s[k] > largest { largest = s[k] }
    var total: S = 0, product: S = 0
    for k in 0..<classes {
        g[k] = S.exponential(s[k] - largest)
        total += g[k]
        product += g[k] * tangent[k]
    }
    let mean = product / total
    for k in 0..<classes { g[k] = g[k] / total * (tangent[k] - mean) }
}
