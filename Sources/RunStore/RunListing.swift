import GRDB
import Support

/// Which runs are meant; every condition must hold.
package struct RunFilter: Sendable {
    /// A run must have one of these statuses; empty for all runs.
    package var statuses: [RunStatus] = []
    /// A run must have all of these tags.
    package var tags: [String] = []
    /// A run's name must match this pattern of `*`, `?` and `[...]`.
    package var name: String?
    package var parameters: [ParameterCondition] = []
    /// A run must have begun at this moment or later: ISO 8601 in UTC, or the beginning of that.
    package var since: String?
    /// A run must have been made for a trial of this sweep, or serve one.
    package var sweep: SweepReference?

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

extension Sequence<Int> {
    /// Numbers of runs or sweeps as one argument of a statement: `run_id IN (SELECT value FROM json_each(?))` takes any
    /// number of them, where a list in the statement would make that too long.
    package var sqlList: SQLValue { .text("[\(map { "\($0)" }.joined(separator: ","))]") }

    /// `1, 2, 3`: the numbers in a statement that people read, or in a message.
    package var commaSeparated: String { map { "\($0)" }.joined(separator: ", ") }
}

/// Returns the SQL of a moment, such as `created_at`, in seconds since 1970, to the millisecond.
package func sqlSeconds(_ moment: String) -> String { "round((julianday(\(moment)) - 2440587.5) * 86400, 3)" }

extension ResultsFile {
    /// Returns the runs that a filter lets through, the oldest first.
    package func runs(matching filter: RunFilter) throws(ResultsError) -> [RunReference] {
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
        if let since = filter.since {
            conditions.append("created_at >= ?")
            arguments.append(.text(since))
        }
        if let sweep = filter.sweep {
            conditions.append("(sweep_id = ? OR id IN (SELECT run_id FROM sweep_run WHERE sweep_id = ?))")
            arguments += [.integer(sweep.id), .integer(sweep.id)]
        }
        for tag in filter.tags {
            conditions.append("EXISTS (SELECT 1 FROM tag WHERE tag.run_id = run.id AND tag = ?)")
            arguments.append(.text(tag))
        }
        for parameter in filter.parameters {
            try requireKnown(parameter.path)
            let (condition, values) = parameter.sql
            conditions.append(
                "EXISTS (SELECT 1 FROM run_parameter AS p WHERE p.run_id = run.id AND path = ? AND (\(condition)))")
            arguments += [.text(parameter.path)] + values
        }
        return try references(
            where: conditions.isEmpty ? "true" : conditions.joined(separator: " AND "), arguments)
    }

    /// Returns columns of runs, a row for each.
    ///
    /// - Parameters:
    ///   - keys: columns of the view `run_summary`, `id` among them, and keys of the resolved config.
    ///   - sortKey: the key that orders the rows, those without a value last; nil for the order in which runs began.
    ///   - isDescending: whether the largest value comes first.
    /// - Throws: `ResultsError` for a key that is neither, with the nearest one.
    package func listing(
        of runs: [RunReference], keys: [String], sortedBy sortKey: String? = nil, isDescending: Bool = false
    ) throws(ResultsError) -> QueryResult {
        let known = try summaryColumns()
        var arguments: [SQLValue] = []
        var expressions: [String] = []
        for key in keys + [sortKey].compactMap({ $0 }) {
            if key == "id" {
                expressions.append("s.run_id")
            } else if known.contains(key) {
                expressions.append("s.\(quotedForSQL(key))")
            } else {
                try requireKnown(key, or: known)
                expressions.append("(SELECT value FROM run_parameter AS p WHERE p.run_id = s.run_id AND path = ?)")
                arguments.append(.text(key))
            }
        }
        let order = sortKey == nil ? "" : "\(keys.count + 1) \(isDescending ? "DESC" : "ASC") NULLS LAST, "
        let found = try query(
            """
            SELECT \(expressions.joined(separator: ", ")) FROM run_summary AS s
            WHERE s.run_id IN (SELECT value FROM json_each(?)) ORDER BY \(order)s.run_id
            """, arguments + [runs.map(\.id).sqlList])
        return QueryResult(columns: keys, rows: found.rows.map { Array($0.prefix(keys.count)) })
    }

    /// Returns the status of each run.
    package func statuses(of runs: [Int]) throws(ResultsError) -> [Int: String] {
        let found = try query(
            "SELECT id, status FROM run WHERE id IN (SELECT value FROM json_each(?))", [runs.sqlList]
        ).rows
        return Dictionary(found.map { ($0[0].whole ?? 0, $0[1].text ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    /// Returns the config keys in which runs differ, seeds and labels left out, at most `limit` of them.
    package func differingKeys(of runs: [RunReference], limit: Int) throws(ResultsError) -> [String] {
        let found = try query(
            """
            SELECT path FROM run_parameter WHERE run_id IN (SELECT value FROM json_each(?1))
                AND path NOT IN ('name', 'tags', 'seed') AND path NOT LIKE 'logging.%'
                AND path NOT LIKE 'evaluation.%' AND path NOT LIKE 'checkpoint.%'
            GROUP BY path HAVING count(DISTINCT value) > 1 OR count(*) < ?2
            ORDER BY count(*) < ?2, path LIKE 'data.%', path LIMIT ?3
            """, [runs.map(\.id).sqlList, .integer(runs.count), .integer(limit)])
        return found.rows.compactMap { $0[0].text }
    }

    /// Returns all keys that `listing` has of runs: columns of `run_summary`, then keys of their configs.
    package func allKeys(of runs: [RunReference]) throws(ResultsError) -> [String] {
        let columns = try summaryColumns()
        let paths = try query(
            """
            SELECT DISTINCT path FROM run_parameter WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY path
            """, [runs.map(\.id).sqlList]
        ).rows.compactMap { $0[0].text }
        return columns + paths.filter { !columns.contains($0) }
    }

    /// Returns the names of the columns of the view `run_summary`, `id` for the first of them.
    package func summaryColumns() throws(ResultsError) -> [String] {
        ["id"]
            + (try query("SELECT name FROM pragma_table_info('run_summary')").rows.compactMap { $0[0].text })
            .filter { $0 != "run_id" }
    }

    /// Refuses a key that no run has, which is a typing error unless there are no runs.
    ///
    /// - Parameter columns: other names that would have been known.
    private func requireKnown(_ key: String, or columns: [String] = []) throws(ResultsError) {
        let found = try query(
            "SELECT EXISTS (SELECT 1 FROM run_parameter WHERE path = ?) OR NOT EXISTS (SELECT 1 FROM run)", [.text(key)]
        )
        guard found.rows == [[.integer(0)]] else { return }
        let last = key.split(separator: ".").last.map(String.init) ?? key
        let paths = try query("SELECT DISTINCT path FROM run_parameter ORDER BY path").rows.compactMap { $0[0].text }
        let parent = key.split(separator: ".").dropLast().joined(separator: ".") + "."
        let siblings = paths.filter { $0.hasPrefix(parent) }
        var near = paths.filter { $0 == last || $0.hasSuffix("." + last) }
        if near.isEmpty, siblings.isEmpty {
            near = [nearest(to: key, among: columns + paths)].compactMap { $0 }
        } else if near.isEmpty {
            near = [nearest(to: last, among: siblings.map { String($0.dropFirst(parent.count)) })].compactMap { name in
                name.map { parent + $0 }
            }
        }
        let what = columns.isEmpty ? "no run has a config key" : "no column of run_summary and no config key is"
        var hints = near.isEmpty ? [] : ["did you mean \(near.prefix(3).joined(separator: " or "))?"]
        if !siblings.isEmpty {
            if near.isEmpty { hints.append("keys there are \(siblings.joined(separator: ", "))") }
        } else if !columns.isEmpty {
            hints.append(
                "\(near.isEmpty ? "columns" : "Columns") are \(columns.joined(separator: ", ")), and bnexp show latest lists the keys"
            )
        } else if try summaryColumns().contains(key) {
            let options = [
                "name": "--name", "status": "--status", "sweep": "--sweep", "tags": "--tag", "created_at": "--since",
            ]
            let remedy =
                options[key].map { "\($0) chooses by it" }
                ?? "ask with bnexp sql \"SELECT run_id, name FROM run_summary WHERE \(key) > 0.9\""
            hints = ["it is a column of run_summary: \(remedy)"]
        } else if near.isEmpty {
            hints.append("bnexp show latest lists the keys")
        }
        throw ResultsError("\(what) \"\(key)\"; \(hints.joined(separator: " "))", cause: .request)
    }
}
