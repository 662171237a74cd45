import Foundation
import RunStore

/// A comparison of configs: mean and standard deviation over the runs that differ in nothing but the seed.
///
/// Runs that did not finish are counted and have no part in means; repeats of a seed have the part of one.
package struct SeedComparison: Sendable {
    struct Group: Sendable {
        var title: String
        /// The places of the group's runs in the comparison.
        var members: [Int]
        /// Those that count in means: of each seed the newest finished run, since repeats have the same bits.
        var counted: [Int]
        var finishedCount: Int
        /// The members that diverged, which have no part in means.
        var diverged: Set<Int>
        /// The members that did not diverge, also those that are still running.
        var sound: [Int] { members.filter { !diverged.contains($0) } }
    }

    private let comparison: Comparison
    private let groups: [Group]
    /// Whether all runs have the same config, each with a seed of its own.
    package let isOneConfig: Bool

    /// Groups the runs of a comparison.
    package init(_ comparison: Comparison, of runs: [RunReference], in file: ResultsFile) throws(ResultsError) {
        let seeds: Set<SQLValue>
        (groups, seeds) = try SeedComparison.groups(of: runs, in: file)
        isOneConfig = groups.count == 1 && runs.count > 1 && seeds.count == runs.count
        self.comparison = comparison
    }

    /// Returns runs in groups of those that differ in nothing but name, tags and seed, and the seeds that there are.
    static func groups(of runs: [RunReference], in file: ResultsFile) throws(ResultsError) -> ([Group], Set<SQLValue>) {
        let parameters = try file.query(
            """
            SELECT run_id, path, \(ResultsFile.comparedValue()) FROM run_parameter
            WHERE run_id IN (SELECT value FROM json_each(?)) AND path NOT IN ('name', 'tags') ORDER BY run_id, path
            """, [runs.map(\.id).sqlList]
        ).rows
        let statuses = try file.statuses(of: runs.map(\.id))
        func have(_ status: String, _ place: Int) -> Bool { statuses[runs[place].id] == status }
        let parametersByRun = Dictionary(grouping: parameters) { $0[0] }
        var places: [[[SQLValue]]: Int] = [:]
        var seeds: Set<SQLValue> = []
        var seedsByPlace: [SQLValue] = []
        var members: [[Int]] = []
        for (place, run) in runs.enumerated() {
            let own = (parametersByRun[.integer(run.id)] ?? []).map { Array($0.dropFirst()) }
            let key = own.filter { $0[0] != .text("seed") }
            let seed = own.first { $0[0] == .text("seed") }?[1]
            if let seed { seeds.insert(seed) }
            seedsByPlace.append(seed ?? .null)
            if let known = places[key] {
                members[known].append(place)
            } else {
                places[key] = members.count
                members.append([place])
            }
        }
        let titles = members.map { commonTitle($0.map { runs[$0].name }) }
        let titleCounts = Dictionary(titles.map { ($0, 1) }, uniquingKeysWith: +)
        let groups = zip(titles, members).enumerated().map { index, group in
            let ended = group.1.filter { have("finished", $0) }
            let newest = Dictionary(ended.map { (seedsByPlace[$0], $0) }, uniquingKeysWith: max)
            return Group(
                title: titleCounts[group.0] == 1 ? group.0 : "\(group.0) #\(index + 1)", members: group.1,
                counted: newest.values.sorted(), finishedCount: ended.count,
                diverged: Set(group.1.filter { have("diverged", $0) }))
        }
        return (groups, seeds)
    }

    /// The table for people: values such as `0.877 ± 0.0042`, with the count where some runs of the group that did not
    /// diverge have no value.
    package var table: Table {
        func row(_ title: String, _ count: (Group) -> Int) -> [SQLValue] {
            [.text(title)] + groups.map { .integer(count($0)) }
        }
        var counts = [row("runs") { $0.members.count }]
        if groups.contains(where: { $0.finishedCount < $0.members.count }) {
            counts.append(row("finished", \.finishedCount))
        }
        if groups.contains(where: { !$0.diverged.isEmpty }) {
            counts.append(row("diverged", \.diverged.count))
        }
        // Repeats of a seed are one measurement.
        if groups.contains(where: { $0.counted.count < $0.finishedCount }) {
            counts.append(row("seeds", \.counted.count))
        }
        let results = measured.map { row in
            [row[0]] + groups.map { group in spread(of: row, in: group).display(outOf: group.counted.count) }
        }
        var table = Table(columns: [""] + groups.map(\.title), rows: settings + counts + results)
        table.fit = .folding()
        table.settingRowCount = settings.count
        return table
    }

    /// The table for programs: a row for each config key or quantity and group.
    package var longTable: Table {
        let values = settings.flatMap { row in
            groups.enumerated().map {
                [row[0], .text($1.title), row[$0 + 1], .null, .null, .integer($1.members.count)]
            }
        }
        let spreads = measured.flatMap { row in
            groups.map { group -> [SQLValue] in
                let spread = spread(of: row, in: group)
                return [
                    row[0], .text(group.title), .null, SQLValue(spread.mean), SQLValue(spread.standardDeviation),
                    .integer(spread.count),
                ]
            }
        }
        return Table(
            columns: ["quantity", "group", "value", "mean", "standard_deviation", "count"], rows: values + spreads)
    }

    /// The rows of the config keys that differ between the groups, with each group's value.
    private var settings: [[SQLValue]] {
        comparison.settings.filter { $0[0] != .text("seed") && $0[0] != .text("tags") }.map { row in
            [row[0]] + groups.map { row[$0.members[0] + 1] }
        }
    }

    /// The results that are numbers.
    private var measured: [[SQLValue]] { comparison.results.filter { $0[0] != .text("status") } }

    private func spread(of row: [SQLValue], in group: Group) -> Spread {
        Spread(group.counted.compactMap { row[$0 + 1].double })
    }
}

/// Returns the name that all share, or the beginning that all share, without digits and what joins them to it; where
/// there is none, the first name and how many there are beside it.
private func commonTitle(_ names: [String]) -> String {
    guard let first = names.first, names.contains(where: { $0 != first }) else { return names.first ?? "" }
    let prefix = names.reduce(first) { $0.commonPrefix(with: $1) }
    let title = String(prefix.reversed().drop { $0.isNumber || " -_./,:=#(".contains($0) }.reversed())
    return title.isEmpty ? "\(first) and \(names.count - 1) more" : title
}
