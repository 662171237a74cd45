import GRDB
import Support

/// A table that holds rows of runs, as the file itself has it, so that merging, deleting and exporting know no table by
/// name.
struct RunTable: Sendable {
    var name: String
    var columns: [String]
    /// The columns of the primary key, in its order; empty for a view.
    var keyColumns: [String]

    var quotedName: String { quotedForSQL(name) }
    /// Whether it holds measurements; a checkpoint is none, nor is a time.
    var hasStep: Bool { columns.contains("step") && !["checkpoint", "step_time"].contains(name) }
}

extension ResultsFile {
    /// Returns the highest step of a run's measurements; nil if it has none.
    package func highestStep(ofRun id: Int) throws(ResultsError) -> Int? {
        try onFile(path) { try database.read { try $0.highestStep(ofRun: Int64(id)) } }
    }

    /// Returns the highest step of the measurements of each of some runs that has any.
    package func highestSteps(ofRuns ids: [Int]) throws(ResultsError) -> [Int: Int] {
        try onFile(path) {
            try database.read { database in
                let steps = try database.runTables().filter(\.hasStep).map {
                    "SELECT max(step) AS step FROM \($0.quotedName) WHERE run_id = ?1"
                }
                guard !steps.isEmpty else { return [:] }
                let statement = try database.makeStatement(
                    sql: "SELECT max(step) FROM (\(steps.joined(separator: " UNION ALL ")))")
                return try ids.reduce(into: [:]) { $0[$1] = try Int.fetchOne(statement, arguments: [$1]) }
            }
        }
    }

    /// Returns the tables and views of the file and of this bnexp, with their columns: a row for each.
    package func catalog() throws(ResultsError) -> QueryResult {
        try query(
            """
            SELECT m.type, m.name, (SELECT group_concat(name, ', ') FROM pragma_table_info(m.name)) AS columns
            FROM (SELECT type, name, rowid FROM sqlite_master UNION SELECT type, name, 1e9 FROM sqlite_temp_master
                WHERE name NOT IN (SELECT name FROM sqlite_master)) AS m
            WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'grdb%'
            ORDER BY m.type, m.rowid, m.name
            """)
    }
}

extension Database {
    /// Returns every table with a column `run_id`, in the order in which they were made.
    func runTables(in schema: String = "main") throws -> [RunTable] {
        try tables(ofType: "table", in: schema).filter { $0.columns.contains("run_id") }
    }

    /// Returns the tables or views of a schema with their columns.
    func tables(ofType type: String, in schema: String = "main") throws -> [RunTable] {
        let names = try String.fetchAll(
            self,
            sql:
                "SELECT name FROM \(schema).sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite%' AND name NOT LIKE "
                + "'grdb%' ORDER BY rowid",
            arguments: [type])
        return try names.map { name in
            let columns = try Row.fetchAll(
                self, sql: "SELECT name, pk FROM pragma_table_info(?, ?) ORDER BY cid", arguments: [name, schema])
            let keys = columns.filter { ($0["pk"] as Int) > 0 }.sorted { ($0["pk"] as Int) < ($1["pk"] as Int) }
            return RunTable(name: name, columns: columns.map { $0["name"] }, keyColumns: keys.map { $0["name"] })
        }
    }

    /// Returns the highest step of a run's measurements; nil if it has none.
    func highestStep(ofRun id: Int64, in schema: String = "main") throws -> Int? {
        try runTables(in: schema).filter(\.hasStep).compactMap { table in
            try Int.fetchOne(
                self, sql: "SELECT max(step) FROM \(schema).\(table.quotedName) WHERE run_id = ?", arguments: [id])
        }.max()
    }
}
