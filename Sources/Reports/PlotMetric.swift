import RunStore

/// What can be drawn of a run over its steps, and where the results file has it.
package struct PlotMetric: Sendable {
    private let plot: MetricPlot
    private let table: TableDeclaration
    /// The split that its name says; nil for what is of no split, or of the split that the caller names.
    package private(set) var split: String?

    package var name: String { split.map { plot.name.replacing("evaluation", with: $0) } ?? plot.name }
    package var isPerLayer: Bool { table.hasKey("layer") }
    /// The key that the lines of a run differ in; nil where a run has one line.
    var lineKey: String? { isPerLayer ? "layer" : plot.lines }
    /// All such keys.
    static func lineKeys(of schema: Schema) -> [String] {
        all(of: schema).compactMap(\.lineKey).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    package var isEvaluation: Bool { table.hasKey("split") }
    /// Whether the caller chooses its split.
    package var takesSplit: Bool { isEvaluation && split == nil }
    /// Whether it is a list of counts for each step and layer, which only a heat map shows.
    package var isHistogram: Bool { if case .counts = plot.form { true } else { false } }
    /// Whether it is a share, whose axis begins at zero.
    var isShare: Bool { plot.name.hasSuffix("_fraction") }
    var isLoss: Bool { if case .loss = plot.form { true } else { false } }

    /// All metrics that the tables of a schema declare, and those of the evaluations of each split by their own names,
    /// such as `test_loss`.
    package static func all(of schema: Schema) -> [PlotMetric] {
        schema.tables.flatMap { table in
            table.plots.flatMap { plot in
                let metric = PlotMetric(plot: plot, table: table)
                let splits = plot.name.hasPrefix("evaluation") ? ["train", "validation", "test"] : []
                return [metric] + splits.map { PlotMetric(plot: plot, table: table, split: $0) }
            }
        }
    }

    package static func named(_ name: String, of schema: Schema) throws(ResultsError) -> PlotMetric {
        let all = all(of: schema)
        if let metric = all.first(where: { $0.name == name }) { return metric }
        throw ResultsError(
            "no metric \"\(name)\"; expected one of \(all.map(\.name).joined(separator: ", "))", cause: .request)
    }

    /// Returns the label of its axis for some runs: losses have a unit where all of the runs minimize a cross-entropy.
    func label(split: String, of runs: [Int], in file: ResultsFile) throws(ResultsError) -> String {
        let label = isEvaluation ? "\(self.split ?? split) \(plot.label)" : plot.label
        guard isLoss, !runs.isEmpty else { return label }
        let inNats = try file.query(
            """
            SELECT count(DISTINCT run_id) FROM run_parameter
            WHERE run_id IN (SELECT value FROM json_each(?)) AND path IN ('loss', 'loss.kind')
                AND value IN ('softmax_cross_entropy', 'sigmoid_cross_entropy')
            """, [runs.sqlList]
        ).rows.first?[0]
        return inNats == .integer(Set(runs).count) ? "\(label) (nats)" : label
    }

    /// A value at a step, of a layer or another line where the metric has them.
    struct Sample {
        /// The value of `lineKey`, such as the layer.
        var line: Int?
        var step: Double
        var value: Double
        /// The range around the value, where the metric has one.
        var band: (low: Double, high: Double)?
    }

    /// Returns the samples of a run, ordered by line and step.
    ///
    /// A missing value is NaN.
    func samples(of run: Int, split: String, layers: [Int] = [], in file: ResultsFile) throws(ResultsError) -> [Sample]
    {
        let ends: (low: String, high: String)? =
            if case .band(let low, let high) = plot.form { (low, high) } else { nil }
        let rows = try rows(of: run, split: split, layers: layers, ends.map { [$0.low, $0.high] } ?? [], in: file)
        let samples = rows.map { row in
            Sample(
                line: row[0].whole, step: row[1].double ?? .nan, value: row[2].double ?? .nan,
                band: ends == nil ? nil : (row[3].double ?? .nan, row[4].double ?? .nan))
        }
        // A layer for which the quantity does not exist, such as the saturation of logits, has rows without values.
        let valued = Set(samples.filter { !$0.value.isNaN }.map(\.line))
        return samples.filter { valued.contains($0.line) }
    }

    /// Returns rows of line, step, value and other expressions of a run, ordered by line and step.
    func rows(of run: Int, split: String = "", layers: [Int], _ others: [String] = [], in file: ResultsFile)
        throws(ResultsError) -> [[SQLValue]]
    {
        var arguments: [SQLValue] = [.integer(run)]
        if isEvaluation { arguments.append(.text(self.split ?? split)) }
        let chosen = layers.isEmpty ? "" : "layer IN (\(layers.commaSeparated)) AND "
        let columns = [lineKey ?? "NULL", "step", plot.column] + others
        return try file.query(
            """
            SELECT \(columns.joined(separator: ", ")) FROM \(table.name)
            WHERE run_id = ? AND \(isEvaluation ? "split = ? AND " : "")\(chosen)\(plot.condition)
            \(others.isEmpty ? "" : "GROUP BY 1, step") ORDER BY 1, step
            """, arguments
        ).rows
    }
}
