import Charts
import RunStore

extension ResultsFile {
    /// Returns the runs that names mean, each once, or the newest `count` runs if there are no names.
    ///
    /// - Parameter isNoneAllowed: whether a file without runs is no error.
    package func runs(_ names: [String], newest count: Int, isNoneAllowed: Bool = false) throws(ResultsError)
        -> [RunReference]
    {
        var runs: [RunReference] = []
        for name in names {
            let run = try findRun(name)
            if !runs.contains(run) { runs.append(run) }
        }
        if names.isEmpty {
            for row in try query("SELECT id FROM run ORDER BY id DESC LIMIT \(count)").rows.reversed() {
                runs.append(try findRun(row[0].display))
            }
        }
        if runs.isEmpty && !isNoneAllowed {
            throw ResultsError("\(path) holds no runs to plot; make one with bnexp run", cause: .request)
        }
        return runs
    }

    /// Returns the values of a metric, of which the run must have some.
    private func samples(_ metric: PlotMetric, of run: RunReference, split: String) throws(ResultsError) -> [PlotMetric
        .Sample]
    {
        let samples = try metric.samples(of: run.id, split: split, in: self)
        guard !samples.isEmpty else {
            throw ResultsError(
                "run \(run.id) (\(run.name)) has no \(metric.name)\(metric.isEvaluation ? " of split \(split)" : ""); "
                    + "see bnexp show \(run.id)",
                cause: .request)
        }
        return samples
    }

    /// Plots a metric over the steps: a line for each run, or for each run and layer.
    package func plotRuns(_ names: [String], _ metric: PlotMetric, split: String, style: PlotStyle) throws(ResultsError)
        -> Plot
    {
        let runs = try runs(names, newest: 2)
        var series: [LineChart.Series] = []
        for run in runs {
            let isRepeated = runs.contains { $0.id != run.id && $0.name == run.name }
            let name = isRepeated ? "\(run.name) (\(run.id))" : run.name
            let samples = try samples(metric, of: run, split: split)
            for layer in Set(samples.map(\.layer)).sorted(by: { ($0 ?? 0) < ($1 ?? 0) }) {
                let title = layer.map { runs.count > 1 ? "\(name), layer \($0)" : "layer \($0)" } ?? name
                series.append(
                    LineChart.Series(
                        name: title, points: samples.filter { $0.layer == layer }.map { ($0.step, $0.value) }))
            }
        }
        let label = metric.label(split: split),
            subject = metric.isPerLayer && runs.count == 1 ? "\(runs[0].name): \(label)" : label
        let chart = LineChart(
            title: style.title ?? "\(subject) by step", xLabel: style.xLabel ?? "step", yLabel: style.yLabel ?? label,
            xScale: style.xScale,
            yScale: style.yScale, series: series)
        return Plot(figure: .lines([chart]))
    }

    /// Plots a metric of one run as a heat map: layers over steps, the layer next to the data at the bottom.
    package func plotHeatMap(_ names: [String], _ metric: PlotMetric, style: PlotStyle) throws(ResultsError) -> Plot {
        guard metric.isPerLayer else {
            let known = PlotMetric.all(of: schema).filter(\.isPerLayer).map(\.name).joined(separator: ", ")
            throw ResultsError(
                "a heat map of a run draws a metric that layers have; found \(metric.name); expected one of \(known)",
                cause: .request)
        }
        let runs = try runs(names, newest: 1)
        guard runs.count == 1 else {
            throw ResultsError("a heat map draws one run, and \(runs.count) are named; give one", cause: .request)
        }
        let label = metric.label(split: "")
        let cells = try samples(metric, of: runs[0], split: "").map { sample in
            HeatMapCell(x: .integer(Int(sample.step)), y: .integer(sample.layer ?? 0), value: sample.value)
        }
        let map = heatMap(
            cells, title: style.title ?? "\(runs[0].name): \(label)", xLabel: style.xLabel ?? "step",
            yLabel: style.yLabel ?? "layer", valueLabel: style.valueLabel ?? label,
            scale: style.colorScale)
        return Plot(figure: .heatMaps([map]))
    }
}
