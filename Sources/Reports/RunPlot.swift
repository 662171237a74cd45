import Charts
import Foundation
import RunStore

/// What the panels of a plot of runs differ in.
package enum PanelDivision: String, CaseIterable, Sendable { case layer, metric, variant }

/// What is drawn of runs over their steps.
package struct RunPlotRequest: Sendable {
    package var metrics: [PlotMetric]
    /// The split of evaluations whose metric names none.
    package var split = "test"
    /// The layers that are drawn; empty for all.
    package var layers: [Int] = []
    /// What panels differ in; several metrics always have panels of their own.
    package var panels: PanelDivision?
    package var axis = StepAxis.step

    package init(metrics: [PlotMetric]) { self.metrics = metrics }
}

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

    /// Plots metrics over the steps: a line for each run, or for each run and layer.
    ///
    /// A run has a hue, and its layers shades of it; layers of a single run have hues. Panels by layer or variant have
    /// the same axes.
    package func plotRuns(_ runs: [RunReference], _ request: RunPlotRequest, style: PlotStyle) throws(ResultsError)
        -> Plot
    {
        let labels = try RunLabels(runs.map(\.id), in: self)
        let unsteady = try UnsteadyRuns(among: runs.map(\.id), in: self)
        let groups = request.panels == .variant ? try SeedGroups(runs.map(\.id), labels: labels, in: self) : nil
        var charts: [LineChart] = [], notes: [String] = []
        for metric in request.metrics {
            try check(metric, request)
            let found = try curves(metric, of: runs, request, labels)
            notes += found.notes
            let label = try metric.label(split: request.split, of: runs.map(\.id), in: self)
            var panels: [(name: String?, curves: [Curve])] = []
            for curve in found.curves {
                let name = panelName(of: curve, request.panels, groups)
                if let place = panels.firstIndex(where: { $0.name == name }) {
                    panels[place].curves.append(curve)
                } else {
                    panels.append((name, [curve]))
                }
            }
            if request.panels == .layer {
                panels.sort { ($0.curves[0].line?.number ?? 0) < ($1.curves[0].line?.number ?? 0) }
            }
            let subject = metric.lineKey != nil && runs.count == 1 ? "\(labels[runs[0].id]): \(label)" : label
            let whole = "\(subject) by \(request.axis.rawValue)"
            let isAlone = request.metrics.count == 1 && panels.count == 1 && panels[0].name == nil
            let missing =
                metric.isLoss ? found.curves.reduce(0) { $0 + $1.samples.count { $0.value.isNaN } } : 0
            let drawn = panels.map { panel in
                let parts = [request.metrics.count > 1 ? subject : nil, panel.name].compactMap { $0 }
                var chart = LineChart(
                    title: isAlone
                        ? style.title ?? whole : ([style.title] + parts).compactMap { $0 }.joined(separator: ", "),
                    xLabel: style.xLabel ?? request.axis.label, yLabel: style.yLabel ?? label,
                    xScale: style.xScale ?? .linear,
                    yScale: style.yScale, series: series(panel.curves, of: runs, request, labels, unsteady))
                chart.startsAtZero = metric.isShare
                if missing > 0 {
                    chart.notes = ["\(label): \(missing == 1 ? "1 value is" : "\(missing) values are") not a number"]
                }
                return chart
            }
            if case .lines(let shared) = Figure.lines(drawn).withSharedScale() {
                charts += drawn.count > 1 ? shared : drawn
            }
        }
        return Plot(figure: .lines(charts), notes: notes)
    }

    /// A line of a plot: a metric of a run, or of a layer of it or what else its lines differ in.
    private struct Curve {
        var run: Int
        var line: (key: String, number: Int)?
        var samples: [PlotMetric.Sample]
        var place: (Double) -> Double
    }

    /// Refuses layers of a metric that has none, and counts, which no line shows.
    private func check(_ metric: PlotMetric, _ request: RunPlotRequest) throws(ResultsError) {
        if metric.isHistogram {
            throw ResultsError("\(metric.name) is no line; draw it with --heat-map", cause: .request)
        }
        if !metric.isPerLayer,
            let option = !request.layers.isEmpty ? "--layer" : request.panels == .layer ? "--by" : nil
        {
            throw ResultsError("\(metric.name) has no layers; leave out \(option), or this metric", cause: .request)
        }
    }

    /// Returns the curves of a metric, of which some run must have values; what runs lack is noted.
    private func curves(_ metric: PlotMetric, of runs: [RunReference], _ request: RunPlotRequest, _ labels: RunLabels)
        throws(ResultsError) -> (curves: [Curve], notes: [String])
    {
        var curves: [Curve] = [], lacking: [RunReference] = []
        for run in runs {
            let samples = try metric.samples(of: run.id, split: request.split, layers: request.layers, in: self)
            if samples.isEmpty { lacking.append(run) }
            let place = try request.axis.places(of: run, in: self)
            for line in Set(samples.map(\.line)).sorted(by: { ($0 ?? 0) < ($1 ?? 0) }) {
                curves.append(
                    Curve(
                        run: run.id, line: line.flatMap { number in metric.lineKey.map { ($0, number) } },
                        samples: samples.filter { $0.line == line }, place: place))
            }
        }
        let what =
            metric.name + (metric.isEvaluation ? " of split \(metric.split ?? request.split)" : "")
            + (request.layers.isEmpty ? "" : " of layer \(request.layers.commaSeparated)")
        if curves.isEmpty, let run = runs.first {
            throw ResultsError(
                "run \(run.id) (\(run.name)) has no \(what); see bnexp show \(run.id)", cause: .request)
        }
        return (curves, lacking.map { "run \($0.id) (\($0.name)) has no \(what), and is left out" })
    }

    private func panelName(
        of curve: Curve, _ division: PanelDivision?, _ groups: SeedGroups?
    ) -> String? {
        switch division {
        case .layer: curve.line.map { "\($0.key) \($0.number)" }
        case .variant: groups?.label(of: curve.run)
        case .metric, nil: nil
        }
    }

    private func series(
        _ curves: [Curve], of runs: [RunReference], _ request: RunPlotRequest, _ labels: RunLabels,
        _ unsteady: UnsteadyRuns
    ) -> [LineChart.Series] {
        let lines = Set(curves.compactMap(\.line?.number)).sorted()
        // The seeds of a variant stand in their order, and have the same colours in every panel.
        let found = curves.compactMap { labels.member(of: $0.run) }
        let members = request.panels == .variant && found.count == curves.count ? found : []
        let shown =
            members.isEmpty
            ? curves
            : zip(members, curves).sorted {
                $0.0.compare($1.0, options: .numeric) == .orderedAscending
            }.map(\.1)
        let own = NSOrderedSet(array: shown.map(\.run)).array.compactMap { $0 as? Int }
        return shown.map { curve in
            let line = request.panels == .layer ? nil : curve.line.map { "\($0.key) \($0.number)" }
            let member = members.isEmpty ? nil : labels.member(of: curve.run)
            let run = runs.count > 1 || line == nil ? member ?? labels[curve.run] : nil
            var series = LineChart.Series(
                name: [run, line].compactMap { $0 }.joined(separator: ", "),
                points: curve.samples.map { (curve.place($0.step), $0.value) },
                band: curve.samples.contains { $0.band != nil }
                    ? curve.samples.map { $0.band ?? (.nan, .nan) } : [], run: curve.run)
            series.isDiverged = labels.hasDiverged(curve.run)
            if unsteady.contain([curve.run]) { series.leaves = series.points.map { _ in true } }
            guard runs.count > 1 else { return series }
            series.hue = member == nil ? runs.firstIndex { $0.id == curve.run } : own.firstIndex(of: curve.run)
            if line != nil, lines.count > 1, let place = curve.line.flatMap({ lines.firstIndex(of: $0.number) }) {
                series.lightness = Double(place) / Double(lines.count - 1)
            }
            return series
        }
    }
}
