import Reports
import RunStore
import Support

/// The table of a page's runs: what the view `run_summary` says of them, their tags, and the config keys in which they
/// differ.
struct RunRows: Sendable {
    /// The first is `id`.
    let columns: [String]
    let rows: [[SQLValue]]
    /// The columns that are shown unless the reader chooses others.
    let shown: [String]

    /// Returns a text that changes when a run comes, goes, ends or gets another name.
    static func state(in file: ResultsFile) throws(ResultsError) -> String {
        let sums = try file.query(
            """
            SELECT count(*), max(id), total(status = 'running'), max(finished_at), total(length(name)),
                (SELECT count(*) FROM tag), (SELECT count(*) FROM note)
            FROM run
            """)
        return sums.rows.joined().map(\.display).joined(separator: " ")
    }

    private static let summary = [
        "name", "status", "created_at", "normalization", "seed", "last_step", "final_loss", "train_accuracy",
        "validation_accuracy", "test_accuracy", "test_loss", "train_seconds",
    ]

    /// - Parameter runs: in the order of the rows.
    init(of runs: [Int], in file: ResultsFile) throws(ResultsError) {
        let own = ["name", "status", "created_at", "seed", "last_step"]
        let list = "run_id IN (\(runs.commaSeparated))"
        let values = RunRows.summary.map { own.contains($0) ? "run.\($0)" : $0 }
        let summaries = try file.query(
            """
            SELECT run_id, \(values.joined(separator: ", ")),
                (SELECT group_concat(tag, ' ') FROM tag WHERE tag.run_id = s.run_id) AS tags,
                (SELECT group_concat(text, ' / ') FROM note WHERE note.run_id = s.run_id) AS notes
            FROM run_summary AS s JOIN run ON run.id = run_id WHERE \(list) ORDER BY run_id
            """)
        var columns = ["id"] + RunRows.summary + ["tags", "notes"], rows = summaries.rows
        let differing = try file.query(
            """
            SELECT path, run_id, value FROM run_parameter WHERE \(list) AND path IN (
                SELECT path FROM run_parameter WHERE \(list) AND path NOT IN ('name', 'tags', 'seed')
                GROUP BY path HAVING count(DISTINCT \(ResultsFile.comparedValue())) > 1 OR count(*) < \(runs.count))
            ORDER BY path
            """
        ).rows
        var places: [SQLValue: Int] = [:], varied: [String] = []
        for (place, row) in rows.enumerated() { places[row[0]] = place }
        for row in differing {
            guard let path = row[0].text, let place = places[row[1]] else { continue }
            if varied.last != path {
                varied.append(path)
                for index in rows.indices { rows[index].append(.null) }
            }
            rows[place][rows[place].count - 1] = row[2]
        }
        columns += varied
        let filled = columns.indices.filter { column in rows.contains { $0[column] != .null } }.map { columns[$0] }
        // A run without an accuracy is read by its loss.
        let accuracy = columns.firstIndex(of: "test_accuracy") ?? 0, loss = columns.firstIndex(of: "test_loss") ?? 0
        let isReadByLoss = rows.contains { $0[accuracy] == .null && $0[loss] != .null }
        let usual =
            ["name", "status", "created_at", "normalization", "seed", "last_step", "final_loss", "test_accuracy"]
            + (isReadByLoss ? ["test_loss"] : []) + ["tags"]
        (self.columns, self.rows) = (columns, rows)
        shown =
            usual.filter(filled.contains)
            + varied.filter { path in
                !["model.normalization", "logging.", "evaluation.", "checkpoint."].contains(where: path.hasPrefix)
            }.prefix(4)
    }
}
