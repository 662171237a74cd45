import Foundation
import Reports
import Support

/// Shows on a terminal how far some work has come, in a line that is gone when the work has ended.
///
/// Work of less than half a second shows nothing, and neither does any that has no terminal for standard error.
struct WorkDisplay {
    private let title: String
    private let unit: String
    private let start = seconds(of: CLOCK_MONOTONIC)
    private let isOnTerminal = isTerminal(standardError)
    private var estimate = TimeEstimate()
    private var limit = RedrawLimit()
    private var isDrawn = false

    /// - Parameters:
    ///   - title: what is done, such as `evaluating`.
    ///   - unit: what is counted, such as `rows`.
    init(_ title: String, unit: String) { (self.title, self.unit) = (title, unit) }

    mutating func show(_ done: Int, of total: Int) {
        guard isOnTerminal, total > 0 else { return }
        let now = seconds(of: CLOCK_MONOTONIC), fraction = Double(done) / Double(total)
        estimate.note(done: fraction, at: now)
        guard now - start >= 0.5, limit.allows(at: now) else { return }
        var line = StatusLine(title, fraction: fraction)
        line.add("\(done)/\(total) \(unit)", .step)
        line.add(percentText(fraction), .detail)
        line.add(estimate.secondsLeft.map { timeLeftText(seconds: $0) }, .time)
        let text = line.text(columns: terminalWidth(standardError), hasColor: terminalHasColor(standardError))
        writeToStandardError("\r\(text)\u{1B}[K")
        isDrawn = true
    }

    /// Clears the line; what is printed next stands in its place.
    mutating func finish() {
        if isDrawn { writeToStandardError("\r\u{1B}[K") }
        isDrawn = false
    }
}
