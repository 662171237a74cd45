import Matrices

/// Which moments batch normalization uses in evaluation.
package enum NormalizationMode: String, CaseIterable, Sendable {
    /// The running averages, as in inference.
    case running
    /// The batch's own, as in training.
    case batch
    /// Averages over training batches that pass through the network as it is; see `StatisticsRecomputation`.
    case recomputed
}

/// What a forward pass is for.
package enum Pass: Equatable, Sendable {
    /// The batch that makes update `step` + 1: batch statistics, dropout, noise.
    case training(step: Int)
    /// Without dropout and noise.
    case evaluation(NormalizationMode)

    var usesBatchStatistics: Bool {
        switch self {
        case .training, .evaluation(.batch): true
        case .evaluation: false
        }
    }
}

/// A multilayer perceptron with its parameters. Buffers of a batch live in a `Workspace`.
///
/// A training step is `forward`, `backward`, `update`; none of them allocates. A forward pass changes nothing but the workspace:
/// running statistics move in `update`, so measuring does not disturb training.
package final class Network<S: Scalar> {
    package let description: NetworkDescription
    package let layers: [Layer<S>]
    package let optimizer: Optimizer
    package let objective: Objective
    private let seed: UInt64
    private let multiplier: Multiplier<S>
    private let scratch: ColumnScratch<S>

    package init(
        _ description: NetworkDescription, initialization: Initialization, optimizer: Optimizer, objective: Objective = Objective(), seed: UInt64,
        pool: WorkerPool = .single
    ) {
        self.description = description
        self.optimizer = optimizer
        self.objective = objective
        self.seed = seed
        multiplier = Multiplier(pool: pool)
        layers = description.layers.enumerated().map { index, layer in
            Layer(layer, index: index, initialization: initialization, seed: seed, stateCount: optimizer.stateCount)
        }
        scratch = ColumnScratch(columns: description.layers.map(\.outputs).max() ?? 1)
    }

    /// Runs the network on the workspace's input and returns the loss against its targets.
    ///
    /// All sites of the workspace are overwritten, and its gradient of the logits becomes dL/dlogits.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward(_ workspace: Workspace<S>, _ pass: Pass, fault: Fault? = nil) -> BatchResult {
        workspace.lastPass = pass
        var x = workspace.input
        for index in layers.indices {
            let layer = layers[index], buffers = workspace.layers[index]
            layer.effectiveWeight.forward()
            linear(x, weight: layer.effectiveWeight.value, bias: layer.bias?.value, into: buffers.linear, multiplier: multiplier)
            func normalize(_ h: Matrix<S>, _ placement: Normalization.Placement) {
                guard let normalizer = layer.normalizer, let normalization = buffers.normalization,
                    normalizer.description.placement == placement
                else { return }
                normalizer.forward(h, normalization, pass: pass, holdsRenormalization: workspace.holdsRenormalization)
            }
            normalize(buffers.linear, .beforeActivation)
            if let activation = buffers.activation {
                activate(layer.description.activation, buffers.preactivation, into: activation)
                normalize(activation, .afterActivation)
                if let dropout = buffers.dropout {
                    let isNormalized = layer.normalizer?.description.placement == .afterActivation
                    let kept = (isNormalized ? buffers.normalization?.output : nil) ?? activation
                    if case .training(let step) = pass {
                        dropOut(
                            kept, probability: layer.description.dropout, seed: seed, layer: index, step: step, mask: dropout.mask,
                            into: dropout.output)
                    } else {
                        dropout.output.copy(from: kept)
                    }
                }
            }
            x = buffers.output
        }
        let gradientFactor = fault == .forgetBatchMean ? Double(x.rows) : 1
        return evaluate(
            objective, outputs: x, targets: workspace.targets, gradient: workspace.layers[layers.count - 1].gradient,
            gradientFactor: gradientFactor)
    }

    /// 0.5 l2 sum norm(W)^2 over the trained weights of all layers.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func regularizationLoss() -> Double {
        guard objective.l2 != 0 else { return 0 }
        return 0.5 * objective.l2 * layers.reduce(0.0) { $0 + norm($1.weight.value) * norm($1.weight.value) }
    }

    /// The gradients of every parameter, overwritten, for the batch of the last `forward` in training.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward(_ workspace: Workspace<S>, fault: Fault? = nil) {
        for index in layers.indices.reversed() {
            let layer = layers[index], buffers = workspace.layers[index]
            guard let gradient = buffers.gradient else { preconditionFailure("this workspace is for evaluation only") }
            let norms = workspace.measuresGradientNorms ? buffers : nil
            func normalizeBackward(_ h: Matrix<S>, _ placement: Normalization.Placement) -> Bool {
                guard let normalizer = layer.normalizer, let normalization = buffers.normalization,
                    normalizer.description.placement == placement
                else { return false }
                norms?.gradientNorms.normalized = normScaled(gradient, by: normalization.renormalization?.scale ?? layer.gamma?.value)
                normalizer.backward(gradient: gradient, h: h, normalization, fault: fault)
                return true
            }
            if let activation = buffers.activation {
                if buffers.hasOwnOutput { norms?.gradientNorms.output = norm(gradient) }
                if let dropout = buffers.dropout { updateElements(gradient, dropout.mask) { $0 * $1 } }
                _ = normalizeBackward(activation, .afterActivation)
                norms?.gradientNorms.activation = norm(gradient)
                if fault != .forgetActivation {
                    activateBackward(layer.description.activation, y: buffers.preactivation, a: activation, gradient: gradient)
                }
            }
            norms?.gradientNorms.preactivation = norm(gradient)
            if normalizeBackward(buffers.linear, .beforeActivation) { norms?.gradientNorms.linear = norm(gradient) }
            linearBackward(
                gradient: gradient, x: index == 0 ? workspace.input : workspace.layers[index - 1].output,
                weight: layer.effectiveWeight.value, weightGradient: layer.effectiveWeight.gradient, biasGradient: layer.bias?.gradient,
                inputGradient: index == 0 ? nil : workspace.layers[index - 1].gradient, scratch: scratch, multiplier: multiplier)
            layer.effectiveWeight.backward()
            if objective.l2 != 0 {
                let l2 = S(objective.l2)
                updateElements(layer.weight.gradient, layer.weight.value) { $0 + l2 * $1 }
            }
            if fault == .biasFromOneRow, let bias = layer.bias { bias.gradient.base.update(from: gradient.base, count: gradient.columns) }
        }
    }

    /// The norm of all gradients as one vector.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func gradientNorm(ofTrainedOnly: Bool = false) -> Double {
        var squares = 0.0
        for layer in layers {
            for parameter in layer.parameters where !ofTrainedOnly || !layer.description.frozen.contains(parameter.kind) {
                let value = norm(parameter.gradient)
                squares += value * value
            }
        }
        return squares.squareRoot()
    }

    /// Update number `t` (from 1) of every parameter from its gradient, and of the running statistics from the batch's moments.
    ///
    /// With `changes`, the size of each parameter's update is measured; the update itself is the same bits either way.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update(_ workspace: Workspace<S>, rate: Double, t: Int, changes: UpdateNorms<S>? = nil) {
        let factor = optimizer.clipGradientNorm == nil ? 1 : optimizer.clipFactor(norm: gradientNorm(ofTrainedOnly: true))
        for (index, layer) in layers.enumerated() {
            for (position, parameter) in layer.parameters.enumerated() {
                changes?.remember(parameter, layer: index, position: position)
                if !layer.description.frozen.contains(parameter.kind) {
                    optimizer.update(parameter, rate: rate, t: t, gradientFactor: factor)
                }
                changes?.measure(parameter, layer: index, position: position)
            }
            if let normalizer = layer.normalizer, let normalization = workspace.layers[index].normalization {
                normalizer.advance(normalization, rows: workspace.input.rows)
            }
        }
    }
}

/// The norm of gamma * gradient: the loss gradient with respect to the normalized values. gamma is 1 x H, or absent where it is 1.
private func normScaled<S: Scalar>(_ gradient: Matrix<S>, by gamma: Matrix<S>?) -> Double {
    guard let gamma = gamma?.base else { return norm(gradient) }
    var squares = 0.0
    for i in 0..<gradient.rows {
        let row = gradient.base + i * gradient.columns
        squares += sumOfSquares(count: gradient.columns) { Double(gamma[$0] * row[$0]) }
    }
    return squares.squareRoot()
}
