import Foundation
import GRDB
import Support

/// The rows that a query gave.
package struct QueryResult: Equatable, Sendable {
    package var columns: [String]
    package var rows: [[SQLValue]]
}

/// A run as commands name it.
package struct RunReference: Equatable, Sendable {
    package var id: Int
    package var uuid: String
    package var name: String
}

/// A sweep as commands name it.
package struct SweepReference: Equatable, Sendable {
    package var id: Int
    package var uuid: String
    package var name: String
}

extension ResultsFile {
    /// Runs one SELECT and returns its rows.
    ///
    /// The file is opened read-only, so that nothing can change it.
    ///
    /// - Parameter isOfUser: whether the user wrote the statement, so that what it asks for need not be there.
    package func query(_ sql: String, _ arguments: [SQLValue] = [], isOfUser: Bool = false) throws(ResultsError)
        -> QueryResult
    {
        var result = QueryResult(columns: [], rows: [])
        try onFile(path) {
            try forEachRow(
                ofQuery: sql, arguments, isOfUser: isOfUser, start: { result.columns = $0 }, { result.rows.append($0) })
        }
        return result
    }

    /// Runs one SELECT and hands over its rows one at a time, so that their number does not matter.
    ///
    /// - Parameter start: called once, before the first row, with the columns.
    package func forEachRow(
        ofQuery sql: String, _ arguments: [SQLValue] = [], isOfUser: Bool = true, start: ([String]) throws -> Void,
        _ body: ([SQLValue]) throws -> Void
    ) throws {
        do {
            try database.read { database in
                let statement = try database.makeStatement(sql: sql)
                guard statement.isReadonly else {
                    throw ResultsError(
                        "this statement would change the file, which bnexp sql only reads: \(sql). Use the sqlite3 "
                            + "program to change it",
                        cause: .request)
                }
                try statement.setArguments(StatementArguments(arguments.map(\.databaseValue)))
                try start(statement.columnNames)
                try readRows(of: statement, in: database, body)
            }
        } catch let error as DatabaseError {
            if error.resultCode == .SQLITE_MISUSE {
                throw ResultsError("expected one SELECT statement; found: \(sql)", cause: .request)
            }
            guard [.SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_RANGE].contains(error.resultCode) else {
                throw ResultsError(error, path: path)
            }
            let reason = error.message ?? "\(error)"
            throw isOfUser
                ? ResultsError("\(reason); the statement was: \(sql)", cause: .request)
                : ResultsError(
                    "\(path) lacks what a results file has (\(reason)); bnexp doctor --db \(quotedForShell(path)) "
                        + "checks it"
                )
        }
    }

    /// Finds the run that a text names: an id, a prefix of a uuid (4 characters or more), a name (the newest run of
    /// it), or `latest`.
    package func findRun(_ text: String) throws(ResultsError) -> RunReference {
        let row = try find(text, in: "run")
        return RunReference(id: row.id, uuid: row.uuid, name: row.name)
    }

    /// Finds the sweep that a text names, by the rules of `findRun`.
    package func findSweep(_ text: String) throws(ResultsError) -> SweepReference {
        try requireSweeps()
        let row = try find(text, in: "sweep")
        return SweepReference(id: row.id, uuid: row.uuid, name: row.name)
    }

    /// Refuses a file of a version that had no sweeps.
    package func requireSweeps() throws(ResultsError) {
        if case .integer(let version)? = try query("PRAGMA user_version").rows.first?.first, version < 3 {
            throw ResultsError(
                "\(path) has schema version \(version), which has no sweeps yet; bnexp reap --db \(path) brings it up "
                    + "to date",
                cause: .request)
        }
    }

    /// - Parameter table: `run` or `sweep`.
    private func find(_ text: String, in table: String) throws(ResultsError) -> (id: Int, uuid: String, name: String) {
        typealias Found = (id: Int, uuid: String, name: String)
        func find(_ condition: String, _ value: SQLValue) throws(ResultsError) -> [Found] {
            try onFile(path) {
                try database.read { database in
                    try Row.fetchAll(
                        database,
                        sql: "SELECT id, uuid, name FROM \(table) WHERE \(condition) ORDER BY id DESC LIMIT 5",
                        arguments: [value.databaseValue]
                    ).map { (try $0.checked("id"), try $0.checkedUUID(), try $0.checked("name")) }
                }
            }
        }
        if text == "latest", let newest = try find("?1 = 'latest'", .text(text)).first { return newest }
        if let id = Int(text), let row = try find("id = ?1", .integer(id)).first { return row }
        if let newest = try find("name = ?1", .text(text)).first { return newest }
        if text.count >= 4 {
            let matches = try find("uuid >= ?1 AND uuid < ?1 || 'g'", .text(text.lowercased()))
            if matches.count == 1 { return matches[0] }
            if matches.count > 1 {
                throw ResultsError(
                    "\"\(text)\" begins the uuid of several \(table)s: "
                        + "\(matches.map { "\($0.uuid) (\($0.name))" }.joined(separator: ", ")); give more of it",
                    cause: .request)
            }
        }
        let known = try find("?1 = ?1", .text(text)).map { "\($0.id) (\($0.name))" }
        throw ResultsError(
            "no \(table) \"\(text)\" in \(path); expected an id, the beginning of a uuid, a name or latest. "
                + (known.isEmpty ? "The file holds no \(table)s" : "The newest are \(known.joined(separator: ", "))"),
            cause: .request)
    }
}
