import Datasets

/// What is done to each feature of inputs when they are written, fitted to the training rows: missing values become the
/// mean, and then x' = (x - offset_j) * factor_j.
///
/// Means and deviations are summed in Double in two passes, as training computes them of data in memory.
struct FittedColumns {
    /// What stands for a missing value; nil to leave it missing.
    private let fills: [Double]?
    private let offsets: [Double]
    private let factors: [Double]
    /// Whether values are only filled and not scaled.
    private let isIdentity: Bool

    /// - Parameters:
    ///   - rows: the training rows of `inputs` in ascending order; nil for all.
    ///   - fillsMissing: whether NaN stands for a missing value.
    ///   - names: of the features, if they have any.
    /// - Throws: an error if a feature has no value to take the mean of, or if its type has no natural unit.
    init(
        _ scaling: ScalingKind, fillsMissing: Bool, fittedTo inputs: SpooledRows, rows: RowSet?, names: [String]
    ) throws(DataError) {
        let width = inputs.featureCount, rowCount = rows?.count ?? inputs.rowCount
        isIdentity = scaling == .none
        if !fillsMissing, scaling == .none || scaling == .unit {
            fills = nil
            offsets = Array(repeating: 0, count: width)
            factors = Array(repeating: scaling == .none ? 1 : 1 / (try unit(of: inputs.elementType)), count: width)
            return
        }
        var minimum = [Double](repeating: .infinity, count: width), maximum = minimum.map { -$0 }
        var sum = [Double](repeating: 0, count: width), counts = [Int](repeating: 0, count: width)
        try inputs.forEachBlockOfNumbers(of: rows) { values, blockRows throws(DataError) in
            for row in 0..<blockRows {
                for j in 0..<width where !values[row * width + j].isNaN {
                    let x = values[row * width + j]
                    minimum[j] = min(minimum[j], x)
                    maximum[j] = max(maximum[j], x)
                    sum[j] += x
                    counts[j] += 1
                }
            }
        }
        if let empty = counts.firstIndex(of: 0) {
            let name = empty < names.count ? "'\(names[empty])'" : "\(empty), counted from 0,"
            throw DataError("The feature \(name) has no value in any training row, so it has no mean. Leave it out.")
        }
        let mean = (0..<width).map { minimum[$0] == maximum[$0] ? minimum[$0] : sum[$0] / Double(counts[$0]) }
        fills = fillsMissing ? mean : nil
        var scales: [Double]?
        switch scaling {
        case .standardize:
            var squares = [Double](repeating: 0, count: width)
            try inputs.forEachBlockOfNumbers(of: rows) { values, blockRows throws(DataError) in
                for row in 0..<blockRows {
                    for j in 0..<width where !values[row * width + j].isNaN {
                        let deviation = values[row * width + j] - mean[j]
                        squares[j] += deviation * deviation
                    }
                }
            }
            scales = squares.map { ($0 / Double(rowCount)).squareRoot() }
        case .minMax: scales = zip(maximum, minimum).map { $0 - $1 }
        case .unit: scales = Array(repeating: try unit(of: inputs.elementType), count: width)
        case .none, .center: break
        }
        switch scaling {
        case .none, .unit: offsets = Array(repeating: 0, count: width)
        case .minMax: offsets = minimum
        case .standardize, .center: offsets = mean
        }
        factors = scales.map { $0.map { $0 == 0 ? 1 : 1 / $0 } } ?? Array(repeating: 1, count: width)
    }

    /// Treats rows in place.
    func apply(to values: UnsafeMutableBufferPointer<Double>) {
        let width = offsets.count
        for start in stride(from: 0, to: values.count, by: max(1, width)) {
            for j in 0..<width {
                if let fills, values[start + j].isNaN { values[start + j] = fills[j] }
                if !isIdentity { values[start + j] = (values[start + j] - offsets[j]) * factors[j] }
            }
        }
    }
}

/// The number that `unit` divides by: the largest of the type, for integers of 8 and 16 bits.
private func unit(of type: ElementType) throws(DataError) -> Double {
    if let maximum = type.maximum, type.byteCount <= 2 { return maximum }
    throw DataError(
        "The scaling 'unit' divides integers of 8 or 16 bits by the maximum of their type; the inputs are "
            + "\(type.name). Use min_max or standardize, or leave --scaling out and give data.scaling its maximum.")
}
