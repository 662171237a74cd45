// Neural collapse. N rows of C classes with H features each: row i is h_i and of class c_i, mu_c is the mean of a
// class's rows, mu_G the mean of all mu_c, and M (H x C) has the columns m_c = mu_c - mu_G. w_c are the columns of the
// classifier W (H x C), which is the transpose of the paper's.

/// How far the features of a last hidden layer and its classifier have collapsed: all numbers but the first are 0 where
/// the class means are a simplex equiangular tight frame and the classifier is the same one.
///
/// Source: Papyan, Han & Donoho 2020, "Prevalence of neural collapse during the terminal phase of deep learning
/// training", (NC1) to (NC4) and figures 2 to 7. The paper's classes have equally many rows; with others mu_G is the
/// mean of class means and Sigma_W the mean over rows. A number is nil where it has no meaning, as with fewer than two
/// classes.
package struct NeuralCollapse: Equatable, Sendable {
    /// NC1: tr(Sigma_W Sigma_B^+) / C with Sigma_W = (1/N) sum_i (h_i - mu_(c_i)) (h_i - mu_(c_i))^T and
    /// Sigma_B = (1/C) M M^T.
    package var withinClassVariability: Double?
    /// NC2: what the columns of M are to each other.
    package var means = FrameDistance()
    /// NC2: what the columns of W are to each other.
    package var classifier = FrameDistance()
    /// NC3: norm(W / norm(W) - M / norm(M))^2, 0 to 4.
    package var selfDuality: Double?
    /// NC4: the share of rows whose largest output is not that of the class whose mean is the nearest.
    package var centerDisagreement: Double?
}

/// How far vectors x_1, ..., x_C are from a simplex equiangular tight frame, whose vectors have one length and pairwise
/// the cosine -1 / (C - 1).
package struct FrameDistance: Equatable, Sendable {
    /// Standard deviation of the norms divided by their mean, ddof 0.
    package var normVariation: Double?
    /// Standard deviation of cos(x_c, x_d) over c other than d, ddof 0.
    package var cosineDeviation: Double?
    /// Mean of |cos(x_c, x_d) + 1 / (C - 1)| over c other than d.
    package var angleGap: Double?

    init() {}

    /// - Parameter gram: the inner products of the vectors, C x C, all finite.
    init(gram: Matrix<Double>) {
        let count = gram.rows, norms = (0..<count).map { gram[$0, $0].squareRoot() }
        let mean = norms.reduce(0, +) / Double(count)
        guard count > 1, norms.allSatisfy({ $0 > 0 }) else { return }
        func rootMeanSquare(_ values: [Double], around mean: Double) -> Double {
            (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
        }
        normVariation = rootMeanSquare(norms, around: mean) / mean
        var cosines: [Double] = []
        for c in 0..<count {
            for d in 0..<c { cosines.append(gram[c, d] / (norms[c] * norms[d])) }
        }
        cosineDeviation = rootMeanSquare(cosines, around: cosines.reduce(0, +) / Double(cosines.count))
        angleGap = cosines.reduce(0) { $0 + abs($1 + 1 / Double(count - 1)) } / Double(cosines.count)
    }
}

/// Measures neural collapse in two passes over the rows, batch by batch: the first finds the means of the classes, the
/// second what deviates from them.
///
/// Sums are in Double, row after row, and need room for H x C and C x C values, however many rows there are. With
/// K = M^T M the pseudo-inverse of Sigma_B is C M K^+ K^+ M^T, so that NC1 is the mean over rows of
/// norm(K^+ M^T (h_i - mu_(c_i)))^2.
package final class NeuralCollapseMeter<S: Scalar> {
    private let featureCount: Int
    private var counts: [Int]
    /// The sum of each class's rows, then its mean, then m_c: a row for each class.
    private let centers: Matrix<Double>
    private let sample: Matrix<Double>
    private var frame: ClassFrame?
    private var deviations = 0.0
    private var disagreementCount = 0

    package init(classCount: Int, featureCount: Int) {
        self.featureCount = featureCount
        counts = Array(repeating: 0, count: classCount)
        centers = Matrix(rows: classCount, columns: featureCount)
        sample = Matrix(rows: 1, columns: featureCount)
    }

    /// Forgets all rows.
    package func restart() {
        for c in counts.indices { counts[c] = 0 }
        centers.elements.update(repeating: 0)
        frame = nil
        (deviations, disagreementCount) = (0, 0)
    }

    /// Takes rows in the first pass.
    ///
    /// - Parameters:
    ///   - features: n x H.
    ///   - labels: n classes.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func addToMeans(_ features: Matrix<S>, labels: UnsafeMutableBufferPointer<Int32>) {
        for i in 0..<features.rows {
            let row = features.base + i * featureCount, sum = centers.base + Int(labels[i]) * featureCount
            counts[Int(labels[i])] += 1
            for j in 0..<featureCount { sum[j] += Double(row[j]) }
        }
    }

    /// Takes the same rows again in the second pass.
    ///
    /// - Parameter logits: n x K, K at least the number of classes.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func addDeviations(
        _ features: Matrix<S>, logits: Matrix<S>, labels: UnsafeMutableBufferPointer<Int32>
    ) {
        let frame = self.frame ?? ClassFrame(sums: centers, counts: counts)
        self.frame = frame
        guard let frame, let inverse = frame.inverse else { return }
        let means = frame.means.base, gram = frame.gram, deviation = sample.base, count = frame.classes.count
        let products = frame.products.base
        for i in 0..<features.rows {
            let row = features.base + i * featureCount, own = frame.place[Int(labels[i])]
            let center = means + own * featureCount, global = frame.globalMean.base
            for j in 0..<featureCount { deviation[j] = Double(row[j]) - global[j] - center[j] }
            for c in 0..<count {
                let mean = means + c * featureCount
                products[c] = sum(count: featureCount) { mean[$0] * deviation[$0] }
            }
            for c in 0..<count {
                let value = sum(count: count) { inverse.base[c * count + $0] * products[$0] }
                deviations += value * value
            }
            // norm(h - mu_c)^2 is, but for what all classes have, norm(m_c)^2 - 2 m_c . (deviation + m_own).
            var nearest = 0, least = Double.infinity
            for c in 0..<count {
                let distance = gram[c, c] - 2 * (products[c] + gram[c, own])
                if distance < least { (nearest, least) = (c, distance) }
            }
            let outputs = logits.base + i * logits.columns
            var largest = 0
            for k in 1..<max(1, logits.columns) where outputs[k] > outputs[largest] { largest = k }
            if largest != frame.classes[nearest] { disagreementCount += 1 }
        }
    }

    /// Returns what the rows of both passes show, beside the classifier's weight (H x K).
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func result(classifier weight: Matrix<S>) -> NeuralCollapse {
        var result = NeuralCollapse()
        guard let frame, frame.isFinite else { return result }
        let classes = frame.classes, count = classes.count, rowCount = Double(counts.reduce(0, +))
        result.means = FrameDistance(gram: frame.gram)
        if frame.inverse != nil {
            result.withinClassVariability = deviations / rowCount
            result.centerDisagreement = Double(disagreementCount) / rowCount
        }
        let columns = Matrix<Double>(rows: count, columns: featureCount)
        for (c, label) in classes.enumerated() {
            for j in 0..<featureCount { columns[c, j] = Double(weight[j, label]) }
        }
        let weights = gramOfRows(columns)
        guard weights.elements.allSatisfy(\.isFinite) else { return result }
        result.classifier = FrameDistance(gram: weights)
        let weightNorm = norm(columns), meanNorm = norm(frame.means)
        guard weightNorm > 0, meanNorm > 0 else { return result }
        result.selfDuality = sumOfSquares(count: columns.count) {
            columns.base[$0] / weightNorm - frame.means.base[$0] / meanNorm
        }
        return result
    }
}

