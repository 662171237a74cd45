import Foundation
import GRDB

extension ResultsFile {
    /// Opens a file for writing that must exist: a command that changes runs makes no empty file.
    package static func existing(_ path: String, schema: Schema) throws(ResultsError) -> ResultsFile {
        _ = try ResultsFile(reading: path, schema: schema)
        return try ResultsFile(writing: path, schema: schema)
    }

    /// Returns the tags of a run, sorted.
    package func tags(of run: RunReference) throws(ResultsError) -> [String] {
        try onFile(path) { try database.read { try $0.tags(of: run) } }
    }

    /// Adds tags; a tag that the run already has stays.
    package func addTags(_ tags: [String], to run: RunReference) throws(ResultsError) {
        try write { database in
            for tag in tags {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO tag (run_id, tag) VALUES (?, ?)", arguments: [run.id, tag])
            }
        }
    }

    /// Removes tags; if the run lacks one of them, none is removed.
    package func removeTags(_ tags: [String], from run: RunReference) throws(ResultsError) {
        try write { database in
            let present = try database.tags(of: run)
            if let missing = tags.first(where: { !present.contains($0) }) {
                let list = present.isEmpty ? "it has none" : "its tags are \(present.joined(separator: ", "))"
                throw ResultsError(
                    "run \(run.id) (\(run.name)) has no tag \"\(missing)\"; \(list)", cause: .request)
            }
            for tag in tags {
                try database.execute(sql: "DELETE FROM tag WHERE run_id = ? AND tag = ?", arguments: [run.id, tag])
            }
        }
    }

    /// Adds a note with the time of now.
    ///
    /// Notes of one run have different times: a second note within a millisecond gets a time one millisecond later.
    package func addNote(_ text: String, to run: RunReference) throws(ResultsError) {
        try write { database in
            var date = Date()
            while try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM note WHERE run_id = ? AND written_at = ?)",
                arguments: [run.id, timestamp(date)]) == true
            {
                date.addTimeInterval(0.001)
            }
            try database.execute(
                sql: "INSERT INTO note (run_id, written_at, text) VALUES (?, ?, ?)",
                arguments: [run.id, timestamp(date), text])
        }
    }

    /// Returns the notes of a run, the oldest first, with the columns `written_at` and `text`.
    package func notes(of run: RunReference) throws(ResultsError) -> QueryResult {
        try query("SELECT written_at, text FROM note WHERE run_id = ? ORDER BY written_at", [.integer(run.id)])
    }
}

extension Database {
    fileprivate func tags(of run: RunReference) throws -> [String] {
        try String.fetchAll(self, sql: "SELECT tag FROM tag WHERE run_id = ? ORDER BY tag", arguments: [run.id])
    }
}
