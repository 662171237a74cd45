import Foundation
import RunStore

/// Configs side by side, a column for each: mean and standard deviation over the runs that differ in nothing but the
/// seed.
///
/// Runs that diverged are counted and have no part in means.
package struct SeedComparison: Sendable {
    struct Group: Sendable {
        var title: String
        /// The places of the group's runs in the comparison.
        var members: [Int]
        /// The members that diverged, which have no part in means.
        var diverged: Set<Int>
        /// The members that means are taken over.
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
        let parametersByRun = Dictionary(grouping: parameters) { $0[0] }
        var places: [[[SQLValue]]: Int] = [:]
        var seeds: Set<SQLValue> = []
        var members: [[Int]] = []
        for (place, run) in runs.enumerated() {
            let own = (parametersByRun[.integer(run.id)] ?? []).map { Array($0.dropFirst()) }
            let key = own.filter { $0[0] != .text("seed") }
            if let seed = own.first(where: { $0[0] == .text("seed") })?[1] { seeds.insert(seed) }
            if let known = places[key] {
                members[known].append(place)
            } else {
                places[key] = members.count
                members.append([place])
            }
        }
        let diverged = try file.query(
            "SELECT id FROM run WHERE status = 'diverged' AND id IN (SELECT value FROM json_each(?))",
            [runs.map(\.id).sqlList]
        ).rows
        let divergedRuns = Set(diverged.compactMap(\.[0].whole))
        let titles = members.map { commonTitle($0.map { runs[$0].name }) }
        let titleCounts = Dictionary(titles.map { ($0, 1) }, uniquingKeysWith: +)
        let groups = zip(titles, members).enumerated().map { index, group in
            let isUnique = titleCounts[group.0] == 1 && !group.0.isEmpty
            return Group(
                title: isUnique ? group.0 : "\(group.0) (\(index + 1))", members: group.1,
                diverged: Set(group.1.filter { divergedRuns.contains(runs[$0].id) }))
        }
        return (groups, seeds)
    }

    /// The table for people: values such as `0.877 ± 0.0042`, with the count where some runs of the group that did not
    /// diverge have no value.
    package var table: Table {
        var counts = [[SQLValue.text("runs")] + groups.map { .integer($0.members.count) }]
        if groups.contains(where: { !$0.diverged.isEmpty }) {
            counts.append([.text("diverged")] + groups.map { .integer($0.diverged.count) })
        }
        let results = comparison.results.map { row in
            [row[0]]
                + groups.map { group in
                    spread(of: row, in: group).display(outOf: group.sound.count)
                }
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
        let spreads = comparison.results.flatMap { row in
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

    private func spread(of row: [SQLValue], in group: Group) -> Spread {
        Spread(group.sound.compactMap { row[$0 + 1].double })
    }
}

/// Returns the name that all share, or the beginning that all share, without digits and signs at its end.
private func commonTitle(_ names: [String]) -> String {
    guard let first = names.first, names.contains(where: { $0 != first }) else { return names.first ?? "" }
    let prefix = names.reduce(first) { $0.commonPrefix(with: $1) }
    return String(prefix.reversed().drop { !$0.isLetter }.reversed())
}
