/// The numbers of trials of a sweep that were run, skipped or not begun.
struct SweepCounts {
    /// Trials that the command chose, whether they are run or not.
    var chosen = 0
    /// Trials whose runs existed before the sweep began, or that are the same run as another trial.
    var present = 0
    var finished = 0
    var diverged = 0
    var interrupted = 0
    var failed = 0
    /// Trials that another process works on.
    var busy = 0
    var ended: Int { finished + diverged + interrupted + failed + busy }
    var notBegun: Int { chosen - present - ended }

    /// The counts for people: `8 trials: 5 finished, 3 exist already`.
    var text: String {
        let parts = [
            (finished, "finished"), (diverged, "diverged"), (failed, "failed"), (interrupted, "interrupted"),
            (busy, "run by another process"),
            (notBegun, "not begun"), (present, present == 1 ? "exists already" : "exist already"),
        ]
        return "\(chosen) trials: "
            + (chosen == 0 ? "none" : parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
    }
}
