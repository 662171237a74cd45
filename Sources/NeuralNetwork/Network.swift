/// A multilayer perceptron with its parameters, which computes forward and backward passes and updates.
///
/// The buffers of a batch are those of a `Workspace`.
///
/// A training step is `forward`, `backward`, `update`, or faster, without the gradients of the weights, `forward`,
/// `backwardAndUpdate`: the same bits. None of them allocates. A forward pass changes nothing but the workspace:
/// running statistics move in `update`, so measuring does not disturb training.
///
/// Threads divide the units of each layer among them: products, normalization and activation of a unit need no other
/// unit's, and no result depends on the division.
package final class Network<S: Scalar> {
    package let description: NetworkDescription
    package let layers: [Layer<S>]
    package let optimizer: Optimizer
    package let objective: Objective
    /// The mistake that training makes; nil for none.
    private let fault: Fault?
    private let seed: UInt64
    let multiplier: Multiplier<S>
    let currentUpdate: Update<S>
    /// What returns each layer's weight to its norm; empty where the optimizer projects nothing.
    private let projectors: [WeightProjector<S>]

    package init(
        _ description: NetworkDescription, initialization: Initialization, optimizer: Optimizer,
        objective: Objective = Objective(), fault: Fault? = nil, seed: UInt64,
        pool: WorkerPool = .single
    ) {
        self.description = description
        self.optimizer = optimizer
        self.objective = objective
        self.fault = fault
        self.seed = seed
        multiplier = Multiplier(pool: pool)
        currentUpdate = Update(optimizer)
        let layers = description.layers.enumerated().map { index, layer in
            Layer<S>(
                layer, index: index, layerCount: description.layers.count, initialization: initialization, seed: seed,
                optimizer: optimizer)
        }
        self.layers = layers
        projectors = layers.compactMap { WeightProjector(optimizer.weightProjection, $0.weight) }
    }

    /// Runs the network on the workspace's input and returns the loss against its targets.
    ///
    /// All sites of the workspace are overwritten, and its gradient of the logits becomes dL/dlogits.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func forward(_ workspace: Workspace<S>, _ pass: Pass, fault: Fault? = nil) -> BatchResult {
        for index in layers.indices {
            let layer = layers[index], buffers = workspace.layers[index], x = input(ofLayer: index, workspace)
            layer.effectiveWeight.forward()
            buffers.normalization?.usesBatchStatistics = pass.usesBatchStatistics
            let outputs = layer.description.outputs, isByUnit = layer.normalizer?.isByFeature ?? true
            let skipped = skipped(toLayer: index, workspace)
            multiplier.divide(
                outputs, work: workspace.rows * x.columns * outputs,
                (x, skipped, layer, buffers, workspace, pass, isByUnit)
            ) {
                let (x, skipped, layer, buffers, workspace, pass, isByUnit) = $0
                linear(
                    x, weight: layer.effectiveWeight.value, bias: layer.bias?.value, into: buffers.linear, columns: $1,
                    scratch: $2)
                if let skipped, let sum = buffers.sum {
                    addBranch(
                        buffers.linear[columns: $1], factor: layer.branchFactor, to: skipped[columns: $1],
                        into: sum[columns: $1])
                }
                if isByUnit { activateUnits($1, layer, buffers, workspace, pass) }
            }
            if !isByUnit { activateUnits(0..<outputs, layer, buffers, workspace, pass) }
            if let dropout = buffers.dropout, let activation = buffers.activation {
                let isNormalized = layer.normalizer?.description.placement == .afterActivation
                let kept = (isNormalized ? buffers.normalization?.output : nil) ?? activation
                if case .training(let step) = pass {
                    dropOut(
                        kept, probability: layer.description.dropout,
                        keepsMoments: layer.description.activation == .selu, seed: seed, layer: index, step: step,
                        firstRow: workspace.firstRow, mask: dropout.mask, into: dropout.output)
                } else {
                    dropout.mask.elements.update(repeating: 1)
                    dropout.output.copy(from: kept)
                }
            }
        }
        let outputs = workspace.layers[layers.count - 1]
        let gradientFactor = (fault ?? self.fault) == .forgetBatchMean ? Double(workspace.rows) : 1
        return evaluate(
            objective, outputs: outputs.output, targets: workspace.targets, gradient: outputs.gradient,
            gradientFactor: gradientFactor)
    }

    func input(ofLayer index: Int, _ workspace: Workspace<S>) -> LayerInput<S> {
        index == 0 ? workspace.layerInput : .dense(workspace.layers[index - 1].output)
    }

    /// What the skip connection that ends in a layer brings there, N x H; nil where none ends.
    private func skipped(toLayer index: Int, _ workspace: Workspace<S>) -> Matrix<S>? {
        guard let skip = layers[index].description.skip else { return nil }
        let source = workspace.layers[skip.source]
        return skip.placement == .pre ? source.stream : source.output
    }

    /// What the skip connection that begins in a layer brings back to the gradient of its output or of its stream; nil
    /// for both where none begins.
    private func skipGradients(ofLayer index: Int, _ workspace: Workspace<S>) -> (
        output: Matrix<S>?, stream: Matrix<S>?
    ) {
        guard let target = description.skipTargets[index] else { return (nil, nil) }
        let gradient = workspace.layers[target].residual?.gradient
        return layers[target].description.skip?.placement == .pre ? (nil, gradient) : (gradient, nil)
    }

    /// Returns 0.5 l2 sum norm(W)^2 over the trained weights of all layers.
    package func regularizationLoss() -> Double {
        guard objective.l2 != 0 else { return 0 }
        return 0.5 * objective.l2 * layers.reduce(0.0) { $0 + norm($1.weight.value) * norm($1.weight.value) }
    }

    /// Overwrites the gradients of every parameter with those of the batch of the last `forward` in training.
    /// - Parameter fault: a mistake in the place of the network's own.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backward(_ workspace: Workspace<S>, fault: Fault? = nil) {
        backward(workspace, fault: fault ?? self.fault, updating: nil)
    }

    /// Overwrites `inputGradient` with dL/dX = dL/dh W^T of the first layer (N x D), of the batch of the last
    /// `forward`, in training or in evaluation.
    ///
    /// What evaluation takes of running statistics is constant; with the batch's own each row's gradient goes through
    /// them to the loss of all rows. The gradients of weights stay as they are, those of other parameters are
    /// overwritten.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func differentiateInput(_ workspace: Workspace<S>, into inputGradient: Matrix<S>) {
        backward(workspace, fault: nil, updating: nil, differentiatesWeights: false)
        guard let gradient = workspace.layers[0].gradient else {
            preconditionFailure("this workspace is for evaluation only")
        }
        multiplier.multiplyTransposedRight(gradient, layers[0].effectiveWeight.value, into: inputGradient)
    }

    /// Does what `backward` and `update` do, but leaves no gradients of the weights.
    ///
    /// Where nothing needs all gradients of a weight, some rows at a time are computed, applied and forgotten.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func backwardAndUpdate(_ workspace: Workspace<S>, rate: Double, t: Int) {
        guard optimizer.clipGradientNorm == nil, optimizer.sharpnessAware == nil else {
            backward(workspace)
            return update(workspace, rate: rate, t: t)
        }
        currentUpdate.begin(rate: rate, t: t)
        backward(workspace, fault: fault, updating: currentUpdate)
        for (index, layer) in layers.enumerated() {
            let isWeightUpdated = isUpdatedBackward(layer)
            if isWeightUpdated { project(index) }
            for parameter in layer.parameters where !(parameter.kind == .weight && isWeightUpdated) {
                apply(to: parameter, index)
            }
        }
        advanceStatistics(workspace)
    }

    /// Tells whether the gradient of a layer's weight can be applied as soon as it is computed, so that it need not be
    /// kept.
    private func isUpdatedBackward(_ layer: Layer<S>) -> Bool {
        layer.effectiveWeight.isPlain && !layer.description.frozen.contains(.weight)
            && !optimizer.rule.needsWhole(layer.weight.place)
    }

    private func backward(
        _ workspace: Workspace<S>, fault: Fault?, updating update: Update<S>?, differentiatesWeights: Bool = true
    ) {
        for index in layers.indices.reversed() {
            let layer = layers[index], buffers = workspace.layers[index]
            guard let gradient = buffers.gradient else { preconditionFailure("this workspace is for evaluation only") }
            let isByUnit = layer.normalizer?.isByFeature ?? true
            let isDivided = isByUnit && buffers.dropout == nil && fault == nil && !workspace.measuresGradientNorms
            let above =
                index + 1 < layers.count
                ? (layers[index + 1].effectiveWeight.value, workspace.layers[index + 1].gradient) : nil
            let outputs = layer.description.outputs, perElement = 30 + (above?.0.columns ?? 0)
            let skip = skipGradients(ofLayer: index, workspace)
            multiplier.divide(
                outputs, work: workspace.rows * outputs * perElement, (above, skip, layer, buffers, gradient, isDivided)
            ) {
                let (above, skip, layer, buffers, gradient, isDivided) = $0
                if let (weightAbove, gradientAbove) = above, let gradientAbove {
                    multiplyTransposedRight(gradientAbove, weightAbove, into: gradient, part: $1, scratch: $2)
                }
                if let skipGradient = skip.output {
                    updateElements(gradient[columns: $1], skipGradient[columns: $1]) { $0 + $1 }
                }
                if isDivided {
                    backwardThroughUnits(
                        $1, layer, buffers, gradient, streamGradient: skip.stream, measuresNorms: false, fault: nil)
                }
            }
            if !isDivided {
                backwardThroughUnits(
                    0..<outputs, layer, buffers, gradient, streamGradient: skip.stream,
                    measuresNorms: workspace.measuresGradientNorms, fault: fault)
            }
            if let factor = layer.factor, let residual = buffers.residual { differentiateFactor(factor, residual) }
            // The weight above has done its part in this gradient and may change.
            if differentiatesWeights, index + 1 < layers.count {
                differentiateWeight(index + 1, workspace, updating: update)
            }
        }
        if differentiatesWeights { differentiateWeight(0, workspace, updating: update) }
    }

    /// Computes the gradients of a layer's weight and gain; with `update`, the weight's is applied at once where it can
    /// be.
    private func differentiateWeight(_ index: Int, _ workspace: Workspace<S>, updating update: Update<S>?) {
        let layer = layers[index], x = input(ofLayer: index, workspace)
        guard let gradient = workspace.layers[index].gradient else {
            preconditionFailure("this workspace is for evaluation only")
        }
        let outputs = layer.description.outputs, l2 = S(objective.l2)
        let appliedUpdate = isUpdatedBackward(layer) ? update : nil
        multiplier.divide(
            x.columns, work: workspace.rows * x.columns * outputs, (x, layer, gradient, appliedUpdate, l2)
        ) {
            let (x, layer, gradient, appliedUpdate, l2) = $0
            differentiateRows(ofWeight: layer, x, gradient, appliedUpdate, l2: l2, inputs: $1, scratch: $2)
        }
        guard appliedUpdate == nil else { return }
        layer.effectiveWeight.backward()
        if l2 != 0 {
            add(l2, times: layer.weight.value.base, to: layer.weight.gradient.base, count: layer.weight.value.count)
        }
    }

    /// Returns the norm of the gradients of all trained parameters together, as one vector.
    package func gradientNorm() -> Double {
        var squares = 0.0
        for layer in layers {
            for parameter in layer.parameters where layer.trains(parameter) {
                let value = norm(parameter.gradient)
                squares += value * value
            }
        }
        return squares.squareRoot()
    }

    /// Makes update number `t` (from 1) of every parameter from its gradient, and of the running statistics from the
    /// batch's moments.
    ///
    /// With `changes`, the size of each parameter's update is measured; the update itself is the same bits either way.
    /// Where the optimizer is sharpness-aware, the gradients are first taken again, at other parameters, after the
    /// running statistics have moved; the workspace then holds the second passes.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update(_ workspace: Workspace<S>, rate: Double, t: Int, changes: UpdateNorms<S>? = nil) {
        advanceStatistics(workspace)
        if let place = optimizer.sharpnessAware { differentiate(workspace, step: t - 1, at: place) }
        let factor =
            optimizer.clipGradientNorm == nil ? 1 : optimizer.clipFactor(norm: gradientNorm())
        currentUpdate.begin(rate: rate, t: t, gradientFactor: factor)
        for (index, layer) in layers.enumerated() {
            for (position, parameter) in layer.parameters.enumerated() {
                guard let changes else {
                    apply(to: parameter, index)
                    continue
                }
                let isTrained = layer.trains(parameter)
                let prepared = isTrained ? currentUpdate.prepare(parameter, multiplier) : nil
                changes.measure(parameter, layer: index, position: position) {
                    guard isTrained else { return }
                    currentUpdate.apply(
                        to: parameter, $0, gradient: parameter.gradient.base + $0.lowerBound, prepared: prepared)
                    if parameter.kind == .weight { project(index) }
                }
            }
        }
    }

    /// Whether weights return to their norms after every update.
    var projects: Bool { !projectors.isEmpty }

    /// Takes the norms of all weights as they are for those that updates keep, in the place of those that were drawn.
    package func rememberNorms() {
        for projector in projectors { projector.remember() }
    }

    /// The first unit that updates are to keep the norm of and that has none: its layer and its number, which is nil where
    /// no unit of the layer has one.
    package var unitOfNoLength: (layer: Int, unit: Int?)? {
        for (index, projector) in projectors.enumerated() where layers[index].trains(layers[index].weight) {
            if let unit = projector.unitOfNoLength { return (index, projector.hasNoLength ? nil : unit) }
        }
        return nil
    }

    private func project(_ index: Int) {
        if !projectors.isEmpty { projectors[index].project(multiplier) }
    }

    /// Whether all parameters are finite.
    package var isFinite: Bool {
        layers.allSatisfy { $0.parameters.allSatisfy { NeuralNetwork.isFinite($0.value) } }
    }

    private func apply(to parameter: Parameter<S>, _ index: Int) {
        guard layers[index].trains(parameter) else { return }
        let prepared = currentUpdate.prepare(parameter, multiplier)
        multiplier.divide(parameter.value.count, work: parameter.value.count, (currentUpdate, parameter, prepared)) {
            context, range, _ in
            let (update, parameter, prepared) = context
            update.apply(
                to: parameter, range, gradient: parameter.gradient.base + range.lowerBound, prepared: prepared)
        }
        if parameter.kind == .weight { project(index) }
    }

    private func advanceStatistics(_ workspace: Workspace<S>) {
        for (layer, buffers) in zip(layers, workspace.layers) {
            guard let normalizer = layer.normalizer, let normalization = buffers.normalization else { continue }
            normalizer.advance(normalization, rows: workspace.rows)
        }
    }
}
