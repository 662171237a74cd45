import RunStore

/// What was varied between runs, and what it did: in sentences, and as a row for each setting.
///
/// Runs that differ in nothing but the seed are one setting: their results are mean and deviation. Runs that diverged
/// are counted and have no part in means.
package struct RunOverview: Sendable {
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
        let diverged = members.map { $0.filter { labels.hasDiverged(runs[$0].id) } }
        let hasDiverged = diverged.contains { !$0.isEmpty }
        let spreads = members.indices.map { group in
            let sound = members[group].filter { !diverged[group].contains($0) }
            return results.map { row in Spread(sound.compactMap { row[$0 + 1].double }) }
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
            let outcomes = members.indices.compactMap { group in
                spreads[group][0].mean.map {
                    (name: groups.label(ofGroup: group), mean: $0, text: spreads[group][0].displayWithoutCount.display)
                }
            }
            if let low = outcomes.min(by: { $0.mean < $1.mean }), let high = outcomes.max(by: { $0.mean < $1.mean }),
                low.mean < high.mean
            {
                sentences.append(
                    "\(metric.display) is highest for \(high.name): \(high.text), and lowest for \(low.name): "
                        + "\(low.text).")
            }
        }
        let names = diverged.joined().sorted().map { labels[runs[$0].id] }
        if hasDiverged {
            let all = names.prefix(RunOverview.listed).joined(separator: "; ")
            sentences.append(
                "\(names.count) of \(runs.count) runs diverged: \(all)"
                    + (names.count > RunOverview.listed ? "; and others." : "."))
        }
        self.sentences = sentences
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
