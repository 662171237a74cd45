/// Applies inverted dropout: each value becomes 0 with probability p, and is else divided by 1 - p, so that inference
/// needs no change.
///
/// `mask` (N x H) is overwritten with 0 or 1 / (1 - p), drawn from seed, layer and step alone; the output is
/// overwritten with mask times input. The backward pass multiplies the gradient by the mask. Source: Srivastava et al.
/// 2014, "Dropout", section 10.
func dropOut<S: Scalar>(
    _ input: Matrix<S>, probability: Double, seed: UInt64, layer: Int, step: Int, mask: Matrix<S>,
    into output: Matrix<S>
) {
    precondition(mask.rows == input.rows && output.rows == input.rows)
    var stream = RandomStream(seed: seed, purpose: .dropout, index: layer, step: step)
    let threshold = UInt64(probability * 0x1p32), kept = S(1 / (1 - probability))
    for index in 0..<input.count {
        mask.base[index] = UInt64(stream.nextWord()) < threshold ? 0 : kept
        output.base[index] = mask.base[index] * input.base[index]
    }
}
