/// Normalizes and activates some units of a layer, whose h = X W + b, or the sum in its place, the buffers hold.
func activateUnits<S: Scalar>(
    _ units: Range<Int>, _ layer: Layer<S>, _ buffers: LayerBuffers<S>, _ workspace: Workspace<S>, _ pass: Pass
) {
    func normalize(_ h: Matrix<S>, _ placement: NormalizationPlacement) {
        guard let normalizer = layer.normalizer, let normalization = buffers.normalization,
            normalizer.description.placement == placement
        else { return }
        normalizer.forward(h, normalization, pass: pass, columns: units)
    }
    normalize(buffers.stream, .beforeActivation)
    if let activation = buffers.activation {
        activate(layer.description.activation, buffers.preactivation[columns: units], into: activation[columns: units])
        normalize(activation, .afterActivation)
    }
}

/// Turns the loss gradient with respect to some units' outputs into that with respect to h = X W + b, in place.
///
/// The gradients of the units' bias, gamma and beta are overwritten.
/// - Parameter streamGradient: what a skip connection brings to the gradient of h, or of the sum in its place, N x H.
func backwardThroughUnits<S: Scalar>(
    _ units: Range<Int>, _ layer: Layer<S>, _ buffers: LayerBuffers<S>, _ gradient: Matrix<S>,
    streamGradient: Matrix<S>?, measuresNorms: Bool, fault: Fault?
) {
    let norms = measuresNorms ? buffers : nil
    func normalizeBackward(_ h: Matrix<S>, _ placement: NormalizationPlacement) -> Bool {
        guard let normalizer = layer.normalizer, let normalization = buffers.normalization,
            normalizer.description.placement == placement
        else { return false }
        buffers.keep(gradient, units, at: .normalization)
        norms?.gradientNorms.normalized = normScaled(gradient, by: normalization.scale ?? layer.gamma?.value)
        normalizer.backward(gradient: gradient, h: h, normalization, fault: fault, columns: units)
        return true
    }
    if let activation = buffers.activation {
        if buffers.hasOwnOutput {
            norms?.gradientNorms.output = norm(gradient)
            buffers.keep(gradient, units, at: .output)
        }
        if let dropout = buffers.dropout { updateElements(gradient.all, dropout.mask.all) { $0 * $1 } }
        _ = normalizeBackward(activation, .afterActivation)
        norms?.gradientNorms.activation = norm(gradient)
        buffers.keep(gradient, units, at: .activation)
        if fault != .forgetActivation {
            activateBackward(
                layer.description.activation, y: buffers.preactivation[columns: units], a: activation[columns: units],
                gradient: gradient[columns: units])
        }
    }
    func addStreamGradient() {
        guard let streamGradient else { return }
        updateElements(gradient[columns: units], streamGradient[columns: units]) { $0 + $1 }
    }
    // Without a normalization in between, what skips is the preactivation itself.
    let isNormalized = layer.normalizer?.description.placement == .beforeActivation
    if !isNormalized { addStreamGradient() }
    norms?.gradientNorms.preactivation = norm(gradient)
    buffers.keep(gradient, units, at: .preactivation)
    if normalizeBackward(buffers.stream, .beforeActivation) { addStreamGradient() }
    if let residual = buffers.residual {
        norms?.gradientNorms.sum = norm(gradient)
        buffers.keep(gradient, units, at: .sum)
        addBranchBackward(
            units, gradient: gradient, h: buffers.linear, factor: layer.branchFactor, isTrained: layer.factor != nil,
            residual)
    }
    if isNormalized || buffers.residual != nil {
        norms?.gradientNorms.linear = norm(gradient)
        buffers.keep(gradient, units, at: .linear)
    }
    if let bias = layer.bias {
        sumColumns(gradient[columns: units], into: bias.gradient)
        if fault == .biasFromOneRow { bias.gradient.base.update(from: gradient.base, count: gradient.columns) }
    }
}

/// Computes the gradient of the rows of a layer's weight that belong to some inputs.
///
/// Without `update` the gradient is kept, without the term of l2; with `update` it is applied at once, l2 included.
func differentiateRows<S: Scalar>(
    ofWeight layer: Layer<S>, _ x: LayerInput<S>, _ gradient: Matrix<S>, _ update: Update<S>?, l2: S,
    inputs: Range<Int>, scratch: ProductScratch<S>
) {
    let weight = layer.weight, outputs = gradient.columns
    linearBackward(
        gradient: gradient, x: x, weightGradient: update == nil ? layer.effectiveWeight.gradient : nil, part: inputs,
        scratch: scratch
    ) { rows, values in
        guard let update else { return }
        let range = rows.lowerBound * outputs..<rows.upperBound * outputs
        if l2 != 0 { add(l2, times: weight.value.base + range.lowerBound, to: values, count: range.count) }
        update.apply(to: weight, range, gradient: values)
    }
}

/// Adds to `target`: target += factor values.
func add<S: Scalar>(
    _ factor: S, times values: UnsafeMutablePointer<S>, to target: UnsafeMutablePointer<S>, count: Int
) {
    for i in 0..<count { target[i] += factor * values[i] }
}

/// Returns the norm of gamma * gradient, the loss gradient with respect to the normalized values.
///
/// gamma is 1 x H, or absent where it is 1.
private func normScaled<S: Scalar>(_ gradient: Matrix<S>, by gamma: Matrix<S>?) -> Double {
    guard let gamma = gamma?.base else { return norm(gradient) }
    var squares = 0.0
    for i in 0..<gradient.rows {
        let row = gradient.base + i * gradient.columns
        squares += sumOfSquares(count: gradient.columns) { Double(gamma[$0] * row[$0]) }
    }
    return squares.squareRoot()
}
