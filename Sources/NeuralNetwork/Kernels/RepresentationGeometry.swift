import Foundation

/// Measures of how the N rows of a representation X (N x H) lie in space.
///
/// They are computed from the eigenvalues l of its Gram matrix X X^T, the squared singular values of X, uncentered.
/// Where there are more rows than columns, N - H of them are 0 and the others are those of X^T X.
package struct RepresentationGeometry: Equatable, Sendable {
    /// The mean of cos(x_i, x_j) over all pairs of different rows that are not zero; nil if there is no such pair.
    package var meanCosine: Double?
    /// The sum of l divided by the largest l: the squared Frobenius over the squared spectral norm.
    package var stableRank: Double?
    /// The participation ratio of the eigenvalues, (sum l)^2 / sum l^2.
    package var participationRatio: Double?
    /// The number of l above `threshold` times the largest.
    ///
    /// Source: Daneshmand et al. 2020, "Batch normalization provably avoids rank collapse", section 2, the threshold
    /// taken relative to the largest.
    package var effectiveRank: Int
    /// The isometry gap log((1/N) sum l) - (1/N) sum log l: 0 for orthogonal rows of equal length, infinite (nil) for
    /// dependent ones.
    ///
    /// Source: Joudaki, Daneshmand & Bach 2023, "On the impact of activation and normalization in obtaining isometric
    /// embeddings at initialization", definition 1.
    package var isometryGap: Double?
    /// The orthogonality gap norm(X X^T / tr(X X^T) - I / N): 0 for orthogonal rows of equal length, (1 - 1/N)^(1/2)
    /// for parallel ones; nil where X is 0.
    ///
    /// Source: Daneshmand, Joudaki & Bach 2021, "Batch normalization orthogonalizes representations in deep random
    /// networks", section 3.
    package var orthogonalityGap: Double?

    /// - Parameter rows: at most so many rows are taken, the first ones; the cost grows with the cube of the smaller of
    ///   rows and columns.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package init<S: Scalar>(_ x: Matrix<S>, rows limit: Int, threshold: Double) {
        let n = min(limit, x.rows), width = x.columns
        let gram = Matrix<Double>(rows: n, columns: n)
        for i in 0..<n {
            for j in 0...i {
                let a = x.base + i * width, b = x.base + j * width
                let product = sum(count: width) { Double(a[$0]) * Double(b[$0]) }
                gram.base[i * n + j] = product
                gram.base[j * n + i] = product
            }
        }
        let lengths = (0..<n).map { gram.base[$0 * n + $0].squareRoot() }
        var cosines = 0.0, pairCount = 0
        for i in 0..<n {
            for j in 0..<i where lengths[i] != 0 && lengths[j] != 0 {
                cosines += gram.base[i * n + j] / (lengths[i] * lengths[j])
                pairCount += 1
            }
        }
        meanCosine = pairCount > 0 ? cosines / Double(pairCount) : nil
        // Finding eigenvalues overwrites the matrix.
        let original = Matrix<Double>(rows: n, columns: n)
        original.copy(from: gram)
        let nonzero = symmetricEigenvalues(width < n ? columnGram(x, rows: n) : gram).map { max(0, $0) }
        let eigenvalues = nonzero + [Double](repeating: 0, count: n - nonzero.count)
        let total = eigenvalues.reduce(0, +), largest = eigenvalues.reduce(0, max),
            squares = eigenvalues.reduce(0) { $0 + $1 * $1 }
        guard total > 0, total.isFinite else {
            (stableRank, participationRatio, effectiveRank, isometryGap, orthogonalityGap) = (nil, nil, 0, nil, nil)
            if !total.isFinite { meanCosine = nil }
            return
        }
        stableRank = total / largest
        participationRatio = total * total / squares
        // Entry by entry, since 1 / participationRatio - 1 / N cancels where rows are nearly orthogonal.
        orthogonalityGap = sumOfSquares(count: n * n) {
            original.base[$0] / total - ($0 % (n + 1) == 0 ? 1 / Double(n) : 0)
        }.squareRoot()
        effectiveRank = eigenvalues.count { $0 > threshold * largest }
        // Of X itself, since the small eigenvalues of its Gram matrix drown in the rounding of the large ones.
        let singular = width < n ? [] : singularValues(x, rows: n)
        let isDependent = singular.isEmpty || singular.contains { $0 <= 0x1p-52 * Double(n) * (singular.max() ?? 0) }
        isometryGap =
            isDependent ? nil : log(total / Double(n)) - 2 * singular.reduce(0) { $0 + log($1) } / Double(n)
    }
}

/// Returns X^T X (H x H) of the first rows of X (N x H).
private func columnGram<S: Scalar>(_ x: Matrix<S>, rows: Int) -> Matrix<Double> {
    let width = x.columns
    let gram = Matrix<Double>(rows: width, columns: width)
    for i in 0..<width {
        for j in 0...i {
            let product = sum(count: rows) { Double(x.base[$0 * width + i]) * Double(x.base[$0 * width + j]) }
            gram.base[i * width + j] = product
            gram.base[j * width + i] = product
        }
    }
    return gram
}
