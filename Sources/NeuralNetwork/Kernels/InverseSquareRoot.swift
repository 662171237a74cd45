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
    /// tr(A), 1 x 1.
    let trace: Matrix<Double>
    /// Y_0 = S = A / tr(A), ..., Y_(T-1).
    let roots: ArraySlice<Matrix<Double>>
    /// Z_0 = I, ..., Z_T.
    let inverseRoots: ArraySlice<Matrix<Double>>
    let scratch: (Matrix<Double>, Matrix<Double>, Matrix<Double>, Matrix<Double>, Matrix<Double>)

    /// Overwrites W = Z_T tr(A)^(-1/2) with M = (3 I - Z_k Y_k) / 2, Y_(k+1) = Y_k M, Z_(k+1) = M Z_k.
    ///
    /// Without rounding Z_k is P_k = (3 P_(k-1) - P_(k-1)^3 S) / 2, whose errors grow from step to step once it has
    /// converged; those of the pair do not. Sources: Huang et al. 2019, "Iterative normalization: beyond
    /// standardization towards efficient whitening", algorithm 1, has P; Higham, "Functions of matrices", 2008, section
    /// 6.7, the pair.
    func invert(_ a: Matrix<Double>, into w: Matrix<Double>) {
        let n = a.rows, m = scratch.0
        var (y, z) = (roots.startIndex, inverseRoots.startIndex)
        trace.base[0] = 0
        for i in 0..<n { trace.base[0] += a.base[i * n + i] }
        for k in 0..<a.count { roots[y].base[k] = a.base[k] / trace.base[0] }
        inverseRoots[z].elements.update(repeating: 0)
        for i in 0..<n { inverseRoots[z].base[i * n + i] = 1 }
        while y < roots.endIndex {
            computeStep(roots[y], inverseRoots[z], into: m)
            if y + 1 < roots.endIndex { multiply(roots[y], m, into: roots[y + 1]) }
            multiply(m, inverseRoots[z], into: inverseRoots[z + 1])
            (y, z) = (y + 1, z + 1)
        }
        let factor = 1 / trace.base[0].squareRoot()
        for i in 0..<w.count { w.base[i] = factor * inverseRoots[z].base[i] }
    }

    /// Turns V = dL/dW into dL/dA, in place.
    ///
    /// With dL/dY_T = 0 and dL/dZ_T = V tr(A)^(-1/2), V made symmetric, from k = T - 1 down to 0, Y = Y_k, Z = Z_k,
    ///
    ///     dL/dM   = Y^T dL/dY_(k+1) + dL/dZ_(k+1) Z^T
    ///     dL/dY_k = dL/dY_(k+1) M^T - Z^T (dL/dM) / 2
    ///     dL/dZ_k = M^T dL/dZ_(k+1) - (dL/dM) Y^T / 2
    ///
    /// and dL/dA = (dL/dS) / tr(A) - I (sum_ij (dL/dS)_ij S_ij + sum_ij V_ij W_ij / 2) / tr(A) with dL/dS = dL/dY_0,
    /// made symmetric, since S is. The pair is differentiated, not P, since the derivative of a step that amplifies
    /// errors does so too.
    func differentiate(_ v: Matrix<Double>, w: Matrix<Double>) {
        let n = v.rows, trace = trace.base[0], factor = 1 / trace.squareRoot()
        let (m, mGradient, yGradient, a, b) = scratch
        symmetrize(v)
        let product = sum(count: v.count) { v.base[$0] * w.base[$0] }
        for k in 0..<v.count { v.base[k] *= factor }
        yGradient.elements.update(repeating: 0)
        for k in (0..<roots.count).reversed() {
            let y = roots[roots.startIndex + k], z = inverseRoots[inverseRoots.startIndex + k]
            computeStep(y, z, into: m)
            multiplyTransposedLeft(y, yGradient, into: a)
            multiplyTransposedRight(v, z, into: mGradient)
            for i in 0..<a.count { mGradient.base[i] += a.base[i] }
            multiplyTransposedRight(yGradient, m, into: a)
            multiplyTransposedLeft(z, mGradient, into: b)
            for i in 0..<a.count { yGradient.base[i] = a.base[i] - b.base[i] / 2 }
            multiplyTransposedLeft(m, v, into: a)
            multiplyTransposedRight(mGradient, y, into: b)
            for i in 0..<a.count { v.base[i] = a.base[i] - b.base[i] / 2 }
        }
        symmetrize(yGradient)
        let s = roots[roots.startIndex]
        let onDiagonal = sum(count: s.count) { yGradient.base[$0] * s.base[$0] } + product / 2
        for i in 0..<v.count { v.base[i] = yGradient.base[i] / trace }
        for i in 0..<n { v.base[i * n + i] -= onDiagonal / trace }
    }

    /// Overwrites M = (3 I - Z Y) / 2.
    private func computeStep(_ y: Matrix<Double>, _ z: Matrix<Double>, into m: Matrix<Double>) {
        multiply(z, y, into: m)
        for k in 0..<m.count { m.base[k] /= -2 }
        for i in 0..<m.rows { m.base[i * m.rows + i] += 1.5 }
    }
}
