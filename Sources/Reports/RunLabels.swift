import RunStore

/// What runs are called beside each other: by what was varied between them where a sweep named them, else by their
/// names, and where these repeat by the settings that differ.
package struct RunLabels: Sendable {
    private var labels: [Int: String] = [:]
    private var variants: [Int: String] = [:]
    private var members: [Int: String] = [:]
    private var diverged: Set<Int> = []

    /// A setting of a run, as its label has it.
    private struct Setting {
        var path: String
        var text: String
    }

    /// The most settings that a label lists of runs that no sweep made.
    private static let longest = 3

    /// - Parameter runs: their ids, in any order, each as often as rows have it.
    package init(_ runs: [Int], in file: ResultsFile) throws(ResultsError) {
        let runs = Array(Set(runs))
        let rows = try file.query(
            """
            SELECT id, name, sweep_id, trial, status FROM run WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
            """, [runs.sqlList]
        ).rows
        let varied = try RunLabels.varied(runs, in: file)
        var named: [(id: Int, name: String, settings: [Setting])] = rows.map { row in
            let settings = varied[[row[2], row[3]]] ?? []
            return (row[0].whole ?? 0, settings.isEmpty ? row[1].display : "", settings)
        }
        RunLabels.leaveOutCommon(&named)
        let counts = Dictionary(named.map { ($0.name, 1) }, uniquingKeysWith: +)
        for (name, count) in counts where count > 1 && !name.isEmpty {
            let places = named.indices.filter { named[$0].name == name }
            let differing = try RunLabels.differing(places.map { named[$0].id }, in: file)
            for place in places { named[place].settings = differing[named[place].id] ?? [] }
        }
        for run in named {
            let name = run.name.isEmpty ? [] : [run.name]
            if name.isEmpty || !run.settings.isEmpty {
                let variant = name + run.settings.filter { $0.path != "seed" }.map(\.text)
                variants[run.id] = variant.isEmpty ? "all seeds" : variant.joined(separator: ", ")
                members[run.id] = run.settings.first { $0.path == "seed" }?.text
            }
            labels[run.id] = (name + run.settings.map(\.text)).joined(separator: ", ")
        }
        let repeated = Dictionary(labels.values.map { ($0, 1) }, uniquingKeysWith: +)
        for (id, label) in labels where repeated[label] != 1 { labels[id] = "\(label) (\(id))" }
        diverged = Set(rows.filter { $0[4] == .text("diverged") }.compactMap(\.[0].whole))
    }

    package func hasDiverged(_ run: Int) -> Bool { diverged.contains(run) }

    package subscript(run: Int) -> String { labels[run] ?? "run \(run)" }

    /// Returns what a run is called with all others that differ from it in nothing but the seed; nil for a run whose
    /// name alone tells it from others.
    package func variant(of run: Int) -> String? { variants[run] }

    /// Returns what tells a run from the others of its variant; nil if there is nothing, or its name does.
    package func member(of run: Int) -> String? { members[run] }

    /// Returns the settings that sweeps chose for trials of runs.
    private static func varied(_ runs: [Int], in file: ResultsFile) throws(ResultsError) -> [[SQLValue]: [Setting]] {
        guard try file.has("sweep_value") else { return [:] }
        let values = try file.query(
            """
            SELECT sweep_id, trial, axis, label, value FROM sweep_value
            WHERE (sweep_id, trial) IN (
                SELECT sweep_id, trial FROM run WHERE id IN (SELECT value FROM json_each(?)))
            ORDER BY axis
            """, [runs.sqlList])
        var settings: [[SQLValue]: [Setting]] = [:]
        for row in values.rows {
            let path = row[2].display
            settings[[row[0], row[1]], default: []].append(
                Setting(path: path, text: row[3] == .null ? text(path, row[4]) : row[3].display))
        }
        return settings
    }

    /// Leaves out the settings that all runs have, if several runs have settings and something is left of each.
    private static func leaveOutCommon(_ runs: inout [(id: Int, name: String, settings: [Setting])]) {
        guard runs.count > 1, runs.allSatisfy({ !$0.settings.isEmpty }) else { return }
        func isCommon(_ setting: Setting) -> Bool {
            runs.allSatisfy { $0.settings.contains { $0.path == setting.path && $0.text == setting.text } }
        }
        let telling = runs.map { $0.settings.filter { !isCommon($0) } }
        guard telling.allSatisfy({ !$0.isEmpty }) else { return }
        for place in runs.indices { runs[place].settings = telling[place] }
    }

    /// Returns the few settings in which runs of one name differ; none if they are many.
    private static func differing(_ runs: [Int], in file: ResultsFile) throws(ResultsError) -> [Int: [Setting]] {
        let rows = try file.query(
            """
            SELECT run_id, path, value, \(ResultsFile.comparedValue()) FROM run_parameter
            WHERE run_id IN (SELECT value FROM json_each(?)) AND path NOT IN ('name', 'tags')
                AND path NOT LIKE 'tags.%' ORDER BY path, run_id
            """, [runs.sqlList]
        ).rows
        let byPath = Dictionary(grouping: rows) { $0[1].display }
        // What only some runs have, such as the momentum of a normalization, follows from a setting that all have.
        let paths = byPath.filter { $0.value.count == runs.count && Set($0.value.map { $0[3] }).count > 1 }.keys
            .sorted()
        guard paths.count <= longest else { return [:] }
        var settings: [Int: [Setting]] = [:]
        for path in paths {
            for row in byPath[path] ?? [] {
                settings[row[0].whole ?? 0, default: []].append(Setting(path: path, text: text(path, row[2])))
            }
        }
        return settings
    }

    private static func text(_ path: String, _ value: SQLValue) -> String {
        "\(shortName(path))=\(value.displayInName)"
    }

    /// Returns the part of a path that says what it sets: of `model.normalization.kind` what it is a kind of.
    static func shortName(_ path: String) -> String {
        let parts = path.split(separator: ".")
        return ((parts.last == "kind" ? parts.dropLast().last : nil) ?? parts.last).map(String.init) ?? path
    }
}
