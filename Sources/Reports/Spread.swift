import Foundation
import RunStore

/// The mean and the standard deviation over the runs that have a value.
struct Spread: Sendable {
    let count: Int
    private(set) var mean: Double?
    /// The standard deviation sqrt(sum (x - mean)^2 / (count - 1)); nil for less than two values.
    private(set) var standardDeviation: Double?

    init(_ values: [Double]) {
        count = values.count
        guard let first = values.first else { return }
        // From the first value on, so that equal values have exactly that mean, and no deviation.
        let mean = first + values.reduce(0) { $0 + ($1 - first) } / Double(count)
        self.mean = mean
        if count > 1 {
            standardDeviation = (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count - 1)).squareRoot()
        }
    }

    /// Returns the spread for people, such as `0.877 ± 0.0042`, with the count where it is not that of all runs.
    func display(outOf total: Int) -> SQLValue {
        guard let mean else { return .null }
        let deviation = standardDeviation.map { " ± " + String(format: "%.2g", $0) } ?? ""
        return .text(SQLValue.number(mean).display + deviation + (count == total ? "" : " (\(count))"))
    }
}
