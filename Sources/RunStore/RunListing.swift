import GRDB
import Support

/// Which runs to list; every condition must hold.
package struct RunFilter: Sendable {
    /// A run must have one of these statuses; empty for all runs.
    package var statuses: [RunStatus] = []
    /// A run must have all of these tags.
    package var tags: [String] = []
    /// A run's name must match this pattern of `*`, `?` and `[...]`.
    package var name: String?
    package var parameters: [ParameterCondition] = []

    package init() {}
}

/// The condition that a key of the resolved config has a value: `optimizer.learning_rate=0.1`.
package struct ParameterCondition: Sendable {
    package var path: String
    /// The value as the user wrote it: `true`, `false` and `null` are values of JSON, what reads as a number compares
    /// as a number or a text, lists compare as JSON.
    package var value: String

    package init(path: String, value: String) {
        self.path = path
        self.value = value
    }

    /// Tests the column `value`, which holds booleans as 0 or 1 and lists as JSON text.
    fileprivate var sql: (condition: String, arguments: [SQLValue]) {
        switch value {
        case "null": return ("value IS NULL", [])
        case "true", "false": return ("value IN (?, ?)", [.integer(value == "true" ? 1 : 0), .text(value)])
        default:
            if let number = Double(value) {
                return ("(typeof(value) <> 'text' AND value = ?) OR value = ?", [.number(number), .text(value)])
            }
            return (
                "value = ? OR (json_valid(?) AND json_valid(value) AND json(value) = json(?))",
                [.text(value), .text(value), .text(value)]
            )
        }
    }
}

extension ResultsFile {
    /// Returns the runs that a filter lets through, or the newest `limit` of them, the newest last.
    package func list(_ filter: RunFilter, limit: Int = -1) throws(ResultsError) -> QueryResult {
        var conditions: [String] = []
        var arguments: [SQLValue] = []
        if !filter.statuses.isEmpty {
            conditions.append("status IN (\(filter.statuses.map { _ in "?" }.joined(separator: ", ")))")
            arguments += filter.statuses.map { .text($0.rawValue) }
        }
        if let name = filter.name {
            conditions.append("name GLOB ?")
            arguments.append(.text(name))
        }
        for tag in filter.tags {
            conditions.append("EXISTS (SELECT 1 FROM tag WHERE tag.run_id = s.run_id AND tag = ?)")
            arguments.append(.text(tag))
        }
        for parameter in filter.parameters {
            try requireKnown(parameter.path)
            let (condition, values) = parameter.sql
            conditions.append(
                "EXISTS (SELECT 1 FROM run_parameter AS p WHERE p.run_id = s.run_id AND path = ? AND (\(condition)))")
            arguments += [.text(parameter.path)] + values
        }
        return try query(
            """
            SELECT * FROM (
                SELECT run_id AS id, uuid, name, status, seed, normalization, last_step,
                    final_loss, train_accuracy, validation_accuracy, test_accuracy, train_seconds
                FROM run_summary AS s \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
                ORDER BY run_id DESC LIMIT ?)
            ORDER BY id
            """, arguments + [.integer(limit)])
    }

    /// Refuses a key that no run has, which is a typing error unless there are no runs.
    private func requireKnown(_ key: String) throws(ResultsError) {
        let found = try query(
            "SELECT EXISTS (SELECT 1 FROM run_parameter WHERE path = ?) OR NOT EXISTS (SELECT 1 FROM run)", [.text(key)]
        )
        guard found.rows == [[.integer(0)]] else { return }
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let similar = try query(
            "SELECT DISTINCT path FROM run_parameter WHERE path = ? OR path LIKE '%.' || ? ORDER BY path LIMIT 3",
            [.text(last), .text(last)])
        let names = similar.rows.compactMap { if case .text(let path) = $0[0] { path } else { nil } }
        throw ResultsError(
            "no run has a config key \"\(key)\"; "
                + (names.isEmpty
                    ? "bnexp show latest lists the keys" : "did you mean \(names.joined(separator: " or "))?"),
            cause: .request)
    }
}
