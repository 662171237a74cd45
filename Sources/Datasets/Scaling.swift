/// How inputs are scaled; the raw values are those of the config key `data.scaling`.
package enum ScalingKind: String, CaseIterable, Codable, Sendable {
    /// Leaves inputs as they are: x' = x.
    case none
    /// Divides by the largest value of the integer type, 255 for uint8: x' = x / maximum.
    case unit
    /// Maps each feature to 0 to 1: x' = (x - minimum_j) / (maximum_j - minimum_j).
    case minMax = "min_max"
    /// Gives each feature mean 0 and deviation 1: x' = (x - mean_j) / standard deviation_j, with ddof 0.
    case standardize
    /// Gives each feature mean 0: x' = x - mean_j.
    case center
}

/// A map of inputs that is fitted to the training rows and then applied to every split.
///
/// Minimum, maximum, mean and deviation are those of feature j over the training rows, so that other rows may leave the
/// range. A feature that is constant there is divided by 1: it becomes 0. All is computed in Double and rounded once.
package struct Scaling: Sendable {
    enum Transform: Sendable {
        /// Multiplies all features by one number: x' = x * factor.
        case uniform(factor: Double)
        /// Treats each feature by its own numbers: x' = (x - offset_j) * factor_j.
        case perFeature(offsets: [Double], factors: [Double])
        /// Makes inputs binary: x' = 1 if x > threshold, else 0.
        case threshold(Double)
    }

    package let kind: ScalingKind
    let transform: Transform

    /// Whether the scaling is the same in every feature.
    var isUniform: Bool { if case .perFeature = transform { false } else { true } }

    /// Whether 0 is scaled to 0 in every feature.
    var keepsZeros: Bool {
        switch transform {
        case .uniform: true
        case .threshold(let threshold): threshold >= 0
        case .perFeature: false
        }
    }

    /// Returns the scaled value, where the scaling is the same in every feature.
    @inline(__always)
    func value(_ x: Double) -> Double {
        switch transform {
        case .uniform(let factor): x * factor
        case .threshold(let threshold): x > threshold ? 1 : 0
        case .perFeature: preconditionFailure("this scaling differs between features")
        }
    }

    /// Returns the scaled value of a feature.
    func value(_ x: Double, feature j: Int) -> Double {
        if case .perFeature(let offsets, let factors) = transform { return (x - offsets[j]) * factors[j] }
        return value(x)
    }

    /// The scaling that leaves inputs as they are.
    package static let identity = Scaling(kind: .none, transform: .uniform(factor: 1))

    private init(kind: ScalingKind, transform: Transform) {
        self.kind = kind
        self.transform = transform
    }

    /// Makes the scaling of values above `threshold` to 1 and of all others to 0.
    package init(binarizingAbove threshold: Double) { self.init(kind: .none, transform: .threshold(threshold)) }

    /// Fits a scaling to training rows.
    ///
    /// - Parameters:
    ///   - maximum: what `unit` divides by; nil for the largest value of the type.
    ///   - rows: the training rows of `examples`, at least one.
    /// - Throws: an error for `unit` if the values have a type without a natural unit.
    package init(_ kind: ScalingKind, maximum: Double? = nil, fittedTo examples: Examples, rows: RowSet)
        throws(DataError)
    {
        self.kind = kind
        switch kind {
        case .none: transform = .uniform(factor: 1)
        case .unit:
            let divisor: Double
            if let maximum { divisor = maximum } else { divisor = try unit(of: examples) }
            transform = .uniform(factor: 1 / divisor)
        case .minMax, .standardize, .center:
            let columns = try ColumnSummary(of: examples, rows: rows)
            let offsets = kind == .minMax ? columns.minimum : columns.mean
            let scales: [Double]? =
                switch kind {
                case .minMax: zip(columns.maximum, columns.minimum).map { $0 - $1 }
                case .standardize: columns.standardDeviation
                case .none, .unit, .center: nil
                }
            let factors = scales.map { $0.map { $0 == 0 ? 1 : 1 / $0 } } ?? offsets.map { _ in 1 }
            transform = .perFeature(offsets: offsets, factors: factors)
        }
    }
}

/// Returns the value that `unit` divides by.
///
/// Wider integers rarely fill their type, so that dividing by its maximum would give almost zero.
private func unit(of examples: Examples) throws(DataError) -> Double {
    if let maximum = examples.elementType.maximum, examples.elementType.byteCount <= 2 { return maximum }
    throw DataError(
        "\(examples.place): The scaling 'unit' divides integers of 8 or 16 bits by the maximum of their type; the "
            + "inputs are \(examples.elementType.name). Give the largest value, as in {\"kind\": \"unit\", "
            + "\"maximum\": 255}, or use 'min_max' or 'standardize', or 'none' if the values are in range.")
}
