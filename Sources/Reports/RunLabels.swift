import RunStore

/// What runs are called beside each other: by their names where these tell them apart, by what was varied where a sweep
/// named them.
package struct RunLabels: Sendable {
    private var labels: [Int: String] = [:]
    private var diverged: Set<Int> = []

    package init(_ runs: [Int], in file: ResultsFile) throws(ResultsError) {
        let list = Set(runs).sorted().map { "\($0)" }.joined(separator: ", ")
        let rows = try file.query("SELECT id, name, sweep_id, trial, status FROM run WHERE id IN (\(list))").rows
        var settings: [[SQLValue]: [String]] = [:]
        if try file.exportableTables().contains("sweep_value") {
            let values = try file.query(
                """
                SELECT sweep_id, trial, axis, label, value FROM sweep_value
                WHERE (sweep_id, trial) IN (SELECT sweep_id, trial FROM run WHERE id IN (\(list))) ORDER BY axis
                """)
            for row in values.rows {
                let axis = row[2].display.split(separator: ".").last.map(String.init) ?? ""
                settings[[row[0], row[1]], default: []].append(
                    row[3] == .null ? "\(axis)=\(row[4].displayOfSetting)" : row[3].display)
            }
        }
        let named = rows.map { row -> (id: Int, label: String) in
            let varied = settings[[row[2], row[3]]]?.joined(separator: ", ")
            return (row[0].double.map { Int($0) } ?? 0, varied ?? row[1].display)
        }
        let counts = Dictionary(named.map { ($0.label, 1) }, uniquingKeysWith: +)
        diverged = Set(zip(named, rows).filter { $1[4] == .text("diverged") }.map(\.0.id))
        for (id, label) in named { labels[id] = counts[label] == 1 ? label : "\(label) (\(id))" }
    }

    package func hasDiverged(_ run: Int) -> Bool { diverged.contains(run) }

    package subscript(run: Int) -> String { labels[run] ?? "run \(run)" }
}
