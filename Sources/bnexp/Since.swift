import ArgumentParser
import Foundation
import RunStore

/// A moment from which on runs are wanted: a date, a date and a time, today or yesterday, or how long ago.
struct Since: ExpressibleByArgument {
    /// The moment as results files have moments, or the beginning of that: ISO 8601, UTC.
    let moment: String
    /// What the user wrote.
    let text: String

    init?(argument: String) {
        text = argument
        let day = 86_400.0
        let unit: [Substring: Double] = [
            "s": 1, "m": 60, "min": 60, "h": 3600, "d": day, "w": 7 * day, "y": 365 * day, "second": 1, "minute": 60,
            "hour": 3600, "day": day, "week": 7 * day, "year": 365 * day,
        ]
        if let span = argument.wholeMatch(of: /([0-9]{1,9}) ?([a-z]+?)s?( ago)?/), let count = Double(span.1),
            let seconds = unit[span.2]
        {
            // A span that reaches further back than years have four digits means all runs.
            moment = timestamp(Date(timeIntervalSinceNow: -min(count * seconds, 5e10)))
            return
        }
        if let days = ["today": 0.0, "yesterday": 1.0][argument] {
            moment = String(timestamp(Date(timeIntervalSinceNow: -days * day)).prefix(10))
            return
        }
        let form =
            /([0-9]{4})(-([0-9]{2})(-([0-9]{2})([T ]([0-9]{2})(:([0-9]{2})(:([0-9]{2})(\.[0-9]+)?)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?/
        guard let found = argument.wholeMatch(of: form) else { return nil }
        func number(_ part: Substring?, _ range: ClosedRange<Int>) -> Int? {
            guard let part else { return range.lowerBound }
            return Int(part).flatMap { range.contains($0) ? $0 : nil }
        }
        guard let year = number(found.1, 0...9999), let month = number(found.3, 1...12),
            let date = number(found.5, 1...31), let hour = number(found.7, 0...23),
            let minute = number(found.9, 0...59), let second = number(found.11, 0...59)
        else { return nil }
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        let parts = DateComponents(
            year: year, month: month, day: date, hour: hour, minute: minute, second: second)
        // There is no 30th of February.
        guard parts.isValidDate(in: calendar), let exact = calendar.date(from: parts) else { return nil }
        var offset = 0.0
        if let zone = found.13, zone != "Z" {
            let digits = zone.dropFirst().filter { $0 != ":" }
            guard let hours = number(digits.prefix(2), 0...14), let minutes = number(digits.suffix(2), 0...59) else {
                return nil
            }
            offset = Double(hours * 3600 + minutes * 60) * (zone.hasPrefix("-") ? -1 : 1)
        }
        let fraction = found.12.flatMap { Double($0) } ?? 0
        moment = timestamp(exact.addingTimeInterval(fraction - offset))
    }
}
