import Foundation

/// Estimates how long the rest of some work takes, by its speed of late.
///
/// Speed is the mean over the past in which what lies `memory` seconds back counts e times less, so that an estimate
/// follows changes and still does not jump when single steps, such as evaluations, take longer. The first observation
/// is only a beginning: what came before it, such as loading, says nothing about the rest.
package struct TimeEstimate: Sendable {
    private static let memory = 30.0
    /// An estimate is worth something after so many seconds, or after this share of the work.
    private static let (leastSeconds, leastShare) = (2.0, 0.02)

    private var first: (seconds: Double, done: Double)?
    private var last: (seconds: Double, done: Double) = (0, 0)
    private var weightedSeconds = 0.0
    private var weightedDone = 0.0

    package init() {}

    /// Takes in that a share of the work is done.
    ///
    /// - Parameter seconds: of a clock that never goes back.
    package mutating func note(done: Double, at seconds: Double) {
        guard first != nil else {
            first = (seconds, done)
            last = (seconds, done)
            return
        }
        let passed = seconds - last.seconds
        guard passed > 0 else { return }
        let kept = exp(-passed / TimeEstimate.memory)
        weightedSeconds = weightedSeconds * kept + passed
        weightedDone = weightedDone * kept + max(0, done - last.done)
        last = (seconds, done)
    }

    /// The seconds that are left at the last observation; nil until that can be told, and when nothing is left.
    package var secondsLeft: Double? {
        guard let first, weightedDone > 0, last.done < 1 else { return nil }
        let isKnown =
            last.seconds - first.seconds >= TimeEstimate.leastSeconds
            || last.done - first.done >= TimeEstimate.leastShare
        return isKnown ? (1 - last.done) * weightedSeconds / weightedDone : nil
    }
}

/// Returns a text such as `3 min 5 s left`, the coarser the longer it is.
package func timeLeftText(seconds: Double) -> String {
    let left = Int(min(max(seconds, 0), 1e12).rounded(.up))
    switch left {
    case 172_800...: return "\(left / 86_400) days left"
    case 3600...: return "\(left / 3600) h \(left % 3600 / 60) min left"
    case 600...: return "\(left / 60) min left"
    case 60...: return "\(left / 60) min \(left % 60) s left"
    default: return "\(left) s left"
    }
}
