import Foundation

/// What becomes of inputs of a wider type when they are scaled and trained in float32.
package struct SinglePrecision: Sendable {
    /// Says which value float32 cannot hold; nil if it holds all.
    package private(set) var problem: DataError?
    /// Says which features float32 holds without their spread; nil if there are none.
    package private(set) var note: String?

    /// - Parameters:
    ///   - rows: those that are used.
    ///   - isTraining: whether the spread of features matters, as that of the training rows does.
    package init(of examples: Examples, rows: RowSet, scaling: Scaling, isTraining: Bool) throws(DataError) {
        // Other formats hold what float32 holds.
        guard examples.format == .float64 || examples.format == .int32 || examples.format == .uint32 else { return }
        let width = examples.featureCount
        var tooLarge: (position: String, value: Double)?
        if examples.format == .float64, !examples.fitFloat(scaling) {
            try examples.forEachRow(rows) { row, values in
                guard tooLarge == nil else { return }
                for j in 0..<width where !Float(scaling.value(values[j], feature: j)).isFinite {
                    tooLarge = (examples.position(of: row * width + j), values[j])
                    return
                }
            }
        }
        if let tooLarge {
            problem = DataError(
                "\(examples.place): \(tooLarge.position) has \(tooLarge.value), which float32 cannot hold after "
                    + "data.scaling \(scaling.kind.rawValue). Scale the data, or set precision to \"float64\".")
            return
        }
        guard isTraining, scaling.isUniform, !rows.isEmpty else { return }
        // What one value in many rows has is seen in some of them.
        let summary = try ColumnSummary(
            of: examples, rows: examples.sample(10_000, of: rows))
        let lost = (0..<width).filter { j in
            let largest = Float(max(abs(summary.minimum[j]), abs(summary.maximum[j])))
            return summary.standardDeviation[j] > 0 && Double(largest.ulp) > summary.standardDeviation[j] / 8
        }
        guard let first = lost.first else { return }
        func short(_ number: Double) -> String { String(format: "%.4g", number) }
        note =
            "\(examples.place): \(lost.count) of \(width) features lose their spread in float32, the first in column "
            + "\(first) (mean \(short(summary.mean[first])), deviation \(short(summary.standardDeviation[first]))); "
            + "data.scaling \"standardize\" or \"center\" keeps it"
    }
}

extension Examples {
    /// Whether it is seen at once that `Float` holds all values after scaling.
    fileprivate func fitFloat(_ scaling: Scaling) -> Bool {
        guard case .memory(let storage) = content, scaling.isUniform else { return false }
        return Float(scaling.value(storage.largestMagnitude())).isFinite
    }
}
