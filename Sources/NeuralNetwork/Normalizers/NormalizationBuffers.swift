/// What one layer's normalization keeps of a batch of N rows with H features.
package final class NormalizationBuffers<S: Scalar> {
    /// The values before scale and shift, N x H.
    ///
    /// Those of batch renormalization are before r and d.
    package let normalized: Matrix<S>
    /// gamma normalized + beta, N x H, with the noise if there is any.
    let output: Matrix<S>
    /// The statistics of each group of rows that are taken together; none where no statistics are over the batch.
    package let moments: [NormalizationMoments<S>]
    /// The buffers that only this kind of normalization has; see `Normalization.ownBufferShapes`.
    let own: [Matrix<S>]
    /// Those that it has in float64; see `Normalization.exactBufferShapes`.
    let exact: [Matrix<Double>]
    /// The batch's whitening matrix in the form of `RunningStatistics.whitening`, where units are whitened.
    package let whitening: Matrix<Double>?
    /// What multiplies the normalized values in the place of gamma, 1 x H.
    package let scale: Matrix<S>?
    /// The factor s of the noise, N x H.
    let noise: Matrix<S>?
    /// The sums of one group, 1 x H: dL/dgamma and dL/dbeta.
    let gammaGradient: Matrix<S>
    let betaGradient: Matrix<S>
    let groupSize: Int
    /// Whether the last pass normalized with statistics of the batch, where the kind has any; else they were the
    /// running ones, which are constants to the gradient.
    var usesBatchStatistics = true
    /// Whether what the gradient takes for constants keeps the values of the last pass, as r and d of batch
    /// renormalization.
    var holdsConstants = false
    /// The place of the first row in the batch of which the rows are a part; see `Workspace.firstRow`.
    var firstRow = 0

    package init(_ description: any Normalization, rows: Int, features: Int, forTraining: Bool) {
        func row() -> Matrix<S> { Matrix(rows: 1, columns: features) }
        normalized = Matrix(rows: rows, columns: features)
        output = Matrix(rows: rows, columns: features)
        groupSize = description.statistics?.groupSize ?? max(rows, 1)
        let groupCount = description.isOverBatch ? max(1, (rows + groupSize - 1) / groupSize) : 0
        moments = (0..<groupCount).map { _ in NormalizationMoments(features: features) }
        let own: [Matrix<S>] = description.ownBufferShapes(rows: rows, features: features, forTraining: forTraining).map
        {
            Matrix(rows: $0.rows, columns: $0.columns)
        }
        self.own = own
        exact = description.exactBufferShapes(features: features).map { Matrix(rows: $0.rows, columns: $0.columns) }
        whitening = description.statistics?.whitenedUnits.map { Matrix(rows: features, columns: $0) }
        scale = description.scaleBuffer.map { own[$0] }
        noise = description.noise != nil && forTraining ? Matrix(rows: rows, columns: features) : nil
        gammaGradient = row()
        betaGradient = row()
    }

    /// The groups that a batch of `rows` rows falls into; the last may be smaller.
    package func groups(rows: Int) -> [Range<Int>] {
        stride(from: 0, to: rows, by: groupSize).map { $0..<min($0 + groupSize, rows) }
    }

    /// Mean and variance of each feature in the last batch of `rows` rows, averaged over its groups.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func averageMoments(rows: Int) -> (mean: [Double], variance: [Double]) {
        let used = moments.prefix(groups(rows: rows).count)
        func average(_ value: (NormalizationMoments<S>, Int) -> Double) -> [Double] {
            (0..<normalized.columns).map { j in used.reduce(0.0) { $0 + value($1, j) } / Double(used.count) }
        }
        return (
            average { Double($0.mean.base[$1]) + Double($0.meanResidual.base[$1]) },
            average { Double($0.variance.base[$1]) }
        )
    }

    func useRows(_ count: Int) {
        normalized.useRows(count)
        output.useRows(count)
        noise?.useRows(count)
    }
}
