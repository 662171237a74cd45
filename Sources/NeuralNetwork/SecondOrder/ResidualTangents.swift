/// The derivatives along a direction of the sum s = x + factor h that ends a residual block: R s = R x + factor R h + R
/// factor h (9), and backward from R dL/ds (10).
///
/// Numbers are equations of docs/hessian.md. Matrices are N x H.
final class ResidualTangents<S: Scalar> {
    /// R s.
    let sum: Matrix<S>
    /// R dL/ds, which is the skip connection's part of R dL/dx.
    let gradient: Matrix<S>
    /// That of the block's factor; absent where it is not trained.
    let factor: ParameterTangent<S>?
    private let source: LayerTangents<S>
    private let skip: SkipConnection
    private let buffers: ResidualBuffers<S>
    /// sum_i of R dL/ds_ij h_ij and of dL/ds_ij R h_ij, and of the first factors, 1 x H.
    private let products: (Matrix<S>, Matrix<S>)
    private let scratch: Matrix<S>

    init(_ layer: Layer<S>, _ skip: SkipConnection, _ buffers: ResidualBuffers<S>, source: LayerTangents<S>) {
        (self.skip, self.buffers, self.source) = (skip, buffers, source)
        let features = buffers.sum.columns
        sum = Matrix(rows: buffers.sum.rows, columns: features)
        gradient = Matrix(rows: buffers.sum.rows, columns: features)
        factor = layer.factor.map { ParameterTangent($0) }
        products = (Matrix(rows: 1, columns: features), Matrix(rows: 1, columns: features))
        scratch = Matrix(rows: 1, columns: features)
    }

    func useRows(_ count: Int) {
        sum.useRows(count)
        gradient.useRows(count)
    }

    /// Overwrites R s in some units, from R h and the derivatives of the layer that x comes from.
    func forward(_ units: Range<Int>, tangent: Matrix<S>, h: Matrix<S>, factor value: S) {
        let x = skip.placement == .pre ? source.stream : source.output
        addBranch(tangent[columns: units], factor: value, to: x[columns: units], into: sum[columns: units])
        guard let change = factor?.direction.base[0] else { return }
        updateElements(sum[columns: units], h[columns: units]) { $0 + change * $1 }
    }

    /// Turns R dL/ds into R dL/dh = factor R dL/ds + R factor dL/ds in some units, in place, keeps R dL/ds, and
    /// overwrites the sums that the product of the factor is made of.
    /// - Parameter tangent: R h.
    func backward(_ units: Range<Int>, _ rGradient: Matrix<S>, tangent: Matrix<S>, h: Matrix<S>, factor value: S) {
        guard let lossGradient = buffers.gradient else {
            preconditionFailure("this workspace is for evaluation only")
        }
        let block = rGradient[columns: units]
        mapElements(block, gradient[columns: units]) { $0 }
        mapElements(block, block) { value * $0 }
        guard let change = factor?.direction.base[0] else { return }
        updateElements(block, lossGradient[columns: units]) { $0 + change * $1 }
        sumColumns(
            gradient[columns: units], times: h[columns: units], into: scratch, productsInto: products.0)
        sumColumns(
            lossGradient[columns: units], times: tangent[columns: units], into: scratch, productsInto: products.1)
    }

    /// Overwrites R dL/dfactor = sum_ij R dL/ds_ij h_ij + dL/ds_ij R h_ij, when the sums of all units are there.
    func differentiateFactor() {
        guard let factor else { return }
        let a = products.0.base, b = products.1.base
        factor.product.base[0] = S(NeuralNetwork.sum(count: scratch.columns) { Double(a[$0]) + Double(b[$0]) })
    }
}
