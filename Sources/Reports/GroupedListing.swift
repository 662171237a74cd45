import RunStore

/// Runs in a list with a row for each config: what they came to, over the runs that differ in nothing but the seed.
///
/// Runs that have not finished are counted and have no part in means; repeats of a seed have the part of one.
package struct GroupedListing: Sendable {
    private struct Group: Sendable {
        var title: String
        var runCount: Int
        /// The values of each key, of the runs that count.
        var values: [[SQLValue]]
        var finishedCount: Int
        /// How many count in means; see `SeedComparison`.
        var countedCount: Int
        var divergedCount: Int
        var sortValue: SQLValue
    }

    /// What tells runs apart, and is nothing that a group has.
    package static let ownKeys = ["id", "uuid", "name", "status", "created_at", "seed", "sweep", "tags"]

    private let keys: [String]
    private let groups: [Group]

    /// Reads the runs.
    ///
    /// - Parameters:
    ///   - keys: columns of `run_summary` and config keys; those of a single run are left out.
    ///   - sortKey: the key by whose mean, or common value, the groups are ordered, those without one last.
    package init(
        of runs: [RunReference], keys: [String], sortedBy sortKey: String?, isDescending: Bool, in file: ResultsFile
    ) throws(ResultsError) {
        let keys = keys.filter { !GroupedListing.ownKeys.contains($0) }
        let listing = try file.listing(of: runs, keys: ["id", "status"] + keys + [sortKey ?? "id"])
        let rows = Dictionary(listing.rows.map { ($0[0], $0) }, uniquingKeysWith: { first, _ in first })
        let groups = try SeedComparison.groups(of: runs, in: file).0.map { group -> Group in
            let own = group.members.compactMap { rows[.integer(runs[$0].id)] }
            let counted = group.counted.compactMap { rows[.integer(runs[$0].id)] }
            return Group(
                title: group.title, runCount: own.count,
                // What the config says holds for all runs of the group, also where none has finished.
                values: keys.enumerated().map { place, key in
                    (key.contains(".") || key == "normalization" ? own : counted).map { $0[place + 2] }
                }, finishedCount: group.finishedCount, countedCount: counted.count,
                divergedCount: group.diverged.count,
                sortValue: GroupedListing.summary(of: counted.map { $0[keys.count + 2] }))
        }
        self.keys = keys
        self.groups = sortKey == nil ? groups : GroupedListing.sorted(groups, isDescending)
    }

    /// The table for people: `0.614 ± 0.049`, with the count where some finished runs have no value.
    package var table: Table {
        let haveDiverged = groups.contains { $0.divergedCount > 0 }
        return Table(
            columns: ["name", "runs", "finished"] + (haveDiverged ? ["diverged"] : []) + keys,
            rows: groups.map { group in
                head(of: group, haveDiverged)
                    + group.values.map { values in
                        GroupedListing.common(values)
                            ?? (isNumeric(values)
                                ? Spread(values.compactMap(\.double)).display(outOf: group.countedCount)
                                : .text("several"))
                    }
            })
    }

    /// The table for programs: for each key the mean or the common value, and for measured ones deviation and count.
    package var longTable: Table {
        let measured = keys.indices.map { key in groups.contains { isNumeric($0.values[key]) } }
        let columns = zip(keys, measured).flatMap { key, isMeasured in
            isMeasured ? [key, "\(key)_deviation", "\(key)_count"] : [key]
        }
        return Table(
            columns: ["name", "runs", "finished", "diverged"] + columns,
            rows: groups.map { group in
                head(of: group, true)
                    + keys.indices.flatMap { key -> [SQLValue] in
                        let values = group.values[key], summary = GroupedListing.summary(of: values)
                        guard measured[key] else { return [summary] }
                        let spread = Spread(values.compactMap(\.double))
                        return [summary, SQLValue(spread.standardDeviation), .integer(spread.count)]
                    }
            })
    }

    private func head(of group: Group, _ showsDiverged: Bool) -> [SQLValue] {
        [.text(group.title), .integer(group.runCount), .integer(group.finishedCount)]
            + (showsDiverged ? [.integer(group.divergedCount)] : [])
    }

    private func isNumeric(_ values: [SQLValue]) -> Bool { values.contains(where: \.isNumber) }

    /// Returns the value that all have; nil if there are several.
    private static func common(_ values: [SQLValue]) -> SQLValue? {
        guard let first = values.first else { return .null }
        return values.allSatisfy { $0 == first } ? first : nil
    }

    private static func summary(of values: [SQLValue]) -> SQLValue {
        common(values) ?? SQLValue(Spread(values.compactMap(\.double)).mean)
    }

    private static func sorted(_ groups: [Group], _ isDescending: Bool) -> [Group] {
        let valued = groups.filter { $0.sortValue != .null }
        func isBefore(_ a: SQLValue, _ b: SQLValue) -> Bool {
            if let x = a.double, let y = b.double { return x < y }
            if a.isNumber != b.isNumber { return a.isNumber }
            return a.exact < b.exact
        }
        let ordered = valued.sorted {
            isDescending ? isBefore($1.sortValue, $0.sortValue) : isBefore($0.sortValue, $1.sortValue)
        }
        return ordered + groups.filter { $0.sortValue == .null }
    }
}
