/// A normalization whose passes have derivatives along a direction in the space of parameters, which products with the
/// Hessian need.
///
/// R x is dx/dr at r = 0 where the parameters are p + r v: the R-operator of Pearlmutter 1994, "Fast exact
/// multiplication by the Hessian". Statistics of the batch move with the parameters; what the gradient takes for
/// constants, such as r and d of batch renormalization, does not. docs/hessian.md derives the equations.
package protocol TwiceDifferentiable: Normalization {
    /// Overwrites the tangents' R normalized and R output of the features `columns`.
    /// - Parameters:
    ///   - input: R h, N x H.
    ///   - h: the input of `forward`.
    func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>)

    /// Turns R dL/doutput into R dL/dh, in place, for the features `columns`, and overwrites the products of their
    /// parameters.
    /// - Parameters:
    ///   - tangent: N x H; R dL/doutput before and R dL/dh after.
    ///   - gradient: dL/doutput.
    ///   - input: R h, what `forwardTangent` was given.
    func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, input: Matrix<S>, h: Matrix<S>, _ state: Normalizer<S>,
        _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>, columns: Range<Int>)
}

/// Derivatives along a direction of what one layer's normalization keeps of a batch of N rows with H features.
package final class NormalizationTangents<S: Scalar> {
    let gamma: ParameterTangent<S>?
    let beta: ParameterTangent<S>?
    /// Those of the kind's own parameters, in their order.
    let own: [ParameterTangent<S>]
    /// R normalized, N x H.
    let normalized: Matrix<S>
    /// R output, N x H.
    let output: Matrix<S>
    /// R s / s of the factors s that values are multiplied by: 1 x H for each group of rows with statistics of its own,
    /// or where rows are normalized as many as there are factors.
    let factorChanges: [Matrix<S>]
    let sums: TangentSums<S>
    /// R of what multiplies normalized values and of what is added, 1 x H, where these are not gamma and beta.
    let scale: Matrix<S>
    let shift: Matrix<S>

    init(_ normalizer: Normalizer<S>, _ buffers: NormalizationBuffers<S>) {
        let rows = buffers.normalized.rows, features = buffers.normalized.columns
        gamma = normalizer.gamma.map { ParameterTangent($0) }
        beta = normalizer.beta.map { ParameterTangent($0) }
        own = normalizer.own.map { ParameterTangent($0) }
        normalized = Matrix(rows: rows, columns: features)
        output = Matrix(rows: rows, columns: features)
        factorChanges =
            buffers.moments.isEmpty
            ? buffers.own.prefix(1).map { Matrix(rows: 1, columns: $0.columns) }
            : buffers.moments.map { _ in Matrix(rows: 1, columns: features) }
        sums = TangentSums(features: features)
        scale = Matrix(rows: 1, columns: features)
        shift = Matrix(rows: 1, columns: features)
    }

    /// Those of all parameters, in the order of `Normalizer.parameters`.
    var parameters: [ParameterTangent<S>] { [gamma, beta].compactMap { $0 } + own }

    func useRows(_ count: Int) {
        normalized.useRows(count)
        output.useRows(count)
    }

    /// Equation (8), the products of gamma and beta, both overwritten: R dL/dbeta = sum_i R dL/dy_ij and
    /// R dL/dgamma = sum_i R dL/dy_ij normalized_ij + dL/dy_ij R normalized_ij.
    func differentiateAffine(_ tangent: Matrix<S>, gradient: Matrix<S>, normalized: Matrix<S>) {
        let beta = beta?.product ?? sums.tangent, gamma = gamma?.product ?? sums.tangentProduct
        sumColumns(gradient.all, times: self.normalized.all, into: sums.gradient, productsInto: sums.gradientProduct)
        sumColumns(tangent.all, times: normalized.all, into: beta, productsInto: gamma)
        add(sums.gradientProduct, to: gamma, columns: 0..<gamma.columns)
    }
}
