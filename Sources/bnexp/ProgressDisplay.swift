import Foundation
import Support
import Synchronization
import Training

/// Shows a run's progress on standard error: a bar on a terminal, lines elsewhere, or one JSON object a line.
final class ProgressDisplay: Sendable {
    private let form: ProgressForm
    private let title: String
    private let hasColor: Bool
    private let lastTenth = Atomic<Int>(-1)
    private let isFinished = Atomic<Bool>(false)

    init(_ style: ProgressStyle, title: String) {
        form = ProgressForm(style)
        self.title = title
        hasColor = terminalHasColor(standardError)
    }

    func show(_ progress: TrainingProgress) {
        switch form {
        case .bar: write("\r" + bar(progress) + "\u{1B}[K")
        case .lines:
            // Every tenth of the run, so that a log file stays short.
            let tenth = progress.totalSteps == 0 ? 10 : progress.step * 10 / progress.totalSteps
            if lastTenth.exchange(tenth, ordering: .relaxed) != tenth { write(line(progress) + "\n") }
        case .json: write("{\(progress.jsonMembers)}\n")
        case .nothing: break
        }
    }

    func committed(_ step: Int) {
        if form == .json { write("{\"committed\": \(step)}\n") }
    }

    /// Says what the user should know.
    func note(_ text: String) {
        if form == .json { return write("{\"note\": \(quotedForJSON(text))}\n") }
        if form == .bar { write("\r\u{1B}[K") }
        say(text)
    }

    /// Ends the line of the bar, the first time that it is called.
    func finish() {
        if form == .bar, !isFinished.exchange(true, ordering: .relaxed) { write("\n") }
    }

    /// Returns the line of the bar; in a narrow terminal the name is cut, the bar is shorter and the end is left out.
    private func bar(_ progress: TrainingProgress) -> String {
        let columns = terminalWidth(standardError), details = progress.details
        let length = min(max(12, title.count), max(12, columns / 3))
        let width = min(24, max(8, columns - length - details.count - 3))
        let name = title.padding(toLength: length, withPad: " ", startingAt: 0)
        let bar = progressBar(progress.fraction, width: width, hasColor: hasColor)
        return fitted("\(name) \(bar) \(details)", columns: columns)
    }

    private func line(_ progress: TrainingProgress) -> String { "\(title): \(progress.details)" }

    private func write(_ text: String) { writeToStandardError(text) }
}
