import Charts
import Reports
import RunStore
import Support

/// The part of a page that shows a sweep: its results over the axes.
struct SweepSection: Sendable {
    private let sweep: SweepReference
    private let file: ResultsFile
    private let comparison: SweepComparison

    init(_ sweep: SweepReference, in file: ResultsFile) throws(ResultsError) {
        self.sweep = sweep
        self.file = file
        comparison = try SweepComparison(sweep, metric: nil, in: file)
    }

    func description() throws(ResultsError) -> JSON {
        let axes = comparison.axes
        var figures: [JSON] = []
        for (place, axis) in axes.enumerated() {
            var style = PlotStyle()
            style.title = ""
            if try isWide(axis) { style.xScale = .logarithmic }
            let plot = try SweepPlot(sweep, in: file).curves(
                of: comparison.metric, over: axis, split: "test", style: style)
            let options = "--x \(quotedForShell(axis))" + (style.xScale == .logarithmic ? " --log-x" : "")
            figures.append(json("sweep.over_\(place)", "\(comparison.metric) over \(axis)", options, plot.figure))
        }
        if axes.count > 1 {
            let plot = try SweepPlot(sweep, in: file).heatMap(
                of: comparison.metric, over: axes[0], axes[1], split: "test", style: PlotStyle())
            figures.append(
                json(
                    "sweep.map", "\(comparison.metric) over \(axes[0]) and \(axes[1]), mean over all else",
                    "--x \(quotedForShell(axes[0])) --y \(quotedForShell(axes[1]))", plot.figure))
        }
        let tables =
            [table("Every combination, mean over the seeds", comparison.table)]
            + axes.map { table("By \($0), and the best of its combinations", comparison.table(by: $0)) }
        return JSON([
            "id": "sweep", "title": JSON("Sweep \(sweep.name)"),
            "question": "Which settings train, and which are best?", "figures": JSON(.array(figures)),
            "tables": JSON(.array(tables)),
        ])
    }

    /// Whether an axis has positive numbers of more than one order of magnitude.
    private func isWide(_ axis: String) throws(ResultsError) -> Bool {
        let ends =
            try file.query(
                """
                SELECT min(value), max(value) FROM sweep_value
                WHERE sweep_id = ? AND axis = ? AND label IS NULL AND typeof(value) IN ('real', 'integer')
                """, [.integer(sweep.id), .text(axis)]
            ).rows.first?.compactMap(\.double) ?? []
        return ends.count == 2 && ends[0] > 0 && ends[1] > 10 * ends[0]
    }

    private func json(_ id: String, _ title: String, _ options: String, _ figure: Figure) -> JSON {
        JSON([
            "id": JSON(id), "title": JSON(title),
            "sql": JSON(
                "SELECT trial, settings, status, \(comparison.metric) FROM sweep_summary WHERE sweep_id = \(sweep.id)"),
            "command": JSON(
                "bnexp plot --db \(quotedForShell(file.path)) --sweep \(sweep.id) --metric \(comparison.metric) \(options)"
            ),
            "isOverSteps": false, "sharesScale": true, "smooths": false, "figure": figure.json,
        ])
    }

    private func table(_ title: String, _ table: Table) -> JSON {
        JSON(["title": JSON(title), "columns": JSON(table.columns), "rows": pageRows(table.rows)])
    }
}
