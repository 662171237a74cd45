import Foundation
import Reports
import RunStore
import Support
import Synchronization
import Training

/// Shows a run's progress on standard error: a line that is drawn again on a terminal, lines elsewhere, or one JSON
/// object a line.
final class ProgressDisplay: Sendable {
    private struct State {
        var estimate = TimeEstimate()
        var limit = RedrawLimit()
        var lastTenth = -1
        /// What has not been drawn yet.
        var waiting: TrainingProgress?
        var isDrawn = false
        var isFinished = false
    }
    private let form: ProgressForm
    private let title: String
    private let hasColor: Bool
    private let state = Mutex(State())

    init(_ style: ProgressStyle, title: String) {
        form = ProgressForm(style)
        self.title = title
        hasColor = terminalHasColor(standardError)
    }

    func show(_ progress: TrainingProgress) {
        state.withLock { state in
            let now = seconds(of: CLOCK_MONOTONIC)
            state.estimate.note(done: progress.fraction, at: now)
            switch form {
            case .bar:
                state.waiting = progress
                if state.limit.allows(at: now) { draw(&state) }
            case .lines:
                // Every tenth of the run, so that a log file stays short.
                let tenth = progress.totalSteps == 0 ? 10 : progress.step * 10 / progress.totalSteps
                guard state.lastTenth != tenth else { break }
                state.lastTenth = tenth
                writeToStandardError(
                    "\(title): \(progress.details(secondsLeft: state.estimate.secondsLeft))\n".escapedForTerminal(
                        keepsLines: true))
            case .json: writeToStandardError("{\(progress.jsonMembers)}\n")
            case .nothing: break
            }
        }
    }

    func committed(_ step: Int) {
        if form == .json { writeToStandardError("{\"committed\": \(step)}\n") }
    }

    /// Says what the user should know.
    func note(_ text: String) {
        if form == .json { return writeToStandardError("{\"note\": \(quotedForJSON(text))}\n") }
        state.withLock { state in
            if state.isDrawn { writeToStandardError("\r\u{1B}[K") }
            state.isDrawn = false
            say(text)
        }
    }

    /// Draws the last state and ends its line, the first time that it is called.
    func finish() {
        state.withLock { state in
            guard form == .bar, !state.isFinished else { return }
            state.isFinished = true
            draw(&state)
            if state.isDrawn { writeToStandardError("\n") }
        }
    }

    private func draw(_ state: inout State) {
        guard let progress = state.waiting else { return }
        state.waiting = nil
        state.isDrawn = true
        let line = progress.status(title: title, secondsLeft: state.estimate.secondsLeft)
        writeToStandardError(
            "\r" + line.text(columns: terminalWidth(standardError), hasColor: hasColor) + "\u{1B}[K")
    }
}
