/// One layer's derivatives along a direction, for a batch of N rows; the matrices stand in the places of those of
/// `LayerBuffers` and are N x H.
///
/// R x is the derivative of x; numbers are equations of docs/hessian.md.
final class LayerTangents<S: Scalar> {
    /// Those of all parameters, in the order of `Layer.parameters`.
    let parameters: [ParameterTangent<S>]
    /// R of what the next layer receives.
    let output: Matrix<S>
    /// R of the loss gradient, overwritten from site to site as `backward` goes down; of the logits before it begins.
    let gradient: Matrix<S>

    private let layer: Layer<S>
    private let buffers: LayerBuffers<S>
    private let below: LayerTangents<S>?
    private let weight: EffectiveWeightTangents<S>
    private let bias: ParameterTangent<S>?
    private let normalization: (kind: any TwiceDifferentiable, tangents: NormalizationTangents<S>)?
    private let residual: ResidualTangents<S>?
    private let linear: Matrix<S>
    /// R of what is normalized or activated: of h, or of the sum that ends a residual block.
    let stream: Matrix<S>
    private let preactivation: Matrix<S>
    private let activation: Matrix<S>?
    /// The second of two products that are added: N x H, and D x H where there is a layer below.
    private let addend: Matrix<S>
    private let weightAddend: Matrix<S>?

    /// - Parameters:
    ///   - buffers: the layer's of the batch, with the gradients that `keepGradients` keeps.
    ///   - below: the tangents of the layer below; nil for the first.
    ///   - source: those of the layer that a skip connection comes from, where the layer ends a residual block.
    init(_ layer: Layer<S>, _ buffers: LayerBuffers<S>, below: LayerTangents<S>?, skippedFrom source: LayerTangents<S>?)
    {
        (self.layer, self.buffers, self.below) = (layer, buffers, below)
        let inputs = layer.description.inputs, outputs = layer.description.outputs
        func buffer() -> Matrix<S> { Matrix(rows: buffers.linear.rows, columns: outputs) }
        let ownWeight = ParameterTangent(layer.weight), gain = layer.gain.map { ParameterTangent($0) }
        let bias = layer.bias.map { ParameterTangent($0) }
        var normalization: (kind: any TwiceDifferentiable, tangents: NormalizationTangents<S>)?
        if let normalizer = layer.normalizer, let kept = buffers.normalization {
            guard let kind = normalizer.description as? any TwiceDifferentiable else {
                preconditionFailure("\(normalizer.description.kind) has no second derivative here")
            }
            normalization = (kind, NormalizationTangents(normalizer, kept))
        }
        var residual: ResidualTangents<S>?
        if let skip = layer.description.skip, let kept = buffers.residual, let source {
            residual = ResidualTangents(layer, skip, kept, source: source)
        }
        parameters =
            [ownWeight, bias, gain].compactMap { $0 } + (normalization?.tangents.parameters ?? [])
            + [residual?.factor].compactMap { $0 }
        weight = EffectiveWeightTangents(layer, weight: ownWeight, gain: gain)
        linear = buffer()
        activation = buffers.activation == nil ? nil : buffer()
        let isBefore = normalization?.kind.placement == .beforeActivation
        stream = residual?.sum ?? linear
        preactivation = isBefore ? normalization?.tangents.output ?? stream : stream
        output = (isBefore ? nil : normalization?.tangents.output) ?? activation ?? preactivation
        gradient = buffer()
        addend = buffer()
        weightAddend = below == nil ? nil : Matrix(rows: inputs, columns: outputs)
        self.bias = bias
        self.normalization = normalization
        self.residual = residual
    }

