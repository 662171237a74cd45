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

    func drawn() throws(ResultsError) -> DrawnSection {
        let axes = comparison.axes
        var section = DrawnSection(
            id: "sweep", title: "Sweep \(sweep.name)", question: "Which settings train, and which are best?")
        if let best = comparison.best {
            section.sentences = [
                "Best \(comparison.metric): \(JSON.shortest(best.metric)), of trial \(best.trial), run \(best.run): "
                    + "\(best.settings)."
            ]
        }
        for axis in axes {
            guard let range = comparison.trainingRange(of: axis) else { continue }
            section.tables.append(
                PageTable("Where \(axis) trains: no seed diverged, half the way from the start to the best", range))
        }
        section.tables += axes.map {
            PageTable(
                "By \($0), \(comparison.meansNote(by: $0) ?? "mean over all else"), and the best of its combinations",
                comparison.table(by: $0))
        }
        do {
            section.figures = try figures(over: axes)
        } catch  where error.cause == .request {
            // A sweep that has just been started has nothing to draw.
            section.sentences.append("\(error.message).")
        }
        section.tablesBelow = [PageTable("Every combination, mean over the seeds", comparison.table)]
        return section
    }

    private func figures(over axes: [String]) throws(ResultsError) -> [DrawnFigure] {
        var figures: [DrawnFigure] = []
        for (place, axis) in axes.enumerated() {
            var style = PlotStyle()
            style.title = ""
            let plot = try SweepPlot(sweep, in: file).curves(
                of: comparison.metric, over: axis, split: "test", style: style)
            let options = "--x \(quotedForShell(axis))"
            figures.append(
                figure(
                    "sweep.over_\(place)", "\(comparison.metric) over \(axis), mean and deviation over the seeds",
                    options, plot.figure))
        }
        if axes.count > 1 {
            var style = PlotStyle()
            style.title = ""
            let plot = try SweepPlot(sweep, in: file).heatMap(
                of: comparison.metric, over: axes[0], axes[1], split: "test", style: style)
            figures.append(
                figure(
                    "sweep.map", "\(comparison.metric) over \(axes[0]) and \(axes[1]), mean over all else",
                    "--x \(quotedForShell(axes[0])) --y \(quotedForShell(axes[1]))", plot.figure))
        }
        return figures
    }

    private func figure(_ id: String, _ title: String, _ options: String, _ figure: Figure) -> DrawnFigure {
        DrawnFigure(
            id: id, title: title,
            sql: "SELECT trial, settings, status, \(comparison.metric) FROM sweep_summary WHERE sweep_id = \(sweep.id)",
            command:
                "bnexp plot --db \(quotedForShell(file.path)) --sweep \(sweep.id) "
                + "--metric \(comparison.metric) \(options)",
            figure: figure)
    }
}
