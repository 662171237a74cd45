import ArgumentParser
import Charts
import Foundation
import NeuralNetwork
import Reports
import RunStore
import Support
import Training

struct InterpolateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interpolate",
        abstract: "Evaluate the networks on the straight line between two checkpoints, and the barrier between them.",
        discussion: """
            FIRST and SECOND are runs, or states of runs: RUN@best, RUN@last, RUN@STEP or RUN@FILE; RUN alone is its last \
            checkpoint, and RUN@0 the network at initialization, which needs none. A name that has an @ needs one of \
            these. alpha is 0 at FIRST and 1 at SECOND. Parameters and running statistics are interpolated; the mode \
            recomputed gives every network statistics of its own. The barrier is the largest loss from 0 to 1, less the \
            mean of those at both ends.

            Examples:
              bnexp run configs/mnist_bn.json --set checkpoint={} --name one
              bnexp interpolate one@0 one --split train --points 11
              bnexp run configs/mnist_bn.json --set checkpoint={} --seed 1 --name two
              bnexp interpolate one two --split test --chart
            """)

    @Argument(
        help: ArgumentHelp("Where alpha is 0: a run, or RUN@best|last|STEP|FILE.", valueName: "first"), completion: .run
    )
    var first: String
    @Argument(help: ArgumentHelp("Where alpha is 1.", valueName: "second"), completion: .run)
    var second: String
    @Option(help: "How many evenly spaced points; 0 and 1 are always among them.") var points = 21
    @Option(parsing: .unconditional, help: ArgumentHelp("The smallest alpha.", valueName: "alpha")) var from = 0.0
    @Option(parsing: .unconditional, help: ArgumentHelp("The largest alpha.", valueName: "alpha")) var to = 1.0
    @Option(help: "A split: train, validation or test; may repeat. Default: as the first run was evaluated.")
    var split: [SplitName] = []
    @Option(help: "A mode: running, batch or recomputed; may repeat. Default: running and recomputed.")
    var mode: [NormalizationMode] = []
    @Option(help: "Rows of an evaluation batch. Default: as the first run was evaluated.") var batchSize: Int?
    @Option(
        help: ArgumentHelp(
            "The HDF5 file that has the runs' data now, if it has moved; other data are refused.", valueName: "FILE"),
        completion: .hdf5File)
    var data: String?
    @Option(help: "The form of the tables: text, json, markdown, latex (with booktabs) or csv (the points alone).")
    var format: TableFormat?
    @Flag(help: "Print JSON, as --format json does.") var json = false
    @Flag(help: "Draw the losses in the terminal in place of the points.") var chart = false
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Also draw the losses as an SVG file; - is standard output.", valueName: "FILE.svg"),
        completion: .file(extensions: ["svg"]))
    var output: String?
    @OptionGroup var rules: OutputRules
    @OptionGroup var results: ResultsOption

    private var form: TableFormat { json ? .json : format ?? .text }

    func validate() throws {
        if json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) contradict each other; give one.")
        }
        if chart, form != .text {
            throw ValidationError("--chart is for people; leave it out, or --format \(form.rawValue).")
        }
        if output == "-", form != .text || chart {
            throw ValidationError("--output - prints the SVG; leave out --chart and --format, or name a file.")
        }
        guard (2...10_000).contains(points) else {
            throw ValidationError("--points is \(points); expected 2 to 10,000.")
        }
        guard abs(from) <= 1e6, abs(to) <= 1e6, from < to else {
            throw ValidationError("--from \(from) and --to \(to): expected two numbers, the first the smaller.")
        }
        if let output, output != "-", !output.hasSuffix(".svg") {
            throw ValidationError("--output \(output): expected a file that ends with .svg.")
        }
        if let batchSize { try requireRange(countRange, batchSize, "--batch-size") }
    }

    func run() throws {
        let file = try ResultsFile(reading: results.path)
        if let output {
            try rules.check(
                output, protecting: OutputRules.Protected(file), reading: [data].compactMap { $0 },
                isOwn: FigureFormat.isOwn)
        }
        let ends = try (end(first, in: file), end(second, in: file))
        var display = WorkDisplay("interpolating", unit: "rows")
        defer { display.finish() }
        let found = try interpolate(
            from: ends.0, to: ends.1, in: file, alphas: alphas, dataFile: data, splits: split, modes: mode,
            batchSize: batchSize, note: say, progress: { display.show($0, of: $1) })
        display.finish()
        if let output {
            let file = try OutputFile(path: output)
            try file.write(Array(figure(of: found).svg().utf8))
            try file.finish()
            if output == "-" { return }
        }
        switch form {
        case .json: showJSON([("points", pointTable(found)), ("barriers", barrierTable(found))])
        case .csv: show(pointTable(found), as: .csv)
        default:
            if chart {
                let width = max(20, terminalWidth(standardOutput))
                printData(figure(of: found).text(width: width, height: 20, color: .ofStandardOutput))
            } else {
                show(pointTable(found), as: form)
            }
            printData()
            show(barrierTable(found), as: form)
        }
    }

    /// The evenly spaced points, of which the last is `to` exactly.
    private var alphas: [Double] {
        let last = Double(points - 1)
        return (0..<points).map { (from * (last - Double($0)) + to * Double($0)) / last }
    }

    /// Reads RUN or RUN@CHECKPOINT; the last @ divides them.
    private func end(_ text: String, in file: ResultsFile) throws -> LineEnd {
        guard let sign = text.lastIndex(of: "@"), sign > text.startIndex, text.index(after: sign) < text.endIndex else {
            return LineEnd(run: try file.findRun(text), checkpoint: .last)
        }
        return LineEnd(
            run: try file.findRun(String(text[..<sign])),
            checkpoint: CheckpointChoice(String(text[text.index(after: sign)...])))
    }

    private func pointTable(_ found: Interpolation) -> Table {
        Table(
            columns: ["alpha", "split", "mode", "loss", "accuracy"],
            rows: found.points.map {
                [
                    .number($0.alpha), .text($0.evaluation.split), .text($0.evaluation.mode),
                    value($0.evaluation.loss), value($0.evaluation.accuracy),
                ]
            })
    }

    private func barrierTable(_ found: Interpolation) -> Table {
        Table(
            columns: [
                "split", "mode", "first_loss", "second_loss", "highest_loss", "highest_alpha", "loss_barrier",
                "error_barrier",
            ],
            rows: found.barriers.map {
                [
                    .text($0.split), .text($0.mode), value($0.ends.first), value($0.ends.second),
                    value($0.highest.loss), .number($0.highest.alpha), value($0.loss), value($0.error),
                ]
            })
    }

    private func figure(of found: Interpolation) -> Figure {
        .lines([
            LineChart(
                title: "From \(first) to \(second)", xLabel: "alpha", yLabel: "loss",
                series: found.barriers.map { barrier in
                    LineChart.Series(
                        name: "\(barrier.split), \(barrier.mode)",
                        points: found.points.filter {
                            $0.evaluation.split == barrier.split && $0.evaluation.mode == barrier.mode
                        }.map { ($0.alpha, $0.evaluation.loss) })
                })
        ])
    }
}

/// A number of a table, as results files have it: what is not a number is NULL.
private func value(_ number: Double?) -> SQLValue {
    number.flatMap { $0.isNaN ? nil : .number($0) } ?? .null
}
