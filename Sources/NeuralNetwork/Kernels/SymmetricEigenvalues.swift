/// Returns the eigenvalues of a symmetric matrix, which is overwritten, the largest first: each within a few 2^-52 of
/// the largest.
package func symmetricEigenvalues(_ a: Matrix<Double>) -> [Double] {
    diagonalize(a, eigenvectors: nil)
    return (0..<a.rows).map { a.base[$0 * a.columns + $0] }.sorted(by: >)
}

/// Returns the pseudo-inverse of a symmetric matrix, which is overwritten; eigenvalues up to `cutoff` times the largest
/// in size count as 0.
package func symmetricPseudoInverse(_ a: Matrix<Double>, cutoff: Double) -> Matrix<Double> {
    let n = a.rows, vectors = Matrix<Double>(rows: n, columns: n), inverse = Matrix<Double>(rows: n, columns: n)
    diagonalize(a, eigenvectors: vectors)
    let least = cutoff * (0..<n).reduce(0.0) { max($0, abs(a[$1, $1])) }
    for k in 0..<n where abs(a[k, k]) > least {
        for i in 0..<n {
            for j in 0..<n { inverse[i, j] += vectors[i, k] * vectors[j, k] / a[k, k] }
        }
    }
    return inverse
}

/// Turns a symmetric matrix A = V diag(lambda) V^T into diag(lambda) by cyclic Jacobi rotations, in no order, and
/// overwrites `eigenvectors` with V, whose columns are the eigenvectors; all n x n.
///
/// Source: Golub & Van Loan, "Matrix computations", algorithm 8.5.3.
package func diagonalize(_ a: Matrix<Double>, eigenvectors: Matrix<Double>?) {
    let n = a.rows
    precondition(a.columns == n)
    if let v = eigenvectors {
        precondition(v.rows == n && v.columns == n)
        v.elements.update(repeating: 0)
        for i in 0..<n { v.base[i * n + i] = 1 }
    }
    for _ in 0..<30 {
        var offDiagonal = 0.0, diagonal = 0.0
        for i in 0..<n {
            diagonal += a.base[i * n + i] * a.base[i * n + i]
            for j in 0..<i { offDiagonal += 2 * a.base[i * n + j] * a.base[i * n + j] }
        }
        if !(offDiagonal > 0x1p-104 * diagonal) { break }
        for p in 0..<max(0, n - 1) {
            for q in p + 1..<n {
                let apq = a.base[p * n + q]
                if apq == 0 { continue }
                let tau = (a.base[q * n + q] - a.base[p * n + p]) / (2 * apq)
                let t = (tau >= 0 ? 1 : -1) / (abs(tau) + (1 + tau * tau).squareRoot())
                let c = 1 / (1 + t * t).squareRoot(), s = t * c
                let rowP = a.base + p * n, rowQ = a.base + q * n
                for k in 0..<n {
                    let x = rowP[k], y = rowQ[k]
                    rowP[k] = c * x - s * y
                    rowQ[k] = s * x + c * y
                }
                rotateColumns(a, p, q, c, s)
                if let v = eigenvectors { rotateColumns(v, p, q, c, s) }
            }
        }
    }
}

/// Replaces columns p and q by c p - s q and s p + c q.
private func rotateColumns(_ a: Matrix<Double>, _ p: Int, _ q: Int, _ c: Double, _ s: Double) {
    let n = a.columns
    for k in 0..<a.rows {
        let x = a.base[k * n + p], y = a.base[k * n + q]
        a.base[k * n + p] = c * x - s * y
        a.base[k * n + q] = s * x + c * y
    }
}
