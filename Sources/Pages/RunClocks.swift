import Reports
import RunStore

/// How far runs were at their steps in epochs, and in seconds of training.
struct RunClocks: Sendable {
    private(set) var clocks: [Int: [String: (x: [Double], y: [Double])]] = [:]

    init(of runs: [Int], in file: ResultsFile) throws(ResultsError) {
        // A file that an older bnexp wrote has none.
        guard try file.has("step_time") else { return }
        for run in runs {
            let rows = try file.query(
                "SELECT step, epoch, train_seconds FROM step_clock WHERE run_id = ? ORDER BY step", [.integer(run)]
            ).rows
            for (place, unit) in [(1, "epoch"), (2, "seconds")] {
                let known = rows.filter { $0[place] != .null }
                guard !known.isEmpty else { continue }
                clocks[run, default: [:]][unit] = (
                    known.compactMap { $0[0].double }, known.compactMap { $0[place].double }
                )
            }
        }
    }
}
