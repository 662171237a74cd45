import Foundation
import RunStore

/// The mean and the standard deviation over the runs that have a value.
package struct Spread: Sendable {
    let count: Int
    private(set) var mean: Double?
    /// The standard deviation sqrt(sum (x - mean)^2 / (count - 1)); nil for less than two values.
    ///
    /// Of several cells: sqrt(sum over cells c of sum (x - mean_c)^2 / sum over cells (count_c - 1)), the pooled
    /// deviation within cells, nil where no cell has two values.
    private(set) var standardDeviation: Double?

    package init(_ values: [Double]) {
        count = values.count
        guard let first = values.first else { return }
        guard values.allSatisfy(\.isFinite) else {
            // Infinite, or not a number, whose sign means nothing.
            let sum = values.reduce(0, +)
            mean = sum.isNaN ? .nan : sum
            return
        }
        // From the first value on, so that equal values have exactly that mean, and no deviation.
        let mean = first + values.reduce(0) { $0 + ($1 - first) } / Double(count)
        self.mean = mean
        if count > 1 {
            standardDeviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count - 1)).squareRoot()
        }
    }

    /// The mean over the values of all cells, and the deviation within them: what one cell has more than another is no
    /// part of it.
    init(cells: [[Double]]) {
        let all = Spread(cells.flatMap { $0 }), own = cells.map { Spread($0) }
        count = all.count
        mean = all.mean
        let freedom = own.reduce(0) { $0 + max(0, $1.count - 1) }
        guard freedom > 0 else { return }
        let squares = own.reduce(0.0) { sum, cell in
            sum + (cell.standardDeviation.map { $0 * $0 * Double(cell.count - 1) } ?? 0)
        }
        standardDeviation = (squares / Double(freedom)).squareRoot()
    }

    /// Returns the spread for people, such as `0.877 ± 0.0042`, with the count where it is not that of all runs:
    /// `0.877 ± 0.0042 (2 of 3; 1 diverged)`.
    ///
    /// - Parameters:
    ///   - total: how many runs there are.
    ///   - diverged: how many of them diverged, where nothing else beside the spread says it.
    ///   - always: whether the count stands there in any case.
    package func display(outOf total: Int, diverged: Int = 0, countsAlways always: Bool = false) -> SQLValue {
        let note = diverged > 0 ? "; \(diverged) diverged" : ""
        if count == 0 { return diverged > 0 ? .text("- (0 of \(total)\(note))") : .null }
        if count == total { return text(suffix: always ? " (\(count))" : "") }
        return text(suffix: " (\(count) of \(total)\(note))")
    }

    private func text(suffix: String) -> SQLValue {
        guard let mean else { return .null }
        let deviation = standardDeviation.map { " ± " + String(format: "%.2g", $0) } ?? ""
        return .text(SQLValue.number(mean).display + deviation + suffix)
    }
}
