import Foundation
import GRDB
import Support

/// A kind of thing that a results file has names of.
package enum NamedThing: Sendable {
    case run, tag, sweep
    /// A table or view with rows of runs.
    case table

    /// Selects the names, the newest first where there is an order in time.
    fileprivate var sql: String {
        switch self {
        case .run: "SELECT name FROM run GROUP BY name ORDER BY max(id) DESC"
        case .sweep: "SELECT name FROM sweep GROUP BY name ORDER BY max(id) DESC"
        case .tag: "SELECT DISTINCT tag FROM tag ORDER BY tag"
        case .table:
            """
            SELECT name FROM sqlite_master AS m WHERE type IN ('table', 'view')
                AND (name = 'run' OR EXISTS (SELECT 1 FROM pragma_table_info(m.name) AS c WHERE c.name = 'run_id'))
            ORDER BY name
            """
        }
    }
}

/// Returns names in a results file for a command line that is being typed.
///
/// Nothing waits and nothing is written; a file that is missing, broken or another application's has no names.
package func knownNames(of thing: NamedThing, inResultsFile path: String) -> [String] {
    let file = URL(fileURLWithPath: withLinksResolved(path))
    do {
        // Opening a pipe would wait for its writer.
        guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return [] }
        // Even a reader makes SQLite's files for the write-ahead log, unless it takes the file for one that nobody
        // changes. While the log has rows that is not so, and then these files are there.
        let log = file.path + "-wal"
        let isQuiet =
            try !FileManager.default.fileExists(atPath: log)
            || FileManager.default.attributesOfItem(atPath: log)[.size] as? Int == 0
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(
            path: isQuiet ? file.absoluteString + "?immutable=1" : file.path, configuration: configuration
        ).read { database in
            guard try Int32.fetchOne(database, sql: "PRAGMA application_id") == applicationID else { return [] }
            return try String.fetchAll(database, sql: thing.sql)
        }
    } catch {
        return []  // whoever is typing asked for names, not for messages
    }
}
