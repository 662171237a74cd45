import RunStore

/// The results of a sweep over its axes: means, deviations and counts over seeds, and the best that each value of an axis leads to.
///
/// Runs that diverged are counted and have no part in means. A combination with such a run is the best only where no other has a mean.
package struct SweepComparison: Sendable {
    /// All trials with the same values on every axis but the seed.
    private struct Combination: Sendable {
        /// A value for each axis; NULL where the axis is not the trial's.
        var values: [SQLValue]
        var trials: [Trial] = []
    }
    private struct Trial: Sendable {
        var metric: Double?
        var status: SQLValue
    }
    /// What trials come to, together.
    private struct Outcome {
        let spread: Spread
        let trialCount: Int
        let divergedCount: Int

        init(_ trials: [Trial]) {
            spread = Spread(trials.filter { $0.status == .text("finished") }.compactMap(\.metric))
            trialCount = trials.count
            divergedCount = trials.count { $0.status == .text("diverged") }
        }

        static let columns = ["mean", "standard_deviation", "count", "diverged", "trials"]
        var cells: [SQLValue] {
            [SQLValue(spread.mean), SQLValue(spread.standardDeviation), .integer(spread.count), .integer(divergedCount), .integer(trialCount)]
        }
    }

    /// A numeric column of the view `sweep_summary`.
    package let metric: String
    /// Every axis but the seed, the one that varies slowest first.
    package let axes: [String]
    private let combinations: [Combination]

    /// - Parameter metric: nil for the first of test accuracy, validation accuracy and training loss that the runs have.
    package init(_ sweep: SweepReference, metric: String?, in file: ResultsFile) throws(ResultsError) {
        let summary = try file.query("SELECT * FROM sweep_summary WHERE sweep_id = ? ORDER BY trial", [.integer(sweep.id)])
        self.metric = try SweepComparison.choose(metric, from: summary)
        guard let column = summary.columns.firstIndex(of: self.metric), let trialColumn = summary.columns.firstIndex(of: "trial"),
            let statusColumn = summary.columns.firstIndex(of: "status")
        else { throw ResultsError("\(file.path) lacks columns of the view sweep_summary") }

        var settings: [SQLValue: [String: SQLValue]] = [:], firstChange: [String: Int] = [:], firstValue: [String: SQLValue] = [:]
        let values = try file.query(
            "SELECT trial, axis, coalesce(label, value) FROM sweep_value WHERE sweep_id = ? ORDER BY trial, axis", [.integer(sweep.id)])
        for row in values.rows {
            guard let axis = row[1].text, case .integer(let trial) = row[0] else { continue }
            settings[row[0], default: [:]][axis] = row[2]
            if let first = firstValue[axis] {
                if first != row[2], firstChange[axis] == nil { firstChange[axis] = trial }
            } else {
                firstValue[axis] = row[2]
            }
        }
        axes = firstValue.keys.filter { $0 != "seed" }.sorted { (-(firstChange[$0] ?? .max), $0) < (-(firstChange[$1] ?? .max), $1) }

        var combinations: [Combination] = [], places: [[SQLValue]: Int] = [:]
        for row in summary.rows {
            let own = settings[row[trialColumn]] ?? [:], values = axes.map { own[$0] ?? .null }
            let place = places[values] ?? combinations.count
            if place == combinations.count {
                places[values] = place
                combinations.append(Combination(values: values))
            }
            combinations[place].trials.append(Trial(metric: row[column].double, status: row[statusColumn]))
        }
        self.combinations = combinations
    }

    private static func choose(_ metric: String?, from summary: QueryResult) throws(ResultsError) -> String {
        let known = summary.columns.filter { !["sweep_id", "sweep", "trial", "settings", "run_id", "status", "seed", "normalization"].contains($0) }
        if let metric {
            guard known.contains(metric) else {
                throw ResultsError("no metric \"\(metric)\"; expected one of \(known.joined(separator: ", "))", isQuestionWrong: true)
            }
            return metric
        }
        return ["test_accuracy", "validation_accuracy", "final_loss"].first { name in
            summary.columns.firstIndex(of: name).map { column in summary.rows.contains { $0[column].double != nil } } ?? false
        } ?? "final_loss"
    }

    /// The axis that a name means: in full, or its last part where that is unique.
    package func axis(_ name: String) throws(ResultsError) -> String {
        if axes.contains(name) { return name }
        let matches = axes.filter { $0.hasSuffix("." + name) }
        guard matches.count == 1 else {
            throw ResultsError(
                "\(matches.isEmpty ? "no axis" : "several axes are called") \"\(name)\"; the axes are \(axes.joined(separator: ", "))", isQuestionWrong: true)
        }
        return matches[0]
    }

    /// A row for each combination of axis values, in the order of trials.
    package var table: Table {
        Table(columns: axes + Outcome.columns, rows: combinations.map { $0.values + Outcome($0.trials).cells })
    }

    /// A row for each value of an axis: over all of its runs, then the best of its combinations.
    package func table(by axis: String) -> Table {
        guard let place = axes.firstIndex(of: axis) else { return Table(columns: [], rows: []) }
        let rows = distinctValues(at: place).map { value -> [SQLValue] in
            let own = combinations.filter { $0.values[place] == value }
            let outcomes = own.map { (values: $0.values, outcome: Outcome($0.trials)) }.filter { $0.outcome.spread.mean != nil }
            let best = outcomes.max { isBetter($1.outcome, than: $0.outcome) }
            let text = best.map { best in
                axes.indices.filter { $0 != place && best.values[$0] != .null }.map { "\(axes[$0])=\(best.values[$0].display)" }.joined(separator: " ")
            }
            return [value] + Outcome(own.flatMap(\.trials)).cells + [SQLValue(best?.outcome.spread.mean), SQLValue(best?.outcome.spread.standardDeviation)]
                + (axes.count > 1 ? [text.map { .text($0) } ?? .null] : [])
        }
        let best = ["best_mean", "best_standard_deviation"] + (axes.count > 1 ? ["best_with"] : [])
        return Table(columns: [axis] + Outcome.columns + best, rows: rows)
    }

    /// Means over everything else, a row for each value of one axis, a column for each value of the other.
    package func table(by rowAxis: String, and columnAxis: String) -> Table {
        guard let row = axes.firstIndex(of: rowAxis), let column = axes.firstIndex(of: columnAxis) else { return Table(columns: [], rows: []) }
        let columnValues = distinctValues(at: column)
        let rows = distinctValues(at: row).map { rowValue in
            [rowValue] + columnValues.map { columnValue in
                let trials = combinations.filter { $0.values[row] == rowValue && $0.values[column] == columnValue }.flatMap(\.trials)
                return Outcome(trials).spread.display(outOf: trials.count)
            }
        }
        return Table(columns: [rowAxis] + columnValues.map { "\(columnAxis)=\($0.display)" }, rows: rows)
    }

    /// Numbers in their order, else in the order of trials; without trials that the axis is not varied in.
    private func distinctValues(at place: Int) -> [SQLValue] {
        var seen: Set<SQLValue> = []
        let values = combinations.map { $0.values[place] }.filter { $0 != .null && seen.insert($0).inserted }
        return values.allSatisfy { $0.double != nil } ? values.sorted { ($0.double ?? 0) < ($1.double ?? 0) } : values
    }

    private func isBetter(_ a: Outcome, than b: Outcome) -> Bool {
        if (a.divergedCount == 0) != (b.divergedCount == 0) { return a.divergedCount == 0 }
        guard let x = a.spread.mean, let y = b.spread.mean else { return a.spread.mean != nil }
        return metric.contains("accuracy") ? x > y : x < y
    }
}
