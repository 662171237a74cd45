import Foundation
import RunStore
import Support
import Sweeps
import Synchronization
import Training

/// Shows the progress of a sweep on standard error: on a terminal a bar for each job and one for the whole sweep,
/// elsewhere a line for each trial that ends, or one JSON object a line.
final class SweepDisplay: Sendable {
    private struct Work {
        var trial: SweepTrial
        var progress: TrainingProgress?
        var start: Date
    }
    private struct State {
        var counts = SweepCounts()
        var jobs: [Work?]
        var endedSteps = 0
        var startDate = Date()
        var drawnLines = 0
        var isFinished = false
    }
    private let form: ProgressForm
    private let hasColor: Bool
    private let name: String
    private let trialCount: Int
    private let totalSteps: Int
    private let state: Mutex<State>

    /// Makes a display that shows nothing yet.
    ///
    /// - Parameters:
    ///   - trials: the trials that are to be run.
    ///   - chosenCount: the number of these trials and of those that are skipped.
    init(_ style: ProgressStyle, plan: SweepPlan, trials: [SweepTrial], chosenCount: Int, jobs: Int) {
        form = ProgressForm(style)
        hasColor = terminalHasColor(standardError)
        name = plan.name
        trialCount = trials.count
        // A run of no steps is some work too.
        totalSteps = trials.reduce(0) { $0 + $1.totalSteps + 1 }
        var state = State(jobs: Array(repeating: nil, count: min(jobs, trials.count)))
        state.counts.chosen = chosenCount
        state.counts.present = chosenCount - trials.count
        self.state = Mutex(state)
    }

    var counts: SweepCounts { state.withLock { $0.counts } }

    func start() { state.withLock { $0.startDate = Date() } }

    func began(_ job: Int, _ trial: SweepTrial) {
        state.withLock { state in
            state.jobs[job] = Work(trial: trial, start: Date())
            if form == .json {
                writeToStandardError("{\"event\": \"began\", \"trial\": \(trial.index), \"job\": \(job)}\n")
            }
            draw(&state)
        }
    }

    func progress(_ job: Int, _ trial: SweepTrial, _ progress: TrainingProgress) {
        state.withLock { state in
            state.jobs[job]?.progress = progress
            if form == .json {
                writeToStandardError(
                    "{\"event\": \"progress\", \"trial\": \(trial.index), \"job\": \(job), \(progress.jsonMembers)}\n")
            }
            draw(&state)
        }
    }

    func ended(_ job: Int, _ trial: SweepTrial, _ end: TrialEnd) {
        state.withLock { state in
            let word: String, detail: String
            switch end {
            case .ran(let outcome):
                switch outcome.status {
                case .finished: state.counts.finished += 1
                case .diverged: state.counts.diverged += 1
                case .interrupted, .running, .failed, .lost: state.counts.interrupted += 1
                }
                word = outcome.status.rawValue
                detail = outcome.reason.map { " (\($0))" } ?? ""
            case .failed(let message):
                state.counts.failed += 1
                word = "failed"
                detail = ": \(message)"
            case .busy:
                state.counts.busy += 1
                word = "busy"
                detail = " (another process works on it)"
            }
            let work = state.jobs[job]
            state.jobs[job] = nil
            state.endedSteps += trial.totalSteps + 1
            let accuracy = work?.progress?.evaluatedAccuracy.map { String(format: ", accuracy %.4f", $0) } ?? ""
            let seconds = work.map { String(format: ", %.1f s", Date().timeIntervalSince($0.start)) } ?? ""
            let line = "trial \(trial.index) \(trial.shortText): \(word)\(detail)\(accuracy)\(seconds)"
            switch form {
            case .bar:
                if case .ran(let outcome) = end, outcome.status == .finished || outcome.status == .diverged { break }
                erase(&state)
                writeToStandardError(line + "\n")
            case .lines:
                writeToStandardError(
                    "[\(state.counts.ended)/\(trialCount)] \(line)\(timeLeft(state).map { "; " + $0 } ?? "")\n")
            case .json:
                writeToStandardError(
                    "{\"event\": \"ended\", \"trial\": \(trial.index), \"job\": \(job), \"status\": \"\(word)\"}\n")
            case .nothing:
                if case .failed = end { say(line) }
            }
            draw(&state)
        }
    }

    /// Draws the last state a last time; later calls do nothing.
    func finish() {
        state.withLock { state in
            guard !state.isFinished else { return }
            state.jobs = []
            draw(&state)
            state.isFinished = true
        }
    }

    private func erase(_ state: inout State) {
        if state.drawnLines > 0 { writeToStandardError("\u{1B}[\(state.drawnLines)A\u{1B}[J") }
        state.drawnLines = 0
    }

    private func draw(_ state: inout State) {
        guard form == .bar, !state.isFinished, trialCount > 0 else { return }
        let (width, height) = (terminalWidth(standardError), terminalHeight(standardError))
        var lines = [
            "\(progressBar(doneFraction(state), hasColor: hasColor)) \(name)  \(state.counts.ended)/\(trialCount) "
                + "trials"
                + (timeLeft(state).map { "  " + $0 } ?? "")
        ]
        for work in state.jobs {
            guard let work else { continue }
            var parts = [
                "\(progressBar(work.progress?.fraction ?? 0, width: 12, hasColor: hasColor)) trial \(work.trial.index)"
            ]
            if let progress = work.progress, progress.step > 0 {
                parts.append(String(format: "step \(progress.step)/\(progress.totalSteps)  loss %.3g", progress.loss))
                if progress.step < progress.totalSteps { parts.append(timeLeftText(seconds: progress.secondsLeft)) }
            }
            lines.append((parts + [work.trial.shortText]).joined(separator: "  "))
        }
        // What scrolls off the screen cannot be drawn over.
        lines.removeLast(max(0, lines.count - height + 1))
        let cursor = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A" : ""
        writeToStandardError(cursor + lines.map { fitted($0, columns: width) + "\u{1B}[K\n" }.joined() + "\u{1B}[J")
        state.drawnLines = lines.count
    }

    private func doneFraction(_ state: State) -> Double {
        let running = state.jobs.reduce(0.0) { $0 + Double($1?.progress?.step ?? 0) }
        return totalSteps == 0 ? 1 : (Double(state.endedSteps) + running) / Double(totalSteps)
    }

    private func timeLeft(_ state: State) -> String? {
        let done = doneFraction(state), elapsed = Date().timeIntervalSince(state.startDate)
        guard done > 0, done < 1, elapsed > 1 else { return nil }
        return timeLeftText(seconds: elapsed / done * (1 - done))
    }
}
