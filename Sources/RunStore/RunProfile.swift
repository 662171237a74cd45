/// What a run can spend its time on; the values of `run_phase.phase`.
package enum Phase: String, CaseIterable, Sendable { case start, load, train, evaluate, log, checkpoint, total }

/// The time that one phase took: a row of `run_phase`, or the sum of several.
package struct PhaseRecord: Sendable {
    package var phase: Phase
    package var wallSeconds: Double
    package var cpuSeconds: Double

    package init(phase: Phase, wallSeconds: Double, cpuSeconds: Double) {
        self.phase = phase
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
    }
}

/// Where the time of a run went.
package struct RunProfile: Sendable {
    /// The phases in the order of `Phase`, each once.
    package var phases: [PhaseRecord]
    /// How many updates were made in that time.
    package var stepCount: Int

    package init(phases: [PhaseRecord], stepCount: Int) {
        self.phases = phases
        self.stepCount = stepCount
    }
}

extension ResultsFile {
    /// Returns where the time of all processes that worked on a run went.
    ///
    /// A process that was killed leaves no record of its time; its steps do not count either.
    package func profile(ofRun id: Int) throws(ResultsError) -> RunProfile {
        let sums = try query(
            "SELECT phase, sum(wall_seconds), sum(cpu_seconds) FROM run_phase WHERE run_id = ? GROUP BY phase",
            [.integer(id)])
        let phases = Phase.allCases.compactMap { phase -> PhaseRecord? in
            guard let row = sums.rows.first(where: { $0[0] == .text(phase.rawValue) }),
                case .number(let wall) = row[1], case .number(let cpu) = row[2]
            else { return nil }
            return PhaseRecord(phase: phase, wallSeconds: wall, cpuSeconds: cpu)
        }
        // A process worked up to the step that the next one started from.
        let steps = try query(
            """
            SELECT sum(to_step - from_step) FROM (
                SELECT attempt, from_step, coalesce(lead(from_step) OVER (ORDER BY attempt), last_step) AS to_step
                FROM run_attempt JOIN run ON id = run_id WHERE run_id = ?1)
            WHERE attempt IN (SELECT attempt FROM run_phase WHERE run_id = ?1 AND phase = 'train')
            """, [.integer(id)])
        guard case .integer(let stepCount) = steps.rows[0][0] else { return RunProfile(phases: phases, stepCount: 0) }
        return RunProfile(phases: phases, stepCount: stepCount)
    }
}
