import RunStore

/// What can be drawn of a run over its steps, and where the results file has it.
package struct PlotMetric: Sendable {
    private let plot: MetricPlot
    private let table: TableDeclaration

    package var name: String { plot.name }
    package var isPerLayer: Bool { table.hasKey("layer") }
    package var isEvaluation: Bool { table.hasKey("split") }

    /// All metrics that the tables of a schema declare.
    package static func all(of schema: Schema) -> [PlotMetric] {
        schema.tables.flatMap { table in table.plots.map { PlotMetric(plot: $0, table: table) } }
    }

    package static func named(_ name: String, of schema: Schema) throws(ResultsError) -> PlotMetric {
        let all = all(of: schema)
        if let metric = all.first(where: { $0.name == name }) { return metric }
        throw ResultsError(
            "no metric \"\(name)\"; expected one of \(all.map(\.name).joined(separator: ", "))", cause: .request)
    }

    func label(split: String) -> String { isEvaluation ? "\(split) \(plot.label)" : plot.label }

    /// A value at a step, of a layer where the metric has them.
    struct Sample {
        var layer: Int?
        var step: Double
        var value: Double
    }

    /// Returns the samples of a run, ordered by layer and step.
    ///
    /// A missing value is NaN.
    func samples(of run: Int, split: String, in file: ResultsFile) throws(ResultsError) -> [Sample] {
        var arguments: [SQLValue] = [.integer(run)]
        if isEvaluation { arguments.append(.text(split)) }
        let samples = try file.query(
            """
            SELECT \(isPerLayer ? "layer" : "NULL"), step, \(plot.column) FROM \(table.name)
            WHERE run_id = ? AND \(isEvaluation ? "split = ? AND " : "")\(plot.condition) ORDER BY 1, step
            """, arguments
        ).rows.map {
            Sample(layer: $0[0].whole, step: $0[1].double ?? .nan, value: $0[2].double ?? .nan)
        }
        // A layer for which the quantity does not exist, such as the saturation of logits, has rows without values.
        let layers = Set(samples.filter { !$0.value.isNaN }.map(\.layer))
        return samples.filter { layers.contains($0.layer) }
    }
}

extension SQLValue {
    fileprivate var whole: Int? { if case .integer(let number) = self { number } else { nil } }
}
