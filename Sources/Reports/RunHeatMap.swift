import Charts
import RunStore

extension ResultsFile {
    /// Plots metrics of runs as heat maps: layers over steps, the layer next to the data at the bottom; or what values
    /// a layer has over steps, a map for each layer.
    ///
    /// All maps of a metric have one scale of colours.
    package func plotHeatMaps(_ runs: [RunReference], _ request: RunPlotRequest, style: PlotStyle) throws(ResultsError)
        -> Plot
    {
        let labels = try RunLabels(runs.map(\.id), in: self)
        var maps: [HeatMap] = []
        for metric in request.metrics {
            guard metric.isPerLayer else {
                let known = PlotMetric.all(of: schema).filter(\.isPerLayer).map(\.name).joined(separator: ", ")
                throw ResultsError(
                    "a heat map of a run draws a metric that layers have; found \(metric.name); expected one of "
                        + "\(known)",
                    cause: .request)
            }
            let label = try metric.label(split: request.split, of: runs.map(\.id), in: self)
            var drawn: [HeatMap] = []
            for run in runs {
                let drawnParts: [(name: String?, cells: [HeatMapCell])] =
                    metric.isHistogram
                    ? try histograms(metric, of: run, request) : [(nil, try layers(metric, of: run, request))]
                guard drawnParts.contains(where: { !$0.cells.isEmpty }) else {
                    throw ResultsError(
                        "run \(run.id) (\(run.name)) has no \(metric.name); see bnexp show \(run.id)", cause: .request)
                }
                for (name, cells) in drawnParts {
                    // What several maps have in common comes first, and stands once above them.
                    let parts = runs.count > 1 ? [label, labels[run.id], name] : ["\(labels[run.id]): \(label)", name]
                    let subject = parts.compactMap { $0 }.joined(separator: ", ")
                    let title =
                        runs.count * request.metrics.count * drawnParts.count == 1
                        ? style.title ?? subject : [style.title, subject].compactMap { $0 }.joined(separator: ", ")
                    var map = heatMap(
                        cells, title: title, xLabel: style.xLabel ?? "step",
                        yLabel: style.yLabel ?? (metric.isHistogram ? "value" : "layer"),
                        valueLabel: style.valueLabel ?? label, scale: style.colorScale)
                    map.run = run.id
                    map.writesNumbers = !metric.isHistogram
                    drawn.append(map)
                }
            }
            if case .heatMaps(let shared) = Figure.heatMaps(drawn).withSharedScale() { maps += shared }
        }
        return Plot(figure: .heatMaps(maps))
    }

    private func layers(_ metric: PlotMetric, of run: RunReference, _ request: RunPlotRequest) throws(ResultsError)
        -> [HeatMapCell]
    {
        try metric.samples(of: run.id, split: "", layers: request.layers, in: self).map { sample in
            HeatMapCell(x: .integer(Int(sample.step)), y: .integer(sample.line ?? 0), value: sample.value)
        }
    }

    /// Returns the shares of the values of each layer in bins, which stand at their middles.
    ///
    /// What lies below and above all bins has a row of that name beyond them.
    private func histograms(_ metric: PlotMetric, of run: RunReference, _ request: RunPlotRequest)
        throws(ResultsError) -> [(name: String?, cells: [HeatMapCell])]
    {
        func setting(_ key: String) throws(ResultsError) -> Double? {
            try query(
                "SELECT value FROM run_parameter WHERE run_id = ? AND path = ?",
                [.integer(run.id), .text("logging.histograms.\(key)")]
            ).rows.first?[0].double
        }
        let least = try setting("minimum"), greatest = try setting("maximum")
        var maps: [(name: String?, cells: [HeatMapCell])] = []
        for row in try metric.rows(of: run.id, layers: request.layers, in: self) {
            guard let layer = row[0].whole, let counts = row[2].list else { continue }
            let step = row[1]
            let total = counts.reduce(0, +), bins = counts.count - 2
            guard bins > 0, total > 0 else { continue }
            let low = least ?? 0, high = greatest ?? Double(bins), width = (high - low) / Double(bins)
            let name = "layer \(layer)"
            if maps.last?.name != name { maps.append((name, [])) }
            // From the top, since rows that are not all numbers keep their order.
            for (bin, count) in counts.enumerated().reversed() {
                // Rounded to where the middles of neighbouring bins still differ, so that labels are short.
                let middle = ((low + (Double(bin) - 0.5) * width) / width * 100).rounded() / 100 * width
                let row: SQLValue =
                    bin == 0
                    ? .text("below \(SQLValue.number(low).display)")
                    : bin > bins
                        ? .text("above \(SQLValue.number(high).display)") : .number((middle * 1e9).rounded() / 1e9)
                maps[maps.count - 1].cells.append(HeatMapCell(x: step, y: row, value: count / total))
            }
        }
        return maps
    }
}
