/// An eigenvalue of a symmetric matrix A as Lanczos' method finds it, and how far it may be off.
package struct ApproximateEigenvalue: Equatable, Sendable {
    package var value: Double
    /// norm(A x - value x) of its unit vector x; an eigenvalue of A lies within this of the value.
    package var residual: Double
}

/// Eigenvalues at the ends of a symmetric matrix's spectrum.
package struct ExtremeEigenvalues: Sendable {
    /// The largest ones, in descending order.
    package var largest: [ApproximateEigenvalue]
    package var smallest: ApproximateEigenvalue
    /// How many products with the matrix it took.
    package var productCount: Int

    /// Goes on until the residuals of the `count` largest eigenvalues, or of all that there are, are at most
    /// `tolerance` times the largest eigenvalue in size, or `most` products are made; the smallest one is not waited
    /// for.
    ///
    /// The first vector is random. Of an eigenvalue that occurs several times one is found, but for small matrices.
    /// - Parameter index: of the stream of random numbers, with `step`.
    /// - Returns: nil where a product is not finite.
    package init?(
        of matrix: SymmetricMatrix, count: Int, tolerance: Double, most: Int, seed: UInt64, index: Int = 0,
        step: Int = 0
    ) {
        let most = min(most, matrix.dimension), count = min(count, most)
        precondition(count > 0)
        var process = LanczosProcess(
            matrix, most: most, stream: RandomStream(seed: seed, purpose: .curvature, index: index, step: step))
        while true {
            guard process.advance() else { return nil }
            let found = process.eigenpairs, link = process.offDiagonal.last ?? 0
            guard found.count >= count else { continue }
            let values = found.map { ApproximateEigenvalue(value: $0.value, residual: abs($0.last * link)) }
            let largest = values.prefix(count), smallest = values[values.count - 1]
            let size = max(abs(values[0].value), abs(smallest.value))
            guard largest.allSatisfy({ $0.residual <= tolerance * size }) || found.count == most else { continue }
            self.largest = Array(largest)
            self.smallest = smallest
            productCount = found.count
            return
        }
    }
}

/// What one random vector tells of a symmetric matrix's spectrum.
///
/// The vector z has P values, each 1 or -1, so that the mean of z^T A z over such vectors is the trace. Source:
/// Hutchinson 1990, "A stochastic estimator of the trace of the influence matrix".
package struct SpectrumProbe: Sendable {
    /// z^T A z.
    package var trace: Double
    /// Nodes and weights, which add up to 1, of Gauss quadrature for the density of eigenvalues as z sees it, the
    /// largest first: the mean over vectors of sum_i weight_i f(value_i) is near the mean of f over all eigenvalues.
    ///
    /// Source: Golub & Welsch 1969; Ghorbani, Krishnan & Xiao 2019, "An investigation into neural net optimization via
    /// Hessian eigenvalue density", algorithm 1.
    package var nodes: [(value: Double, weight: Double)]

    /// Takes as many products as there are nodes, at least one.
    /// - Parameters:
    ///   - nodeCount: how many nodes, at most P.
    ///   - index: of the stream of random numbers, with `step`.
    /// - Returns: nil where a product is not finite.
    package init?(of matrix: SymmetricMatrix, nodeCount: Int, seed: UInt64, index: Int, step: Int = 0) {
        var stream = RandomStream(seed: seed, purpose: .curvature, index: index, step: step)
        let z = (0..<matrix.dimension).map { _ in stream.nextWord() & 1 == 0 ? 1.0 : -1.0 }
        let most = max(1, min(nodeCount, matrix.dimension))
        var process = LanczosProcess(matrix, start: z, most: most, stream: stream)
        for _ in 0..<most {
            guard process.advance() else { return nil }
        }
        trace = process.diagonal[0] * Double(matrix.dimension)
        nodes = process.eigenpairs.map { (value: $0.value, weight: $0.first * $0.first) }
    }
}

/// Returns mean and standard error of the mean (ddof 1; nil for one value) of the traces that probes estimate.
package func meanTrace(_ probes: [SpectrumProbe]) -> (mean: Double, error: Double?)? {
    guard !probes.isEmpty else { return nil }
    let count = Double(probes.count), mean = probes.reduce(0) { $0 + $1.trace } / count
    guard probes.count > 1 else { return (mean, nil) }
    let squares = probes.reduce(0) { $0 + ($1.trace - mean) * ($1.trace - mean) }
    return (mean, (squares / (count - 1) / count).squareRoot())
}
