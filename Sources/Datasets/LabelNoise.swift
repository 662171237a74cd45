import NeuralNetwork

/// Wrong labels of training rows, made on purpose.
///
/// The label of each row is replaced with the probability `fraction`, by a draw of its own: the rows whose labels are
/// replaced at a smaller fraction are among those of a larger one, and get the same labels. Rows are counted among
/// those that are used, so that neither batches nor what is kept in memory makes a difference.
package struct LabelNoise: Hashable, Sendable {
    /// What takes the place of class k, of K.
    package enum Kind: String, CaseIterable, Sendable {
        /// One of the other classes, each with the probability 1 / (K - 1).
        case symmetric
        /// Any class, with the probability 1 / K; k too. With the fraction 1 the random labels of Zhang et al. 2017,
        /// "Understanding deep learning requires rethinking generalization", section 2.
        case uniform
        /// The next class, (k + 1) mod K: Han et al. 2018, "Co-teaching", figure 2(a).
        case pair
    }
    package var kind: Kind
    package var fraction: Double
    package var seed: UInt64

    package init(_ kind: Kind = .symmetric, fraction: Double, seed: UInt64) {
        self.kind = kind
        self.fraction = fraction
        self.seed = seed
    }

    private func replacement(of label: Int32, classCount: Int, _ stream: inout RandomStream) -> Int32 {
        let count = Int32(truncatingIfNeeded: classCount)
        switch kind {
        case .symmetric:
            let other = Int32(truncatingIfNeeded: stream.nextIndex(below: classCount - 1))
            return other < label ? other : other + 1
        case .uniform: return Int32(truncatingIfNeeded: stream.nextIndex(below: classCount))
        case .pair: return (label + 1) % count
        }
    }

    /// Replaces labels of the given rows.
    ///
    /// - Returns: the labels of all rows, and how many are others than before.
    package func applied(to labels: Labels, rows: RowSet) -> (labels: Labels, changedCount: Int) {
        var classes = labels.classes.map { $0 }, changedCount = 0
        var stream = RandomStream(seed: seed, purpose: .labelNoise)
        for row in rows {
            let isReplaced = stream.nextUniform() < fraction
            let replacement = replacement(of: classes[row], classCount: labels.classCount, &stream)
            guard isReplaced, replacement != classes[row] else { continue }
            classes[row] = replacement
            changedCount += 1
        }
        return (labels.replacingClasses(classes), changedCount)
    }
}

extension LabelledData {
    /// The data with noise in the labels of some rows, and how many labels are others than before; nil for values.
    ///
    /// The hash stays that of the data as they are.
    package func adding(_ noise: LabelNoise, rows: RowSet) -> (data: LabelledData, changedCount: Int)? {
        guard case .classes(let labels) = targets else { return nil }
        let (noisy, changedCount) = noise.applied(to: labels, rows: rows)
        return (replacingTargets(.classes(noisy)), changedCount)
    }
}
