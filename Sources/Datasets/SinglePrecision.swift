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
    package init(of examples: Examples, rows: [Int32], scaling: Scaling, isTraining: Bool) {
        // Other storage holds what float32 holds.
        guard case .float64(let values) = examples.storage else { return }
        let width = examples.featureCount
        for row in rows {
            for j in 0..<width {
                let value = values[Int(row) * width + j]
                guard !Float(scaling.value(value, feature: j)).isFinite else { continue }
                problem = DataError(
                    "\(examples.place): row \(row), column \(j), counted from 0, has \(value), which float32 cannot hold "
                        + "after data.scaling \(scaling.kind.rawValue). Scale the data, or set precision to \"float64\"."
                )
                return
            }
        }
        guard isTraining, scaling.isUniform, !rows.isEmpty else { return }
        let summary = ColumnSummary(of: examples, rows: rows)
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
