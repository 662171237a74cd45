// The derivatives along a direction of all kinds with statistics over the batch, group by group of rows.

extension BatchStatistics {
    /// See `TwiceDifferentiable.forwardTangent`.
    /// - Parameters:
    ///   - scale: what multiplies the normalized values, 1 x H or absent: 1.
    ///   - scaleTangent: its derivative, and below that of what is added; absent: 0.
    @inline(__always)
    func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, _ buffers: NormalizationBuffers<S>, _ tangents: NormalizationTangents<S>,
        columns: Range<Int>, scale: Matrix<S>?, scaleTangent: Matrix<S>?, shiftTangent: Matrix<S>?
    ) {
        for (group, rows) in buffers.groups(rows: input.rows).enumerated() {
            let normalized = buffers.normalized[columns: columns][rows: rows]
            let normalizedTangent = tangents.normalized[columns: columns][rows: rows]
            normalizeTangent(
                input[columns: columns][rows: rows], normalized: normalized,
                inverseStandardDeviation: buffers.moments[group].inverseStandardDeviation, count: S(rows.count),
                subtractsMean: subtractsMean, divides: dividesByDeviation, into: normalizedTangent,
                factorChange: tangents.factorChanges[group],
                mean: tangents.sums.gradient)
            scaleAndShiftTangent(
                normalizedTangent, normalized: normalized, scale: scale, scaleTangent: scaleTangent,
                shiftTangent: shiftTangent, into: tangents.output[columns: columns][rows: rows])
        }
    }

    /// See `TwiceDifferentiable.backwardTangent`.
    /// - Parameter addGammaProduct: adds what a group's sums contribute to the product of gamma.
    @inline(__always)
    func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>, scale: Matrix<S>?, scaleTangent: Matrix<S>?,
        addGammaProduct: (Matrix<S>) -> Void
    ) {
        for parameter in [tangents.gamma, tangents.beta] {
            guard let parameter else { continue }
            (parameter.product.base + columns.lowerBound).update(repeating: 0, count: columns.count)
        }
        for (group, rows) in buffers.groups(rows: tangent.rows).enumerated() {
            normalizeBackwardTangent(
                tangent[columns: columns][rows: rows], gradient: gradient[columns: columns][rows: rows],
                normalized: buffers.normalized[columns: columns][rows: rows],
                normalizedTangent: tangents.normalized[columns: columns][rows: rows],
                inverseStandardDeviation: buffers.moments[group].inverseStandardDeviation,
                factorChange: tangents.factorChanges[group], count: S(rows.count), subtractsMean: subtractsMean,
                divides: dividesByDeviation, scale: scale, scaleTangent: scaleTangent, sums: tangents.sums)
            if let beta = tangents.beta { add(tangents.sums.tangent, to: beta.product, columns: columns) }
            if let gamma = tangents.gamma { addGammaProduct(gamma.product) }
        }
    }

    /// Both for kinds whose output is gamma normalized + beta.
    @inline(__always)
    func forwardTangent<S: Scalar>(
        _ input: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        forwardTangent(
            input, buffers, tangents, columns: columns, scale: state.gamma?.value,
            scaleTangent: tangents.gamma?.direction, shiftTangent: tangents.beta?.direction)
    }

    @inline(__always)
    func backwardTangent<S: Scalar>(
        _ tangent: Matrix<S>, gradient: Matrix<S>, _ state: Normalizer<S>, _ buffers: NormalizationBuffers<S>,
        _ tangents: NormalizationTangents<S>, columns: Range<Int>
    ) {
        backwardTangent(
            tangent, gradient: gradient, buffers, tangents, columns: columns, scale: state.gamma?.value,
            scaleTangent: tangents.gamma?.direction,
            addGammaProduct: { add(tangents.sums.tangentProduct, to: $0, columns: columns) })
    }
}
