import ArgumentParser
import Foundation
import Keys
import NeuralNetwork
import Reports
import RunStore
import Support
import Training

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Train a network as a config says, and record everything in the results file.",
        discussion: """
            Prints the run's uuid, its only line on standard output: id=$(bnexp run config.json).

            Examples:
              bnexp run configs/mnist_bn.json --set optimizer.learning_rate=0.1 --name fast
              bnexp run configs/mnist_bn.json --dry-run
              bnexp show 1 --config | bnexp run -
            """)

    @OptionGroup var config: ConfigOptions
    @OptionGroup var results: ResultsOption
    @Option(help: "Threads to compute with; results are the same bits under every number.") var threads = 1
    @Option(
        help: ArgumentHelp(
            "The form of the first layer's inputs: sparse skips zeros, auto does so where it is faster; results are "
                + "the same bits.")
    )
    var inputs = InputForm.automatic
    @Option(
        help: "If a run of the same identity exists: skip it, resume it unless it has ended, rerun beside it, or error."
    )
    var ifExists = ExistingRunPolicy.rerun
    @Option(
        help: ArgumentHelp(
            "Let a finished run of this config go on to so many steps in all, with the bits of a run that was asked "
                + "for them at first.", valueName: "steps"))
    var extend: Int?
    @Option(
        help: ArgumentHelp(
            "Train with a mistake in every backward pass, recorded as training.inject_fault: "
                + "\(Fault.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "NAME"))
    var injectFault: Fault?
    @Flag(help: "Exit with 0 also when the loss is not finite.") var allowDivergence = false
    @OptionGroup var shard: ShardOption
    @Option(
        help: ArgumentHelp("The sweep that the run is a trial of; bnexp sweep --expand prints it.", valueName: "SWEEP"),
        completion: .sweep) var sweep: String?
    @Option(help: "The number of the trial, with --sweep.") var trial: Int?
    @Flag(help: "Print the plan of the run, and write nothing.") var dryRun = false
    @Option(help: "How to show progress: auto, plain, json or none.") var progress = ProgressStyle.auto
    @Flag(help: "Print at the end how long the phases of this process took.") var profile = false
    @Flag(name: .shortAndLong, help: "Print errors only.") var quiet = false
    @Flag(name: .shortAndLong, help: "Print the plan of the run too.") var verbose = false

    func validate() throws {
        try requireRange(threadRange, threads, "--threads")
        guard (sweep == nil) == (trial == nil) else {
            throw ValidationError("--sweep and --trial belong together; give both or none.")
        }
        if let extend { try requireRange(1...Shape.largestStepCount, extend, "--extend") }
        guard !(quiet && verbose) else { throw ValidationError("-q and -v contradict each other; give one.") }
    }

    func run() throws {
        var config = config
        if let injectFault { config.overrides.append("training.inject_fault=\(injectFault.rawValue)") }
        let shorter = try extend.map { _ in try config.load() }
        let loaded = try config.load(steps: extend)
        let display = ProgressDisplay(quiet ? .none : progress, title: loaded.config.name)
        // An error is said below the bar, not behind it.
        defer { display.finish() }
        if !quiet { loaded.notes.forEach(display.note) }
        if let fault = loaded.config.training.fault {
            say("the gradients are wrong on purpose, \(fault.rawValue): \(fault.explanation)")
        }
        if dryRun {
            let summary = try planRun(loaded).summary().escapedForTerminal(keepsLines: true)
            return printData(fitted(summary, to: standardOutput), terminator: "")
        }
        let clock = PhaseClock.sinceProcessStart()
        let file = try clock.measure(.log) { try ResultsFile(writing: shard.path(of: results, quiet: quiet)) }
        let stop = StopSignal()
        var hooks = RunHooks()
        hooks.shouldStop = { stop.isRequested }
        hooks.progress = { display.show($0) }
        hooks.committed = { display.committed($0) }
        if !quiet { hooks.note = { display.note($0) } }
        let outcome = try experiment(loaded, extending: shorter, file, hooks: hooks, clock: clock)
        try clock.measure(.log) { try file.close() }
        display.finish()
        if profile { show(RunProfile(phases: clock.records, stepCount: outcome.lastStep - outcome.firstStep)) }
        printData(outcome.uuid)
        if outcome.isSkipped {
            if !quiet { say("this run exists already, \(outcome.status.rawValue); --if-exists rerun makes another") }
            // The exit code is the same whether this command made the run or skipped it.
            if outcome.status == .diverged && !allowDivergence { throw Failure(.diverged) }
            return
        }
        switch outcome.status {
        case .diverged:
            say(
                "\(outcome.reason ?? "diverged"); recorded with status diverged."
                    + (outcome.lastStep > 0
                        ? " Try a smaller optimizer.learning_rate"
                        : " No update was made: look at the inputs and the initialization"))
            if !allowDivergence { throw Failure(.diverged) }
        case .interrupted:
            throw Failure(
                .stopped,
                "\(outcome.reason ?? "interrupted"); all rows up to there are recorded. The same command with "
                    + "--if-exists resume continues"
            )
        case .finished, .running, .failed, .lost:
            if let reason = outcome.reason, !quiet { say("stopped early: \(reason)") }
        }
    }

    private func experiment(
        _ loaded: LoadedConfig, extending shorter: LoadedConfig?, _ file: ResultsFile, hooks: RunHooks,
        clock: PhaseClock
    ) throws -> RunOutcome {
        var environment = RunEnvironment(threads: threads, inputs: inputs)
        if let sweep, let trial {
            if file.path != results.path {
                // The file that the shard stands in for knows the trial.
                let whole = try ResultsFile(reading: results.path)
                _ = try file.recordSweep(whole.record(of: whole.findSweep(sweep), trial: trial))
            }
            environment.trial = TrialReference(sweepID: Int64(try file.findSweep(sweep).id), trial: trial)
        }
        do {
            return try runExperiment(
                {
                    let plan = try planRun(loaded)
                    if verbose { say("\n" + (try plan.summary())) }
                    return plan
                }, results: file, environment: environment, ifExists: ifExists, extending: shorter, hooks: hooks,
                clock: clock)
        } catch let error as ExistingRunError {
            throw Failure(
                .usage,
                "run \(error.uuid) of the same identity exists, \(error.status.rawValue); --if-exists skip, resume "
                    + "or rerun says what to do"
            )
        }
    }

    private func show(_ profile: RunProfile) {
        let (width, color) = (lineWidth(standardError), terminalHasColor(standardError))
        writeToStandardError("\n" + Table(profile).text(width: width, color: color))
    }
}
