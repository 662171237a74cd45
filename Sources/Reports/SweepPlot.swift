import Charts
import RunStore

/// Plots of a sweep: curves and heat maps over the values of its axes.
package struct SweepPlot {
    private let file: ResultsFile
    private let sweep: SweepReference
    private let all: SweepTrials
    /// The layers that are drawn of a metric that layers have; empty for all.
    package var layers: [Int] = []
    private var axes: [String] { all.axes }
    private var trials: [SweepTrials.Trial] { all.trials }

    /// A value of a metric, measured in one trial.
    private struct Sample {
        /// The settings of the trial and, for a metric of layers, `layer`.
        var settings: [String: SQLValue]
        var labelled: Set<String>
        var step: Double
        var value: Double
    }

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
    }

    /// Plots a metric over the steps: a line for each combination of the axes but seed.
    package func curves(_ metric: PlotMetric, split: String, style: PlotStyle) throws(ResultsError) -> Plot {
        var samples: [Sample] = []
        for trial in trials where trial.status != "diverged" {
            samples += try stepSamples(metric, of: trial, split: split)
        }
        try require(samples, metric.name, split: metric.isEvaluation ? split : nil)
        let label = try metric.label(split: split, of: trials.compactMap(\.run), in: file)
        let chart = LineChart(
            title: style.title ?? "\(sweep.name): \(label)", xLabel: style.xLabel ?? "step",
            yLabel: style.yLabel ?? label, xScale: style.xScale,
            yScale: style.yScale, series: lines(samples, over: nil, mark: .line) { $0.step })
        return Plot(figure: .lines([chart]), notes: notes(needEnd: false))
    }

    /// Plots the final value of a metric against an axis: a line for each combination of the other axes but seed.
    package func curves(of metric: String, over axis: String, split: String, style: PlotStyle) throws(ResultsError)
        -> Plot
    {
        let (samples, label) = try finalSamples(metric, split: split)
        let axis = try find(axis, in: samples), values = AxisValues(samples.compactMap { $0.settings[axis] })
        if !values.areNumbers && style.xScale == .logarithmic {
            throw ResultsError(
                "a logarithmic x axis needs numbers, and the axis \(axis) has the values "
                    + values.names.joined(separator: ", "),
                cause: .request)
        }
        let series = lines(samples, over: axis, mark: .lineAndPoints) { sample in
            guard let value = sample.settings[axis] else { return .nan }
            return (values.areNumbers ? value.double : values.place(value).map(Double.init)) ?? .nan
        }
        let chart = LineChart(
            title: style.title ?? "\(sweep.name): \(label)", xLabel: style.xLabel ?? axis,
            yLabel: style.yLabel ?? label, xScale: style.xScale,
            yScale: style.yScale, xCategories: values.areNumbers ? [] : values.names, series: series)
        return Plot(figure: .lines([chart]), notes: notes(needEnd: true))
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
        // Trials without a final value have cells too, which are empty.
        let places = trials.compactMap { trial in
            trial.settings[x].flatMap { x in trial.settings[y].map { HeatMapCell(x: x, y: $0, value: .nan) } }
        }
        let groups = grouped(samples.filter { $0.settings[x] != nil && $0.settings[y] != nil }) {
            [$0.settings[x]?.key ?? "", $0.settings[y]?.key ?? ""]
        }
        let cells = groups.compactMap { group -> HeatMapCell? in
            guard let x = group[0].settings[x], let y = group[0].settings[y] else { return nil }
            return HeatMapCell(x: x, y: y, value: Spread(group.map(\.value)).mean ?? .nan)
        }
        let map = Reports.heatMap(
            places + cells, title: style.title ?? "\(sweep.name): \(label)", xLabel: style.xLabel ?? x,
            yLabel: style.yLabel ?? y, valueLabel: label,
            scale: style.colorScale)
        return Plot(figure: .heatMaps([map]), notes: notes(needEnd: true))
    }

    /// Returns the values of a metric over the steps of a trial.
    private func stepSamples(_ metric: PlotMetric, of trial: SweepTrials.Trial, split: String) throws(ResultsError)
        -> [Sample]
    {
        guard let run = trial.run else { return [] }
        return try metric.samples(of: run, split: split, layers: metric.isPerLayer ? layers : [], in: file).map {
            sample in
            var settings = trial.settings
            if let layer = sample.layer { settings["layer"] = .integer(layer) }
            return Sample(settings: settings, labelled: trial.labelled, step: sample.step, value: sample.value)
        }
    }

    /// Returns the final value of a metric for each finished run, and its label.
    private func finalSamples(_ name: String, split: String) throws(ResultsError) -> (samples: [Sample], label: String)
    {
        let finished = trials.filter { $0.status == "finished" }
        var samples: [Sample] = []
        if SweepPlot.finalMetrics.contains(name) {
            let values = try all.finalValues(of: name, in: file)
            samples = finished.compactMap { trial in
                values[trial.number].map {
                    Sample(settings: trial.settings, labelled: trial.labelled, step: 0, value: $0)
                }
            }
            try require(samples, name, split: nil)
            return (samples, name.replacing("_", with: " "))
        }
        let metrics = PlotMetric.all(of: file.schema)
        guard let metric = metrics.first(where: { $0.name == name }) else {
            throw ResultsError(
                "no metric \"\(name)\"; expected one of "
                    + "\((SweepPlot.finalMetrics + metrics.map(\.name)).joined(separator: ", "))",
                cause: .request)
        }
        for trial in finished {
            let all = try stepSamples(metric, of: trial, split: split)
            samples += grouped(all) { [$0.settings["layer"]?.key ?? ""] }.compactMap(\.last)
        }
        try require(samples, name, split: metric.isEvaluation ? split : nil)
        return (samples, try metric.label(split: split, of: trials.compactMap(\.run), in: file) + " at the end")
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
        try all.axis(name, or: samples.contains { $0.settings["layer"] != nil } ? ["layer"] : [])
    }

    /// Returns a line for each combination of the settings but seed and the axis, with mean and standard deviation over
    /// the samples at each x.
    private func lines(_ samples: [Sample], over axis: String?, mark: LineChart.Series.Mark, x: (Sample) -> Double)
        -> [LineChart.Series]
    {
        let others = (axes + ["layer"]).filter { $0 != "seed" && $0 != axis }
        // What is the same everywhere tells no line from another.
        let telling = others.filter { other in Set(samples.map { $0.settings[other]?.key ?? "" }).count > 1 }
        return grouped(samples) { sample in others.map { sample.settings[$0]?.key ?? "" } }.map { line in
            let places = grouped(line.filter { !x($0).isNaN }) { ["\(x($0))"] }.sorted { x($0[0]) < x($1[0]) }
            let spreads = places.map { Spread($0.map(\.value).filter(\.isFinite)) }
            let name = telling.compactMap { axis in
                line[0].settings[axis].map { title(axis, $0, isLabelled: line[0].labelled.contains(axis)) }
            }
            return LineChart.Series(
                name: name.isEmpty ? sweep.name : name.joined(separator: ", "),
                points: zip(places, spreads).map { (x($0[0]), $1.mean ?? .nan) },
                band: spreads.contains { $0.count > 1 } ? spreads.map(band) : [], mark: mark)
        }
    }

    private func band(_ spread: Spread) -> (low: Double, high: Double) {
        guard let mean = spread.mean, let deviation = spread.standardDeviation else { return (.nan, .nan) }
        return (mean - deviation, mean + deviation)
    }

    private func title(_ axis: String, _ value: SQLValue, isLabelled: Bool) -> String {
        if isLabelled { return value.display }
        let last = axis.split(separator: ".").last.map(String.init) ?? axis
        return "\(axes.filter { $0 == last || $0.hasSuffix("." + last) }.count > 1 ? axis : last) \(value.display)"
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
