import Keys
import Support

/// What a network's outputs are compared with, and how.
///
/// N batch rows, K outputs; s are the outputs (logits), N x K.
package enum Loss: Equatable, Sendable {
    /// -sum_k t_k log p_k with p = softmax(s) and t = (1 - smoothing) onehot(label) + smoothing / K, in nats.
    ///
    /// Against rows of probabilities q, t = (1 - smoothing) q + smoothing / K. Source of the smoothing: Szegedy et al.
    /// 2016, "Rethinking the inception architecture", section 7.
    case softmaxCrossEntropy(labelSmoothing: Double)
    /// (1/K) sum_k (s_k - t_k)^2, against values or the one-hot row of the label.
    ///
    /// Reduction `sum` leaves out the 1/K, as PyTorch does.
    case meanSquaredError
    /// sum over k other than the label of max(0, 1 + s_k - s_label).
    ///
    /// The sum over classes; PyTorch's MultiMarginLoss divides it by K. Source: Weston & Watkins 1999, "Support vector
    /// machines for multi-class pattern recognition".
    case hinge
    /// (1/K) sum_k -(t_k log p_k + (1 - t_k) log(1 - p_k)) with p = 1 / (1 + exp(-s)), in nats; t are 0 to 1, any
    /// number of them 1.
    ///
    /// PyTorch's BCEWithLogitsLoss; reduction `sum` leaves out the 1/K, as there.
    case sigmoidCrossEntropy

    /// Whether targets are values to be compared with each output rather than classes.
    package var comparesValues: Bool {
        switch self {
        case .meanSquaredError, .sigmoidCrossEntropy: true
        case .softmaxCrossEntropy, .hinge: false
        }
    }
}

/// What training minimizes: the reduced loss of a batch plus 0.5 l2 sum norm(W)^2 over the weights of all layers.
package struct Objective: Equatable, Sendable {
    package enum Reduction: String, CaseIterable, Sendable { case mean, sum }
    package var loss: Loss
    /// How the losses of the rows of a batch become one.
    package var reduction: Reduction
    package var l2: Double

    package init(_ loss: Loss = .softmaxCrossEntropy(labelSmoothing: 0), reduction: Reduction = .mean, l2: Double = 0) {
        self.loss = loss
        self.reduction = reduction
        self.l2 = l2
    }

    /// The factor of the sum of all rows' losses, each without its own 1/K.
    package func scale(rows: Int, outputs: Int) -> Double {
        guard reduction == .mean else { return 1 }
        switch loss {
        case .meanSquaredError, .sigmoidCrossEntropy: return 1 / Double(rows * outputs)
        case .softmaxCrossEntropy, .hinge: return 1 / Double(rows)
        }
    }
}

extension Objective {
    package static let form: Form<Objective> = .kinds([
        KindForm("softmax_cross_entropy", "Of classes, in nats.") { keys throws(ConfigError) in
            let smoothing = try keys(
                "label_smoothing", .number(.fraction), 0.0, "Share of the target spread over all classes.")
            return try Objective(.softmaxCrossEntropy(labelSmoothing: smoothing), keys)
        },
        KindForm("mean_squared_error", "Mean over rows and outputs, of values or one-hot classes.") {
            keys throws(ConfigError) in try Objective(.meanSquaredError, keys)
        },
        KindForm(
            "hinge",
            "Multi-class hinge with margin 1, summed over wrong classes (PyTorch divides by the number of classes)."
        ) { keys throws(ConfigError) in try Objective(.hinge, keys) },
        KindForm(
            "sigmoid_cross_entropy",
            "Mean over rows and outputs, each a class of its own that a row has or not: targets 0 to 1, in nats."
        ) { keys throws(ConfigError) in try Objective(.sigmoidCrossEntropy, keys) },
    ])

    private init(_ loss: Loss, _ keys: KeyReader) throws(ConfigError) {
        self.loss = loss
        reduction = try keys("reduction", .choice, "mean", "Over the rows of a batch.")
        l2 = try keys("l2", .number(.natural), 0.0, "Adds 0.5 l2 times the sum of squares of all weights.")
    }
}

/// What a batch's predictions come to.
package struct BatchResult: Equatable, Sendable {
    /// Reduced over the rows, without regularization.
    package var loss: Double
    /// Rows that are predicted correctly; nil where targets are approximated.
    ///
    /// The largest output (the first, among equals) is that of the label, or of the largest probability. For
    /// `sigmoidCrossEntropy` every output is on its target's side of 1/2.
    package var correctCount: Int?
    package var rowCount: Int

    package var accuracy: Double? { correctCount.map { Double($0) / Double(rowCount) } }
}

