// Whitening of one group of n units, in float64 whatever the values' precision. h is N x H, of which the group has the
// columns `units`; C, their centred values, is N x n and is computed anew row by row.

/// Overwrites the group's covariance, Sigma = C^T C / N + epsilon I, n x n.
@inline(__always)
func computeCovariance<S: Scalar>(
    of h: Matrix<S>, _ units: Range<Int>, _ moments: NormalizationMoments<S>, epsilon: Double, _ group: WhiteningBuffers
) {
    let n = units.count, c = group.rows.0.base, covariance = group.covariance
    covariance.elements.update(repeating: 0)
    for i in 0..<h.rows {
        center(h, row: i, units, moments, into: c)
        for a in 0..<n { addRow(c, times: c[a], to: covariance.base + a * n, count: n) }
    }
    for k in 0..<covariance.count { covariance.base[k] /= Double(h.rows) }
    for a in 0..<n { covariance.base[a * n + a] += epsilon }
}

/// Overwrites the group's columns of `normalized` (N x H) with C W.
@inline(__always)
func whiten<S: Scalar>(
    _ h: Matrix<S>, _ units: Range<Int>, _ moments: NormalizationMoments<S>, _ group: WhiteningBuffers,
    into normalized: Matrix<S>
) {
    let n = units.count, c = group.rows.0.base, result = group.rows.1, w = group.whitening.base
    for i in 0..<h.rows {
        center(h, row: i, units, moments, into: c)
        result.elements.update(repeating: 0)
        for a in 0..<n { addRow(w + a * n, times: c[a], to: result.base, count: n) }
        let target = normalized.base + i * normalized.columns + units.lowerBound
        for a in 0..<n { target[a] = S(result.base[a]) }
    }
}

/// Turns the group's columns of dL/dy into dL/dh, in place, with W and its roots as the forward pass left them.
///
/// `gradient` is N x H; gamma (or absent: 1) and `sum`, the sum of dL/dy over the rows, are 1 x H.
@inline(__always)
func whitenBackward<S: Scalar>(
    gradient: Matrix<S>, h: Matrix<S>, _ units: Range<Int>, _ moments: NormalizationMoments<S>, gamma: Matrix<S>?,
    sum: Matrix<S>, _ group: WhiteningBuffers
) {
    let n = units.count, first = units.lowerBound, count = Double(h.rows)
    let (c, q, result, mean) = (group.rows.0.base, group.rows.1.base, group.rows.2, group.rows.3.base)
    func scale(_ a: Int) -> Double { gamma.map { Double($0.base[first + a]) } ?? 1 }
    let m = group.covariance
    m.elements.update(repeating: 0)
    for i in 0..<h.rows {
        center(h, row: i, units, moments, into: c)
        let g = gradient.base + i * gradient.columns + first
        for a in 0..<n { q[a] = scale(a) * Double(g[a]) }
        for a in 0..<n { addRow(q, times: c[a], to: m.base + a * n, count: n) }
    }
    group.differentiate()
    symmetrize(m)
    for a in 0..<n { mean[a] = scale(a) * Double(sum.base[first + a]) / count }
    for i in 0..<h.rows {
        center(h, row: i, units, moments, into: c)
        let g = gradient.base + i * gradient.columns + first
        result.elements.update(repeating: 0)
        for a in 0..<n {
            let row = a * n, centered = scale(a) * Double(g[a]) - mean[a]
            addRow(group.whitening.base + row, times: centered, to: result.base, count: n)
            addRow(m.base + row, times: 2 / count * c[a], to: result.base, count: n)
        }
        for a in 0..<n { g[a] = S(result.base[a]) }
    }
}

/// Turns the group's columns of dL/dy (N x H) into dL/dh = Q W, in place, where mean and W are constants; Q = gamma
/// dL/dy, gamma 1 x H or absent: 1.
@inline(__always)
func whitenGradient<S: Scalar>(
    _ gradient: Matrix<S>, _ units: Range<Int>, gamma: Matrix<S>?, _ group: WhiteningBuffers
) {
    let n = units.count, first = units.lowerBound, result = group.rows.1
    for i in 0..<gradient.rows {
        let g = gradient.base + i * gradient.columns + first
        result.elements.update(repeating: 0)
        for a in 0..<n {
            let q = (gamma.map { Double($0.base[first + a]) } ?? 1) * Double(g[a])
            addRow(group.whitening.base + a * n, times: q, to: result.base, count: n)
        }
        for a in 0..<n { g[a] = S(result.base[a]) }
    }
}

/// Overwrites a row of C.
@inline(__always)
private func center<S: Scalar>(
    _ h: Matrix<S>, row i: Int, _ units: Range<Int>, _ moments: NormalizationMoments<S>,
    into c: UnsafeMutablePointer<Double>
) {
    let first = units.lowerBound, source = h.base + i * h.columns + first
    let mean = moments.mean.base + first, residual = moments.meanResidual.base + first
    for a in 0..<units.count { c[a] = Double(source[a]) - Double(mean[a]) - Double(residual[a]) }
}

@inline(__always)
private func addRow(
    _ row: UnsafeMutablePointer<Double>, times factor: Double, to target: UnsafeMutablePointer<Double>, count: Int
) {
    for b in 0..<count { target[b] += factor * row[b] }
}

/// Calls `body` with each element that a group has in a matrix of all groups (H x G), and its place in the group's own
/// (n x n).
@inline(__always)
func exchange<T: Scalar>(_ matrix: Matrix<T>, _ units: Range<Int>, _ body: (inout T, Int) -> Void) {
    let n = units.count
    for a in 0..<n {
        let row = matrix.base + (units.lowerBound + a) * matrix.columns
        for b in 0..<n { body(&row[b], a * n + b) }
    }
}

/// Overwrites y = gamma normalized + beta, N x H; gamma and beta are 1 x H or absent (1 and 0).
@inline(__always)
func scaleAndShift<S: Scalar>(_ normalized: Matrix<S>, gamma: Matrix<S>?, beta: Matrix<S>?, into y: Matrix<S>) {
    for i in 0..<y.rows {
        let x = normalized.base + i * y.columns, target = y.base + i * y.columns
        for j in 0..<y.columns { target[j] = (gamma?.base[j] ?? 1) * x[j] + (beta?.base[j] ?? 0) }
    }
}
