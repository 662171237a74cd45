import Matrices

/// Which moments batch normalization uses.
package enum NormalizationMode: String, CaseIterable, Sendable {
    /// The batch's own, as in training.
    case batch
    /// The running averages, as in inference.
    case running
}

/// A multilayer perceptron with its parameters. Buffers of a batch live in a `Workspace`.
///
/// A training step is `forward`, `backward`, `update`; none of them allocates. A forward pass changes nothing but the workspace:
/// running statistics move in `update`, so measuring does not disturb training.
package final class Network<S: Scalar> {
    package let description: NetworkDescription
    package let layers: [Layer<S>]
    package let optimizer: Optimizer
    let pool: WorkerPool
    let scratch: ColumnScratch<S>

    package init(
        _ description: NetworkDescription, initialization: Initialization, optimizer: Optimizer, seed: UInt64,
        pool: WorkerPool = .single
    ) {
        self.description = description
        self.optimizer = optimizer
        self.pool = pool
        layers = description.layers.enumerated().map { index, layer in
            Layer(layer, index: index, initialization: initialization, seed: seed, stateCount: optimizer.stateCount)
        }
        scratch = ColumnScratch(columns: description.layers.map(\.outputs).max() ?? 1)
    }

    /// Runs the network on `workspace.input` and returns the loss against `labels` (one per row).
    ///
    /// All sites of the workspace are overwritten, and its gradient of the logits becomes the softmax probabilities.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward(_ workspace: Workspace<S>, labels: UnsafeBufferPointer<Int32>, mode: NormalizationMode) -> BatchResult {
        var x = workspace.input
        for (layer, buffers) in zip(layers, workspace.layers) {
            linear(x, weight: layer.weight.value, bias: layer.bias?.value, into: buffers.linear, pool: pool)
            if let description = layer.description.normalization, let running = layer.running, let normalization = buffers.normalization {
                let moments = normalization.moments
                switch mode {
                case .batch:
                    measureMoments(of: buffers.linear, epsilon: S(description.epsilon), into: moments, scratch: scratch)
                case .running:
                    useMoments(mean: running.mean, variance: running.variance, epsilon: S(description.epsilon), into: moments)
                }
                normalize(
                    buffers.linear, moments: moments, gamma: layer.gamma?.value, beta: layer.beta?.value,
                    normalized: normalization.normalized, into: buffers.preactivation)
            }
            if let activation = buffers.activation { activate(layer.description.activation, buffers.preactivation, into: activation) }
            x = buffers.output
        }
        return softmaxCrossEntropy(logits: x, labels: labels, probabilities: workspace.logitGradient)
    }

    /// The gradients of every parameter, overwritten, for the batch of the last `forward` in mode `batch` with the same labels.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward(_ workspace: Workspace<S>, labels: UnsafeBufferPointer<Int32>) {
        guard let logitGradient = workspace.logitGradient else { preconditionFailure("this workspace is for evaluation only") }
        softmaxCrossEntropyBackward(gradient: logitGradient, labels: labels)
        for index in layers.indices.reversed() {
            let layer = layers[index], buffers = workspace.layers[index]
            guard let gradient = buffers.gradient else { preconditionFailure("this workspace is for evaluation only") }
            let norms = workspace.measuresGradientNorms ? buffers : nil
            if let activation = buffers.activation {
                norms?.gradientNorms.activation = norm(gradient)
                activateBackward(layer.description.activation, a: activation, gradient: gradient)
            }
            norms?.gradientNorms.preactivation = norm(gradient)
            if let normalization = buffers.normalization {
                if let norms {
                    norms.gradientNorms.normalized = normScaled(gradient, by: layer.gamma?.value)
                }
                normalizeBackward(
                    gradient: gradient, normalized: normalization.normalized, moments: normalization.moments,
                    gamma: layer.gamma?.value, gammaGradient: layer.gamma?.gradient ?? normalization.gammaGradient,
                    betaGradient: layer.beta?.gradient ?? normalization.betaGradient, scratch: scratch)
                norms?.gradientNorms.linear = norm(gradient)
            }
            linearBackward(
                gradient: gradient, x: index == 0 ? workspace.input : workspace.layers[index - 1].output,
                weight: layer.weight.value, weightGradient: layer.weight.gradient, biasGradient: layer.bias?.gradient,
                inputGradient: index == 0 ? nil : workspace.layers[index - 1].gradient, scratch: scratch, pool: pool)
        }
    }

    /// Update number `t` (from 1) of every parameter from its gradient, and of the running statistics from the batch's moments.
    ///
    /// With `changes`, the size of each parameter's update is measured; the update itself is the same bits either way.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update(_ workspace: Workspace<S>, rate: Double, t: Int, changes: UpdateNorms<S>? = nil) {
        for (index, layer) in layers.enumerated() {
            for (position, parameter) in layer.parameters.enumerated() {
                changes?.remember(parameter, layer: index, position: position)
                optimizer.update(parameter, rate: rate, t: t)
                changes?.measure(parameter, layer: index, position: position)
            }
            if let description = layer.description.normalization, let running = layer.running,
                let normalization = workspace.layers[index].normalization
            {
                updateRunning(
                    mean: running.mean, variance: running.variance, from: normalization.moments, rows: workspace.input.rows,
                    description: description)
            }
        }
    }
}

/// The norm of gamma * gradient: the loss gradient with respect to the normalized values. gamma is 1 x H, or absent where it is 1.
private func normScaled<S: Scalar>(_ gradient: Matrix<S>, by gamma: Matrix<S>?) -> Double {
    guard let gamma = gamma?.base else { return norm(gradient) }
    var squares = 0.0
    for i in 0..<gradient.rows {
        let row = gradient.row(i)
        for j in 0..<row.count {
            let value = Double(gamma[j] * row[j])
            squares += value * value
        }
    }
    return squares.squareRoot()
}