/// The loss of the outputs s (N x K) against the targets; sums over rows are in Double.
///
/// `gradient` (N x K), where given, is overwritten with dL/ds times `gradientFactor`.
func evaluate<S: Scalar>(
    _ objective: Objective, outputs s: Matrix<S>, targets: Targets<S>, gradient: Matrix<S>?, gradientFactor: Double = 1
) -> BatchResult {
    precondition(targets.rows == s.rows)
    let scale = objective.scale(rows: s.rows, outputs: s.columns)
    let gradientScale = S(scale * gradientFactor)
    var result: (sum: Double, correctCount: Int?)
    switch objective.loss {
    case .softmaxCrossEntropy(let smoothing):
        result =
            if let probabilities = targets.values {
                softmaxCrossEntropy(
                    logits: s, probabilities: probabilities, smoothing: smoothing, gradient: gradient,
                    gradientScale: gradientScale)
            } else {
                softmaxCrossEntropy(
                    logits: s, labels: targets.labels, smoothing: smoothing, gradient: gradient,
                    gradientScale: gradientScale)
            }
    case .meanSquaredError:
        result = squaredError(outputs: s, targets: targets, gradient: gradient, gradientScale: gradientScale)
    case .hinge:
        result = hinge(outputs: s, labels: targets.labels, gradient: gradient, gradientScale: gradientScale)
    case .sigmoidCrossEntropy:
        result = sigmoidCrossEntropy(logits: s, targets: targets, gradient: gradient, gradientScale: gradientScale)
    }
    if result.correctCount == nil, !targets.areValues {
        result.correctCount = countCorrect(outputs: s, labels: targets.labels)
    }
    return BatchResult(loss: result.sum * scale, correctCount: result.correctCount, rowCount: s.rows)
}

/// The sum over rows of -sum_k t_k log p_k, and rows predicted correctly; gradient = scale (p - t), overwritten.
///
/// The largest logit of each row is subtracted first, so that no exponential overflows, and the loss is taken from the
/// logarithm of the sum, never from that of a quotient.
private func softmaxCrossEntropy<S: Scalar>(
    logits: Matrix<S>, labels: UnsafeMutablePointer<Int32>, smoothing: Double, gradient: Matrix<S>?, gradientScale: S
) -> (sum: Double, correctCount: Int?) {
    let classes = logits.columns
    let uniform = S(smoothing / Double(classes)), hot = S(1 - smoothing)
    var loss = 0.0, correct = 0
    for i in 0..<logits.rows {
        let s = logits.base + i * classes
        var best = 0, isNumber = true
        for k in 0..<classes {
            if s[k] > s[best] { best = k }
            if s[k].isNaN { isNumber = false }
        }
        let largest = s[best]
        let g = gradient.map { $0.base + i * classes }
        var sum: S = 0
        for k in 0..<classes {
            let weight = S.exponential(s[k] - largest)
            sum += weight
            g?[k] = weight
        }
        let label = Int(labels[i]), logSum = S.logarithm(sum)
        // An infinite logit makes largest - s[label] infinite or not-a-number, as it should.
        var rowLoss = hot * (logSum + (largest - s[label]))
        if smoothing > 0 {
            for k in 0..<classes { rowLoss += uniform * (logSum + (largest - s[k])) }
        }
        loss += isNumber ? Double(rowLoss) : .nan
        if best == label && isNumber { correct += 1 }
        guard let g else { continue }
        let inverseSum = 1 / sum
        for k in 0..<classes { g[k] = g[k] * inverseSum - uniform }
        g[label] -= hot
        for k in 0..<classes { g[k] *= gradientScale }
    }
    return (loss, correct)
}

