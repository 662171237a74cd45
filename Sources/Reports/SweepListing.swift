import RunStore

extension ResultsFile {
    /// Returns the sweeps of the file, the oldest first: how many trials each has, and how these stand.
    package func sweepListing() throws(ResultsError) -> Table {
        try requireSweeps()
        let counts = RunStatus.allCases.map {
            "count(CASE r.status WHEN '\($0.rawValue)' THEN 1 END) AS \($0.rawValue)"
        }
        return Table(
            try query(
                """
                SELECT s.id, s.uuid, s.name, (SELECT min(created_at) FROM run WHERE sweep_id = s.id) AS created_at,
                    count(r.trial) AS trials, \(counts.joined(separator: ", ")),
                    count(r.trial) - count(r.run_id) AS missing,
                    (SELECT group_concat(axis, ' ') FROM (
                        SELECT DISTINCT axis FROM sweep_value WHERE sweep_id = s.id ORDER BY axis)) AS axes
                FROM sweep AS s LEFT JOIN sweep_run AS r ON r.sweep_id = s.id GROUP BY s.id ORDER BY s.id
                """))
    }

    /// Returns a row for each trial of a sweep: its number, its settings, and how its run stands.
    ///
    /// - Returns: the columns trial, settings, status (of a trial without a run missing), run_id, step and reason.
    package func sweepStates(of sweep: SweepReference) throws(ResultsError) -> Table {
        let all = try SweepTrials(sweep, in: self)
        let found = try query(
            """
            SELECT r.trial, run.last_step, run.exit_reason FROM sweep_run AS r LEFT JOIN run ON run.id = r.run_id
            WHERE r.sweep_id = ?
            """, [.integer(sweep.id)])
        let ends = Dictionary(found.rows.map { ($0[0], Array($0[1...])) }, uniquingKeysWith: { first, _ in first })
        return Table(
            columns: ["trial", "settings", "status", "run_id", "step", "reason"],
            rows: all.trials.map { trial in
                [
                    .integer(trial.number), .text(trial.text(of: all.axes)), .text(trial.status ?? "missing"),
                    trial.run.map { .integer($0) } ?? .null,
                ] + (ends[.integer(trial.number)] ?? [.null, .null])
            })
    }

    /// Returns the axes of a sweep with their values, in the order of the trials.
    package func sweepAxes(of sweep: SweepReference) throws(ResultsError) -> Table {
        let all = try SweepTrials(sweep, in: self)
        return Table(
            columns: ["axis", "values"],
            rows: all.axes.map { axis in
                let values = all.trials.compactMap { $0.settings[axis] }.reduce(into: [SQLValue]()) {
                    if !$0.contains($1) { $0.append($1) }
                }
                return [.text(axis), .text(values.map(\.displayOfSetting).joined(separator: " "))]
            })
    }
}

extension SweepTrials.Trial {
    /// The settings in a line: `optimizer.learning_rate=0.1 variant=BN`.
    func text(of axes: [String]) -> String {
        axes.compactMap { axis in settings[axis].map { "\(axis)=\($0.displayOfSetting)" } }.joined(separator: " ")
    }
}