    /// Takes the batch as the buffers hold it, of `rows` rows, and the parameters as they are.
    func prepare(rows: Int) {
        for matrix in [linear, gradient, addend] { matrix.useRows(rows) }
        activation?.useRows(rows)
        residual?.useRows(rows)
        normalization?.tangents.useRows(rows)
        weight.prepare()
        // What the normalization is differentiated from is the gradient before the noise.
        if let noise = buffers.normalization?.noise, let kept = buffers.keptGradients[.normalization] {
            updateElements(kept.all, noise.all) { $0 * $1 }
        }
    }

    private var isByUnit: Bool { layer.normalizer?.isByFeature ?? true }

    // MARK: Forward

    /// Overwrites all of the layer's derivatives up to `output`, from those of the layer below: R h = X R W + R X W + R
    /// b (1), then those of its normalization, activation and dropout.
    func forward(_ x: LayerInput<S>, _ multiplier: Multiplier<S>) {
        weight.forward()
        let outputs = layer.description.outputs
        multiplier.divide(outputs, work: 2 * linear.rows * x.columns * outputs, (self, x)) {
            let (tangents, x) = $0
            tangents.forwardLinear(x, units: $1, scratch: $2)
            if tangents.isByUnit { tangents.forwardUnits($1) }
        }
        if !isByUnit { forwardUnits(0..<outputs) }
    }

    private func forwardLinear(_ x: LayerInput<S>, units: Range<Int>, scratch: ProductScratch<S>) {
        NeuralNetwork.linear(
            x, weight: weight.direction, bias: bias?.direction, into: linear, columns: units, scratch: scratch)
        guard let below else { return }
        multiply(below.output, layer.effectiveWeight.value, into: addend, part: units, scratch: scratch)
        updateElements(linear[columns: units], addend[columns: units]) { $0 + $1 }
    }

    private func forwardUnits(_ units: Range<Int>) {
        residual?.forward(units, tangent: linear, h: buffers.linear, factor: layer.branchFactor)
        normalize(stream, h: buffers.stream, .beforeActivation, units)
        if let activation, let a = buffers.activation {
            // R a = f'(y) R y (2), which is what the backward pass does to a gradient.
            mapElements(preactivation[columns: units], activation[columns: units]) { $0 }
            activateBackward(
                layer.description.activation, y: buffers.preactivation[columns: units], a: a[columns: units],
                gradient: activation[columns: units])
            normalize(activation, h: a, .afterActivation, units)
        }
        if let mask = buffers.dropout?.mask {
            updateElements(output[columns: units], mask[columns: units]) { $0 * $1 }
        }
    }

    private func normalize(
        _ input: Matrix<S>, h: Matrix<S>, _ placement: NormalizationPlacement, _ units: Range<Int>
    ) {
        guard let (kind, tangents) = normalization, kind.placement == placement, let state = layer.normalizer,
            let kept = buffers.normalization
        else { return }
        kind.forwardTangent(input, h: h, state, kept, tangents, columns: units)
        if let noise = kept.noise { updateElements(tangents.output[columns: units], noise[columns: units]) { $0 * $1 } }
    }

    // MARK: Backward

    /// Turns `gradient` into R dL/dh and overwrites the products of all of the layer's parameters, but for l2.
    /// - Parameters:
    ///   - above: the tangents of the layer above, which have gone backward; nil for the last layer, whose
    ///     `gradient` is that of the logits.
    ///   - target: those of the layer in which the skip connection that begins here ends, if one begins.
    func backward(
        _ x: LayerInput<S>, above: LayerTangents<S>?, skippingTo target: LayerTangents<S>?, _ multiplier: Multiplier<S>
    ) {
        let outputs = layer.description.outputs, perElement = 60 + 2 * (above?.gradient.columns ?? 0)
        let skip = target?.residual?.gradient, isPre = target?.layer.description.skip?.placement == .pre
        multiplier.divide(outputs, work: gradient.rows * outputs * perElement, (self, above, skip, isPre)) {
            let (tangents, above, skip, isPre) = $0
            if let above { tangents.backwardLinear(above, units: $1, scratch: $2) }
            if let skip, !isPre { updateElements(tangents.gradient[columns: $1], skip[columns: $1]) { $0 + $1 } }
            if tangents.isByUnit { tangents.backwardUnits($1, streamGradient: isPre ? skip : nil) }
        }
        if !isByUnit { backwardUnits(0..<outputs, streamGradient: isPre ? skip : nil) }
        residual?.differentiateFactor()
        multiplier.divide(x.columns, work: 2 * gradient.rows * x.columns * outputs, (self, x)) {
            $0.0.differentiateRows($0.1, inputs: $1, scratch: $2)
        }
        weight.backward()
    }

