import Charts
import Foundation
import Support

/// A line that tells how some work stands: a title, a bar and fields, of which a narrow terminal shows the most
/// important.
package struct StatusLine: Sendable {
    /// What a line shows, the most important first.
    package enum Importance: Int, Comparable, Sendable {
        case step, time, title, loss, accuracy, detail, speed

        package static func < (a: Importance, b: Importance) -> Bool { a.rawValue < b.rawValue }
    }

    private var title: String
    private var fraction: Double?
    private var fields: [(text: String, importance: Importance)] = []

    /// - Parameters:
    ///   - title: shown first; cut in the middle where it is long.
    ///   - fraction: the share that is done, for a bar; nil for none.
    package init(_ title: String, fraction: Double? = nil) {
        self.title = title.escapedForTerminal()
        self.fraction = fraction
    }

    /// Adds a field behind those that are there.
    package mutating func add(_ text: String?, _ importance: Importance) {
        if let text { fields.append((text.escapedForTerminal(), importance)) }
    }

    /// The lengths of bar and title: what they need at least, and what they get where there is room.
    private static let bar = (least: 6, most: 24)
    private static let leastTitle = 12
    private static let gap = 2

    /// Returns the line for a terminal of so many columns, of which the last stays free.
    package func text(columns: Int, hasColor: Bool) -> String {
        var room = columns - 1
        var shown: Set<Int> = [], titleWidth = 0, barWidth = 0
        func takes(_ width: Int) -> Bool {
            let needed = width + (room < columns - 1 ? StatusLine.gap : 0)
            guard needed <= room else { return false }
            room -= needed
            return true
        }
        // A bar comes after the title, and before everything that is less important.
        let order = fields.indices.sorted { (fields[$0].importance, $0) < (fields[$1].importance, $1) }
        var rest = order[...]
        while let index = rest.first, fields[index].importance < .title {
            rest = rest.dropFirst()
            if takes(fields[index].text.displayWidth) { shown.insert(index) }
        }
        let least = min(title.displayWidth, StatusLine.leastTitle)
        if least > 0, takes(least) { titleWidth = least }
        if fraction != nil, takes(StatusLine.bar.least) { barWidth = StatusLine.bar.least }
        for index in rest where takes(fields[index].text.displayWidth) { shown.insert(index) }
        if titleWidth > 0 {
            let more = min(title.displayWidth - titleWidth, room)
            (titleWidth, room) = (titleWidth + more, room - more)
        }
        if barWidth > 0 { barWidth += min(StatusLine.bar.most - barWidth, room) }

        var parts: [String] = []
        if titleWidth > 0 { parts.append(title.cutInMiddle(to: titleWidth)) }
        if barWidth > 0 { parts.append(progressBar(fraction ?? 0, width: barWidth, hasColor: hasColor)) }
        parts += fields.indices.filter(shown.contains).map { fields[$0].text }
        // Even the most important field may be wider than the terminal.
        return parts.isEmpty
            ? fitted(order.first.map { fields[$0].text } ?? title, columns: columns)
            : parts.joined(separator: String(repeating: " ", count: StatusLine.gap))
    }
}

/// Returns a share such as `45 %`, which is 100 % only at the end.
package func percentText(_ fraction: Double) -> String {
    "\(fraction >= 1 ? 100 : min(99, Int(max(0, fraction) * 100))) %"
}

/// Returns a bar of which a part is filled.
package func progressBar(_ fraction: Double, width: Int, hasColor: Bool) -> String {
    let filled = Int(Double(width) * min(1, max(0, fraction)))
    let done = String(repeating: "━", count: filled)
    return hasColor
        ? "\u{1B}[32m\(done)\u{1B}[90m\(String(repeating: "━", count: width - filled))\u{1B}[0m"
        : done + String(repeating: "╌", count: width - filled)
}
