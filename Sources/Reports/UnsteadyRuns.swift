import RunStore

/// The runs that left where they began, whose values may lie beyond the axes of the others: those that diverged, or
/// whose training loss rose above five times its first value.
package struct UnsteadyRuns: Sendable {
    package let runs: Set<Int>

    /// - Parameter runs: their ids, each as often as rows have it.
    package init(among runs: [Int], in file: ResultsFile) throws(ResultsError) {
        let rows = try file.query(
            """
            SELECT id FROM run WHERE id IN (SELECT value FROM json_each(?)) AND (status = 'diverged'
                OR (SELECT max(loss) FROM training_step WHERE run_id = id) > 5 * (
                    SELECT loss FROM training_step WHERE run_id = id AND loss IS NOT NULL ORDER BY step LIMIT 1))
            """, [Set(runs).sqlList]
        ).rows
        self.runs = Set(rows.compactMap(\.[0].whole))
    }

    /// Whether some of these runs left where it began.
    func contain(_ runs: [Int]) -> Bool { !self.runs.isDisjoint(with: runs) }
}
