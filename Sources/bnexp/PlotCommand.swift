import ArgumentParser
import Charts
import Foundation
import Reports
import RunStore
import Support
import Training

struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract:
            "Draw curves and heat maps of runs, of a sweep or of any SELECT, in the terminal or as an SVG, PDF or PNG "
            + "file.",
        discussion: """
            Runs, by default the two newest: metrics over the steps, a line for each run, or for each run and layer; with \
            --heat-map layers over steps, or with the metric histogram values over steps, a map for each run, by default \
            of the newest. --where, --tag and others choose runs, also with --sweep.
            --sql: columns x, y and optionally series by position, or these and panel, low and high by name; with \
            --heat-map x, y and value.
            --sweep alone: a metric over the steps, the mean over the seeds with a band of one standard deviation; with --x \
            its final value against an axis of the sweep, with --x and --y against two of them. An axis of numbers has \
            shades of a hue. Diverged runs are left out and counted, and markers without some of the seeds are hollow.
            A y axis ends before what would flatten the others, which is marked and counted: runs that diverged or rose \
            above 5 times their first loss, and few values far beyond all others; --y-max all shows them.

            Metrics: \(PlotMetric.all(of: .current).map(\.name).joined(separator: ", ")). With --x also: \
            \(SweepPlot.finalMetrics.joined(separator: ", ")).

            Examples:
              bnexp plot 1 2 --metric test_accuracy
              bnexp plot latest --heat-map -o norms.svg
            """)

    @OptionGroup var selection: RunSelection
    @Option(
        help: "A metric to draw; default is evaluation_accuracy, of regressions evaluation_loss. May repeat.",
        completion: .list(PlotMetric.all(of: .current).map(\.name) + SweepPlot.finalMetrics))
    var metric: [String] = []
    @Option(
        help: ArgumentHelp(
            "A layer to draw of what layers have, from 0; default is all. May repeat.", valueName: "layer"))
    var layer: [Int] = []
    @Option(
        help: ArgumentHelp(
            "What panels differ in: layer, metric or variant; of a sweep one of its axes, or layer.",
            valueName: "axis"), completion: .list(PanelDivision.allCases.map(\.rawValue))) var by: String?
    @Option(
        help: "The split of the evaluation metrics; default is test.",
        completion: .list(SplitName.allCases.map(\.rawValue))) var split: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draw the rows of a SELECT; - reads it from standard input.", valueName: "statement"))
    var sql: String?
    @Option(
        help: ArgumentHelp(
            "What stands along x: step, epoch or seconds, or an axis of the sweep by its name or the last part of it.",
            valueName: "axis")) var x: String?
    @Option(help: ArgumentHelp("A second axis, for a heat map.", valueName: "axis")) var y: String?
    @Flag(help: "Draw a heat map of coloured cells.") var heatMap = false
    @Flag(
        inversion: .prefixedNo,
        help: "Make the x axis logarithmic; default for an axis of a sweep of positive numbers over two decades.")
    var logX: Bool?
    @Flag(name: [.customLong("log-y"), .customLong("log")], help: "Make the y axis logarithmic.") var logY = false
    @Flag(help: "Make the colours of a heat map logarithmic.") var logColor = false
    @Option(parsing: .unconditional, help: "The title of the figure.") var title: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The label of the x axis.", valueName: "text")) var xLabel:
        String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The label of the y axis.", valueName: "text")) var yLabel:
        String?
    @Option(parsing: .unconditional, help: ArgumentHelp("The label of the colours of a heat map.", valueName: "text"))
    var valueLabel: String?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "The file to write, which ends with .svg, .pdf or .png; - is SVG on standard output.", valueName: "file"),
        completion: .file(extensions: ["svg", "pdf", "png"])) var output: String?
    @Flag(help: "Print SVG.") var svg = false
    @Option(help: "The width in columns of the terminal; default is all of them.") var width: Int?
    @Option(help: "The height of each chart in lines of the terminal; default is 20.") var height: Int?
    @OptionGroup var look: FigureOptions
    @OptionGroup var rules: OutputRules
    @OptionGroup var watch: WatchOption
    @OptionGroup var results: ResultsOption

    private var runs: [String] { selection.runs }
    /// The sweep that is drawn as a whole; one beside other conditions chooses runs.
    private var sweep: String? { selection.hasConditions ? nil : selection.sweep }
    private var isHeatMap: Bool { heatMap || y != nil }

    func validate() throws {
        if sql != nil && sweep != nil { throw ValidationError("--sql and --sweep are two plots; give one of them.") }
        if !runs.isEmpty, let option = sql != nil ? "--sql" : sweep != nil ? "--sweep" : nil {
            throw ValidationError(
                "\(option) draws no runs by name; leave out \(runs.joined(separator: " ")), or \(option).")
        }
        if sql != nil && selection.hasConditions {
            throw ValidationError("--sql says what to draw; leave out what chooses runs.")
        }
        if sql != nil && (!metric.isEmpty || split != nil || !layer.isEmpty || by != nil || x != nil) {
            throw ValidationError("--sql says what to draw; leave out --metric, --split, --layer, --by and --x.")
        }
        if sweep == nil && (y != nil || x.map { StepAxis(rawValue: $0) == nil } == true) {
            throw ValidationError(
                "--x and --y name axes of a sweep; name that with --sweep, or give --x step, epoch or seconds.")
        }
        if by != nil && isHeatMap && sweep == nil {
            throw ValidationError("a heat map of runs has a map for each run and metric; leave out --by.")
        }
        if let by, sweep == nil {
            guard let division = PanelDivision(rawValue: by) else {
                throw ValidationError(
                    "--by \(by): expected layer, metric or variant; axes of a sweep need it named with --sweep.")
            }
            if division == .metric && metric.count < 2 {
                throw ValidationError("--by metric needs several metrics, each of which has a panel; repeat --metric.")
            }
        }
        if valueLabel != nil && !isHeatMap {
            throw ValidationError("--value-label is for the colours of heat maps; give --heat-map, or --y-label.")
        }
        if isHeatMap && sweep == nil && x != nil {
            throw ValidationError("the cells of a heat map of runs stand over steps; leave out --x.")
        }
        if let layer = layer.first(where: { $0 < 0 }) {
            throw ValidationError("--layer \(layer): layers are counted from 0.")
        }
        if x == nil && y != nil {
            throw ValidationError("--y needs --x, the axis from left to right; or give --x alone for lines.")
        }
        if sweep != nil && heatMap && y == nil {
            throw ValidationError("a heat map of a sweep needs its two axes; give --x and --y.")
        }
        if isHeatMap && (logX != nil || logY) {
            throw ValidationError(
                "the cells of a heat map are equally spaced; --log-color makes its colours logarithmic.")
        }
        if logColor && !isHeatMap {
            throw ValidationError("--log-color is for heat maps; give --heat-map, or --log-y for a logarithmic axis.")
        }
        if let width, !(20...1000).contains(width) {
            throw ValidationError("--width \(width): expected 20 to 1000 columns.")
        }
        if let height, !(8...500).contains(height) {
            throw ValidationError("--height \(height): expected 8 to 500 lines.")
        }
        if height != nil && isHeatMap {
            throw ValidationError("a heat map has a line for each row; leave out --height.")
        }
        if svg && output != nil { throw ValidationError("--svg prints and --output writes a file; give one of them.") }
        if (svg || output != nil) && (width != nil || height != nil) {
            throw ValidationError("--width and --height count characters of the terminal; leave them out for SVG.")
        }
        if (svg || output != nil) && watch.seconds != nil {
            throw ValidationError("--watch draws in the terminal; leave it out for SVG.")
        }
        if let output, FigureFormat(path: output) == nil {
            throw ValidationError("--output \(output): expected a file that ends with .svg, .pdf or .png.")
        }
        try look.validate(
            output.flatMap(FigureFormat.init) ?? (svg ? .svg : nil), isHeatMap: isHeatMap,
            isLogarithmic: isHeatMap ? logColor : logY)
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        // Standard input can be read only once.
        let statement = sql == "-" ? try textOfStandardInput() : sql
        guard svg || output != nil else {
            return try watch.repeating {
                var plot = try makePlot(statement, in: file)
                plot.figure = try look.applied(to: plot.figure)
                let width = width ?? max(20, terminalWidth(standardOutput))
                let height = height ?? watch.height.map { min(20, max(8, $0 - 8)) } ?? 20
                return Printout(
                    text: plot.figure.text(width: width, height: height, color: TerminalColor.ofStandardOutput),
                    notes: plot.notes + plot.figure.notes)
            }
        }
        var plot = try makePlot(statement, in: file)
        plot.figure = try look.applied(to: plot.figure)
        for note in plot.notes + plot.figure.notes { say(note) }
        if let output {
            try rules.check(output, protecting: OutputRules.Protected(file), isOwn: FigureFormat.isOwn)
            let bytes = try look.bytes(of: plot.figure, FigureFormat(path: output) ?? .svg)
            let file = try OutputFile(path: output)
            try file.write(bytes)
            try file.finish()
        } else {
            printData(String(decoding: try look.bytes(of: plot.figure, .svg), as: UTF8.self), terminator: "")
        }
    }

    private func makePlot(_ statement: String?, in file: ResultsFile) throws -> Plot {
        var style = PlotStyle()
        style.xScale = logX.map { $0 ? .logarithmic : .linear }
        if logY { style.yScale = .logarithmic }
        if logColor { style.colorScale = .logarithmic }
        (style.title, style.xLabel, style.yLabel, style.valueLabel) = (title, xLabel, yLabel, valueLabel)

        if let statement {
            return isHeatMap
                ? try file.plotQueryHeatMap(statement, style: style) : try file.plotQuery(statement, style: style)
        }
        if let sweep {
            let kind = try file.resultKind(of: SweepPlot(try findSweep(sweep, in: file), in: file).runs)
            let names = metric.isEmpty ? [kind.curve] : metric
            try checkSplit(names)
            let plots = try names.map { try plotOfSweep(sweep, $0, style, in: file) }
            return Plot.panels(plots)
        }
        let chosen = try file.runs(try selection.names(in: file), newest: isHeatMap ? 1 : 2)
        let names =
            try metric.isEmpty
            ? [isHeatMap ? "weight_gradient_norm" : file.resultKind(of: chosen.map(\.id)).curve] : metric
        try checkSplit(names)
        var request = RunPlotRequest(metrics: try names.map { try PlotMetric.named($0, of: .current) })
        (request.split, request.layers) = (split ?? "test", layer)
        request.panels = by.flatMap(PanelDivision.init)
        if let axis = x.flatMap(StepAxis.init) { request.axis = axis }
        return isHeatMap
            ? try file.plotHeatMaps(chosen, request, style: style) : try file.plotRuns(chosen, request, style: style)
    }

    private func plotOfSweep(_ sweep: String, _ metric: String, _ style: PlotStyle, in file: ResultsFile) throws -> Plot
    {
        var plot = try SweepPlot(try findSweep(sweep, in: file), in: file)
        (plot.layers, plot.panels) = (layer, by)
        let split = split ?? "test"
        let steps = x == nil ? .step : plot.hasAxis(x ?? "") ? nil : x.flatMap(StepAxis.init)
        if let steps, y != nil {
            throw ResultsError(
                "--x \(steps.rawValue): the cells of a heat map of a sweep stand over its axes; leave out --y, or name "
                    + "an axis with --x", cause: .request)
        }
        if let x, let y { return try plot.heatMap(of: metric, over: x, y, split: split, style: style) }
        if steps == nil, let x { return try plot.curves(of: metric, over: x, split: split, style: style) }
        let metrics = PlotMetric.all(of: .current)
        if SweepPlot.finalMetrics.contains(metric) && !metrics.contains(where: { $0.name == metric }) {
            throw ResultsError(
                "\(metric) is one number a run and has no curve; give --x AXIS, or another metric", cause: .request)
        }
        return try plot.curves(
            try PlotMetric.named(metric, of: .current), over: steps ?? .step, split: split, style: style)
    }

    /// Refuses a split that no metric takes.
    private func checkSplit(_ names: [String]) throws(ResultsError) {
        let metrics = PlotMetric.all(of: .current)
        guard let split, !names.contains(where: { name in metrics.contains { $0.name == name && $0.takesSplit } })
        else {
            return
        }
        throw ResultsError(
            "--split \(split) has no effect on \(names.joined(separator: ", ")); leave it out, or draw evaluation_loss or "
                + "evaluation_accuracy", cause: .request)
    }
}
