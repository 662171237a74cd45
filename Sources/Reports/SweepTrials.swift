import RunStore

/// The trials of a sweep as the results file holds them.
struct SweepTrials: Sendable {
    struct Trial: Sendable {
        let number: Int
        /// The value of each axis that the trial has, or its label where it has one.
        var settings: [String: SQLValue] = [:]
        /// The axes whose value here is a label, which says enough without the axis's name.
        var labelled: Set<String> = []
        let run: Int?
        /// The status of the run; nil where there is no run.
        let status: String?
    }

    /// The names of the metrics that whole runs have: numeric columns of the view `sweep_summary`.
    static let finalMetrics = [
        "last_step", "first_loss", "final_loss", "train_accuracy", "best_train_accuracy", "train_loss",
        "best_train_loss", "validation_accuracy", "best_validation_accuracy", "validation_loss",
        "best_validation_loss", "test_accuracy", "best_test_accuracy", "test_loss", "best_test_loss",
        "test_accuracy_at_best_validation", "test_loss_at_best_validation", "train_seconds",
    ]

    let sweep: SweepReference
    /// The full names of the axes, the one that varies slowest first.
    let axes: [String]
    /// The trials in the order of their numbers.
    let trials: [Trial]

    /// Reads the trials of a sweep.
    init(_ sweep: SweepReference, in file: ResultsFile) throws(ResultsError) {
        self.sweep = sweep
        var trials: [Trial] = [], places: [Int: Int] = [:]
        for row in try file.query(
            "SELECT trial, run_id, status FROM sweep_run WHERE sweep_id = ? ORDER BY trial", [.integer(sweep.id)]
        ).rows {
            guard case .integer(let number) = row[0] else { continue }
            places[number] = trials.count
            trials.append(Trial(number: number, run: row[1].double.map { Int($0) }, status: row[2].text))
        }
        var firstValue: [String: SQLValue] = [:], firstChange: [String: Int] = [:]
        let sql = "SELECT trial, axis, label, value FROM sweep_value WHERE sweep_id = ? ORDER BY trial, axis"
        for row in try file.query(sql, [.integer(sweep.id)]).rows {
            guard case .integer(let number) = row[0], case .text(let axis) = row[1], let place = places[number] else {
                continue
            }
            // A key that is removed is a value too, unlike an axis that is not the trial's.
            let value = row[2] != .null ? row[2] : row[3] == .null ? .text("null") : row[3]
            trials[place].settings[axis] = value
            if row[2] != .null { trials[place].labelled.insert(axis) }
            if firstValue[axis] == nil { firstValue[axis] = value }
            if firstValue[axis] != value, firstChange[axis] == nil { firstChange[axis] = number }
        }
        self.trials = trials
        axes = firstValue.keys.sorted { (-(firstChange[$0] ?? .max), $0) < (-(firstChange[$1] ?? .max), $1) }
    }

    /// Returns the axis that a name means: its full name, or its last part where that is unique.
    ///
    /// - Parameter more: further names that are accepted beside those of the axes.
    func axis(_ name: String, or more: [String] = []) throws(ResultsError) -> String {
        let known = axes + more.filter { !axes.contains($0) }
        if known.contains(name) { return name }
        let matches = known.filter { $0.hasSuffix("." + name) }
        if matches.count == 1 { return matches[0] }
        throw ResultsError(
            "sweep \(sweep.id) (\(sweep.name)) has \(matches.isEmpty ? "no axis" : "several axes") \"\(name)\"; its "
                + "axes are \(known.joined(separator: ", "))",
            cause: .request)
    }

    /// Returns the value of a metric of whole runs for each trial that has it.
    func finalValues(of metric: String, in file: ResultsFile) throws(ResultsError) -> [Int: Double] {
        precondition(SweepTrials.finalMetrics.contains(metric))
        let rows = try file.query("SELECT trial, \(metric) FROM sweep_summary WHERE sweep_id = ?", [.integer(sweep.id)])
            .rows
        return rows.reduce(into: [:]) { values, row in
            if case .integer(let trial) = row[0], let value = row[1].double { values[trial] = value }
        }
    }
}
