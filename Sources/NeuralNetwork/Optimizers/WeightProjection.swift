/// What returns to the norm that it started with after every update, so that only directions are trained.
///
/// Where what follows a weight is normalized, its length changes nothing but the effective learning rate, rate /
/// norm^2, which a projection keeps. Source: Huang et al. 2017, "Projection based weight normalization for deep neural
/// networks", section 3, whose norm is 1.
package enum WeightProjection: String, CaseIterable, Sendable {
    case none
    /// The weight of a layer, as one vector.
    case layer
    /// The incoming weights of each unit: the columns of W.
    case unit
}

/// Returns one layer's weight W (D x H) to the norms that it had: W_ij *= sqrt(first_j / present_j), with first and
/// present the sums of squares, in Double.
final class WeightProjector<S: Scalar> {
    private let weight: Parameter<S>
    /// Sums of squares: 1 x H of the columns, or 1 x 1 of all.
    private let first: Matrix<Double>
    private let present: Matrix<Double>
    private let factor: Matrix<S>

    /// - Returns: nil for a projection that does nothing.
    init?(_ projection: WeightProjection, _ weight: Parameter<S>) {
        guard projection != .none else { return nil }
        self.weight = weight
        let count = projection == .unit ? weight.value.columns : 1
        first = Matrix(rows: 1, columns: count)
        present = Matrix(rows: 1, columns: count)
        factor = Matrix(rows: 1, columns: count)
        remember()
    }

    private var isByUnit: Bool { first.columns == weight.value.columns }

    /// Takes the weight's norms as they are for those to return to.
    func remember() { sumSquares(columns: 0..<first.columns, into: first) }

    /// The first unit whose norm is 0, which nothing returns to; nil if there is none.
    var unitOfNoLength: Int? { first.elements.firstIndex { $0 == 0 } }

    /// Whether all weights are 0.
    var hasNoLength: Bool { first.elements.allSatisfy { $0 == 0 } }

    func project(_ multiplier: Multiplier<S>) {
        let w = weight.value
        if !isByUnit { compare(columns: 0..<1) }
        multiplier.divide(w.columns, work: 4 * w.count, self) { projector, columns, _ in
            if projector.isByUnit { projector.compare(columns: columns) }
            projector.scale(columns: columns)
        }
    }

    /// Overwrites the factors of some columns, or of all by their one sum.
    private func compare(columns: Range<Int>) {
        sumSquares(columns: columns, into: present)
        for j in columns { factor.base[j] = S((first.base[j] / present.base[j]).squareRoot()) }
    }

    private func sumSquares(columns: Range<Int>, into sums: Matrix<Double>) {
        let w = weight.value
        guard isByUnit else {
            let length = norm(w)
            sums.base[0] = length * length
            return
        }
        for j in columns { sums.base[j] = 0 }
        for i in 0..<w.rows {
            let row = w.base + i * w.columns
            for j in columns { sums.base[j] += Double(row[j]) * Double(row[j]) }
        }
    }

    private func scale(columns: Range<Int>) {
        let w = weight.value, factors = factor.base, common = factors[0], isByUnit = isByUnit
        for i in 0..<w.rows {
            let row = w.base + i * w.columns
            if isByUnit {
                for j in columns { row[j] *= factors[j] }
            } else {
                for j in columns { row[j] *= common }
            }
        }
    }
}
