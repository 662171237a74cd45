import Charts
import Datasets
import Foundation
import Support

/// The listing of an HDF5 file for people: a row for each dataset, and under it, indented, what else is to be said.
///
/// Rows come in the order of paths, those of links and of what cannot be read among those of datasets. Lines are broken
/// to the width of the terminal; what is in the file is escaped.
struct FileListing {
    private let summary: FileSummary
    private let width: Int

    init(_ summary: FileSummary, width: Int) { (self.summary, self.width) = (summary, max(40, width)) }

    private static let header = ["dataset", "shape", "type", "bytes"]
    /// The widest that a column gets, so that one long name does not push the others away.
    private static let widest = [30, 20, 14, 10]

    /// A space at which no line is broken.
    private static let unbroken = "\u{A0}"

    var text: String {
        var entries: [(path: String, lines: [String])] = []
        let problems = Dictionary(grouping: summary.problems, by: \.path)
        func notes(_ path: String) -> [String] { (problems[path] ?? []).map { "problem: \($0.problem)" } }
        let rows = [FileListing.header] + summary.datasets.map(cells)
        let widths = FileListing.widest.enumerated().map { column, widest in
            rows.lazy.map { $0[column].displayWidth }.filter { $0 <= widest }.max() ?? 0
        }
        for dataset in summary.datasets {
            var row = line(cells(dataset), widths), notes = notes(dataset.path)
            notes += dataset.values.map(text(of:)) ?? []
            notes += text(of: dataset.attributes)
            let storage = text(ofStorage: dataset)
            if !storage.isEmpty {
                if row[row.count - 1].displayWidth + 2 + storage.displayWidth <= width {
                    row[row.count - 1] += "  " + storage
                } else {
                    notes.insert(storage, at: 0)
                }
            }
            entries.append((dataset.path, row + indented(notes)))
        }
        for link in summary.links {
            entries.append((link.path, wrapped("\(link.path) \(link.target)", "") + indented(notes(link.path))))
        }
        for group in summary.groups where !group.attributes.isEmpty || problems[group.path] != nil {
            entries.append(
                (group.path, wrapped("\(group.path)/", "") + indented(notes(group.path) + text(of: group.attributes))))
        }
        for type in summary.namedTypes { entries.append((type.path, wrapped("\(type.path) (a named type)", ""))) }
        let listed = Set(entries.map(\.path))
        for path in problems.keys where !listed.contains(path) {
            entries.append((path, wrapped(path, "") + indented(notes(path))))
        }
        let sorted = entries.map { (key: key(of: $0.path), lines: $0.lines) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var lines = line(FileListing.header, widths) + sorted.flatMap(\.lines)
        if summary.datasets.isEmpty { lines[0] = "no dataset" }
        if !summary.isComplete { lines.append("... and more than is listed: 100,000 paths or 64 groups in each other") }
        let attributes = text(of: summary.attributes).flatMap { wrapped($0, "") }
        return (lines + (attributes.isEmpty ? [] : [""] + attributes)).joined(separator: "\n")
    }

    /// What sorts a group's content before the group's neighbours: slashes come before all other bytes.
    private func key(of path: String) -> [UInt8] { path.utf8.map { $0 == UInt8(ascii: "/") ? 0 : $0 } }

    private func cells(_ dataset: FileSummary.Dataset) -> [String] {
        [
            dataset.path.escapedForTerminal(), describe(shape: dataset.shape), dataset.type,
            byteText(dataset.storedBytes),
        ]
    }

    /// Returns the cells in their columns; a path that is too long has a line of its own.
    private func line(_ cells: [String], _ widths: [Int]) -> [String] {
        var lines: [String] = [], cells = cells
        if cells[0].displayWidth > widths[0] {
            lines = wrapped(cells[0], "")
            cells[0] = ""
        }
        let padded = zip(cells, widths).enumerated().map { column, pair in
            let space = String(repeating: " ", count: max(0, pair.1 - pair.0.displayWidth))
            return column == 3 ? space + pair.0 : pair.0 + space
        }
        let row = padded.joined(separator: "  ")
        // Of many dimensions, or of a long type.
        return lines + (row.displayWidth <= width ? [row] : wrapped(row.trimmed, lines.isEmpty ? "" : "  "))
    }

    private func wrapped(_ text: String, _ indentation: String) -> [String] {
        text.escapedForTerminal().wrapped(to: width - indentation.count - 2).enumerated().map { index, line in
            indentation + (index == 0 ? "" : "  ") + line
        }
    }

    private func indented(_ notes: [String]) -> [String] {
        notes.flatMap { note in
            note.escapedForTerminal().wrapped(to: width - 6).enumerated().map { index, line in
                (index == 0 ? "    " : "      ") + line.replacing(FileListing.unbroken, with: " ")
            }
        }
    }

    private func text(of attributes: [String: AttributeValue]) -> [String] {
        attributes.sorted { $0.key < $1.key }.map { name, value in
            let text = value.description
            return "\(name): " + (text.count > 300 ? text.prefix(300) + "..." : text)
        }
    }

    /// How the file keeps a dataset, beyond one piece of plain values.
    private func text(ofStorage dataset: FileSummary.Dataset) -> String {
        var parts: [String] = []
        if let fields = dataset.fields { parts.append(fields.map { "\($0.name) \($0.type)" }.joined(separator: ", ")) }
        if let chunks = dataset.chunks { parts.append("chunks \(describe(shape: chunks))") }
        if !dataset.filters.isEmpty {
            parts.append(
                dataset.filters.map { dataset.unavailableFilters.contains($0) ? "\($0) (no plugin for it here)" : $0 }
                    .joined(separator: ", "))
        }
        if !dataset.filters.isEmpty, let bytes = dataset.valueBytes, dataset.storedBytes > 0,
            dataset.writtenShare ?? 1 == 1
        {
            parts.append(String(format: "%.1f : 1", Double(bytes) / Double(dataset.storedBytes)))
        }
        if let share = dataset.writtenShare, share < 1 {
            // Never 100 % of what is incomplete.
            parts.append(share == 0 ? "never written" : "\(min(99, Int((100 * share).rounded()))) % written")
        }
        if ["external", "virtual"].contains(dataset.layout) {
            let shown = dataset.sources.prefix(8).map { source in
                source.hasPrefix(".:") ? "\(source.dropFirst(2)) of this file" : source
            }.joined(separator: ", ")
            let rest = dataset.sources.count > 8 ? " ... and \(dataset.sources.count - 8) more" : ""
            parts.append("\(dataset.layout ?? ""), in \(shown)\(rest)")
        }
        if let other = dataset.sameAs { parts.append("the same as \(other)") }
        return parts.joined(separator: "; ").escapedForTerminal()
    }

    private func text(of values: ValueSummary) -> [String] {
        var parts: [String] = []
        if let low = values.minimum, let high = values.maximum {
            parts.append(low == high ? "all \(numberText(low))" : "\(numberText(low)) to \(numberText(high))")
            if low != high, let mean = values.mean, let deviation = values.standardDeviation {
                parts.append("mean \(shortText(mean)), deviation \(shortText(deviation))")
            }
        }
        if let count = values.constantColumnCount, let all = values.columnCount, all > 1, count > 0 {
            parts.append("\(count) of \(all) columns constant")
        }
        if values.nanCount > 0 { parts.append("\(values.nanCount) NaN") }
        if values.infiniteCount > 0 { parts.append("\(values.infiniteCount) infinite") }
        if let longest = values.longestLength {
            let characters = "\(longest) \(longest == 1 ? "character" : "characters")"
            let count = values.distinctCount
            if let count, count < 2 {
                if count == 1 { parts.append("all the same, of \(characters)") }
            } else {
                parts.append("\(count.map(String.init) ?? "more than 100,000") different, the longest of \(characters)")
            }
        } else if let count = values.distinctCount, count > 1, values.classes?.contains(where: { $0.count > 1 }) != true
        {
            parts.append("\(count) different")
        }
        var lines = [parts.joined(separator: ", ")]
        // Where no value comes again, they name rows and not classes.
        if let classes = values.classes, classes.count > 1, classes.contains(where: { $0.count > 1 }) {
            let shown = classes.prefix(12).map { item in
                shortened(item.name).replacing(" ", with: FileListing.unbroken)
                    + "\(FileListing.unbroken)(\(item.count))"
            }.joined(separator: ", ")
            let rest = classes.count > 12 ? ", ... and \(classes.count - 12) more" : ""
            lines.append("\(classes.count) classes: \(shown)\(rest)")
        }
        return lines.filter { !$0.isEmpty }
    }

    private func shortened(_ name: String) -> String { name.count > 40 ? name.prefix(37) + "..." : name }
}

/// Whole numbers that are exact with all their digits, others with six.
func numberText(_ number: ExactNumber) -> String {
    switch number {
    case .real(let number):
        number == number.rounded() && abs(number) <= 0x1p53 ? String(format: "%.0f", number) : shortText(number)
    case .signed(let number): String(number)
    case .unsigned(let number): String(number)
    }
}

extension String {
    /// The text without the spaces at its ends, and one in place of several.
    fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}

private func shortText(_ number: Double) -> String { String(format: "%.6g", number) }

private func byteText(_ count: Int) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
    if count < 10_000 { return "\(count)" }
    var number = Double(count) / 1000, unit = 0
    while number >= 999.5 && unit < units.count - 1 { (number, unit) = (number / 1000, unit + 1) }
    return String(format: number < 99.95 ? "%.1f %@" : "%.0f %@", number, units[unit])
}