/// The means of the classes that have rows.
private final class ClassFrame {
    /// The labels of these classes, in ascending order.
    let classes: [Int]
    /// The place of each label among them.
    let place: [Int]
    let globalMean: Matrix<Double>
    /// m_c, a row for each of these classes.
    let means: Matrix<Double>
    /// K = M^T M.
    let gram: Matrix<Double>
    /// Room for the products of a row with all m_c.
    let products: Matrix<Double>
    let isFinite: Bool
    /// K^+; nil where all means are one, or not finite.
    let inverse: Matrix<Double>?

    /// - Returns: nil if fewer than two classes have rows.
    init?(sums: Matrix<Double>, counts: [Int]) {
        classes = counts.indices.filter { counts[$0] > 0 }
        guard classes.count > 1 else { return nil }
        var place = counts.map { _ in 0 }
        for (index, label) in classes.enumerated() { place[label] = index }
        self.place = place
        let width = sums.columns, count = Double(classes.count)
        let global = Matrix<Double>(rows: 1, columns: width)
        means = Matrix(rows: classes.count, columns: width)
        for (c, label) in classes.enumerated() {
            for j in 0..<width {
                means[c, j] = sums[label, j] / Double(counts[label])
                global[0, j] += means[c, j] / count
            }
        }
        for c in classes.indices {
            for j in 0..<width { means[c, j] -= global[0, j] }
        }
        globalMean = global
        gram = gramOfRows(means)
        products = Matrix(rows: 1, columns: classes.count)
        isFinite = gram.elements.allSatisfy(\.isFinite)
        let hasMeans = gram.elements.contains { $0 != 0 }
        guard isFinite, hasMeans else {
            inverse = nil
            return
        }
        let copy = Matrix<Double>(rows: gram.rows, columns: gram.columns)
        copy.copy(from: gram)
        // The means add up to 0, so that one eigenvalue is nothing but rounding.
        inverse = symmetricPseudoInverse(copy, cutoff: 1e-12)
    }
}

/// Returns X X^T of X (C x H).
private func gramOfRows(_ x: Matrix<Double>) -> Matrix<Double> {
    let gram = Matrix<Double>(rows: x.rows, columns: x.rows), width = x.columns
    for c in 0..<x.rows {
        for d in 0...c {
            let a = x.base + c * width, b = x.base + d * width
            gram[c, d] = sum(count: width) { a[$0] * b[$0] }
            gram[d, c] = gram[c, d]
        }
    }
    return gram
}
