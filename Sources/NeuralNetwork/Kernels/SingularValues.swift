/// Returns the singular values of the first N rows of X (N x H, N at most H), in no order, also small ones to all their
/// digits.
///
/// Pairs of rows are rotated until all are orthogonal; their lengths are the singular values. Source: one-sided Jacobi,
/// Demmel & Veselic, "Jacobi's method is more accurate than QR", 1992.
func singularValues<S: Scalar>(_ x: Matrix<S>, rows n: Int) -> [Double] {
    let width = x.columns
    precondition(n <= width, "more rows than columns are dependent")
    var rows = (0..<n).map { i in (0..<width).map { Double(x.base[i * width + $0]) } }
    func product(_ a: [Double], _ b: [Double]) -> Double { sum(count: width) { a[$0] * b[$0] } }
    // It converges quadratically: ten sweeps are plenty, more are for matrices that are nearly dependent.
    for _ in 0..<40 {
        var isOrthogonal = true
        for p in 0..<n {
            for q in 0..<p {
                let alpha = product(rows[p], rows[p]), beta = product(rows[q], rows[q])
                let gamma = product(rows[p], rows[q])
                guard abs(gamma) > 0x1p-50 * (alpha * beta).squareRoot(), gamma.isFinite else { continue }
                isOrthogonal = false
                let zeta = (beta - alpha) / (2 * gamma)
                let tangent = (zeta < 0 ? -1.0 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
                let cosine = 1 / (1 + tangent * tangent).squareRoot(), sine = cosine * tangent
                for k in 0..<width {
                    let a = rows[p][k], b = rows[q][k]
                    rows[p][k] = cosine * a - sine * b
                    rows[q][k] = sine * a + cosine * b
                }
            }
        }
        if isOrthogonal { break }
    }
    return rows.map { product($0, $0).squareRoot() }
}
