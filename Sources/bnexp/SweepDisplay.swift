import Charts
import Foundation
import Reports
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
        var estimate = TimeEstimate()
        var start: Date
    }
    private struct State {
        var counts = SweepCounts()
        var jobs: [Work?]
        var endedSteps = 0
        var estimate = TimeEstimate()
        var limit = RedrawLimit()
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

    func start() {
        state.withLock { state in state.estimate.note(done: doneFraction(state), at: seconds(of: CLOCK_MONOTONIC)) }
    }

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
            let now = seconds(of: CLOCK_MONOTONIC)
            state.jobs[job]?.progress = progress
            state.jobs[job]?.estimate.note(done: progress.fraction, at: now)
            state.estimate.note(done: doneFraction(state), at: now)
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
            state.estimate.note(done: doneFraction(state), at: seconds(of: CLOCK_MONOTONIC))
            let accuracy = work?.progress?.evaluatedAccuracy.map { String(format: ", accuracy %.4f", $0) } ?? ""
            let seconds = work.map { String(format: ", %.1f s", Date().timeIntervalSince($0.start)) } ?? ""
            let line = "trial \(trial.index) \(trial.shortText): \(word)\(detail)\(accuracy)\(seconds)"
            switch form {
            case .bar:
                if case .ran(let outcome) = end, outcome.status == .finished || outcome.status == .diverged { break }
                erase(&state)
                writeToStandardError(line.wrapped(to: terminalWidth(standardError)).map { $0 + "\n" }.joined())
                return draw(&state, isDue: true)
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
            draw(&state, isDue: true)
            state.isFinished = true
        }
    }

    private func erase(_ state: inout State) {
        if state.drawnLines > 0 { writeToStandardError("\u{1B}[\(state.drawnLines)A\u{1B}[J") }
        state.drawnLines = 0
    }

    /// Draws the bars over those that are there.
    ///
    /// - Parameter isDue: whether to do so even if that was done less than a tenth of a second ago.
    private func draw(_ state: inout State, isDue: Bool = false) {
        guard form == .bar, !state.isFinished, trialCount > 0 else { return }
        guard state.limit.allows(at: seconds(of: CLOCK_MONOTONIC)) || isDue else { return }
        let (width, height) = (terminalWidth(standardError), terminalHeight(standardError))
        var lines = [whole(state)] + state.jobs.compactMap { $0.map(line) }
        // What scrolls off the screen cannot be drawn over.
        lines.removeLast(max(0, lines.count - height + 1))
        let cursor = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A" : ""
        let drawn = lines.map { $0.text(columns: width, hasColor: hasColor) + "\u{1B}[K\n" }.joined()
        writeToStandardError(cursor + drawn + "\u{1B}[J")
        state.drawnLines = lines.count
    }

    private func whole(_ state: State) -> StatusLine {
        let done = doneFraction(state)
        var line = StatusLine(name, fraction: done)
        line.add("\(state.counts.ended)/\(trialCount) trials", .step)
        line.add(percentText(done), .detail)
        line.add(timeLeft(state), .time)
        return line
    }

    private func line(_ work: Work) -> StatusLine {
        var line = StatusLine("trial \(work.trial.index)", fraction: work.progress?.fraction ?? 0)
        if let progress = work.progress, progress.step > 0 {
            line.add("step \(progress.step)/\(progress.totalSteps)", .step)
            line.add(String(format: "loss %.3g", progress.loss), .loss)
            line.add(work.estimate.secondsLeft.map { timeLeftText(seconds: $0) }, .time)
        }
        line.add(work.trial.shortText, .detail)
        return line
    }

    private func doneFraction(_ state: State) -> Double {
        let running = state.jobs.reduce(0.0) { $0 + Double($1?.progress?.step ?? 0) }
        return totalSteps == 0 ? 1 : (Double(state.endedSteps) + running) / Double(totalSteps)
    }

    private func timeLeft(_ state: State) -> String? {
        state.estimate.secondsLeft.map { timeLeftText(seconds: $0) }
    }
}
