import Matrices

/// What a batch's predictions come to.
package struct BatchResult: Equatable, Sendable {
    /// The mean of the rows' losses, in nats.
    package var loss: Double
    /// Rows whose largest logit (the first, among equals) is that of the label.
    package var correctCount: Int
    package var rowCount: Int

    package var accuracy: Double { Double(correctCount) / Double(rowCount) }
}

/// Softmax cross-entropy, L = -(1/N) sum_i log p_i,label(i) with p_ik = e^(s_ik) / sum_l e^(s_il).
///
/// The largest logit of each row is subtracted first, so that no exponential overflows, and the loss is taken from the logarithm of
/// the sum, never from that of a quotient. Logits s are N x K, labels in 0 ..< K. Rows are summed in Double.
/// `probabilities` (N x K), where given, is overwritten with p.
func softmaxCrossEntropy<S: Scalar>(
    logits: Matrix<S>, labels: UnsafeBufferPointer<Int32>, probabilities: Matrix<S>?
) -> BatchResult {
    precondition(labels.count == logits.rows)
    let classes = logits.columns
    var loss = 0.0, correct = 0
    for i in 0..<logits.rows {
        let s = logits.base + i * classes
        var best = 0, isNumber = true
        for k in 0..<classes {
            if s[k] > s[best] { best = k }
            if s[k].isNaN { isNumber = false }
        }
        let largest = s[best]
        var sum: S = 0
        for k in 0..<classes { sum += S.exponential(s[k] - largest) }
        let label = Int(labels[i])
        // An infinite logit makes largest - s[label] infinite or not-a-number, as it should.
        loss += isNumber ? Double(S.logarithm(sum) + (largest - s[label])) : .nan
        if best == label && isNumber { correct += 1 }
        if let p = probabilities.map({ $0.base + i * classes }) {
            let inverseSum = 1 / sum
            for k in 0..<classes { p[k] = S.exponential(s[k] - largest) * inverseSum }
        }
    }
    return BatchResult(loss: loss / Double(logits.rows), correctCount: correct, rowCount: logits.rows)
}

/// dL/ds = (p - onehot(label)) / N, in place: `gradient` (N x K) holds the probabilities before and the gradient after.
func softmaxCrossEntropyBackward<S: Scalar>(gradient: Matrix<S>, labels: UnsafeBufferPointer<Int32>) {
    let classes = gradient.columns
    let inverseCount = 1 / S(gradient.rows)
    for i in 0..<gradient.rows {
        let p = gradient.base + i * classes
        p[Int(labels[i])] -= 1
        for k in 0..<classes { p[k] *= inverseCount }
    }
}
