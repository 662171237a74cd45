import Charts
import RunStore

/// Plots of a sweep: curves and heat maps over the values of its axes.
package struct SweepPlot {
    private let file: ResultsFile
    private let sweep: SweepReference
    private let all: SweepTrials
    private let unsteady: UnsteadyRuns
    /// The layers that are drawn of a metric that layers have; empty for all.
    package var layers: [Int] = []
    /// The axis that panels differ in; nil for one panel.
    package var panels: String?
    private var axes: [String] { all.axes }
    private var trials: [SweepTrials.Trial] { all.trials }

    /// A value of a metric, measured in one trial.
    private struct Sample {
        /// The settings of the trial and, for a metric of layers, `layer`.
        var settings: [String: SQLValue]
        var labelled: Set<String>
        var step: Double
        /// The place of the step along the x axis.
        var place: Double
        /// NaN for a trial that did not come to one.
        var value: Double
        /// The range around the value, where the metric has one.
        var band: (low: Double, high: Double)?
        /// Whether the run left where it began.
        var isUnsteady = false
    }

    /// Whether the sweep has an axis of this name.
    package func hasAxis(_ name: String) -> Bool { (try? all.axis(name)) != nil }

    /// The names of the metrics that whole runs have: numeric columns of the view `sweep_summary`.
    package static var finalMetrics: [String] { SweepTrials.finalMetrics }

    /// The numbers of the runs that there are.
    package var runs: [Int] { trials.compactMap(\.run) }

    /// Reads the trials of a sweep, of which at least one must have a run.
    package init(_ sweep: SweepReference, in file: ResultsFile) throws(ResultsError) {
        self.file = file
        self.sweep = sweep
        all = try SweepTrials(sweep, in: file)
        guard all.trials.contains(where: { $0.run != nil }) else {
            throw ResultsError(
                "no trial of sweep \(sweep.id) (\(sweep.name)) has a run yet; start it with bnexp sweep",
                cause: .request)
        }
        unsteady = try UnsteadyRuns(among: all.trials.compactMap(\.run), in: file)
    }

    /// Plots a metric over the steps, epochs or seconds: a line for each combination of the axes but seed.
    ///
    /// Seconds of a step are the mean over the seeds.
    package func curves(_ metric: PlotMetric, over axis: StepAxis = .step, split: String, style: PlotStyle)
        throws(ResultsError) -> Plot
    {
        var samples: [Sample] = []
        for trial in trials where trial.status != "diverged" {
            samples += try stepSamples(metric, of: trial, split: split, over: axis)
        }
        try require(samples, metric.name, split: metric.isEvaluation ? split : nil)
        let label = try metric.label(split: split, of: trials.compactMap(\.run), in: file)
        let figure = try figure(samples, over: nil, label: label, style: style) { chart, samples, looks in
            chart.xLabel = style.xLabel ?? axis.label
            chart.series = lines(samples, looks, mark: .line, key: { $0.step }, place: { $0.place })
            chart.startsAtZero = metric.isShare
            chart.notes = notes(needEnd: false) + seedNotes(samples, chart)
        }
        return Plot(figure: figure)
    }

    /// Plots the final value of a metric against an axis: a line for each combination of the other axes but seed.
    ///
    /// A point of which some seeds have no value is hollow, and a line has a gap where none has one. An axis of
    /// positive numbers over several decades is logarithmic unless another scale is asked for.
    package func curves(of metric: String, over axis: String, split: String, style: PlotStyle) throws(ResultsError)
        -> Plot
    {
        let (samples, label) = try finalSamples(metric, split: split)
        let axis = try find(axis, in: samples), values = AxisValues(samples.compactMap { $0.settings[axis] })
        var style = style
        let isChosen = style.xScale != nil
        style.xScale = style.xScale ?? values.scale
        if !values.areNumbers && style.xScale == .logarithmic {
            throw ResultsError(
                "a logarithmic x axis needs numbers, and the axis \(axis) has the values "
                    + values.names.joined(separator: ", "),
                cause: .request)
        }
        func place(_ sample: Sample) -> Double {
            guard let value = sample.settings[axis] else { return .nan }
            return (values.areNumbers ? value.double : values.place(value).map(Double.init)) ?? .nan
        }
        let figure = try figure(samples, over: axis, label: label, style: style) { chart, samples, looks in
            chart.xLabel = style.xLabel ?? axis
            chart.xCategories = values.areNumbers ? [] : values.names
            chart.series = lines(samples, looks, mark: .lineAndPoints, key: place, place: place)
            let places = samples.map(place).filter { !$0.isNaN }
            if values.areNumbers, let low = places.min(), let high = places.max() { chart.xRange = low...high }
            chart.notes = notes(needEnd: true) + seedNotes(samples, chart)
            if !isChosen && style.xScale == .logarithmic {
                chart.notes.append("the axis of \(axis) is logarithmic; --no-log-x makes it linear")
            }
        }
        return Plot(figure: figure)
    }

    /// Says what areas, bars and hollow markers of means over the seeds are.
    private func seedNotes(_ samples: [Sample], _ chart: LineChart) -> [String] {
        var notes: [String] = []
        if chart.series.contains(where: { !$0.band.isEmpty }) {
            let isOwn = samples.contains { $0.band != nil }, isLine = chart.series.contains { $0.mark == .line }
            notes.append(
                isOwn
                    ? "areas are the means over the seeds of what they are for one run"
                    : "\(isLine ? "areas" : "bars") are one standard deviation over the seeds")
        }
        if chart.series.contains(where: { $0.isHollow.contains(true) }) {
            notes.append("hollow markers are means without some of the seeds")
        }
        return notes
    }

    /// Returns a chart of all samples, or one for each value of the axis that panels differ in, on the same axes.
    private func figure(
        _ samples: [Sample], over axis: String?, label: String, style: PlotStyle,
        _ draw: (inout LineChart, [Sample], LineLooks) -> Void
    ) throws(ResultsError) -> Figure {
        let panel = try panelAxis(in: samples, beside: [axis].compactMap { $0 })
        let looks = LineLooks(
            samples.map(\.settings),
            axes: (axes + PlotMetric.lineKeys(of: file.schema)).filter { $0 != "seed" && $0 != axis && $0 != panel })
        let charts = panels(of: samples, panel).map { name, samples in
            let title = name.map { [style.title, $0].compactMap { $0 }.joined(separator: ", ") }
            var chart = LineChart(
                title: title ?? style.title ?? "\(sweep.name): \(label)", xLabel: "", yLabel: style.yLabel ?? label,
                xScale: style.xScale ?? .linear, yScale: style.yScale, series: [])
            draw(&chart, samples, looks)
            return chart
        }
        return charts.count > 1 ? Figure.lines(charts).withSharedScale() : .lines(charts)
    }

    /// Returns the axis that panels differ in, which must not be drawn within them.
    private func panelAxis(in samples: [Sample], beside drawn: [String]) throws(ResultsError) -> String? {
        guard let panels else { return nil }
        let axis = try find(panels, in: samples)
        if axis == "seed" || drawn.contains(axis) {
            throw ResultsError(
                "--by \(panels): \(axis == "seed" ? "lines are means over the seeds" : "\(axis) is an axis of the picture")"
                    + "; expected another axis", cause: .request)
        }
        return axis
    }

    /// Returns the samples of each panel with its name; all of them without a name where there is one panel.
    private func panels(of samples: [Sample], _ axis: String?) -> [(name: String?, samples: [Sample])] {
        guard let axis else { return [(nil, samples)] }
        let values = AxisValues(samples.compactMap { $0.settings[axis] })
        let groups = grouped(samples.filter { $0.settings[axis] != nil }) { [$0.settings[axis]?.key ?? ""] }
        func place(_ group: [Sample]) -> Int { group[0].settings[axis].flatMap { values.place($0) } ?? 0 }
        return groups.sorted { place($0) < place($1) }.map { group in
            (group[0].settings[axis].map { title(axis, $0, isLabelled: group[0].labelled.contains(axis)) }, group)
        }
    }

    /// Plots the final value of a metric against two axes, as a heat map of means over all others.
    package func heatMap(of metric: String, over x: String, _ y: String, split: String, style: PlotStyle)
        throws(ResultsError) -> Plot
    {
        let (samples, label) = try finalSamples(metric, split: split)
        let x = try find(x, in: samples), y = try find(y, in: samples)
        if x == y {
            throw ResultsError("both axes of the heat map are \(x); expected two different axes", cause: .request)
        }
        let panel = try panelAxis(in: samples, beside: [x, y])
        // Trials without a final value have cells too, which are empty.
        let places = trials.compactMap { trial in
            trial.settings[x].flatMap { x in trial.settings[y].map { HeatMapCell(x: x, y: $0, value: .nan) } }
        }
        let maps = panels(of: samples, panel).map { name, samples in
            let groups = grouped(samples.filter { $0.settings[x] != nil && $0.settings[y] != nil }) {
                [$0.settings[x]?.key ?? "", $0.settings[y]?.key ?? ""]
            }
            let cells = groups.compactMap { group -> HeatMapCell? in
                guard let x = group[0].settings[x], let y = group[0].settings[y] else { return nil }
                return HeatMapCell(x: x, y: y, value: Spread(group.map(\.value).filter(\.isFinite)).mean ?? .nan)
            }
            let title = name.map { [style.title, $0].compactMap { $0 }.joined(separator: ", ") }
            var map = Reports.heatMap(
                places + cells, title: title ?? style.title ?? "\(sweep.name): \(label)", xLabel: style.xLabel ?? x,
                yLabel: style.yLabel ?? y, valueLabel: style.valueLabel ?? label, scale: style.colorScale)
            map.notes = notes(needEnd: true)
            return map
        }
        return Plot(figure: Figure.heatMaps(maps).withSharedScale())
    }

    /// Returns the values of a metric over the steps of a trial.
    private func stepSamples(
        _ metric: PlotMetric, of trial: SweepTrials.Trial, split: String, over axis: StepAxis = .step
    ) throws(ResultsError) -> [Sample] {
        if !layers.isEmpty && !metric.isPerLayer {
            throw ResultsError("\(metric.name) has no layers; leave out --layer, or this metric", cause: .request)
        }
        guard let run = trial.run else { return [] }
        let isUnsteady = unsteady.contain([run])
        let place = try axis.places(of: try file.findRun("\(run)"), in: file)
        return try metric.samples(of: run, split: split, layers: metric.isPerLayer ? layers : [], in: file).map {
            sample in
            var settings = trial.settings
            if let key = metric.lineKey, let line = sample.line { settings[key] = .integer(line) }
            return Sample(
                settings: settings, labelled: trial.labelled, step: sample.step, place: place(sample.step),
                value: sample.value, band: sample.band, isUnsteady: isUnsteady)
        }
    }

    /// Returns the final value of a metric for each run, NaN for one that has not finished, and its label.
    private func finalSamples(_ name: String, split: String) throws(ResultsError) -> (samples: [Sample], label: String)
    {
        let finished = trials.filter { $0.status == "finished" }
        /// Returns samples without a value, of each line, for the runs that have not finished.
        func others(_ samples: [Sample], _ key: String) -> [Sample] {
            var lines: [SQLValue?] = []
            for sample in samples where !lines.contains(sample.settings[key]) { lines.append(sample.settings[key]) }
            return trials.filter { $0.run != nil && $0.status != "finished" }.flatMap { trial in
                lines.map { line in
                    var settings = trial.settings
                    settings[key] = line ?? settings[key]
                    return Sample(settings: settings, labelled: trial.labelled, step: 0, place: 0, value: .nan)
                }
            }
        }
        var samples: [Sample] = []
        if SweepPlot.finalMetrics.contains(name) {
            if !layers.isEmpty {
                throw ResultsError("\(name) has no layers; leave out --layer, or this metric", cause: .request)
            }
            let values = try all.finalValues(of: name, in: file)
            samples = finished.compactMap { trial in
                values[trial.number].map {
                    Sample(settings: trial.settings, labelled: trial.labelled, step: 0, place: 0, value: $0)
                }
            }
            try require(samples, name, split: nil)
            return (samples + others(samples, "layer"), name.replacing("_", with: " "))
        }
        let metrics = PlotMetric.all(of: file.schema)
        guard let metric = metrics.first(where: { $0.name == name }) else {
            throw ResultsError(
                "no metric \"\(name)\"; expected one of "
                    + "\((SweepPlot.finalMetrics + metrics.map(\.name)).joined(separator: ", "))",
                cause: .request)
        }
        let key = metric.lineKey ?? "layer"
        for trial in finished {
            let all = try stepSamples(metric, of: trial, split: split)
            samples += grouped(all) { [$0.settings[key]?.key ?? ""] }.compactMap(\.last)
        }
        try require(samples, name, split: metric.isEvaluation ? split : nil)
        let label = try metric.label(split: split, of: trials.compactMap(\.run), in: file)
        return (samples + others(samples, key), label + " at the end")
    }

    /// Refuses a metric of which no trial has a value.
    private func require(_ samples: [Sample], _ metric: String, split: String?) throws(ResultsError) {
        guard !samples.contains(where: { $0.value.isFinite }) else { return }
        let states = Set(trials.map { $0.status ?? "not run" }).sorted().joined(separator: ", ")
        throw ResultsError(
            "no run of sweep \(sweep.id) (\(sweep.name)) that could be drawn has "
                + "\(metric)\(split.map { " of split \($0)" } ?? ""); its trials are: \(states)",
            cause: .request)
    }

    private func find(_ name: String, in samples: [Sample]) throws(ResultsError) -> String {
        let keys = PlotMetric.lineKeys(of: file.schema).filter { key in samples.contains { $0.settings[key] != nil } }
        return try all.axis(name, or: keys)
    }

    /// Returns a line for each combination of the axes that tell lines apart, with mean and standard deviation over the
    /// samples of each key, and the mean of their places.
    private func lines(
        _ samples: [Sample], _ looks: LineLooks, mark: LineChart.Series.Mark, key: (Sample) -> Double,
        place: (Sample) -> Double
    ) -> [LineChart.Series] {
        let lines = grouped(samples) { looks.key($0.settings) }
        return lines.sorted { looks.isBefore($0[0].settings, $1[0].settings) }.map { line in
            let places = grouped(line.filter { !place($0).isNaN }) { ["\(key($0))"] }.sorted { key($0[0]) < key($1[0]) }
            let spreads = places.map { Spread($0.map(\.value).filter(\.isFinite)) }
            let name = looks.axes.compactMap { axis in
                line[0].settings[axis].map { title(axis, $0, isLabelled: line[0].labelled.contains(axis)) }
            }
            var series = LineChart.Series(
                name: !name.isEmpty
                    ? name.joined(separator: ", ") : axes.contains("seed") ? "mean over the seeds" : sweep.name,
                points: zip(places, spreads).map { (Spread($0.map(place)).mean ?? .nan, $1.mean ?? .nan) },
                band: bands(places, spreads), mark: mark)
            let isHollow = zip(places, spreads).map { $0.count > $1.count }
            if mark != .line && isHollow.contains(true) { series.isHollow = isHollow }
            if mark == .line && line.contains(where: \.isUnsteady) { series.leaves = places.map { _ in true } }
            (series.hue, series.lightness) = (looks.hue(line[0].settings), looks.lightness(line[0].settings))
            return series
        }
    }

    /// Returns the ranges around the points of a line: the means of those that its runs have, else one standard
    /// deviation over the seeds.
    private func bands(_ places: [[Sample]], _ spreads: [Spread]) -> [(low: Double, high: Double)] {
        if places.contains(where: { $0.contains { $0.band != nil } }) {
            return places.map { samples in
                let bands = samples.compactMap(\.band).filter { $0.low.isFinite && $0.high.isFinite }
                return (Spread(bands.map(\.low)).mean ?? .nan, Spread(bands.map(\.high)).mean ?? .nan)
            }
        }
        guard spreads.contains(where: { $0.count > 1 }) else { return [] }
        return spreads.map { spread in
            guard let mean = spread.mean, let deviation = spread.standardDeviation else { return (.nan, .nan) }
            return (mean - deviation, mean + deviation)
        }
    }

    private func title(_ axis: String, _ value: SQLValue, isLabelled: Bool) -> String {
        if isLabelled { return value.display }
        let name = RunLabels.shortName(axis)
        return "\(axes.filter { RunLabels.shortName($0) == name }.count > 1 ? axis : name) \(value.display)"
    }

    /// Returns notes on the trials that are left out of means.
    private func notes(needEnd: Bool) -> [String] {
        var notes: [String] = []
        let diverged = trials.filter { $0.status == "diverged" }.count, missing = trials.filter { $0.run == nil }.count
        let unfinished = trials.filter { $0.run != nil && $0.status != "diverged" && $0.status != "finished" }.count
        if diverged > 0 { notes.append("\(diverged) of \(trials.count) trials diverged and are left out") }
        if needEnd && unfinished > 0 {
            notes.append("\(unfinished) of \(trials.count) trials have not finished and are left out")
        }
        if missing > 0 { notes.append("\(missing) of \(trials.count) trials have no run yet") }
        return notes
    }
}

/// Groups elements by their keys, in order of appearance.
private func grouped<Element>(_ elements: [Element], _ key: (Element) -> [String]) -> [[Element]] {
    var places: [[String]: Int] = [:], groups: [[Element]] = []
    for element in elements {
        let key = key(element)
        if let place = places[key] {
            groups[place].append(element)
        } else {
            places[key] = groups.count
            groups.append([element])
        }
    }
    return groups
}
