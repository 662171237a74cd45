import ArgumentParser
import Foundation
import RunStore

/// A moment from which on runs are wanted: a date, a date and a time of UTC, or how long ago.
struct Since: ExpressibleByArgument {
    /// The moment as results files have moments, or the beginning of that: ISO 8601, UTC.
    let moment: String

    init?(argument: String) {
        if let span = argument.wholeMatch(of: /([0-9]{1,9})([mhdw])/), let count = Double(span.1) {
            let seconds: [Substring: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
            // A span that reaches further back than years have four digits means all runs.
            let ago = min(count * (seconds[span.2] ?? 0), 5e10)
            moment = timestamp(Date(timeIntervalSinceNow: -ago))
            return
        }
        let form = /[0-9]{4}(-([0-9]{2})(-([0-9]{2})([T ]([0-9]{2}):([0-9]{2})(:[0-9]{2}(\.[0-9]+)?)?Z?)?)?)?/
        guard let date = argument.wholeMatch(of: form) else { return nil }
        let limits = [(date.2, 1...12), (date.4, 1...31), (date.6, 0...23), (date.7, 0...59)]
        for case let (part?, range) in limits {
            guard let number = Int(part), range.contains(number) else { return nil }
        }
        moment = argument.replacing(" ", with: "T").replacing("Z", with: "")
    }
}
