/// A symmetric matrix A that is known by its products with vectors.
package struct SymmetricMatrix {
    /// The number of rows and columns.
    package let dimension: Int
    /// Overwrites the second vector with A times the first.
    let multiply: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void

    package init(dimension: Int, multiply: @escaping (UnsafePointer<Double>, UnsafeMutablePointer<Double>) -> Void) {
        self.dimension = dimension
        self.multiply = multiply
    }

    /// D A D for the diagonal matrix D with these values, which has the eigenvalues of D^2 A.
    package func scaled(by diagonal: [Double]) -> SymmetricMatrix {
        precondition(diagonal.count == dimension)
        let count = dimension, scaled = Matrix<Double>(rows: 1, columns: dimension)
        return SymmetricMatrix(dimension: dimension) { vector, result in
            for i in 0..<count { scaled.base[i] = diagonal[i] * vector[i] }
            multiply(scaled.base, result)
            for i in 0..<count { result[i] *= diagonal[i] }
        }
    }
}

/// Lanczos' method: the columns q of Q, orthonormal, span what A makes of a start vector, and T = Q^T A Q is
/// tridiagonal.
///
/// Each new vector is orthogonalized against all earlier ones, twice, so that no eigenvalue comes a second time because
/// of rounding. Where what A makes of the vectors is spanned already, a random vector continues. Everything is in
/// Double but the products. Source: Lanczos 1950; Golub & Van Loan, "Matrix computations", section 10.3.
struct LanczosProcess {
    private let matrix: SymmetricMatrix
    /// The vectors q, one a row, and room for the next.
    private let basis: Matrix<Double>
    private var stream: RandomStream
    /// The largest element of T so far.
    private var size = 0.0
    /// The diagonal of T.
    private(set) var diagonal: [Double] = []
    /// The elements beside the diagonal; the last leads to the vector that would be next.
    private(set) var offDiagonal: [Double] = []

    /// - Parameters:
    ///   - start: the first vector, of any length but 0; nil for a random direction.
    ///   - most: the largest number of steps.
    ///   - stream: gives the random vectors.
    init(_ matrix: SymmetricMatrix, start: [Double]? = nil, most: Int, stream: RandomStream) {
        self.matrix = matrix
        self.stream = stream
        basis = Matrix(rows: most + 1, columns: matrix.dimension)
        if let start {
            for (i, value) in start.enumerated() { basis.base[i] = value }
            normalize(row: 0)
        } else {
            fillRandomly(row: 0)
        }
    }

    /// Makes one step, which takes a product.
    ///
    /// Returns false, and changes nothing, where the product is not finite.
    mutating func advance() -> Bool {
        let step = diagonal.count, n = matrix.dimension
        precondition(step < min(n, basis.rows - 1), "there are no further vectors")
        let q = basis.base + step * n, next = basis.base + (step + 1) * n
        matrix.multiply(q, next)
        let alpha = sum(count: n) { q[$0] * next[$0] }
        guard alpha.isFinite else { return false }
        orthogonalize(row: step + 1)
        var beta = norm(row: step + 1)
        guard beta.isFinite else { return false }
        diagonal.append(alpha)
        size = max(size, abs(alpha), beta)
        if step + 1 == n {
            beta = 0
        } else if beta <= 0x1p-45 * size {
            beta = 0
            fillRandomly(row: step + 1)
        } else {
            normalize(row: step + 1)
        }
        offDiagonal.append(beta)
        return true
    }

    /// The eigenvalues of T, the largest first, with the last components of their eigenvectors: an eigenvalue of A lies
    /// within |last| times the last of `offDiagonal` of each.
    var eigenpairs: [TridiagonalEigenpair] {
        tridiagonalEigenpairs(diagonal: diagonal, offDiagonal: Array(offDiagonal.dropLast()))
    }

    private mutating func fillRandomly(row: Int) {
        let n = matrix.dimension, target = basis.base + row * n
        for i in 0..<n { target[i] = stream.nextNormalPair().0 }
        normalize(row: row)
        orthogonalize(row: row)
        normalize(row: row)
    }

    private func norm(row: Int) -> Double {
        let values = basis.base + row * matrix.dimension
        return sumOfSquares(count: matrix.dimension) { values[$0] }.squareRoot()
    }

    private func normalize(row: Int) {
        let n = matrix.dimension, values = basis.base + row * n, factor = 1 / norm(row: row)
        for i in 0..<n { values[i] *= factor }
    }

    /// Subtracts from a row its projections on all rows before, twice, since the first time leaves rounding.
    private func orthogonalize(row: Int) {
        let n = matrix.dimension, target = basis.base + row * n
        for _ in 0..<2 {
            for other in 0..<row {
                let q = basis.base + other * n, projection = sum(count: n) { q[$0] * target[$0] }
                for i in 0..<n { target[i] -= projection * q[i] }
            }
        }
    }
}
