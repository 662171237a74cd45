/// One layer's normalization: what it trains and averages, and its passes.
package final class Normalizer<S: Scalar> {
    package let description: any Normalization
    package let gamma: Parameter<S>?
    package let beta: Parameter<S>?
    /// The parameters that only this kind of normalization has, in the order of `Normalization.ownParameters`.
    let own: [Parameter<S>]
    /// The running statistics; nil where no statistics are over the batch.
    package let running: RunningStatistics<S>?
    /// 1 x H each.
    let scratch: (first: Matrix<S>, second: Matrix<S>)
    private let layer: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - layer: the number of the layer, of `layerCount`.
    ///   - optimizer: what updates the parameters.
    package init(
        _ description: any Normalization, features: Int, layer: Int = 0, layerCount: Int = 1, seed: UInt64 = 0,
        optimizer: Optimizer = Optimizer()
    ) {
        self.description = description
        self.layer = layer
        self.seed = seed
        func row(_ kind: ParameterKind, startingAt value: Double, columns: Int = features) -> Parameter<S> {
            let place = ParameterPlace(kind: kind, layer: layer, layerCount: layerCount, rows: 1, columns: columns)
            return Parameter(place, optimizer: optimizer, initialValue: value)
        }
        let affine = description.affine
        gamma = affine.hasScale ? row(.gamma, startingAt: affine.initialGamma) : nil
        beta = affine.hasShift ? row(.beta, startingAt: affine.initialBeta) : nil
        own = description.ownParameters.map {
            row($0.kind, startingAt: $0.initialValue, columns: $0.isPerUnit ? features : 1)
        }
        running = description.statistics.map { RunningStatistics(features: features, $0) }
        scratch = (Matrix(rows: 1, columns: features), Matrix(rows: 1, columns: features))
    }

    /// All parameters, in the order gamma, beta, those of the kind.
    var parameters: [Parameter<S>] { [gamma, beta].compactMap { $0 } + own }

    /// Whether each feature is normalized without looking at others, so that `forward` and `backward` may be given some
    /// at a time.
    var isByFeature: Bool { description.isByFeature }

    /// Normalizes the features `columns` of h (N x H), by default all, into the buffers' `output`.
    package func forward(_ h: Matrix<S>, _ buffers: NormalizationBuffers<S>, pass: Pass, columns: Range<Int>? = nil) {
        description.forward(h, self, buffers, pass: pass, columns: columns ?? 0..<h.columns)
        addNoise(to: buffers, pass: pass)
    }

    /// Turns the gradient (N x H) of the output into that of h in the given columns, by default all, and overwrites the
    /// gradients of their parameters.
    ///
    /// `gradient` holds dL/doutput before and dL/dh after; h is the input of `forward`.
    package func backward(
        gradient: Matrix<S>, h: Matrix<S>, _ buffers: NormalizationBuffers<S>, fault: Fault? = nil,
        columns: Range<Int>? = nil
    ) {
        if let noise = buffers.noise { updateElements(gradient.all, noise.all) { $0 * $1 } }
        guard buffers.usesBatchStatistics || !description.isOverBatch else {
            return description.backwardInInference(
                gradient: gradient, self, buffers, columns: columns ?? 0..<h.columns)
        }
        description.backward(
            gradient: gradient, h: h, self, buffers, fault: fault, columns: columns ?? 0..<h.columns)
    }

    /// Moves the running statistics by the batch of the last forward pass, of `rows` rows.
    func advance(_ buffers: NormalizationBuffers<S>, rows: Int) {
        guard let running else { return }
        var start = 0, group = 0
        while start < rows {
            let count = min(buffers.groupSize, rows - start)
            running.advance(by: buffers.moments[group], rows: count, batchWhitening: buffers.whitening)
            start += count
            group += 1
        }
    }

    /// Adds the noise of training: output = s output + m, drawn from seed, layer and step alone.
    ///
    /// See `NormalizationNoise`.
    private func addNoise(to buffers: NormalizationBuffers<S>, pass: Pass) {
        guard let noise = description.noise, let factors = buffers.noise else { return }
        guard case .training(let step) = pass else { return factors.elements.update(repeating: 1) }
        var stream = RandomStream(seed: seed, purpose: .noise, index: layer, step: step)
        let output = buffers.output
        // The distributions of all features first, in the scratch rows.
        for j in 0..<output.columns {
            scratch.first.base[j] = S(noise.meanRange * (2 * stream.nextUniform() - 1))
            scratch.second.base[j] = S(1 + (noise.deviationRange - 1) * stream.nextUniform())
        }
        // Six words for each value: two for m, and four for the pair of which s is the first.
        stream.skip(6 * buffers.firstRow * output.columns)
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
