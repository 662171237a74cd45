/// The config keys that name the data's files.
///
/// Where rows are read from is no setting of a run: the hash of the data says which rows they were.
package let dataFilePaths = ["data.file", "data.train.file", "data.validation.file", "data.test.file"]

extension ResultsFile {
    /// Returns what a row of `run_parameter` is compared by, as SQL: its value, or where it names a data file the hash
    /// of the data, so that two names of the same data are no difference.
    ///
    /// - Parameter rows: what the statement calls `run_parameter`.
    package static func comparedValue(of rows: String = "run_parameter") -> String {
        let paths = dataFilePaths.map { "'\($0)'" }.joined(separator: ", ")
        return """
            CASE WHEN \(rows).path IN (\(paths)) THEN (SELECT data_hash FROM run WHERE run.id = \(rows).run_id) \
            ELSE \(rows).value END
            """
    }

    /// Whether the file has a table or a view of this name; one that an older bnexp wrote lacks the newest.
    package func has(_ name: String) throws(ResultsError) -> Bool {
        try !query("SELECT 1 FROM sqlite_master WHERE name = ?", [.text(name)]).rows.isEmpty
    }
}
