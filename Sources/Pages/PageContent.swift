import Charts
import Reports
import RunStore
import Support

/// What a page shows: the table of all its runs, and the pictures of those that are chosen.
package struct PageContent: Sendable {
    /// The runs of the table, in the order of their ids.
    package let runs: [Int]
    /// The runs of the pictures.
    package let chosen: [Int]
    private let sweep: SweepReference?
    private let file: ResultsFile

    /// How many runs have a column each beside each other; more are rows.
    private static let mostColumns = 6

    /// - Parameters:
    ///   - runs: the runs of the table; nil for all of the file.
    ///   - chosen: the runs of the pictures.
    ///   - sweep: whose results over its axes are shown too; nil for none.
    package init(runs: [Int]?, chosen: [Int], sweep: SweepReference? = nil, in file: ResultsFile) throws(ResultsError) {
        self.file = file
        self.sweep = sweep
        self.chosen = chosen
        if let runs {
            self.runs = runs
        } else {
            self.runs = try file.query("SELECT id FROM run ORDER BY id").rows.compactMap { $0[0].whole }
        }
    }

    /// Returns the page as its script reads it.
    ///
    /// - Parameters:
    ///   - isLive: whether the script may ask for more.
    ///   - state: of the table of runs that the script has already and need not be given; empty for none.
    package func json(title: String, subtitle: String, isLive: Bool, known state: String = "") throws(ResultsError)
        -> JSON
    {
        let steps = try lastSteps(of: chosen, in: file), labels = try RunLabels(chosen, in: file)
        let groups = try SeedGroups(chosen, labels: labels, in: file)
        let overview = try overview(labels, groups), unsteady = try UnsteadyRuns(among: chosen, in: file)
        var sections = [try differences(labels, groups, overview)]
        if let sweep { sections.append(try SweepSection(sweep, in: file).drawn()) }
        for section in try PageSection.all(of: chosen, in: file) {
            var drawn = try section.drawn(of: chosen, upTo: steps, in: file)
            if section.id == "learning", let table = try stepsToAccuracy(labels, groups) { drawn.tables = [table] }
            sections.append(drawn)
        }
        sections.append(try reproduction(labels))
        var json = JSON(
            title: title, subtitle: subtitle, isLive: isLive, chosen: chosen,
            described: chosen.map { run in
                DescribedRun(
                    id: run, label: labels[run], group: groups.place(of: run), groupLabel: groups.label(of: run),
                    order: overview?.order?[groups.place(of: run)], isUnsteady: unsteady.runs.contains(run))
            }, clocks: try RunClocks(of: chosen, in: file), steps: shown(steps), sections: sections)
        try addTable(to: &json, unless: state)
        return json
    }

    /// Adds the table of runs unless it is in the state that a page has.
    private func addTable(to json: inout JSON, unless state: String) throws(ResultsError) {
        let now = try RunRows.state(in: file)
        if now != state { json.add(try RunRows(of: runs, in: file), state: now) }
    }

    /// The last step of each chosen run, -1 for one without rows.
    private func shown(_ steps: [Int: Int]) -> [Int: Int] {
        Dictionary(chosen.map { ($0, steps[$0] ?? -1) }, uniquingKeysWith: { first, _ in first })
    }

    /// Returns what the file has beyond what a page shows, as its script adds it.
    ///
    /// Only pictures of tables that have new rows are asked for.
    ///
    /// - Parameters:
    ///   - cursors: the last step of each run that the page shows.
    ///   - state: of the table of runs that the page shows.
    package func news(after cursors: [Int: Int], state: String) throws(ResultsError) -> JSON {
        let steps = try lastSteps(of: chosen, in: file)
        var new: [Int: ClosedRange<Int>] = [:]
        for (run, step) in steps where step > cursors[run] ?? -1 { new[run] = (cursors[run] ?? -1) + 1...step }
        var figures: [FigureNews] = []
        if !new.isEmpty {
            let all = steps.mapValues { 0...max(0, $0) }
            var grown: [String: Bool] = [:]
            for figure in try PageSection.all(of: chosen, in: file).flatMap(\.figures) {
                if grown[figure.table] == nil { grown[figure.table] = try hasRows(figure.table, within: new) }
                guard grown[figure.table] == true else { continue }
                let statement = figure.sql(within: figure.isOverSteps ? new : all)
                guard let drawn = try figure.figure(statement, in: file) else { continue }
                figures.append(FigureNews(id: figure.id, figure: drawn, replaces: !figure.isOverSteps))
            }
        }
        var json = JSON(
            steps: shown(steps), figures: figures,
            clocks: new.isEmpty ? nil : try RunClocks(of: new.keys.sorted(), in: file),
            unsteady: new.isEmpty ? nil : try UnsteadyRuns(among: new.keys.sorted(), in: file))
        try addTable(to: &json, unless: state)
        return json
    }

    private func hasRows(_ table: String, within steps: [Int: ClosedRange<Int>]) throws(ResultsError) -> Bool {
        for (run, steps) in steps {
            let found = try file.query(
                "SELECT 1 FROM \(table) WHERE run_id = ? AND step BETWEEN ? AND ? LIMIT 1",
                [.integer(run), .integer(steps.lowerBound), .integer(steps.upperBound)])
            if !found.rows.isEmpty { return true }
        }
        return false
    }

    private var list: String { chosen.commaSeparated }

    private func references() throws(ResultsError) -> [RunReference] {
        try chosen.map { run throws(ResultsError) in try file.findRun("\(run)") }
    }

    /// What was varied between the chosen runs; nil for one alone.
    private func overview(_ labels: RunLabels, _ groups: SeedGroups) throws(ResultsError) -> RunOverview? {
        guard chosen.count > 1 else { return nil }
        return try RunOverview(of: try references(), labels: labels, groups: groups, in: file)
    }

    /// What was varied between the chosen runs, and what it did: a column for each of a few runs, a row for each
    /// setting of many.
    private func differences(_ labels: RunLabels, _ groups: SeedGroups, _ overview: RunOverview?) throws(ResultsError)
        -> DrawnSection
    {
        var section = DrawnSection(
            id: "differences", title: "Differences", question: "What differs between the runs, and what came out?")
        guard let overview else {
            section.sentences = [
                chosen.isEmpty ? "No run is chosen." : "One run alone differs from none; choose two or more."
            ]
            return section
        }
        section.sentences = overview.sentences
        if chosen.count > PageContent.mostColumns || groups.haveSeveralSeeds {
            section.tables.append(
                PageTable(
                    groups.haveSeveralSeeds ? "Every setting: mean ± deviation over its seeds" : "Every run",
                    overview.table))
        }
        if chosen.count <= PageContent.mostColumns {
            let table = overview.comparison.table
            let names = chosen.map { labels[$0] }
            let (settings, results) = (
                Array(table.rows.prefix(table.settingRowCount)), Array(table.rows.dropFirst(table.settingRowCount))
            )
            if !settings.isEmpty {
                section.tables.append(PageTable("What differs", columns: ["key"] + names, rows: settings))
            }
            section.tables.append(PageTable("What came out", columns: ["result"] + names, rows: results))
        }
        return section
    }

    /// The first step at which the accuracy over the test rows is at least 80, 90 and 95 %: of many runs the mean over
    /// the seeds of a setting that did not diverge.
    private func stepsToAccuracy(_ labels: RunLabels, _ groups: SeedGroups) throws(ResultsError) -> PageTable? {
        guard !chosen.isEmpty else { return nil }
        let columns = [80, 90, 95].map { percent in
            "min(step) FILTER (WHERE accuracy >= \(Double(percent) / 100)) AS \"\(percent) %\""
        }
        let result = try file.query(
            """
            SELECT run_id, max(accuracy) AS best, \(columns.joined(separator: ", ")) FROM evaluation
            WHERE run_id IN (\(list)) AND split = 'test' AND mode = 'running' AND accuracy IS NOT NULL GROUP BY run_id
            """)
        guard !result.rows.isEmpty else { return nil }
        let names = ["best accuracy", "80 %", "90 %", "95 %"]
        guard chosen.count > PageContent.mostColumns, groups.haveSeveralSeeds else {
            return PageTable(
                "Steps to a test accuracy", columns: ["run"] + names,
                rows: result.rows.map { row in
                    let run = row[0].whole ?? 0
                    return [.text(labels[run] + (labels.hasDiverged(run) ? " (diverged)" : ""))] + row.dropFirst()
                })
        }
        let values = Dictionary(result.rows.map { ($0[0].whole ?? 0, $0) }, uniquingKeysWith: { first, _ in first })
        return PageTable(
            "Steps to a test accuracy: mean over the seeds that did not diverge, and how many reach it where not all "
                + "do",
            columns: ["setting"] + names,
            rows: groups.members.indices.map { group in
                let own = groups.sound(inGroup: group).compactMap { values[chosen[$0]] }
                return [.text(groups.label(ofGroup: group))]
                    + (1...names.count).map { column in
                        Spread(own.compactMap { $0[column].double }).display(
                            outOf: groups.members[group].count, diverged: groups.diverged[group].count)
                    }
            })
    }

    /// How to run the chosen runs again.
    private func reproduction(_ labels: RunLabels) throws(ResultsError) -> DrawnSection {
        var section = DrawnSection(id: "reproduction", title: "Reproduction", question: "How is it run again?")
        guard !chosen.isEmpty else {
            section.sentences = ["No run is chosen."]
            return section
        }
        let names = [
            "command", "source_commit", "version", "cpu", "blas_kernel", "engine_path", "threads", "precision",
            "seed", "config_hash", "data_hash", "identity", "config",
        ]
        let result = try file.query(
            "SELECT id, \(names.joined(separator: ", ")) FROM run WHERE id IN (\(list)) ORDER BY id")
        // Once where it is the same for all.
        let rows = names.enumerated().flatMap { place, name -> [[SQLValue]] in
            let values = result.rows.map { $0[place + 1] }
            if Set(values).count == 1 { return [[.text(name), .text("all"), values[0]]] }
            return result.rows.map { [.text(name), .text(labels[$0[0].whole ?? 0]), $0[place + 1]] }
        }
        section.tables = [PageTable(columns: ["what", "run", "value"], rows: rows)]
        return section
    }
}

/// Returns the last step of each run that the file has rows of.
func lastSteps(of runs: [Int], in file: ResultsFile) throws(ResultsError) -> [Int: Int] {
    var steps: [Int: Int] = [:]
    for run in runs {
        if let step = try file.highestStep(ofRun: run) { steps[run] = step }
    }
    return steps
}
