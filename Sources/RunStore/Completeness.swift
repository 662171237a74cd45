import GRDB

/// How much of a run a file holds.
struct Completeness: Comparable {
    let hasEnded: Bool
    private let rowCount: Int
    private let heartbeatAt: String

    init(ofRun id: Int64, in schema: String, _ database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT status IN ('finished', 'diverged') AS has_ended,
                    (SELECT max(heartbeat_at) FROM \(schema).run_attempt WHERE run_id = run.id) AS heartbeat_at
                FROM \(schema).run WHERE id = ?
                """, arguments: [id])
        hasEnded = try row?.checked("has_ended") ?? false
        heartbeatAt = try row?.checked("heartbeat_at") ?? ""
        rowCount = try database.runTables(in: schema).filter(\.hasStep).reduce(0) { sum, table in
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM \(schema).\(table.quotedName) WHERE run_id = ?", arguments: [id])
            return sum + (count ?? 0)
        }
    }

    static func < (a: Completeness, b: Completeness) -> Bool {
        if a.hasEnded != b.hasEnded { return b.hasEnded }
        // Of two that have ended with as many rows none is fuller.
        return (a.rowCount, a.hasEnded ? "" : a.heartbeatAt) < (b.rowCount, b.hasEnded ? "" : b.heartbeatAt)
    }
}