/// The same against rows of probabilities q (N x K): t = (1 - smoothing) q + smoothing / K, and
/// gradient = scale (p sum_k t_k - t).
private func softmaxCrossEntropy<S: Scalar>(
    logits: Matrix<S>, probabilities: Matrix<S>, smoothing: Double, gradient: Matrix<S>?, gradientScale: S
) -> (sum: Double, correctCount: Int?) {
    let classes = logits.columns
    let uniform = S(smoothing / Double(classes)), share = S(1 - smoothing)
    var loss = 0.0, correct = 0
    for i in 0..<logits.rows {
        let s = logits.base + i * classes, q = probabilities.base + i * classes
        var best = 0, likeliest = 0, isNumber = true
        for k in 0..<classes {
            if s[k] > s[best] { best = k }
            if q[k] > q[likeliest] { likeliest = k }
            if s[k].isNaN { isNumber = false }
        }
        let largest = s[best]
        var sum: S = 0
        for k in 0..<classes { sum += S.exponential(s[k] - largest) }
        let logSum = S.logarithm(sum)
        var rowLoss: S = 0, targetSum: S = 0
        for k in 0..<classes {
            let target = share * q[k] + uniform
            targetSum += target
            // A target of 0 leaves out an infinite logit.
            if target != 0 { rowLoss += target * (logSum + (largest - s[k])) }
        }
        loss += isNumber ? Double(rowLoss) : .nan
        if best == likeliest && isNumber { correct += 1 }
        guard let g = gradient.map({ $0.base + i * classes }) else { continue }
        for k in 0..<classes {
            let target = share * q[k] + uniform
            g[k] = gradientScale * (S.exponential(s[k] - largest) / sum * targetSum - target)
        }
    }
    return (loss, correct)
}

/// The sum over rows and outputs of max(s, 0) - s t + log(1 + exp(-|s|)), which never overflows; gradient = scale (p -
/// t), overwritten.
private func sigmoidCrossEntropy<S: Scalar>(
    logits s: Matrix<S>, targets: Targets<S>, gradient: Matrix<S>?, gradientScale: S
) -> (sum: Double, correctCount: Int?) {
    var loss = 0.0, correct = 0
    for i in 0..<s.rows {
        var isCorrect = true
        for k in 0..<s.columns {
            let logit = s.base[i * s.columns + k]
            let target = targets.values.map { $0.base[i * s.columns + k] } ?? (Int(targets.labels[i]) == k ? 1 : 0)
            let weight = S.exponential(-abs(logit))
            loss += Double((logit > 0 ? logit : 0) - logit * target + S.logarithm(1 + weight))
            if (logit > 0) != (target > 0.5) { isCorrect = false }
            let probability = (logit > 0 ? 1 : weight) / (1 + weight)
            gradient?.base[i * s.columns + k] = gradientScale * (probability - target)
        }
        correct += isCorrect ? 1 : 0
    }
    return (loss, correct)
}

/// The sum over rows and outputs of (s - t)^2; gradient = 2 scale (s - t), overwritten.
private func squaredError<S: Scalar>(
    outputs s: Matrix<S>, targets: Targets<S>, gradient: Matrix<S>?, gradientScale: S
) -> (sum: Double, correctCount: Int?) {
    var loss = 0.0
    for i in 0..<s.rows {
        for k in 0..<s.columns {
            let target = targets.values.map { $0.base[i * s.columns + k] } ?? (Int(targets.labels[i]) == k ? 1 : 0)
            let difference = s.base[i * s.columns + k] - target
            loss += Double(difference) * Double(difference)
            gradient?.base[i * s.columns + k] = 2 * gradientScale * difference
        }
    }
    return (loss, nil)
}

/// The sum over rows and wrong classes of max(0, 1 + s_k - s_label); gradient = scale times 1 for each margin that is
/// violated, and minus their number for the label, overwritten.
///
/// At a margin of exactly 0 the derivative is taken as 0.
private func hinge<S: Scalar>(
    outputs s: Matrix<S>, labels: UnsafeMutablePointer<Int32>, gradient: Matrix<S>?, gradientScale: S
) -> (sum: Double, correctCount: Int?) {
    let classes = s.columns
    var loss = 0.0
    for i in 0..<s.rows {
        let row = s.base + i * classes, label = Int(labels[i])
        var violated: S = 0
        for k in 0..<classes where k != label {
            let margin = 1 + row[k] - row[label]
            if !(margin <= 0) { loss += Double(margin) }  // so written that not-a-number stays
            if margin > 0 { violated += 1 }
            gradient?.base[i * classes + k] = margin > 0 ? gradientScale : 0
        }
        gradient?.base[i * classes + label] = -violated * gradientScale
    }
    return (loss, nil)
}

private func countCorrect<S: Scalar>(outputs s: Matrix<S>, labels: UnsafeMutablePointer<Int32>) -> Int {
    var correct = 0
    for i in 0..<s.rows {
        let row = s.row(i)
        var best = 0
        for k in 1..<max(1, row.count) where row[k] > row[best] { best = k }
        if best == Int(labels[i]) { correct += 1 }
    }
    return correct
}
