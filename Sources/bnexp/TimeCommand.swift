import ArgumentParser
import NeuralNetwork
import Reports
import RunStore
import Support

struct TimeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "time",
        abstract: "Time the three backward passes of batch normalization beside each other.",
        discussion: """
            closed_form is the simplified gradient, equation (15) of docs/batch-norm-gradient.md, and what training uses. \
            staged goes back through the computational graph node by node, as one derives it first. jacobian multiplies by \
            the N x N matrix of each unit. Each is timed on one thread, in rounds in which they take turns, so that what \
            else the machine does hits all alike. ratio is the time in units of closed_form's: the speedup that the \
            assignment of Stanford's course CS231n asks for, between its two backward passes.

            Examples:
              bnexp time
              bnexp time --rows 100 --features 500 --precision float64
            """)

    @Option(help: "Rows N of the batch.") var rows = 100
    @Option(help: "Features D.") var features = 500
    @Option(help: "Type of all values: float32 or float64.") var precision = TimedPrecision.float64
    @Option(help: "Rounds, of at least 2 ms each; medians are over them.") var rounds = 31
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        // One row has no variance, and the Jacobian has N^2 values.
        try requireRange(2...10_000, rows, "--rows")
        try requireRange(1...100_000, features, "--features")
        try requireRange(1...10_000, rounds, "--rounds")
        guard rows * features <= 1 << 24 else {
            throw ValidationError(
                "--rows \(rows) and --features \(features) make \(rows * features) values; expected at most \(1 << 24)."
            )
        }
    }

    func run() throws {
        let times =
            precision == .float32
            ? timeBackwardPasses(rows: rows, features: features, rounds: rounds, Float.self)
            : timeBackwardPasses(rows: rows, features: features, rounds: rounds, Double.self)
        var table = Table(
            columns: [
                "backward", "microseconds", "first_decile", "last_decile", "ratio", "rows", "features", "precision",
            ],
            rows: times.map { time in
                [
                    .text(time.backward.rawValue), .number(time.median * 1e6), .number(time.deciles.first * 1e6),
                    .number(time.deciles.last * 1e6), .number(time.median / times[0].median), .integer(rows),
                    .integer(features), .text(precision.rawValue),
                ]
            })
        table.fit = .folding(keyCount: 1)
        show(table, json: json)
        guard let staged = times.first(where: { $0.backward == .staged }) else { return }
        say("the closed form is \((staged.median / times[0].median).display) times as fast as the staged graph")
    }
}

/// The type of the values of the passes.
enum TimedPrecision: String, CaseIterable, ExpressibleByArgument { case float32, float64 }

/// The seconds of one call of a backward pass, over rounds.
private struct BackwardTime {
    let backward: BatchNormalization.Backward
    let median: Double
    let deciles: (first: Double, last: Double)
}

/// Times every way of computing the gradient on one batch of normal values (N x D), the closed form first.
private func timeBackwardPasses<S: Scalar>(rows: Int, features: Int, rounds: Int, _: S.Type) -> [BackwardTime] {
    func normalValues(index: Int) -> Matrix<S> {
        var stream = RandomStream(seed: 0, purpose: .synthesis, index: index)
        return Matrix(
            rows: rows, columns: features, (0..<rows * features).map { _ in S(stream.nextNormalPair().0) })
    }
    let h = normalValues(index: 0), gradient = normalValues(index: 1),
        working = Matrix<S>(rows: rows, columns: features)
    let kinds = BatchNormalization.Backward.allCases
    let passes = kinds.map { backward in
        let description = BatchNormalization(backward: backward)
        let normalizer = Normalizer<S>(description, features: features)
        let buffers = NormalizationBuffers<S>(description, rows: rows, features: features, forTraining: true)
        normalizer.forward(h, buffers, pass: .training(step: 0))
        return {
            working.copy(from: gradient)
            normalizer.backward(gradient: working, h: h, buffers)
        }
    }
    return zip(kinds, interleavedSeconds(rounds: rounds, passes)).map { backward, seconds in
        BackwardTime(
            backward: backward, median: seconds[rounds / 2],
            deciles: (seconds[rounds / 10], seconds[rounds - 1 - rounds / 10]))
    }
}
