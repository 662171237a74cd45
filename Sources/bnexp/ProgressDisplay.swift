import ArgumentParser
import Foundation
import Support
import Synchronization
import Training

enum ProgressStyle: String, CaseIterable, ExpressibleByArgument { case auto, plain, json, none }

/// What a progress style comes to here.
enum ProgressForm {
    case bar, lines, json, nothing

    init(_ style: ProgressStyle) {
        self =
            switch style {
            case .auto: isTerminal(standardError) ? .bar : .lines
            case .plain: .lines
            case .json: .json
            case .none: .nothing
            }
    }
}

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

    /// Ends the bar's line; once.
    func finish() {
        if form == .bar, !isFinished.exchange(true, ordering: .relaxed) { write("\n") }
    }

    private func bar(_ progress: TrainingProgress) -> String {
        let name = title.padding(toLength: max(12, title.count), withPad: " ", startingAt: 0)
        return "\(name) \(progressBar(progress.fraction, hasColor: hasColor)) \(progress.details)"
    }

    private func line(_ progress: TrainingProgress) -> String { "\(title): \(progress.details)" }

    private func write(_ text: String) { writeToStandardError(text) }
}

extension TrainingProgress {
    var fraction: Double { totalSteps == 0 ? 1 : Double(step) / Double(totalSteps) }

    /// For people: step, loss, speed, accuracy, time left.
    var details: String {
        var parts = ["step \(step)/\(totalSteps)"]
        if step > 0 {
            parts.append(String(format: "loss %.4f", loss))
            parts.append(String(format: "%.0f steps/s", stepsPerSecond))
        }
        if let evaluatedAccuracy { parts.append(String(format: "accuracy %.4f", evaluatedAccuracy)) }
        if step > 0, step < totalSteps { parts.append(timeLeftText(seconds: secondsLeft)) }
        return parts.joined(separator: "  ")
    }

    /// For programs: the members of a JSON object.
    var jsonMembers: String {
        func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
        return "\"step\": \(step), \"total_steps\": \(totalSteps), \"epoch\": \(epoch), \"loss\": \(number(loss)), "
            + "\"accuracy\": \(number(accuracy ?? .nan)), \"steps_per_second\": \(number(stepsPerSecond))"
    }
}

/// A bar of which a part is filled.
func progressBar(_ fraction: Double, width: Int = 24, hasColor: Bool) -> String {
    let filled = Int(Double(width) * min(1, max(0, fraction)))
    let done = String(repeating: "━", count: filled)
    return hasColor
        ? "\u{1B}[32m\(done)\u{1B}[90m\(String(repeating: "━", count: width - filled))\u{1B}[0m"
        : done + String(repeating: "╌", count: width - filled)
}

func timeLeftText(seconds: Double) -> String {
    let left = Int(min(seconds, 1e12).rounded(.up))
    return left >= 86_400
        ? "\(left / 86_400) days left"
        : left >= 3600
            ? "\(left / 3600) h \(left % 3600 / 60) min left"
            : left >= 60 ? "\(left / 60) min \(left % 60) s left" : "\(left) s left"
}
