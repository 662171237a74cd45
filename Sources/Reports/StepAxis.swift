import RunStore

/// What stands along the x axis of what was measured in training.
package enum StepAxis: String, CaseIterable, Sendable {
    case step
    /// Passes through the training rows.
    case epoch
    /// Seconds of training up to the step, without evaluations.
    case seconds

    var label: String { self == .seconds ? "seconds of training" : rawValue }

    /// Returns the place of each step of a run along the axis, as far as it is known.
    func places(of run: RunReference, in file: ResultsFile) throws(ResultsError) -> (Double) -> Double {
        switch self {
        case .step: return { $0 }
        case .epoch:
            let rows = try file.query("SELECT steps_per_epoch FROM run WHERE id = ?", [.integer(run.id)]).rows
            guard let steps = rows.first?[0].double, steps > 0 else { throw missing("steps of an epoch", run) }
            return { $0 / steps }
        case .seconds:
            let rows = try file.query(
                "SELECT step, train_seconds FROM step_clock WHERE run_id = ?", [.integer(run.id)]
            ).rows
            if rows.isEmpty { throw missing("times of its steps", run) }
            let seconds = Dictionary(
                rows.map { ($0[0].double ?? .nan, $0[1].double ?? .nan) }, uniquingKeysWith: { $1 })
            return { seconds[$0] ?? .nan }
        }
    }

    private func missing(_ what: String, _ run: RunReference) -> ResultsError {
        ResultsError(
            "run \(run.id) (\(run.name)) has no \(what), which an older version of bnexp did not record; leave out "
                + "--x \(rawValue)", cause: .request)
    }
}