    /// R dL/dX of the layer above, R G W^T + G R W^T (5), in the units that are its inputs.
    private func backwardLinear(_ above: LayerTangents<S>, units: Range<Int>, scratch: ProductScratch<S>) {
        multiplyTransposedRight(
            above.gradient, above.layer.effectiveWeight.value, into: gradient, part: units, scratch: scratch)
        multiplyTransposedRight(
            above.linearGradient, above.weight.direction, into: addend, part: units, scratch: scratch)
        updateElements(gradient[columns: units], addend[columns: units]) { $0 + $1 }
    }

    /// dL/dh, as the last backward pass of the batch left it.
    private var linearGradient: Matrix<S> {
        guard let gradient = buffers.gradient else { preconditionFailure("this workspace is for evaluation only") }
        return gradient
    }

    /// - Parameter streamGradient: what a skip connection brings to R dL/dh, or to that of the sum in its place.
    private func backwardUnits(_ units: Range<Int>, streamGradient: Matrix<S>?) {
        let gradient = gradient[columns: units]
        if let activation, let values = buffers.activation {
            if let mask = buffers.dropout?.mask { updateElements(gradient, mask[columns: units]) { $0 * $1 } }
            differentiateNormalization(input: activation, h: values, .afterActivation, units)
            let y = buffers.preactivation[columns: units], a = values[columns: units]
            activateBackward(layer.description.activation, y: y, a: a, gradient: gradient)
            if let kept = buffers.keptGradients[.activation] {
                addCurvature(
                    layer.description.activation, y: y, a: a, gradient: kept[columns: units],
                    tangent: preactivation[columns: units], to: gradient)
            }
        }
        differentiateNormalization(input: stream, h: buffers.stream, .beforeActivation, units)
        if let streamGradient { updateElements(gradient, streamGradient[columns: units]) { $0 + $1 } }
        residual?.backward(units, self.gradient, tangent: linear, h: buffers.linear, factor: layer.branchFactor)
        if let bias { sumColumns(gradient, into: bias.product) }
    }

    private func differentiateNormalization(
        input: Matrix<S>, h: Matrix<S>, _ placement: NormalizationPlacement, _ units: Range<Int>
    ) {
        guard let (kind, tangents) = normalization, kind.placement == placement, let state = layer.normalizer,
            let kept = buffers.normalization, let keptGradient = buffers.keptGradients[.normalization]
        else { return }
        if let noise = kept.noise { updateElements(gradient[columns: units], noise[columns: units]) { $0 * $1 } }
        kind.backwardTangent(
            gradient, gradient: keptGradient, input: input, h: h, state, kept, tangents, columns: units)
    }

    /// Rows of R dL/dW = X^T R G + R X^T G (6).
    private func differentiateRows(_ x: LayerInput<S>, inputs: Range<Int>, scratch: ProductScratch<S>) {
        linearBackward(gradient: gradient, x: x, weightGradient: weight.product, part: inputs, scratch: scratch) {
            _, _ in
        }
        guard let below, let weightAddend else { return }
        multiplyTransposedLeft(below.output, linearGradient, into: weightAddend, part: inputs, scratch: scratch)
        updateElements(weight.product.all[rows: inputs], weightAddend.all[rows: inputs]) { $0 + $1 }
    }
}
