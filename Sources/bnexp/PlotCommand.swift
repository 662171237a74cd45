import ArgumentParser
import Charts
import Experiments
import Foundation
import RunStore

struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draw a measured quantity over the steps as an SVG file, a line for each run.")

    enum Metric: String, CaseIterable, ExpressibleByArgument {
        case loss, accuracy, gradientNorm = "gradient_norm", evaluationLoss = "evaluation_loss", evaluationAccuracy = "evaluation_accuracy"

        var label: String {
            switch self {
            case .loss: "training loss (nats)"
            case .accuracy: "training batch accuracy"
            case .gradientNorm: "gradient norm (L2)"
            case .evaluationLoss: "loss (nats)"
            case .evaluationAccuracy: "accuracy"
            }
        }
    }

    @Argument(help: "Runs; default is the two newest.", completion: .run) var runs: [String] = []
    @Option(help: "loss, accuracy and gradient_norm are of training batches; evaluation_loss and evaluation_accuracy of a split.")
    var metric = Metric.evaluationAccuracy
    @Option(help: "The split of the evaluation metrics.", completion: .list(SplitName.allCases.map(\.rawValue))) var split = "test"
    @Option(name: .shortAndLong, help: "The SVG file to write; default is standard output.", completion: .file(extensions: ["svg"])) var output: String?
    @Flag(help: "A logarithmic y axis.") var log = false
    @OptionGroup var results: ResultsOption

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        let names = runs.isEmpty ? try file.query("SELECT id FROM run ORDER BY id DESC LIMIT 2").rows.reversed().map { $0[0].display } : runs
        var series: [LineChart.Series] = []
        for name in names {
            let run = try file.findRun(name)
            let sql =
                switch metric {
                case .evaluationLoss, .evaluationAccuracy:
                    "SELECT step, \(metric == .evaluationLoss ? "loss" : "accuracy") FROM evaluation WHERE run_id = ? AND split = ? AND mode = 'running'"
                default: "SELECT step, \(metric.rawValue) FROM training_step WHERE run_id = ? AND ? IS NOT NULL"
                }
            let points = try file.query(sql, [.integer(run.id), .text(split)]).rows.map { (x: $0[0].number, y: $0[1].number) }
            guard !points.isEmpty else {
                throw ResultsError("run \(run.id) (\(run.name)) has no \(metric.rawValue)\(metric.label.hasPrefix("training") ? "" : " of split \(split)"); see bnexp show \(run.id)")
            }
            series.append(LineChart.Series(name: run.name, points: points))
        }
        let isEvaluation = metric == .evaluationLoss || metric == .evaluationAccuracy
        let label = isEvaluation ? "\(split) \(metric.label)" : metric.label
        let chart = LineChart(title: "\(label) by step", xLabel: "step", yLabel: label, yScale: log ? .logarithmic : .linear, series: series)
        guard let output else { return print(chart.svg(), terminator: "") }
        do {
            try chart.svg().write(toFile: output, atomically: true, encoding: .utf8)
        } catch {
            throw Failure(exitCode: ExitStatus.resultsUnusable, message: "\(output) cannot be written; check its folder and permissions")
        }
    }
}

extension SQLValue {
    fileprivate var number: Double {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        case .null, .text: .nan
        }
    }
}
