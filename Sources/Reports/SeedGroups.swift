import RunStore

/// Runs in groups of those that differ in nothing but the seed.
package struct SeedGroups: Sendable {
    private var places: [Int: Int] = [:]
    private var labels: [String] = []

    package init(_ runs: [Int], in file: ResultsFile) throws(ResultsError) {
        let references = try runs.map { run throws(ResultsError) in try file.findRun("\(run)") }
        for (place, group) in try SeedComparison.groups(of: references, in: file).0.enumerated() {
            labels.append(group.title)
            for member in group.members { places[runs[member]] = place }
        }
    }

    /// Returns the number of the group of a run, from 0.
    package func place(of run: Int) -> Int { places[run] ?? 0 }

    package func label(of run: Int) -> String { labels.isEmpty ? "" : labels[place(of: run)] }
}
