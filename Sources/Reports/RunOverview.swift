import RunStore

/// What was varied between runs, and what it did: in sentences, and as a row for each setting.
///
/// Runs that differ in nothing but the seed are one setting: their results are mean and deviation. Runs that diverged
/// are counted and have no part in means.
package struct RunOverview: Sendable {
    /// Each of the runs beside the others.
    package let comparison: Comparison
    package let sentences: [String]
    package let table: Table
    /// The place of each group from 0 to 1 in the order of the one key in which they differ; nil if they differ in
    /// several, or not in numbers.
    package let order: [Double]?

    /// How many values of a key a sentence lists.
    private static let listed = 6

    package init(of runs: [RunReference], labels: RunLabels, groups: SeedGroups, in file: ResultsFile)
        throws(ResultsError)
    {
        let comparison = try Comparison(runs, in: file)
        let members = groups.members
        let settings = comparison.settings.filter { $0[0] != .text("seed") && $0[0] != .text("tags") }
        let metric = try file.resultKind(of: runs.map(\.id)).metrics.map(SQLValue.text).first { metric in
            comparison.summaries.contains { $0[0] == metric }
        }
        let results =
            comparison.summaries.filter { $0[0] == metric } + comparison.summaries.filter { $0[0] != metric }
        let diverged = groups.diverged
        let hasDiverged = diverged.contains { !$0.isEmpty }
        let spreads = members.indices.map { group in
            results.map { row in Spread(groups.sound(inGroup: group).compactMap { row[$0 + 1].double }) }
        }
        table = Table(
            columns: ["setting"] + settings.map { $0[0].display } + ["runs"] + (hasDiverged ? ["diverged"] : [])
                + results.map { $0[0].display },
            rows: members.indices.map { group in
                let own = members[group], name = groups.label(ofGroup: group)
                return [SQLValue.text(name)] + settings.map { $0[own[0] + 1] } + [.integer(own.count)]
                    + (hasDiverged ? [.integer(diverged[group].count)] : [])
                    + spreads[group].map { $0.display(outOf: own.count - diverged[group].count) }
            })
        order = RunOverview.order(settings, of: members)
        var sentences = [RunOverview.sizes(runs.count, members.map(\.count))]
        sentences += [RunOverview.variation(settings)].compactMap { $0 }
        if let metric {
            let outcomes = members.indices.map { group in
                Outcome(
                    name: groups.label(ofGroup: group), spread: spreads[group][0], runs: members[group].count,
                    diverged: diverged[group].count)
            }
            sentences += [RunOverview.extremes(of: metric.display, outcomes)].compactMap { $0 }
        }
        let names = diverged.joined().sorted().map { labels[runs[$0].id] }
        if hasDiverged {
            let all = names.prefix(RunOverview.listed).joined(separator: "; ")
            sentences.append(
                "\(names.count) of \(runs.count) runs diverged: \(all)"
                    + (names.count > RunOverview.listed ? "; and others." : "."))
        }
        self.comparison = comparison
        self.sentences = sentences
    }

    /// What a setting came to.
    private struct Outcome {
        var name: String
        var spread: Spread
        var runs: Int
        var diverged: Int
    }

    /// Says which settings have the highest and the lowest mean, all of them where several do, over how many runs, and
    /// how many settings have none; nil where there is nothing to tell apart.
    private static func extremes(of metric: String, _ outcomes: [Outcome]) -> String? {
        let means = outcomes.compactMap(\.spread.mean)
        guard outcomes.count > 1, let low = means.min(), let high = means.max() else { return nil }
        func found(_ mean: Double) -> String {
            let own = outcomes.filter { $0.spread.mean == mean }
            let texts = own.prefix(listed).map { outcome in
                "\(outcome.name): "
                    + outcome.spread.display(
                        outOf: outcome.runs, diverged: outcome.diverged, countsAlways: outcome.runs > 1
                    )
                    .display
            }
            let rest = own.count > listed ? "; and \(own.count - listed) more" : ""
            return (own.count > 1 ? "each of " : "") + texts.joined(separator: "; ") + rest
        }
        let missing = outcomes.count - means.count
        let without =
            missing == 0
            ? ""
            : missing == 1
                ? " 1 setting without a value is left out." : " \(missing) settings without a value are left out."
        if low == high {
            return means.count > 1 ? "\(metric) is the same for all: \(SQLValue.number(low).display).\(without)" : nil
        }
        return "\(metric) is highest for \(found(high)), and lowest for \(found(low)).\(without)"
    }

    private static func order(_ settings: [[SQLValue]], of members: [[Int]]) -> [Double]? {
        guard settings.count == 1, members.count > 1 else { return nil }
        let values = members.compactMap { settings[0][$0[0] + 1].double }
        guard values.count == members.count else { return nil }
        let sorted = values.sorted()
        return values.map { Double(sorted.firstIndex(of: $0) ?? 0) / Double(values.count - 1) }
    }

    private static func sizes(_ runs: Int, _ sizes: [Int]) -> String {
        let least = sizes.min() ?? 0, most = sizes.max() ?? 0
        if most <= 1 { return "\(runs) runs, each with settings of its own." }
        let seeds = least == most ? "\(most) seeds" : "\(least) to \(most) seeds"
        return sizes.count == 1
            ? "\(runs) runs that differ in nothing but the seed."
            : "\(runs) runs: \(sizes.count) settings, each with \(seeds)."
    }

    /// Says which keys differ, and their values: numbers in order, others as they come.
    private static func variation(_ settings: [[SQLValue]]) -> String? {
        guard !settings.isEmpty else { return nil }
        let keys = settings.prefix(4).map { row -> String in
            var seen: Set<SQLValue> = []
            let values = row.dropFirst().filter { seen.insert($0).inserted }
            let ordered =
                values.allSatisfy(\.isNumber) ? values.sorted { ($0.double ?? 0) < ($1.double ?? 0) } : Array(values)
            let texts = ordered.map { $0 == .null ? "unset" : $0.displayInName }
            let shown = texts.count <= listed ? texts : [texts[0], texts[1], "...", texts[texts.count - 1]]
            return "\(row[0].display): \(shown.joined(separator: ", "))"
        }
        let rest = settings.count > 4 ? "; and \(settings.count - 4) keys more" : ""
        return "They differ in \(keys.joined(separator: "; "))\(rest)."
    }
}
