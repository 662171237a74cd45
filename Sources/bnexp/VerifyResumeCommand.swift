import ArgumentParser
import Reports
import RunStore
import Support
import Training

struct VerifyResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-resume",
        abstract: "Show that an interrupted and resumed run gives the same bits as one that was not interrupted.",
        discussion: """
            Runs the config three times in a temporary folder: whole, stopped and resumed, and resumed from an older \
            checkpoint as after a crash. Every table of measurements and the final weights are compared. Exits with 1 \
            when anything differs. Shorten the run with --set training.steps.

            Example:
              bnexp verify-resume configs/mnist_bn.json --set training.steps=200
            """)

    @OptionGroup var config: ConfigOptions
    @Option(name: .customLong("at"), help: "The step to interrupt after; default is half of the run.") var step: Int?
    @Option(help: "Threads to compute with.") var threads = 1
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        try requireRange(threadRange, threads, "--threads")
    }

    func run() throws {
        let verification = try withTemporaryFolder("verify") { folder in
            try ResumeVerification(config.request, stop: step, threads: threads, folder: folder)
        }
        show(
            Table(
                columns: ["interruption", "part", "values", "verdict"],
                rows: verification.parts.map {
                    [
                        .text($0.scenario), .text($0.part), .integer($0.count),
                        .text($0.isIdentical ? "identical" : "DIFFERENT"),
                    ]
                }), json: json)
        guard verification.isIdentical else {
            throw Failure(.checkFailed, "the resumed run differs")
        }
    }
}
