/// How many trials of a sweep came to what.
struct SweepCounts {
    var chosen = 0
    /// There before the sweep began.
    var present = 0
    var finished = 0
    var diverged = 0
    var interrupted = 0
    var failed = 0
    /// Worked on by another process.
    var busy = 0
    var ended: Int { finished + diverged + interrupted + failed + busy }
    var notBegun: Int { chosen - present - ended }

    var text: String {
        let parts = [
            (finished, "finished"), (diverged, "diverged"), (failed, "failed"), (interrupted, "interrupted"),
            (busy, "run by another process"),
            (notBegun, "not begun"), (present, "there already"),
        ]
        return "\(chosen) trials: "
            + (chosen == 0 ? "none" : parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
    }
}
