import ArgumentParser
import Experiments
import Foundation
import Synchronization

enum ProgressStyle: String, CaseIterable, ExpressibleByArgument { case auto, plain, json, none }

/// Shows a run's progress on standard error: a bar on a terminal, lines elsewhere, or one JSON object a line.
final class ProgressDisplay: Sendable {
    private enum Form { case bar, lines, json, nothing }
    private let form: Form
    private let title: String
    private let hasColor: Bool
    private let lastTenth = Atomic<Int>(-1)
    private let isFinished = Atomic<Bool>(false)

    init(_ style: ProgressStyle, title: String) {
        form =
            switch style {
            case .auto: isTerminal(standardError) ? .bar : .lines
            case .plain: .lines
            case .json: .json
            case .none: .nothing
            }
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
        case .json:
            write(
                "{\"step\": \(progress.step), \"total_steps\": \(progress.totalSteps), \"epoch\": \(progress.epoch), "
                    + "\"loss\": \(number(progress.loss)), \"accuracy\": \(number(progress.accuracy ?? .nan)), "
                    + "\"steps_per_second\": \(number(progress.stepsPerSecond))}\n")
        case .nothing: break
        }
    }

    func committed(_ step: Int) {
        if form == .json { write("{\"committed\": \(step)}\n") }
    }

    /// Ends the bar's line; once.
    func finish() {
        if form == .bar, !isFinished.exchange(true, ordering: .relaxed) { write("\n") }
    }

    private func bar(_ progress: TrainingProgress) -> String {
        let width = 24
        let filled = progress.totalSteps == 0 ? width : width * progress.step / progress.totalSteps
        let done = String(repeating: "━", count: filled), rest = String(repeating: "━", count: width - filled)
        let drawn = hasColor ? "\u{1B}[32m\(done)\u{1B}[90m\(rest)\u{1B}[0m" : done + String(repeating: "╌", count: width - filled)
        return "\(title.padding(toLength: max(12, title.count), withPad: " ", startingAt: 0)) \(drawn) \(details(progress))"
    }

    private func line(_ progress: TrainingProgress) -> String { "\(title): \(details(progress))" }

    private func details(_ progress: TrainingProgress) -> String {
        var parts = ["step \(progress.step)/\(progress.totalSteps)"]
        if progress.step > 0 {
            parts.append(String(format: "loss %.4f", progress.loss))
            parts.append(String(format: "%.0f steps/s", progress.stepsPerSecond))
        }
        if let accuracy = progress.evaluatedAccuracy { parts.append(String(format: "accuracy %.4f", accuracy)) }
        if progress.step > 0, progress.step < progress.totalSteps {
            let left = Int(min(progress.secondsLeft, 1e12).rounded(.up))
            parts.append(
                left >= 86_400 ? "\(left / 86_400) days left"
                    : left >= 3600 ? "\(left / 3600) h \(left % 3600 / 60) min left" : left >= 60 ? "\(left / 60) min \(left % 60) s left" : "\(left) s left")
        }
        return parts.joined(separator: "  ")
    }

    private func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

    private func write(_ text: String) { writeToStandardError(text) }
}
