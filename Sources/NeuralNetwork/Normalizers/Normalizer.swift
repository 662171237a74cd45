/// What one layer's normalization keeps of a batch of N rows with H features.
package final class NormalizationBuffers<S: Scalar> {
    /// Before scale and shift, N x H.
    ///
    /// For batch renormalization: before r and d.
    package let normalized: Matrix<S>
    /// gamma normalized + beta, N x H, with the noise if there is any.
    package let output: Matrix<S>
    /// Of each group of rows whose statistics are taken together; none for row-wise kinds.
    package let moments: [NormalizationMoments<S>]
    /// The factor of each row, 1 x N; row-wise kinds only.
    let rowInverse: Matrix<S>?
    /// Batch renormalization's r and d, and gamma r and gamma d + beta; 1 x H each.
    let renormalization: (r: Matrix<S>, d: Matrix<S>, scale: Matrix<S>, shift: Matrix<S>)?
    /// The factor s of the noise, N x H.
    let noise: Matrix<S>?
    let study: NormalizationStudyScratch<S>?
    /// The sums of one group; 1 x H.
    let groupGammaGradient: Matrix<S>
    let groupBetaGradient: Matrix<S>
    let groupSize: Int

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package init(_ description: Normalization, rows: Int, features: Int, forTraining: Bool) {
        func row() -> Matrix<S> { Matrix(rows: 1, columns: features) }
        normalized = Matrix(rows: rows, columns: features)
        output = Matrix(rows: rows, columns: features)
        groupSize = description.groupSize ?? max(rows, 1)
        let groupCount = description.isOverBatch ? max(1, (rows + groupSize - 1) / groupSize) : 0
        moments = (0..<groupCount).map { _ in NormalizationMoments(features: features) }
        rowInverse = description.isOverBatch ? nil : Matrix(rows: 1, columns: rows)
        if case .batchRenormalization = description.kind {
            renormalization = (row(), row(), row(), row())
        } else {
            renormalization = nil
        }
        noise = description.noise != nil && forTraining ? Matrix(rows: rows, columns: features) : nil
        study =
            description.backward == .closedForm || !forTraining
            ? nil
            : NormalizationStudyScratch(rows: rows, features: features, backward: description.backward)
        groupGammaGradient = row()
        groupBetaGradient = row()
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

/// One layer's normalization: scale, shift and running statistics with the passes that use them.
package final class Normalizer<S: Scalar> {
    package let description: Normalization
    package let gamma: Parameter<S>?
    package let beta: Parameter<S>?
    /// Where statistics are over the batch.
    package let running: RunningStatistics<S>?
    private let layer: Int
    private let seed: UInt64
    /// 1 x H each.
    private let scratch: (first: Matrix<S>, second: Matrix<S>)
    private let epsilon: S

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package init(_ description: Normalization, features: Int, layer: Int, seed: UInt64, stateCount: Int) {
        self.description = description
        self.layer = layer
        self.seed = seed
        func row(_ kind: ParameterKind, startingAt value: Double) -> Parameter<S> {
            Parameter(kind, rows: 1, columns: features, stateCount: stateCount, initialValue: value)
        }
        gamma = description.hasScale ? row(.gamma, startingAt: description.initialGamma) : nil
        beta = description.hasShift ? row(.beta, startingAt: description.initialBeta) : nil
        running = description.isOverBatch ? RunningStatistics(features: features, description) : nil
        scratch = (Matrix(rows: 1, columns: features), Matrix(rows: 1, columns: features))
        epsilon = S(description.epsilon)
    }

    /// Whether each feature is normalized without looking at others, so that `forward` and `backward` may be given some
    /// at a time.
    var isByFeature: Bool { description.isOverBatch && description.noise == nil && description.backward == .closedForm }

    /// Normalizes the features `columns` of h (N x H), by default all, into the buffers' `output`.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward(
        _ h: Matrix<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, holdsRenormalization: Bool = false,
        columns: Range<Int>? = nil
    ) {
        let columns = columns ?? 0..<h.columns
        guard description.isOverBatch else {
            guard let inverse = buffers.rowInverse else { preconditionFailure("row-wise kinds have row factors") }
            normalizeRows(
                h, epsilon: description.epsilon, subtractsMean: description.kind == .layer, gamma: gamma?.value,
                beta: beta?.value,
                inverseStandardDeviation: inverse, normalized: buffers.normalized, into: buffers.output)
            return addNoise(to: buffers, pass: pass)
        }
        guard pass.usesBatchStatistics else {
            running?.copy(to: buffers.moments[0], columns: columns)
            return normalize(
                h[columns: columns], moments: buffers.moments[0], gamma: gamma?.value, beta: beta?.value,
                normalized: buffers.normalized[columns: columns], into: buffers.output[columns: columns])
        }
        var start = 0, group = 0
        while start < h.rows {
            let rows = start..<min(start + buffers.groupSize, h.rows)
            let moments = buffers.moments[group]
            measure(h[columns: columns][rows: rows], into: moments)
            var gamma = gamma?.value, beta = beta?.value
            if let renormalization = buffers.renormalization {
                if !holdsRenormalization { clip(moments, pass: pass, into: renormalization, columns: columns) }
                combine(renormalization, columns: columns)
                (gamma, beta) = (renormalization.scale, renormalization.shift)
            }
            normalize(
                h[columns: columns][rows: rows], moments: moments, gamma: gamma, beta: beta,
                normalized: buffers.normalized[columns: columns][rows: rows],
                into: buffers.output[columns: columns][rows: rows])
            start = rows.upperBound
            group += 1
        }
        addNoise(to: buffers, pass: pass)
    }

    /// `gradient` (N x H) holds dL/doutput before and dL/dh after, in the given columns, by default all; the gradients
    /// of their gamma and beta are overwritten.
    ///
    /// h is the input of `forward`.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward(
        gradient: Matrix<S>, h: Matrix<S>, _ buffers: NormalizationBuffers<S>, fault: Fault? = nil,
        columns: Range<Int>? = nil
    ) {
        let columns = columns ?? 0..<h.columns
        if let noise = buffers.noise { updateElements(gradient.all, noise.all) { $0 * $1 } }
        guard description.isOverBatch else { return backwardOverRows(gradient: gradient, buffers, fault: fault) }
        if let gamma { (gamma.gradient.base + columns.lowerBound).update(repeating: 0, count: columns.count) }
        if let beta { (beta.gradient.base + columns.lowerBound).update(repeating: 0, count: columns.count) }
        let sum = buffers.groupBetaGradient, productSum = buffers.groupGammaGradient
        var start = 0, group = 0
        while start < gradient.rows {
            let rows = start..<min(start + buffers.groupSize, gradient.rows)
            let moments = buffers.moments[group]
            let g = gradient[columns: columns][rows: rows],
                normalized = buffers.normalized[columns: columns][rows: rows]
            normalizationGradients(gradient: g, normalized: normalized, gammaGradient: productSum, betaGradient: sum)
            accumulateParameterGradients(buffers, fault: fault, columns: columns)
            let scale = fault == .forgetGamma ? nil : buffers.renormalization?.scale ?? gamma?.value
            fault?.apply(to: moments, rows: rows.count)
            switch description.backward {
            case .closedForm:
                if fault == .dropVarianceTerm { productSum.elements.update(repeating: 0) }
                normalizeBackward(
                    gradient: g, normalized: normalized, inverseStandardDeviation: moments.inverseStandardDeviation,
                    gamma: scale,
                    sum: description.subtractsMean && fault != .dropMeanTerm ? sum : nil, productSum: productSum,
                    factor: scratch.first)
            case .staged:
                guard let study = buffers.study else { preconditionFailure("this workspace is for evaluation only") }
                stagedNormalizeBackward(
                    gradient: g, h: h.all[rows: rows], moments: moments, epsilon: epsilon, gamma: scale, study: study)
            case .jacobian:
                guard let study = buffers.study else { preconditionFailure("this workspace is for evaluation only") }
                jacobianNormalizeBackward(
                    gradient: g, normalized: normalized, moments: moments, gamma: scale, study: study)
            }
            start = rows.upperBound
            group += 1
        }
    }

    /// Moves the running statistics by the batch of the last forward pass, of `rows` rows.
    func advance(_ buffers: NormalizationBuffers<S>, rows: Int) {
        guard let running else { return }
        var start = 0, group = 0
        while start < rows {
            let count = min(buffers.groupSize, rows - start)
            running.advance(by: buffers.moments[group], rows: count)
            start += count
            group += 1
        }
    }

    private func backwardOverRows(gradient: Matrix<S>, _ buffers: NormalizationBuffers<S>, fault: Fault?) {
        guard let inverse = buffers.rowInverse else { preconditionFailure("row-wise kinds have row factors") }
        normalizationGradients(
            gradient: gradient.all, normalized: buffers.normalized.all,
            gammaGradient: gamma?.gradient ?? buffers.groupGammaGradient,
            betaGradient: beta?.gradient ?? buffers.groupBetaGradient)
        normalizeRowsBackward(
            gradient: gradient, normalized: buffers.normalized, inverseStandardDeviation: inverse,
            gamma: fault == .forgetGamma ? nil : gamma?.value,
            subtractsMean: description.kind == .layer && fault != .dropMeanTerm,
            keepsVarianceTerm: fault != .dropVarianceTerm)
    }

    private func measure(_ h: MatrixBlock<S>, into moments: NormalizationMoments<S>) {
        if description.subtractsMean {
            columnMoments(h, mean: moments.mean, meanResidual: moments.meanResidual, variance: moments.variance)
        } else {
            columnMeanSquares(h, into: moments.variance)
        }
        moments.invertStandardDeviation(epsilon: epsilon, columns: h.columns)
    }

    /// The group's sums, added to the gradients of gamma and beta: with output = gamma (r normalized + d) + beta,
    /// dL/dgamma = r productSum + d sum and dL/dbeta = sum.
    private func accumulateParameterGradients(_ buffers: NormalizationBuffers<S>, fault: Fault?, columns: Range<Int>) {
        let sum = buffers.groupBetaGradient, productSum = buffers.groupGammaGradient
        func add(_ sums: Matrix<S>, to parameter: Parameter<S>) {
            updateElements(parameter.gradient[columns: columns], sums[columns: columns]) { $0 + $1 }
        }
        if let beta { add(sum, to: beta) }
        guard let gamma else { return }
        if fault == .gammaFromSum { return add(sum, to: gamma) }
        guard let (r, d, _, _) = buffers.renormalization else { return add(productSum, to: gamma) }
        for j in columns { gamma.gradient.base[j] += r.base[j] * productSum.base[j] + d.base[j] * sum.base[j] }
    }

    private typealias Renormalization = (r: Matrix<S>, d: Matrix<S>, scale: Matrix<S>, shift: Matrix<S>)

    /// In evaluation with the batch's own statistics r is 1 and d is 0.
    private func clip(
        _ moments: NormalizationMoments<S>, pass: Pass, into renormalization: Renormalization, columns: Range<Int>
    ) {
        guard case .batchRenormalization(let schedule) = description.kind, let running else { return }
        let limits: (r: Double, d: Double)
        if case .training(let step) = pass { limits = schedule.limits(step: step) } else { limits = (1, 0) }
        let rLimit = S(limits.r), dLimit = S(limits.d)
        for j in columns {
            let sigma = running.spread.base[j]
            let r = 1 / moments.inverseStandardDeviation.base[j] / sigma
            let d = (moments.mean.base[j] + moments.meanResidual.base[j] - running.mean.base[j]) / sigma
            renormalization.r.base[j] = min(max(r, 1 / rLimit), rLimit)
            renormalization.d.base[j] = min(max(d, -dLimit), dLimit)
        }
    }

    private func combine(_ renormalization: Renormalization, columns: Range<Int>) {
        for j in columns {
            let gamma = gamma?.value.base[j] ?? 1
            renormalization.scale.base[j] = gamma * renormalization.r.base[j]
            renormalization.shift.base[j] = gamma * renormalization.d.base[j] + (beta?.value.base[j] ?? 0)
        }
    }

    /// output = s output + m in training; drawn from seed, layer and step alone.
    ///
    /// See `NormalizationNoise`.
    private func addNoise(to buffers: NormalizationBuffers<S>, pass: Pass) {
        guard case .training(let step) = pass, let noise = description.noise, let factors = buffers.noise else {
            return
        }
        var stream = RandomStream(seed: seed, purpose: .noise, index: layer, step: step)
        let output = buffers.output
        // The distributions of all features first, in the scratch rows.
        for j in 0..<output.columns {
            scratch.first.base[j] = S(noise.meanRange * (2 * stream.nextUniform() - 1))
            scratch.second.base[j] = S(1 + (noise.deviationRange - 1) * stream.nextUniform())
        }
        for i in 0..<output.rows {
            for j in 0..<output.columns {
                let index = i * output.columns + j
                let m = Double(scratch.first.base[j]) + noise.spread * (2 * stream.nextUniform() - 1)
                let s = Double(scratch.second.base[j]) + noise.spread * stream.nextNormalPair().0
                factors.base[index] = S(s)
                output.base[index] = S(s) * output.base[index] + S(m)
            }
        }
    }
}
