import RunStore

/// Runs side by side, a column for each: the config keys in which they differ, then their results.
package struct Comparison: Sendable {
    /// The table of config keys and results.
    package var table: Table {
        var table = Table(columns: [""] + titles, rows: settings + results)
        table.fit = .folding()
        table.settingRowCount = settings.count
        return table
    }

    private let titles: [String]
    /// The rows of config keys: a name, then a value for each run.
    let settings: [[SQLValue]]
    /// The rows of results of whole runs: a name, then a value for each run.
    let summaries: [[SQLValue]]
    /// The rows of all results: those of whole runs, then those of layers.
    let results: [[SQLValue]]

    /// The SQL behind the results, which readers can run themselves: accuracies, of regressions losses.
    package let sql: String

    /// - Parameter runs: what is between the parentheses of `run_id IN (...)`.
    private static func sql(of kind: ResultKind, runs: String) -> String {
        switch kind {
        case .classification:
            """
            SELECT name, normalization, last_step, first_loss, final_loss, train_accuracy, test_accuracy,
                   best_test_accuracy, steps_to_test_accuracy_80, train_seconds
            FROM run_summary LEFT JOIN (
                SELECT run_id, min(step) AS steps_to_test_accuracy_80 FROM evaluation
                WHERE split = 'test' AND mode = 'running' AND accuracy >= 0.8 GROUP BY run_id) USING (run_id)
            WHERE run_id IN (\(runs)) ORDER BY run_id
            """
        case .regression:
            """
            SELECT name, normalization, last_step, first_loss, final_loss, train_loss, validation_loss, test_loss,
                   best_test_loss, test_loss_at_best_validation, train_seconds
            FROM run_summary WHERE run_id IN (\(runs)) ORDER BY run_id
            """
        }
    }

    package init(_ runs: [RunReference], in file: ResultsFile) throws(ResultsError) {
        let ids = runs.map(\.id), among = "SELECT value FROM json_each(?1)"
        let differing = try file.query(
            """
            SELECT path, run_id, value FROM run_parameter WHERE run_id IN (\(among)) AND path <> 'name' AND path IN (
                SELECT path FROM run_parameter WHERE run_id IN (\(among)) GROUP BY path
                HAVING count(DISTINCT \(ResultsFile.comparedValue())) > 1 OR count(*) < \(Set(ids).count))
            ORDER BY path, run_id
            """, [ids.sqlList])
        var settings: [[SQLValue]] = []
        let valuesByPath = Dictionary(grouping: differing.rows) { $0[0] }.mapValues { rows in
            Dictionary(rows.map { ($0[1], $0[2]) }, uniquingKeysWith: { first, _ in first })
        }
        let paths = differing.rows.map { $0[0] }.reduce(into: [SQLValue]()) { if $0.last != $1 { $0.append($1) } }
        for path in paths {
            let values = runs.map { valuesByPath[path]?[.integer($0.id)] ?? .null }
            // Keys that only one kind has say nothing beyond the kind itself.
            let given = values.filter { $0 != .null }
            if given.count < values.count, given.allSatisfy({ $0 == given[0] }), paths.contains(kindPath(beside: path)),
                path != kindPath(beside: path)
            {
                continue
            }
            settings.append([path] + values)
        }
        var results: [[SQLValue]] = []
        let kind = try file.resultKind(of: ids)
        sql = Comparison.sql(of: kind, runs: ids.commaSeparated)
        let summary = try file.query(
            Comparison.sql(of: kind, runs: among).replacing("SELECT name,", with: "SELECT run_id, name,"), [ids.sqlList]
        )
        let summaryByRun = Dictionary(summary.rows.map { ($0[0], $0) }, uniquingKeysWith: { first, _ in first })
        for (index, column) in summary.columns.enumerated() where index > 1 && column != "normalization" {
            let values = runs.map { summaryByRun[.integer($0.id)]?[index] ?? .null }
            if values.contains(where: { $0 != .null }) { results.append([.text(column)] + values) }
        }
        self.summaries = results
        let gradients = try file.query(
            """
            SELECT layer, run_id, step, gradient_norm FROM parameter_statistic AS p
            WHERE run_id IN (\(among)) AND parameter = 'weight'
                AND step IN (0, (SELECT max(step) FROM parameter_statistic WHERE run_id = p.run_id))
            ORDER BY layer, step
            """, [ids.sqlList])
        let norms = Dictionary(grouping: gradients.rows) { [$0[0], $0[1]] }
        for layer in gradients.rows.map({ $0[0] }).reduce(into: [SQLValue](), { if $0.last != $1 { $0.append($1) } }) {
            for name in ["first", "last"] {
                let values = runs.map { run in
                    // Rows come in the order of steps; a run of 0 steps has one that is both.
                    let own = norms[[layer, .integer(run.id)]] ?? []
                    return (name == "first" ? own.first { $0[2] == .integer(0) } : own.last)?[3] ?? .null
                }
                results.append([.text("weight gradient norm, layer \(layer.display), \(name) step")] + values)
            }
        }
        /// Returns the path of `kind` in the object that a path lies in.
        func kindPath(beside path: SQLValue) -> SQLValue {
            .text((path.display.split(separator: ".").dropLast() + ["kind"]).joined(separator: "."))
        }
        let isNamedOnce = Set(runs.map(\.name)).count == runs.count
        titles = runs.map { isNamedOnce ? $0.name : "\($0.name) (\($0.id))" }
        let statuses = try file.statuses(of: ids)
        // Results of a run that did not finish are those up to where it ended.
        if statuses.values.contains(where: { $0 != "finished" }) {
            results.insert([.text("status")] + ids.map { statuses[$0].map(SQLValue.text) ?? .null }, at: 0)
        }
        self.settings = settings
        self.results = results
    }
}
