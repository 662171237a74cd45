import GRDB
import Support

extension ResultsFile {
    /// Returns the names of the tables that hold rows of runs, `run` first.
    package func exportableTables() throws(ResultsError) -> [String] {
        try onFile(path) { try database.read { ["run"] + (try $0.runTables()).map(\.name) } }
    }

    /// Returns every run, the oldest first.
    package func allRuns() throws(ResultsError) -> [RunReference] { try references(where: "true", []) }

    /// Returns the runs whose rows of the table `run` meet a condition, the oldest first.
    func references(where condition: String, _ arguments: [SQLValue]) throws(ResultsError) -> [RunReference] {
        try onFile(path) {
            try database.read { database in
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT id, uuid, name FROM run WHERE \(condition) ORDER BY id",
                    arguments: StatementArguments(arguments.map(\.databaseValue)))
                var runs: [RunReference] = []
                while let row = try rows.next() {
                    runs.append(
                        RunReference(
                            id: try row.checked(at: 0), uuid: try row.checkedUUID(at: 1), name: try row.checked(at: 2)))
                }
                return runs
            }
        }
    }

    /// Hands every row of a table or view to `body`, one at a time, in the order of its primary key.
    /// - Parameters:
    ///   - runs: whose rows; nil for those of all runs.
    ///   - start: called once, before the first row, with the columns.
    package func forEachRow(
        of name: String, runs: [RunReference]?, start: ([String]) throws -> Void, _ body: ([SQLValue]) throws -> Void
    ) throws {
        try reading { database in
            let known = try database.tables(ofType: "table") + database.tables(ofType: "view")
            guard
                let table = known.first(where: {
                    $0.name == name && ($0.name == "run" || $0.columns.contains("run_id"))
                })
            else {
                let names = known.filter { $0.name == "run" || $0.columns.contains("run_id") }.map(\.name).joined(
                    separator: ", ")
                throw ResultsError(
                    "no table \"\(name)\" of runs in \(path); expected one of \(names)", cause: .request)
            }
            let id = name == "run" ? "id" : "run_id"
            let condition = runs == nil ? "" : " WHERE \(id) IN (SELECT value FROM json_each(?))"
            let order = (table.keyColumns.isEmpty ? [id] : table.keyColumns).map(quotedForSQL).joined(separator: ", ")
            let rows = try Row.fetchCursor(
                database, sql: "SELECT * FROM \(table.quotedName)\(condition) ORDER BY \(order)",
                arguments: runs.map { [$0.map(\.id).sqlList.databaseValue] } ?? [])
            try start(table.columns)
            while let row = try rows.next() { try body(row.databaseValues.map(SQLValue.init)) }
        }
    }
}
