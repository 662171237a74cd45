/// Running statistics computed anew as means over batches that pass through the fixed network: E[x] = E_B[mean_B] and
/// Var[x] = N / (N - 1) E_B[variance_B] (the factor where the layer's estimator is unbiased), and of whitening
/// matrices.
///
/// Source: Ioffe & Szegedy 2015, algorithm 2, steps 7 to 10.
package final class StatisticsRecomputation<S: Scalar> {
    private let network: Network<S>
    private var means: [[Double]]
    private var variances: [[Double]]
    private var counts: [Int]
    private var whitenings: [[Double]]
    private var saved: [(mean: [S], spread: [S], whitening: [S])] = []

    package init(_ network: Network<S>) {
        self.network = network
        means = network.layers.map { Array(repeating: 0, count: $0.running == nil ? 0 : $0.description.outputs) }
        variances = means
        counts = network.layers.map { _ in 0 }
        whitenings = network.layers.map { Array(repeating: 0, count: $0.running?.whitening?.count ?? 0) }
    }

    /// Adds the batch of the last forward pass with batch statistics.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func add(_ workspace: Workspace<S>) {
        for (index, layer) in network.layers.enumerated() {
            guard let running = layer.running, let buffers = workspace.layers[index].normalization else { continue }
            for (group, rows) in buffers.groups(rows: workspace.rows).enumerated() {
                let moments = buffers.moments[group]
                let correction =
                    running.description.isUnbiased && !running.averagesDeviation
                    ? Double(rows.count) / Double(rows.count - 1) : 1
                for j in means[index].indices {
                    means[index][j] += Double(moments.mean.base[j]) + Double(moments.meanResidual.base[j])
                    variances[index][j] += Double(moments.variance.base[j]) * correction
                }
                counts[index] += 1
            }
            guard let whitening = buffers.whitening else { continue }
            for k in whitenings[index].indices { whitenings[index][k] += whitening.base[k] }
        }
    }

    /// Puts the means in the place of the running statistics of all layers, or of those that `isChosen` picks.
    package func install(where isChosen: (Layer<S>) -> Bool = { _ in true }) {
        saved = network.layers.map {
            (
                $0.running.map { Array($0.mean.elements) } ?? [], $0.running.map { Array($0.spread.elements) } ?? [],
                $0.running?.whitening.map { Array($0.elements) } ?? []
            )
        }
        for (index, layer) in network.layers.enumerated() {
            guard let running = layer.running, counts[index] > 0, isChosen(layer) else { continue }
            for j in means[index].indices {
                running.mean.base[j] = S(means[index][j] / Double(counts[index]))
                let variance = variances[index][j] / Double(counts[index])
                running.spread.base[j] = S(
                    running.averagesDeviation ? (variance + running.epsilon).squareRoot() : variance)
            }
            for k in whitenings[index].indices {
                running.whitening?.base[k] = S(whitenings[index][k] / Double(counts[index]))
            }
        }
    }

    /// Puts back what `install` replaced.
    package func restore() {
        for (layer, values) in zip(network.layers, saved) {
            guard let running = layer.running else { continue }
            for j in values.mean.indices {
                running.mean.base[j] = values.mean[j]
                running.spread.base[j] = values.spread[j]
            }
            for k in values.whitening.indices { running.whitening?.base[k] = values.whitening[k] }
        }
    }
}
