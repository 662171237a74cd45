import RunStore
import Support

// Results files with the tables of this bnexp.

extension ResultsFile {
    /// Opens a file for writing, creating and migrating it where needed; see `init(writing:schema:)`.
    package convenience init(writing path: String) throws(ResultsError) {
        try self.init(writing: path, schema: .current)
    }

    /// Opens an existing file for reading only; see `init(reading:schema:)`.
    package convenience init(reading path: String) throws(ResultsError) {
        try self.init(reading: path, schema: .current)
        if let note { say(note) }
    }

    /// Opens a file for writing that must exist; see `existing(_:schema:)`.
    package static func existing(_ path: String) throws(ResultsError) -> ResultsFile {
        try existing(path, schema: .current)
    }
}
