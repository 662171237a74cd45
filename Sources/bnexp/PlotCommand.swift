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
        abstract: "Draw curves and heat maps of runs, of a sweep or of any SELECT, in the terminal or as an SVG file.",
        discussion: """
            Runs, by default the two newest: a metric over the steps, a line for each run, or for each run and layer; \
            with --heat-map layers over steps of one run, by default the newest. --where, --tag and others choose runs, \
            also with --sweep.
            --sql: columns x, y and optionally series by position, or these and panel, low and high by name; with \
            --heat-map x, y and value.
            --sweep alone: a metric over the steps, the mean over the seeds with a band of one standard deviation; with --x \
            its final value against an axis of the sweep, with --x and --y against two of them. Diverged runs are left \
            out and counted.

            Metrics: \(PlotMetric.all(of: .current).map(\.name).joined(separator: ", ")). With --x also: \
            \(SweepPlot.finalMetrics.joined(separator: ", ")).
            """)

    @OptionGroup var selection: RunSelection
    @Option(
        help: "The metric to draw; default is evaluation_accuracy, of regressions evaluation_loss.",
        completion: .list(PlotMetric.all(of: .current).map(\.name) + SweepPlot.finalMetrics))
    var metric: String?
    @Option(
        help: "The split of the evaluation metrics; default is test.",
        completion: .list(SplitName.allCases.map(\.rawValue))) var split: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Draw the rows of a SELECT; - reads it from standard input.", valueName: "statement"))
    var sql: String?
    @Option(help: ArgumentHelp("An axis of the sweep, by its name or the last part of it.", valueName: "axis")) var x:
        String?
    @Option(help: ArgumentHelp("A second axis, for a heat map.", valueName: "axis")) var y: String?
    @Flag(help: "Draw a heat map of coloured cells.") var heatMap = false
    @Flag(help: "Make the x axis logarithmic.") var logX = false
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
        name: .shortAndLong, help: ArgumentHelp("The SVG file to write; - is standard output.", valueName: "file.svg"),
        completion: .file(extensions: ["svg"])) var output: String?
    @Flag(help: "Print SVG.") var svg = false
    @Option(help: "The width in columns of the terminal; default is all of them.") var width: Int?
    @Option(help: "The height of each chart in lines of the terminal; default is 20.") var height: Int?
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
        if sql != nil && (metric != nil || split != nil) {
            throw ValidationError("--sql says what to draw; leave out --metric and --split.")
        }
        if sweep == nil && (x != nil || y != nil) {
            throw ValidationError("--x and --y name axes of a sweep; name that with --sweep.")
        }
        if x == nil && y != nil {
            throw ValidationError("--y needs --x, the axis from left to right; or give --x alone for lines.")
        }
        if sweep != nil && heatMap && y == nil {
            throw ValidationError("a heat map of a sweep needs its two axes; give --x and --y.")
        }
        if isHeatMap && (logX || logY) {
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
        if let output, output != "-", !output.hasPrefix("/dev/"),
            case let type = URL(fileURLWithPath: output).pathExtension.lowercased(),
            !["", "svg"].contains(type)
        {
            throw ValidationError("--output \(output): only SVG is written; name a file that ends with .svg.")
        }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        // Standard input can be read only once.
        let statement = sql == "-" ? textOfStandardInput() : sql
        guard svg || output != nil else {
            return try watch.repeating {
                let plot = try makePlot(statement, in: file)
                let width = width ?? max(20, terminalWidth(standardOutput))
                let height = height ?? watch.height.map { min(20, max(8, $0 - 8)) } ?? 20
                return Printout(
                    text: plot.figure.text(width: width, height: height, color: TerminalColor.ofStandardOutput),
                    notes: plot.notes)
            }
        }
        let plot = try makePlot(statement, in: file)
        for note in plot.notes { say(note) }
        if let output {
            try rules.check(output, protecting: OutputRules.Protected(file)) {
                $0.hasPrefix("<svg ") && $0.contains(" data-generator=\"bnexp plot\"")
            }
            let text = try TextOutput(path: output)
            try text.write(plot.figure.svg())
            try text.close()
        } else {
            printData(plot.figure.svg(), terminator: "")
        }
    }

    private func makePlot(_ statement: String?, in file: ResultsFile) throws -> Plot {
        var style = PlotStyle()
        if logX { style.xScale = .logarithmic }
        if logY { style.yScale = .logarithmic }
        if logColor { style.colorScale = .logarithmic }
        (style.title, style.xLabel, style.yLabel, style.valueLabel) = (title, xLabel, yLabel, valueLabel)

        if let statement {
            return isHeatMap
                ? try file.plotQueryHeatMap(statement, style: style) : try file.plotQuery(statement, style: style)
        }
        let split = split ?? "test"
        if let sweep {
            let plot = try SweepPlot(try findSweep(sweep, in: file), in: file)
            let metric = try metric ?? file.resultKind(of: plot.runs).curve
            if let x, let y { return try plot.heatMap(of: metric, over: x, y, split: split, style: style) }
            if let x { return try plot.curves(of: metric, over: x, split: split, style: style) }
            if SweepPlot.finalMetrics.contains(metric) {
                throw ResultsError(
                    "\(metric) is one number a run and has no curve; give --x AXIS, or another metric",
                    cause: .request)
            }
            return try plot.curves(try PlotMetric.named(metric, of: .current), split: split, style: style)
        }
        let runs = try selection.names(in: file)
        let chosen = try isHeatMap ? [] : file.runs(runs, newest: 2).map(\.id)
        let named = try PlotMetric.named(
            metric ?? (isHeatMap ? "weight_gradient_norm" : file.resultKind(of: chosen).curve), of: .current)
        return isHeatMap
            ? try file.plotHeatMap(runs, named, style: style)
            : try file.plotRuns(runs, named, split: split, style: style)
    }
}
