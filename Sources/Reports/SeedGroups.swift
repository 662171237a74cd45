import RunStore

/// Runs in groups of those that differ in nothing but the seed.
package struct SeedGroups: Sendable {
    /// The runs of each group, as places in the list that was given.
    package let members: [[Int]]
    /// The runs of each group that diverged, as places in the list.
    package let diverged: [Set<Int>]
    private let runs: [Int]
    private let labels: [String]
    private var places: [Int: Int] = [:]

    /// Groups runs, which are called by the settings that tell them apart, or what their names have in common.
    package init(_ runs: [Int], labels: RunLabels, in file: ResultsFile) throws(ResultsError) {
        let references = try runs.map { run throws(ResultsError) in try file.findRun("\(run)") }
        let groups = try SeedComparison.groups(of: references, in: file).0
        let names = groups.map { group in labels.variant(of: runs[group.members[0]]) ?? group.title }
        self.runs = runs
        self.labels = Set(names).count == names.count ? names : groups.map(\.title)
        members = groups.map(\.members)
        diverged = groups.map(\.diverged)
        for (place, group) in groups.enumerated() {
            for member in group.members { places[runs[member]] = place }
        }
    }

    /// Whether some group has several runs.
    package var haveSeveralSeeds: Bool { members.count < runs.count }

    /// Returns the number of the group of a run, from 0.
    package func place(of run: Int) -> Int { places[run] ?? 0 }

    /// Returns the runs of a group that means are taken over: those that did not diverge, as places in the list.
    package func sound(inGroup place: Int) -> [Int] { members[place].filter { !diverged[place].contains($0) } }

    package func label(of run: Int) -> String { label(ofGroup: place(of: run)) }

    package func label(ofGroup place: Int) -> String { labels.isEmpty ? "" : labels[place] }
}
