import Foundation
import Reports
import Training

extension TrainingProgress {
    /// The share of the steps that are finished.
    var fraction: Double { totalSteps == 0 ? 1 : Double(step) / Double(totalSteps) }

    /// The line for people: step, share, loss, accuracy, speed and time left.
    ///
    /// - Parameter secondsLeft: nil where that is not known yet.
    func status(title: String, secondsLeft: Double?) -> StatusLine {
        var line = StatusLine(title, fraction: fraction)
        line.add("step \(step)/\(totalSteps)", .step)
        line.add(percentText(fraction), .detail)
        if step > 0 {
            line.add(String(format: "loss %.4f", loss), .loss)
            line.add(String(format: "%.0f steps/s", stepsPerSecond), .speed)
        }
        line.add(evaluatedAccuracy.map { String(format: "accuracy %.4f", $0) }, .accuracy)
        line.add(secondsLeft.map { timeLeftText(seconds: $0) }, .time)
        return line
    }

    /// The same in full, for a log.
    func details(secondsLeft: Double?) -> String {
        var parts = ["step \(step)/\(totalSteps)"]
        if step > 0 {
            parts.append(String(format: "loss %.4f", loss))
            parts.append(String(format: "%.0f steps/s", stepsPerSecond))
        }
        if let evaluatedAccuracy { parts.append(String(format: "accuracy %.4f", evaluatedAccuracy)) }
        if let secondsLeft { parts.append(timeLeftText(seconds: secondsLeft)) }
        return parts.joined(separator: "  ")
    }

    /// The progress for programs: the members of a JSON object.
    var jsonMembers: String {
        func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }
        return "\"step\": \(step), \"total_steps\": \(totalSteps), \"epoch\": \(epoch), \"loss\": \(number(loss)), "
            + "\"accuracy\": \(number(accuracy ?? .nan)), \"steps_per_second\": \(number(stepsPerSecond))"
    }
}
