import Foundation
import Training

extension TrainingProgress {
    /// The share of the steps that are finished.
    var fraction: Double { totalSteps == 0 ? 1 : Double(step) / Double(totalSteps) }

    /// The progress for people: step, loss, speed, accuracy and time left.
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

    /// The progress for programs: the members of a JSON object.
    var jsonMembers: String {
        func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
        return "\"step\": \(step), \"total_steps\": \(totalSteps), \"epoch\": \(epoch), \"loss\": \(number(loss)), "
            + "\"accuracy\": \(number(accuracy ?? .nan)), \"steps_per_second\": \(number(stepsPerSecond))"
    }
}

/// Returns a bar of which a part is filled.
func progressBar(_ fraction: Double, width: Int = 24, hasColor: Bool) -> String {
    let filled = Int(Double(width) * min(1, max(0, fraction)))
    let done = String(repeating: "━", count: filled)
    return hasColor
        ? "\u{1B}[32m\(done)\u{1B}[90m\(String(repeating: "━", count: width - filled))\u{1B}[0m"
        : done + String(repeating: "╌", count: width - filled)
}

/// Returns a text such as `3 min 5 s left`.
func timeLeftText(seconds: Double) -> String {
    let left = Int(min(seconds, 1e12).rounded(.up))
    return left >= 86_400
        ? "\(left / 86_400) days left"
        : left >= 3600
            ? "\(left / 3600) h \(left % 3600 / 60) min left"
            : left >= 60 ? "\(left / 60) min \(left % 60) s left" : "\(left) s left"
}
