import RunStore

/// The results of a sweep over its axes: means, deviations and counts over seeds, and the best combination for each
/// value of an axis.
///
/// Runs that diverged are counted and have no part in means. A combination with such a run is the best only where no
/// other has a mean.
package struct SweepComparison: Sendable {
    /// All trials with the same values on every axis but the seed.
    private struct Combination: Sendable {
        /// A value for each axis; NULL where the trials do not have the axis.
        var values: [SQLValue]
        var trials: [Trial] = []
    }
    private struct Trial: Sendable {
        var number: Int
        var run: Int?
        var metric: Double?
        var status: String?
    }
    /// The results of several trials together.
    private struct Outcome {
        let spread: Spread
        let trialCount: Int
        let divergedCount: Int

        /// - Parameter cells: combinations of the axes, each with its trials: seeds vary within a cell.
        init(_ cells: [Combination]) {
            let trials = cells.flatMap(\.trials)
            // One run may be that of several trials; it is one measurement.
            var seen: Set<Int> = []
            spread = Spread(
                cells: cells.map { cell in
                    cell.trials.filter { trial in trial.run.map { seen.insert($0).inserted } ?? false }
                        .filter { $0.status == "finished" }.compactMap(\.metric)
                })
            trialCount = trials.count
            divergedCount = trials.count { $0.status == "diverged" }
        }

        /// The result for people in one cell, with its count.
        var cell: SQLValue { spread.display(outOf: trialCount, diverged: divergedCount, countsAlways: true) }

        static let columns = ["mean", "standard_deviation", "count", "diverged", "trials"]
        var cells: [SQLValue] {
            [
                SQLValue(spread.mean), SQLValue(spread.standardDeviation), .integer(spread.count),
                .integer(divergedCount), .integer(trialCount),
            ]
        }
    }

    /// The metric that is compared: a numeric column of the view `sweep_summary`.
    package let metric: String
    /// All axes but the seed, the one that varies slowest first.
    package let axes: [String]
    private let combinations: [Combination]

    private let all: SweepTrials
    /// What the metric is without training: of accuracies chance, of losses their mean at the start; nil if not known.
    private let start: Double?

    /// Reads the results of a sweep.
    ///
    /// - Parameter metric: a numeric column of the view `sweep_summary`; nil for the first of those of the runs'
    ///   `ResultKind` that they have.
    package init(_ sweep: SweepReference, metric: String?, in file: ResultsFile) throws(ResultsError) {
        all = try SweepTrials(sweep, in: file)
        if let metric, !SweepTrials.finalMetrics.contains(metric) {
            throw ResultsError(
                "no metric \"\(metric)\"; expected one of \(SweepTrials.finalMetrics.joined(separator: ", "))",
                cause: .request)
        }
        var chosen = metric ?? "", results: [Int: Double] = [:]
        let kind = try file.resultKind(of: all.trials.compactMap(\.run))
        for candidate in metric.map({ [$0] }) ?? kind.metrics where results.isEmpty {
            chosen = candidate
            results = try all.finalValues(of: candidate, in: file)
        }
        self.metric = chosen
        start = try SweepComparison.start(of: chosen, all, in: file)
        let axes = all.axes.filter { $0 != "seed" }
        self.axes = axes
        var combinations: [Combination] = [], places: [[SQLValue]: Int] = [:]
        for trial in all.trials {
            let values = axes.map { trial.settings[$0] ?? .null }
            let place = places[values] ?? combinations.count
            if place == combinations.count {
                places[values] = place
                combinations.append(Combination(values: values))
            }
            combinations[place].trials.append(
                Trial(number: trial.number, run: trial.run, metric: results[trial.number], status: trial.status))
        }
        self.combinations = combinations
    }

    private static func start(of metric: String, _ trials: SweepTrials, in file: ResultsFile) throws(ResultsError)
        -> Double?
    {
        guard metric.contains("accuracy") else {
            return Spread(Array(try trials.finalValues(of: "first_loss", in: file).values).filter(\.isFinite)).mean
        }
        let outputs = try file.query(
            """
            SELECT outputs FROM layer WHERE run_id IN (SELECT value FROM json_each(?)) ORDER BY layer DESC LIMIT 1
            """, [trials.trials.compactMap(\.run).sqlList]
        ).rows.first?[0].double
        // One output tells two classes apart.
        return outputs.map { 1 / max(2, $0) }
    }

    /// Returns the axis that a name means: its full name, or its last part where that is unique.
    package func axis(_ name: String) throws(ResultsError) -> String {
        let axis = try all.axis(name)
        guard axis != "seed" else {
            throw ResultsError(
                "\"seed\" is what means are taken over; name another axis: \(axes.joined(separator: ", "))",
                cause: .request)
        }
        return axis
    }

    /// The table of all combinations of axis values, in the order of trials.
    package var table: Table {
        var table = Table(
            columns: axes + Outcome.columns, rows: combinations.map { $0.values + Outcome([$0]).cells })
        table.settingColumnCount = axes.count
        table.importance = ["mean"] + axes
        return table
    }

    /// The best trial of the best combination: its number, its run, what it is and its result.
    package var best: (trial: Int, run: Int, settings: String, metric: Double)? {
        let outcomes = combinations.map { ($0, Outcome([$0])) }.filter { $0.1.spread.mean != nil }
        guard let cell = outcomes.max(by: { isBetter($1.1, than: $0.1) })?.0 else { return nil }
        let finished = cell.trials.filter { $0.status == "finished" && $0.metric != nil && $0.run != nil }
        let found = finished.max { a, b in
            guard let x = a.metric, let y = b.metric else { return false }
            return ResultKind.isBetter(y, than: x, in: metric)
        }
        guard let found, let run = found.run, let value = found.metric else { return nil }
        let trial = all.trials.first { $0.number == found.number }
        return (found.number, run, trial?.text(of: all.axes) ?? "", value)
    }

    /// The combinations of the other axes that means of the values of an axis are taken over.
    private struct Common {
        /// Those that trained for all values of the axis for which the sweep has them, so that means compare the same:
        /// no run diverged, and some have ended.
        var combinations: Set<[SQLValue]>
        /// How many there are in all.
        var count: Int
        /// The values of the axis that trained with no combination, which have no mean.
        var untrained: [SQLValue] = []
    }

    private func others(_ combination: Combination, _ place: Int) -> [SQLValue] {
        axes.indices.filter { $0 != place }.map { combination.values[$0] }
    }

    private func common(at place: Int) -> Common {
        // An axis alone has nothing that its values could differ in.
        guard axes.count > 1 else { return Common(combinations: [[]], count: 1) }
        func trained(_ cell: Combination) -> Bool {
            let outcome = Outcome([cell])
            return outcome.divergedCount == 0 && outcome.spread.count > 0
        }
        let able = Set(combinations.filter(trained).map { $0.values[place] })
        let all = Dictionary(grouping: combinations) { others($0, place) }
        let compared = all.filter { _, own in
            own.contains { able.contains($0.values[place]) }
                && own.allSatisfy { trained($0) || !able.contains($0.values[place]) }
        }
        return Common(
            combinations: Set(compared.keys), count: all.count,
            untrained: distinctValues(at: place).filter { !able.contains($0) })
    }

    /// Says what the means of the table of an axis are taken over, such as `mean over 3 of 5 values of learning_rate:
    /// those with which no run of any kind diverged or is missing`; nil where it is everything.
    package func meansNote(by axis: String) -> String? {
        guard let place = axes.firstIndex(of: axis), axes.count > 1, case let common = common(at: place),
            common.combinations.count < common.count || !common.untrained.isEmpty
        else { return nil }
        let names = axes.filter { $0 != axis }
        let what = names.count == 1 ? "values of \(names[0])" : "combinations of \(names.joined(separator: ", "))"
        let values = common.untrained.map(\.displayOfSetting).joined(separator: ", ")
        let without = values.isEmpty ? "" : " (but \(values), with which none ended well)"
        return
            "mean over \(common.combinations.count) of \(common.count) \(what): those with which no run of any \(axis) "
            + "diverged or is missing\(without)"
    }

    /// Returns a table of an axis: for each value the results over the combinations of the other axes that trained for
    /// all values, then the best of its combinations.
    ///
    /// The deviation is that over seeds, within the combinations of the other axes. Counts of runs that diverged and of
    /// trials are those of all.
    package func table(by axis: String) -> Table {
        guard let place = axes.firstIndex(of: axis) else { return Table(columns: [], rows: []) }
        let common = common(at: place)
        let rows = distinctValues(at: place).map { value -> [SQLValue] in
            let own = combinations.filter { $0.values[place] == value }
            let outcomes = own.map { (values: $0.values, outcome: Outcome([$0])) }.filter {
                $0.outcome.spread.mean != nil
            }
            let best = outcomes.max { isBetter($1.outcome, than: $0.outcome) }
            let text = best.map { best in
                axes.indices.filter { $0 != place && best.values[$0] != .null }.map {
                    "\(axes[$0])=\(best.values[$0].displayOfSetting)"
                }.joined(separator: " ")
            }
            let isAble = !common.untrained.contains(value)
            let compared = Outcome(isAble ? own.filter { common.combinations.contains(others($0, place)) } : []),
                all = Outcome(own)
            let counts =
                [
                    .integer(compared.spread.count), .integer(all.divergedCount), .integer(all.trialCount),
                ] as [SQLValue]
            return [value, SQLValue(compared.spread.mean), SQLValue(compared.spread.standardDeviation)] + counts
                + (axes.count > 1 ? [.text("\(common.combinations.count) of \(common.count)")] : []) + [
                    SQLValue(best?.outcome.spread.mean), SQLValue(best?.outcome.spread.standardDeviation),
                ]
                + (axes.count > 1 ? [text.map { .text($0) } ?? .null] : [])
        }
        let best = ["best_mean", "best_standard_deviation"] + (axes.count > 1 ? ["best_with"] : [])
        var table = Table(
            columns: [axis] + Outcome.columns + (axes.count > 1 ? ["combinations"] : []) + best, rows: rows)
        table.settingColumnCount = 1
        table.importance = ["best_with", "best_mean", "mean", "standard_deviation", "count"]
        return table
    }

    /// Returns from where to where an axis of numbers trains, and where best, for each combination of the other axes;
    /// nil for an axis of fewer than three numbers, or if nothing is known.
    ///
    /// A value trains if no seed diverged and the mean is at least half the way from the start to the best of the
    /// sweep.
    package func trainingRange(of axis: String) -> Table? {
        guard let place = axes.firstIndex(of: axis), let start else { return nil }
        let values = distinctValues(at: place)
        let outcomes = combinations.map { (values: $0.values, outcome: Outcome([$0])) }
        guard values.count > 2, values.allSatisfy(\.isNumber),
            let best = outcomes.map(\.outcome).max(by: { isBetter($1, than: $0) })?.spread.mean,
            ResultKind.isBetter(best, than: start, in: metric)
        else { return nil }
        func trains(_ outcome: Outcome) -> Bool {
            guard outcome.divergedCount == 0, let mean = outcome.spread.mean else { return false }
            return !ResultKind.isBetter((start + best) / 2, than: mean, in: metric)
        }
        let others = axes.indices.filter { $0 != place }
        var seen: Set<[SQLValue]> = []
        let variants = combinations.map { combination in others.map { combination.values[$0] } }.filter {
            seen.insert($0).inserted
        }
        let rows = variants.map { variant -> [SQLValue] in
            let own = outcomes.filter { outcome in others.map { outcome.values[$0] } == variant }.sorted {
                ($0.values[place].double ?? 0) < ($1.values[place].double ?? 0)
            }
            let trained = own.filter { trains($0.outcome) }
            let top = own.filter { $0.outcome.spread.mean != nil }.max { isBetter($1.outcome, than: $0.outcome) }
            return variant + [
                trained.first?.values[place] ?? .null, trained.last?.values[place] ?? .null,
                .text("\(trained.count) of \(own.count)"), top?.values[place] ?? .null,
                SQLValue(top?.outcome.spread.mean), SQLValue(top?.outcome.spread.standardDeviation),
            ]
        }
        return Table(
            columns: others.map { axes[$0] } + [
                "trains_from", "trains_to", "values", "best_at", "best_mean", "best_standard_deviation",
            ], rows: rows)
    }

    /// Returns a table of two axes: means over all others, a row for each value of one, a column for each value of the
    /// other.
    package func table(by rowAxis: String, and columnAxis: String) -> Table {
        guard let row = axes.firstIndex(of: rowAxis), let column = axes.firstIndex(of: columnAxis) else {
            return Table(columns: [], rows: [])
        }
        let columnValues = distinctValues(at: column)
        let rows = distinctValues(at: row).map { rowValue in
            [rowValue]
                + columnValues.map { columnValue in
                    Outcome(combinations.filter { $0.values[row] == rowValue && $0.values[column] == columnValue })
                        .cell
                }
        }
        var table = Table(
            columns: [rowAxis] + columnValues.map { "\(columnAxis)=\($0.displayOfSetting)" }, rows: rows)
        table.settingColumnCount = 1
        return table
    }

    /// Returns the values of an axis: numbers in order of size, others in the order of trials.
    private func distinctValues(at place: Int) -> [SQLValue] {
        var seen: Set<SQLValue> = []
        let values = combinations.map { $0.values[place] }.filter { $0 != .null && seen.insert($0).inserted }
        return values.allSatisfy { $0.double != nil } ? values.sorted { ($0.double ?? 0) < ($1.double ?? 0) } : values
    }

    /// Whether one outcome is the better result: the higher accuracy or the lower loss, and always one without
    /// divergence.
    private func isBetter(_ a: Outcome, than b: Outcome) -> Bool {
        if (a.divergedCount == 0) != (b.divergedCount == 0) { return a.divergedCount == 0 }
        guard let x = a.spread.mean, let y = b.spread.mean else { return a.spread.mean != nil }
        return ResultKind.isBetter(x, than: y, in: metric)
    }
}
