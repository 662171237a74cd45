/// Applies dropout to what the next layer receives: inverted dropout, or with `keepsMoments` alpha dropout.
///
/// `mask` (N x H) is overwritten with the factors that the backward pass multiplies the gradient by, drawn from seed,
/// layer and step alone, and the output (N x H) with the values. Where the rows are a part of a batch, `firstRow` is
/// the place of the first of them, so that they have the batch's masks.
func dropOut<S: Scalar>(
    _ input: Matrix<S>, probability: Double, keepsMoments: Bool, seed: UInt64, layer: Int, step: Int, firstRow: Int,
    mask: Matrix<S>, into output: Matrix<S>
) {
    precondition(mask.rows == input.rows && output.rows == input.rows)
    var stream = RandomStream(seed: seed, purpose: .dropout, index: layer, step: step)
    stream.skip(firstRow * input.columns)
    if keepsMoments {
        alphaDropOut(input, probability: probability, &stream, mask: mask, into: output)
    } else {
        invertedDropOut(input, probability: probability, &stream, mask: mask, into: output)
    }
}

/// Inverted dropout: each value becomes 0 with probability p, and is else divided by 1 - p, so that inference
/// needs no change.
///
/// The mask is 0 or 1 / (1 - p), the output mask times input. Source: Srivastava et al. 2014, "Dropout", section 10.
private func invertedDropOut<S: Scalar>(
    _ input: Matrix<S>, probability p: Double, _ stream: inout RandomStream, mask: Matrix<S>, into output: Matrix<S>
) {
    drawMask(mask, p, kept: 1 / (1 - p), &stream)
    for index in 0..<input.count { output.base[index] = mask.base[index] * input.base[index] }
}

/// Alpha dropout, which keeps the mean 0 and the variance 1 of scaled ELU's outputs x: each value becomes
/// a alpha' + b with probability p, and else a x + b.
///
/// alpha' = -lambda alpha is what SELU tends to, a = ((1 - p) (1 + p alpha'^2))^(-1/2) and b = -a p alpha'. The mask is
/// 0 or a. Source: Klambauer et al. 2017, "Self-normalizing neural networks", section 3, "New dropout technique";
/// PyTorch's `AlphaDropout`.
private func alphaDropOut<S: Scalar>(
    _ input: Matrix<S>, probability p: Double, _ stream: inout RandomStream, mask: Matrix<S>, into output: Matrix<S>
) {
    let saturated = -Activation.seluScale * Activation.seluAlpha
    let a = 1 / ((1 - p) * (1 + p * saturated * saturated)).squareRoot(), b = -a * p * saturated
    drawMask(mask, p, kept: a, &stream)
    let dropped = S(a * saturated + b), shift = S(b)
    for index in 0..<input.count {
        let factor = mask.base[index]
        output.base[index] = factor == 0 ? dropped : factor * input.base[index] + shift
    }
}

/// Overwrites the mask with 0, with probability p, or the factor of what is kept.
private func drawMask<S: Scalar>(_ mask: Matrix<S>, _ p: Double, kept: Double, _ stream: inout RandomStream) {
    let threshold = UInt64(p * 0x1p32), kept = S(kept)
    for index in 0..<mask.count { mask.base[index] = UInt64(stream.nextWord()) < threshold ? 0 : kept }
}
