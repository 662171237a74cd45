/// What whitening one group of n units keeps of a batch, in float64: views of a kind's exact buffers.
struct WhiteningBuffers {
    /// The covariance with epsilon on its diagonal, n x n; then dL/dW, then the gradient of the covariance.
    let covariance: Matrix<Double>
    /// The whitening matrix W, n x n.
    let whitening: Matrix<Double>
    /// A row of centred values, of their gradients, and two results, 1 x n each.
    let rows: (Matrix<Double>, Matrix<Double>, Matrix<Double>, Matrix<Double>)
    let root: Root

    enum Root {
        case eigen(EigenRoot)
        case newton(NewtonRoot)
    }

    /// How many matrices a group has.
    static func count(_ method: DecorrelatedBatchNormalization.Method) -> Int {
        switch method {
        case .eigen: 10
        case .newton(let iterations): 13 + 2 * iterations
        }
    }

    /// The shapes of the matrices of one group, in their order.
    static func shapes(units n: Int, _ method: DecorrelatedBatchNormalization.Method) -> [(rows: Int, columns: Int)] {
        let square = (rows: n, columns: n), row = (rows: 1, columns: n)
        let common = [square, square, row, row, row, row]
        switch method {
        case .eigen: return common + [square, square, row, square]
        case .newton(let iterations):
            return common + [(1, 1)] + Array(repeating: square, count: 5 + iterations + iterations + 1)
        }
    }

    /// - Parameter matrices: those of one group, of the shapes above.
    init(_ matrices: ArraySlice<Matrix<Double>>, _ method: DecorrelatedBatchNormalization.Method) {
        let i = matrices.startIndex
        covariance = matrices[i]
        whitening = matrices[i + 1]
        rows = (matrices[i + 2], matrices[i + 3], matrices[i + 4], matrices[i + 5])
        switch method {
        case .eigen:
            root = .eigen(
                EigenRoot(
                    diagonal: matrices[i + 6], eigenvectors: matrices[i + 7], eigenvalues: matrices[i + 8],
                    scratch: matrices[i + 9]))
        case .newton(let iterations):
            root = .newton(
                NewtonRoot(
                    trace: matrices[i + 6], roots: matrices[(i + 12)..<(i + 12 + iterations)],
                    inverseRoots: matrices[(i + 12 + iterations)...],
                    scratch: (
                        matrices[i + 7], matrices[i + 8], matrices[i + 9], matrices[i + 10], matrices[i + 11]
                    )))
        }
    }

    /// Overwrites W = covariance^(-1/2).
    /// - Parameter epsilon: what the covariance has on its diagonal, so that no eigenvalue is below it.
    func invert(epsilon: Double) {
        switch root {
        case .eigen(let root): root.invert(covariance, least: epsilon, into: whitening)
        case .newton(let root): root.invert(covariance, into: whitening)
        }
    }

    /// Turns dL/dW, which `covariance` holds, into the gradient of the covariance.
    func differentiate() {
        switch root {
        case .eigen(let root): root.differentiate(covariance)
        case .newton(let root): root.differentiate(covariance, w: whitening)
        }
    }
}
