// W = A^(-1/2) of a symmetric positive definite matrix A, and the gradient of A; all n x n, in float64.

/// What the square root by eigenvalues keeps: A = V diag(lambda) V^T.
struct EigenRoot {
    /// lambda on the diagonal after `invert`; scratch of `differentiate`.
    let diagonal: Matrix<Double>
    let eigenvectors: Matrix<Double>
    /// 1 x n.
    let eigenvalues: Matrix<Double>
    let scratch: Matrix<Double>

    /// Overwrites W = V diag(lambda^(-1/2)) V^T, with which X W is ZCA whitening.
    ///
    /// Source: Huang et al. 2018, "Decorrelated batch normalization", equation 4.
    /// - Parameter least: what no eigenvalue is below, but by rounding.
    func invert(_ a: Matrix<Double>, least: Double, into w: Matrix<Double>) {
        let n = a.rows
        diagonal.copy(from: a)
        diagonalize(diagonal, eigenvectors: eigenvectors)
        for j in 0..<n {
            // What is not a number stays so.
            let value = diagonal.base[j * n + j]
            eigenvalues.base[j] = value < least ? least : value
        }
        for i in 0..<n {
            for j in 0..<n {
                scratch.base[i * n + j] = eigenvectors.base[i * n + j] / eigenvalues.base[j].squareRoot()
            }
        }
        multiplyTransposedRight(scratch, eigenvectors, into: w)
    }

    /// Turns M = dL/dW into dL/dA, in place: V ((V^T M V) o K) V^T with K_ij = -1 / (r_i r_j (r_i + r_j)), r =
    /// lambda^(1/2).
    ///
    /// K_ij is the divided difference of lambda^(-1/2) at lambda_i and lambda_j, in a form that does not divide by
    /// lambda_i - lambda_j: equal eigenvalues, at which the gradients of the eigenvectors are infinite, are no
    /// exception. Source: Daleckii & Krein 1965, as in Higham, "Functions of matrices", 2008, theorem 3.11.
    func differentiate(_ m: Matrix<Double>) {
        let n = m.rows
        multiply(m, eigenvectors, into: scratch)
        multiplyTransposedLeft(eigenvectors, scratch, into: diagonal)
        for i in 0..<n {
            let a = eigenvalues.base[i].squareRoot()
            for j in 0..<n {
                let b = eigenvalues.base[j].squareRoot()
                diagonal.base[i * n + j] *= -1 / (a * b * (a + b))
            }
        }
        multiply(eigenvectors, diagonal, into: scratch)
        multiplyTransposedRight(scratch, eigenvectors, into: m)
    }
}

/// What the square root by Newton's iterations keeps.
struct NewtonRoot {
    /// S = A / tr(A).
    let scaled: Matrix<Double>
    /// tr(A), 1 x 1.
    let trace: Matrix<Double>
    /// P_0 = I, ..., P_T.
    let iterates: ArraySlice<Matrix<Double>>
    let scratch: (Matrix<Double>, Matrix<Double>, Matrix<Double>, Matrix<Double>)

    /// Overwrites W = P_T tr(A)^(-1/2) with P_k = (3 P_(k-1) - P_(k-1)^3 S) / 2.
    ///
    /// Source: Huang et al. 2019, "Iterative normalization: beyond standardization towards efficient whitening",
    /// algorithm 1.
    func invert(_ a: Matrix<Double>, into w: Matrix<Double>) {
        let n = a.rows, first = iterates.startIndex
        trace.base[0] = 0
        for i in 0..<n { trace.base[0] += a.base[i * n + i] }
        for k in 0..<a.count { scaled.base[k] = a.base[k] / trace.base[0] }
        iterates[first].elements.update(repeating: 0)
        for i in 0..<n { iterates[first].base[i * n + i] = 1 }
        for k in iterates.indices.dropFirst() {
            let p = iterates[k - 1], next = iterates[k]
            multiply(p, p, into: scratch.0)
            multiply(scratch.0, p, into: scratch.1)
            multiply(scratch.1, scaled, into: next)
            for i in 0..<p.count { next.base[i] = (3 * p.base[i] - next.base[i]) / 2 }
        }
        let last = iterates[iterates.endIndex - 1], factor = 1 / trace.base[0].squareRoot()
        for i in 0..<w.count { w.base[i] = factor * last.base[i] }
    }

    /// Turns M = dL/dW into dL/dA, in place.
    ///
    /// With G_T = M tr(A)^(-1/2), M made symmetric, from k = T down to 1
    ///
    ///     dL/dS += -P^3 G / 2        G_(k-1) = (3 G - G S P^2 - P G S P - P^2 G S) / 2        P = P_(k-1), G = G_k
    ///
    /// made symmetric, since S and every P are, and dL/dA = (dL/dS) / tr(A) - I (sum_ij (dL/dS)_ij S_ij + sum_ij M_ij
    /// W_ij / 2) / tr(A).
    func differentiate(_ m: Matrix<Double>, w: Matrix<Double>) {
        let n = m.rows, trace = trace.base[0], factor = 1 / trace.squareRoot()
        let (a, b, c, total) = scratch
        symmetrize(m)
        let product = sum(count: m.count) { m.base[$0] * w.base[$0] }
        for k in 0..<m.count { m.base[k] *= factor }
        total.elements.update(repeating: 0)
        for k in iterates.indices.dropFirst().reversed() {
            let p = iterates[k - 1]
            // dL/dS: P (P (P G)).
            multiply(p, m, into: a)
            multiply(p, a, into: b)
            multiply(p, b, into: c)
            for i in 0..<total.count { total.base[i] -= c.base[i] / 2 }
            // a = G S, then c = the three products.
            multiply(m, scaled, into: a)
            for i in 0..<m.count { m.base[i] *= 1.5 }
            multiply(p, a, into: b)
            multiply(p, b, into: c)
            for i in 0..<m.count { m.base[i] -= c.base[i] / 2 }
            multiply(b, p, into: c)
            for i in 0..<m.count { m.base[i] -= c.base[i] / 2 }
            multiply(a, p, into: b)
            multiply(b, p, into: c)
            for i in 0..<m.count { m.base[i] -= c.base[i] / 2 }
            symmetrize(m)
        }
        symmetrize(total)
        let onDiagonal = sum(count: total.count) { total.base[$0] * scaled.base[$0] } + product / 2
        for i in 0..<m.count { m.base[i] = total.base[i] / trace }
        for i in 0..<n { m.base[i * n + i] -= onDiagonal / trace }
    }
}
