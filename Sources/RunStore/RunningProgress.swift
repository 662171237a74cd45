/// How far a run has come that has not ended, as its rows tell.
package struct RunningProgress: Equatable, Sendable {
    /// The last step that was measured, and how many there will be.
    package var step: Int
    package var totalSteps: Int
    /// By the speed over the last quarter of what the process did; nil until it has worked for two seconds, or has made
    /// 2 % of the steps.
    package var secondsLeft: Double?
    /// Whether no process works on the run any more, so that its status is out of date.
    package var isLost: Bool

    package init(step: Int, totalSteps: Int, secondsLeft: Double?, isLost: Bool = false) {
        self.step = step
        self.totalSteps = totalSteps
        self.secondsLeft = secondsLeft
        self.isLost = isLost
    }
}

extension ResultsFile {
    /// Returns how far the runs have come whose status is running, by their ids.
    ///
    /// Runs are left out that have measured nothing, and all those of a file that does not have the times of steps.
    package func runningProgress() throws(ResultsError) -> [Int: RunningProgress] {
        guard try exportableTables().contains("step_time") else { return [:] }
        let running = try query(
            """
            SELECT run.id, attempt, from_step, coalesce(
                (SELECT value FROM run_parameter WHERE run_id = run.id AND path = 'training.steps'),
                (SELECT value FROM run_parameter WHERE run_id = run.id AND path = 'training.epochs') * steps_per_epoch),
                (julianday('now') - julianday(started_at)) * 86400.0
            FROM run JOIN run_attempt ON run_id = run.id
            WHERE status = 'running'
                AND attempt = (SELECT max(attempt) FROM run_attempt WHERE run_id = run.id)
            """)
        guard !running.rows.isEmpty else { return [:] }
        let lost = Set(try lostRuns(heartbeatAge: defaultHeartbeatAge).map(\.run.id))
        var progress: [Int: RunningProgress] = [:]
        for row in running.rows {
            guard case .integer(let id) = row[0], case .integer(let attempt) = row[1],
                case .integer(let from) = row[2], case .integer(let total) = row[3], total > 0,
                case .number(let age) = row[4],
                let last = try measurement(ofRun: id, attempt: attempt, from: from, to: .max)
            else { continue }
            var state = RunningProgress(step: last.step, totalSteps: total, secondsLeft: nil, isLost: lost.contains(id))
            let made = last.step - from
            if made > 0, !state.isLost, age - last.age >= 2 || made >= total / 50,
                let before = try measurement(
                    ofRun: id, attempt: attempt, from: from, to: last.step - max(1, made / 4)),
                case let speed = Double(last.step - before.step) / (before.age - last.age), speed > 0, speed.isFinite
            {
                state.secondsLeft = max(0, Double(max(0, total - last.step)) / speed - last.age)
            }
            progress[id] = state
        }
        return progress
    }

    /// Returns the last step from one to another that an attempt has measured, and how many seconds ago.
    private func measurement(ofRun id: Int, attempt: Int, from: Int, to: Int) throws(ResultsError)
        -> (step: Int, age: Double)?
    {
        let rows = try query(
            """
            SELECT step, (julianday('now') - julianday(at)) * 86400.0 FROM step_time
            WHERE run_id = ? AND attempt = ? AND step >= ? AND step <= ? ORDER BY step DESC LIMIT 1
            """, [.integer(id), .integer(attempt), .integer(from), .integer(to)]
        ).rows
        guard let row = rows.first, case .integer(let step) = row[0], case .number(let age) = row[1] else { return nil }
        return (step, age)
    }
}
