import ArgumentParser
import NeuralNetwork
import Reports
import RunStore
import Support
import Training

struct GradcheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradcheck",
        abstract: "Compare the network's analytic gradients with numeric ones, per layer and parameter.",
        discussion: """
            The check computes in float64, on the first batch, by five-point central differences; dropout, noise and \
            batch renormalization's r and d are held fixed. Biases, gains, gammas, betas and running statistics are \
            first moved away from 0 and 1, so that every term has an effect. Exits with 1 when a gradient is wrong.

            Examples:
              bnexp gradcheck configs/mnist_bn.json
              bnexp gradcheck configs/mnist_bn.json --inject-fault drop_mean_term
            """)

    @OptionGroup var config: ConfigOptions
    @Option(help: "Entries of each parameter to compare; smaller parameters are compared whole.") var samples = 100
    @Option(help: "The largest norm(analytic - numeric) / norm(numeric) that passes.") var tolerance = 1e-7
    @Option(
        help: ArgumentHelp(
            "Make one mistake in the backward pass, to see the check find it: "
                + "\(Fault.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "NAME"))
    var injectFault: Fault?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        try requireRange(countRange, samples, "--samples")
        guard tolerance > 0 else { throw ValidationError("--tolerance is \(tolerance); expected a number above 0.") }
    }

    func run() throws {
        let loaded = try config.load()
        loaded.notes.forEach(say)
        let results = try checkGradients(loaded, sampleCount: samples, fault: injectFault)
        let wrong = results.filter { $0.isWrong(tolerance: tolerance) }
        var table = table(results)
        table.fit = .folding(keyCount: 2)
        show(table, json: json)
        let names = wrong.map { "layer \($0.layer) \($0.parameter.rawValue)" }.joined(separator: ", ")
        if let injectFault {
            say(
                "fault \(injectFault.rawValue), \(injectFault.explanation): "
                    + (wrong.isEmpty ? "NOT caught" : "caught in \(names)"))
        } else if !wrong.isEmpty {
            say("wrong gradients: \(names)")
        }
        if !wrong.isEmpty { throw Failure(.checkFailed) }
    }

    private func table(_ results: [GradientCheckResult]) -> Table {
        Table(
            columns: [
                "layer", "parameter", "entries", "compared", "at_kinks", "gradient_norm", "largest_absolute_error",
                "largest_relative_error", "norm_error", "verdict",
            ],
            rows: results.map { result in
                let verdict = result.isWrong(tolerance: tolerance) ? "WRONG" : result.isZero ? "zero" : "ok"
                return [
                    .integer(result.layer), .text(result.parameter.rawValue), .integer(result.count),
                    .integer(result.checkedCount),
                    .integer(result.kinkCount), .number(result.analyticNorm), .number(result.largestAbsoluteError),
                    .number(result.largestRelativeError), .number(result.normError), .text(verdict),
                ]
            })
    }
}
