/// How inputs are scaled; the names are those of the config.
package enum ScalingKind: String, CaseIterable, Codable, Sendable {
    /// x' = x
    case none
    /// x' = x / the largest value of the integer type: 255 for uint8
    case unit
    /// x' = (x - minimum_j) / (maximum_j - minimum_j)
    case minMax = "min_max"
    /// x' = (x - mean_j) / standard deviation_j, the deviation with ddof 0
    case standardize
    /// x' = x - mean_j
    case center
}

/// A map of inputs that is fitted to the training rows and then applied to every split.
///
/// Minimum, maximum, mean and deviation are those of feature j over the training rows, so that other rows may leave the
/// range. A feature that is constant there is divided by 1: it becomes 0. All is computed in Double and rounded once.
package struct Scaling: Sendable {
    enum Transform: Sendable {
        /// x' = x * factor
        case uniform(factor: Double)
        /// x' = (x - offset_j) * factor_j
        case perFeature(offsets: [Double], factors: [Double])
        /// x' = 1 if x > threshold, else 0
        case threshold(Double)
    }

    package let kind: ScalingKind
    let transform: Transform

    /// Whether it is the same in every feature.
    var isUniform: Bool { if case .perFeature = transform { false } else { true } }

    /// Whether 0 becomes 0 in every feature.
    var keepsZeros: Bool {
        switch transform {
        case .uniform: true
        case .threshold(let threshold): threshold >= 0
        case .perFeature: false
        }
    }

    /// The scaled value, where scaling is the same in every feature.
    @inline(__always)
    func value(_ x: Double) -> Double {
        switch transform {
        case .uniform(let factor): x * factor
        case .threshold(let threshold): x > threshold ? 1 : 0
        case .perFeature: preconditionFailure("this scaling differs between features")
        }
    }

    /// x' = x, of anything.
    package static let identity = Scaling(kind: .none, transform: .uniform(factor: 1))

    private init(kind: ScalingKind, transform: Transform) {
        self.kind = kind
        self.transform = transform
    }

    /// - Parameters:
    ///   - threshold: if it is given, raw values above it become 1 and all others 0, and `kind` must be `none`.
    ///   - rows: the training rows of `examples`, at least one.
    /// - Throws: if both a threshold and a scaling are asked for, or `unit` of a type that has no natural unit.
    package init(
        _ kind: ScalingKind, binarizeAbove threshold: Double? = nil, fittedTo examples: Examples, rows: [Int32]
    ) throws(DataError) {
        self.kind = kind
        if let threshold {
            guard kind == .none else {
                throw DataError(
                    "data.binarize_above makes inputs 0 or 1 and data.scaling is '\(kind.rawValue)'; expected only one "
                        + "of them. "
                        + "Leave out data.scaling or data.binarize_above.")
            }
            transform = .threshold(threshold)
            return
        }
        switch kind {
        case .none: transform = .uniform(factor: 1)
        case .unit: transform = .uniform(factor: 1 / (try unit(of: examples)))
        case .minMax, .standardize, .center:
            let columns = ColumnSummary(of: examples, rows: rows)
            let offsets = kind == .minMax ? columns.minimum : columns.mean
            let scales: [Double]? =
                switch kind {
                case .minMax: zip(columns.maximum, columns.minimum).map { $0 - $1 }
                case .standardize: columns.standardDeviation
                default: nil
                }
            let factors = scales.map { $0.map { $0 == 0 ? 1 : 1 / $0 } } ?? offsets.map { _ in 1 }
            transform = .perFeature(offsets: offsets, factors: factors)
        }
    }
}

/// The value that `unit` divides by.
///
/// Wider integers rarely fill their type, so that dividing by its maximum would give almost zero.
private func unit(of examples: Examples) throws(DataError) -> Double {
    if let maximum = examples.elementType.maximum, examples.elementType.byteCount <= 2 { return maximum }
    throw DataError(
        "\(examples.place): data.scaling 'unit' divides integers of 8 or 16 bits by the maximum of their type; the "
            + "inputs are "
            + "\(examples.elementType.name). Use 'min_max' or 'standardize', or 'none' if the values are in range "
            + "already."
    )
}

/// Statistics of each feature over chosen rows, in two passes of sums in Double; the error of a mean over N rows is
/// below N * 2^-53 of the mean magnitude, 1e-11 for 60,000 rows.
///
/// A constant feature has its value as mean and exactly 0 as deviation.
struct ColumnSummary {
    private(set) var minimum: [Double]
    private(set) var maximum: [Double]
    private(set) var mean: [Double]
    private(set) var standardDeviation: [Double]

    init(of examples: Examples, rows: [Int32]) {
        precondition(!rows.isEmpty, "a scaling needs training rows")
        minimum = Array(repeating: .infinity, count: examples.featureCount)
        maximum = Array(repeating: -.infinity, count: examples.featureCount)
        mean = Array(repeating: 0, count: examples.featureCount)
        standardDeviation = mean
        switch examples.storage {
        case .uint8(let values): summarize(values, rows)
        case .float32(let values): summarize(values, rows)
        case .float64(let values): summarize(values, rows)
        }
    }

    private mutating func summarize<Element: HDF5Element>(_ values: [Element], _ rows: [Int32]) {
        let width = mean.count
        for row in rows {
            let start = Int(row) * width
            for j in 0..<width {
                let x = values[start + j].asDouble
                minimum[j] = min(minimum[j], x)
                maximum[j] = max(maximum[j], x)
                mean[j] += x
            }
        }
        for j in 0..<width { mean[j] = minimum[j] == maximum[j] ? minimum[j] : mean[j] / Double(rows.count) }
        for row in rows {
            let start = Int(row) * width
            for j in 0..<width {
                let deviation = values[start + j].asDouble - mean[j]
                standardDeviation[j] += deviation * deviation
            }
        }
        for j in 0..<width { standardDeviation[j] = (standardDeviation[j] / Double(rows.count)).squareRoot() }
    }
}
