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
        var sections = [try differences()]
        if let sweep { sections.append(try SweepSection(sweep, in: file).description()) }
        for section in try PageSection.all(of: chosen, in: file) {
            sections.append(
                try section.description(
                    of: chosen, upTo: steps, in: file,
                    tables: section.id == "learning" ? [stepsToAccuracy(labels)].compactMap { $0 } : [])
            )
        }
        sections.append(try reproduction(labels))
        var json = JSON([
            "title": JSON(title), "subtitle": JSON(subtitle), "live": JSON(.boolean(isLive)), "palette": Figure.palette,
            "chosen": JSON(.array(chosen.map { JSON(.integer($0)) })), "described": try described(labels),
            "clocks": try RunClocks(of: chosen, in: file).json, "cursors": json(steps: steps),
            "sections": JSON(.array(sections)),
        ])
        try addTable(to: &json, unless: state)
        return json
    }

    /// Adds the table of runs unless it is in the state that a page has.
    private func addTable(to json: inout JSON, unless state: String) throws(ResultsError) {
        let now = try RunRows.state(in: file)
        guard now != state else { return }
        let table = try RunRows(of: runs, in: file)
        json["state"] = JSON(now)
        json["columns"] = JSON(table.columns)
        json["shownColumns"] = JSON(table.shown)
        json["rows"] = table.json
    }

    /// The chosen runs with their labels, and the group of each: the runs that differ in nothing but the seed.
    private func described(_ labels: RunLabels) throws(ResultsError) -> JSON {
        let groups = try SeedGroups(chosen, in: file)
        return JSON(
            .array(
                chosen.map { run in
                    JSON([
                        "id": JSON(.integer(run)), "label": JSON(labels[run]),
                        "group": JSON(.integer(groups.place(of: run))),
                        "groupLabel": JSON(groups.label(of: run)),
                    ])
                }))
    }

    /// Steps of each chosen run as the script of a page keeps them.
    private func json(steps: [Int: Int]) -> JSON {
        JSON(.object(chosen.map { JSON.Member("\($0)", JSON(.integer(steps[$0] ?? -1))) }))
    }

    /// Returns what the file has beyond what a page shows, as its script adds it.
    ///
    /// - Parameters:
    ///   - cursors: the last step of each run that the page shows.
    ///   - state: of the table of runs that the page shows.
    package func news(after cursors: [Int: Int], state: String) throws(ResultsError) -> JSON {
        let steps = try lastSteps(of: chosen, in: file)
        let grown = chosen.filter { run in steps[run].map { $0 > cursors[run] ?? -1 } ?? false }
        var figures: [JSON] = []
        if !grown.isEmpty {
            var new: [Int: ClosedRange<Int>] = [:]
            for run in grown { new[run] = (cursors[run] ?? -1) + 1...(steps[run] ?? 0) }
            let all = steps.mapValues { 0...max(0, $0) }
            for figure in try PageSection.all(of: chosen, in: file).flatMap(\.figures) {
                let statement = figure.sql(within: figure.isOverSteps ? new : all)
                guard let json = try figure.json(statement, in: file) else { continue }
                figures.append(
                    JSON([
                        "id": JSON(figure.id), "figure": json, "replaces": JSON(.boolean(!figure.isOverSteps)),
                    ]))
            }
        }
        var json = JSON(["cursors": json(steps: steps), "figures": JSON(.array(figures))])
        if !grown.isEmpty { json["clocks"] = try RunClocks(of: grown, in: file).json }
        try addTable(to: &json, unless: state)
        return json
    }

    private var list: String { chosen.commaSeparated }

    /// The config keys in which the chosen runs differ, and nothing else.
    private func differences() throws(ResultsError) -> JSON {
        var tables: [JSON] = []
        if chosen.count > 1 {
            let references = try chosen.map { run throws(ResultsError) in try file.findRun("\(run)") }
            let table = try Comparison(references, in: file).table
            let (settings, results) = (
                table.rows.prefix(table.settingRowCount), table.rows.dropFirst(table.settingRowCount)
            )
            let titles = Array(table.columns.dropFirst())
            if !settings.isEmpty { tables.append(json("What differs", ["key"] + titles, Array(settings))) }
            tables.append(json("What came out", ["result"] + titles, Array(results)))
        }
        return section("differences", "Differences", "What differs between the runs, and what came out?", tables)
    }

    /// The first step at which the accuracy over the test rows is at least 80, 90 and 95 %.
    private func stepsToAccuracy(_ labels: RunLabels) throws(ResultsError) -> JSON? {
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
        return json(
            "Steps to a test accuracy", ["run", "best accuracy", "80 %", "90 %", "95 %"],
            result.rows.map { row in [.text(labels[row[0].whole ?? 0])] + row.dropFirst() })
    }

    /// How to run the chosen runs again.
    private func reproduction(_ labels: RunLabels) throws(ResultsError) -> JSON {
        var tables: [JSON] = []
        if !chosen.isEmpty {
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
            tables.append(json("", ["what", "run", "value"], rows))
        }
        return section("reproduction", "Reproduction", "How is it run again?", tables)
    }

    private func section(_ id: String, _ title: String, _ question: String, _ tables: [JSON]) -> JSON {
        var json = JSON([
            "id": JSON(id), "title": JSON(title), "question": JSON(question), "figures": [],
            "tables": JSON(.array(tables)),
        ])
        if tables.isEmpty {
            json["note"] = JSON(
                chosen.isEmpty ? "No run is chosen." : "One run alone differs from none; choose two or more.")
        }
        return json
    }

    private func json(_ title: String, _ columns: [String], _ rows: [[SQLValue]]) -> JSON {
        JSON([
            "title": JSON(title), "columns": JSON(columns),
            "rows": pageRows(rows),
        ])
    }
}

/// Returns the rows of a table as pages read them.
package func pageRows(_ rows: [[SQLValue]]) -> JSON { JSON(.array(rows.map { JSON(.array($0.map(\.pageJSON))) })) }

/// Returns the last step of each run that the file has rows of.
func lastSteps(of runs: [Int], in file: ResultsFile) throws(ResultsError) -> [Int: Int] {
    var steps: [Int: Int] = [:]
    for run in runs {
        if let step = try file.highestStep(ofRun: run) { steps[run] = step }
    }
    return steps
}

extension SQLValue {
    /// The value in a page: a number that is not finite is a text.
    var pageJSON: JSON {
        switch self {
        case .null: JSON(.null)
        case .integer(let number): JSON(.integer(number))
        case .number(let number): number.isFinite ? JSON(.number(number)) : JSON("\(number)")
        case .text(let text): JSON(text)
        }
    }
}
