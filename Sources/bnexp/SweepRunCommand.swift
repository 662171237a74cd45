import ArgumentParser
import Foundation
import Reports
import RunStore
import Support
import Sweeps
import Training

struct SweepRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the trials of a sweep that the results file lacks, several at a time.",
        discussion: """
            Prints the sweep's uuid, its only line on standard output. Given again, the same command runs the trials \
            that are missing or failed and resumes those that were interrupted. docs/sweeps.md describes sweep files; --axis \
            and --seeds make a sweep of a config without one.

            Examples:
              bnexp sweep configs/mnist_bn.json --axis training.steps=50,500 --seeds 1..3
              bnexp sweep configs/mnist_bn.json --axis model.hidden=[50],[50,50] --dry-run
              bnexp sweep experiments/rate_by_normalization.json --jobs 4
              bnexp sweep experiments/rate_by_normalization.json --task 3 --tasks 10 --collect /shared/rates
              bnexp sweep experiments/rate_by_normalization.json --collect /shared/rates --merge
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var results: ResultsOption
    @OptionGroup var shard: ShardOption
    @Option(help: "The number of trials at a time; default is the number of processors, divided by --threads.")
    var jobs: Int?
    @Option(help: "Threads for each trial; results are the same bits under every number.") var threads = 1
    @Option(help: ArgumentHelp("Run only some trials, counted from 0, such as 7 or 3-9,12.", valueName: "I,A-B"))
    var index: TrialSelection?
    @Option(
        help: ArgumentHelp(
            "If a run of a trial's identity exists: skip it, resume it unless it has ended, rerun beside it, or "
                + "error.")
    )
    var ifExists = ExistingRunPolicy.resume
    @Flag(help: "Print the trials, what they change, their identities and which exist; write nothing.") var dryRun =
        false
    @Flag(help: "Print a bnexp run line for each trial that the results file lacks, for sh, xargs or GNU parallel.")
    var expand = false
    @Flag(exclusivity: .exclusive, help: "Whether the other trials are still run after one has failed.")
    var failure = FailurePolicy.keepGoing
    @Flag(help: "Let trials have training.inject_fault, with which they train by wrong gradients.") var allowFaults =
        false
    @OptionGroup(title: "Several machines") var division: CollectOptions
    @OptionGroup(title: "Slurm") var slurm: SlurmOptions
    @Option(help: "How to show progress: auto, plain, json or none.") var progress = ProgressStyle.auto
    @Flag(help: "With --dry-run, print JSON.") var json = false
    @Flag(name: .shortAndLong, help: "Print errors only.") var quiet = false

    func validate() throws {
        try requireRange(threadRange, threads, "--threads")
        if let jobs { try requireRange(threadRange, jobs, "--jobs") }
        if slurm.isWanted { try slurm.validate(jobs: jobs) }
        guard !(dryRun && expand) else {
            throw ValidationError("--dry-run and --expand contradict each other; give one.")
        }
        if slurm.isWanted {
            if dryRun || expand {
                throw ValidationError(
                    "--slurm and \(dryRun ? "--dry-run" : "--expand") contradict each other; give one.")
            }
            if ifExists != .resume {
                throw ValidationError(
                    "--slurm and --if-exists \(ifExists.rawValue) contradict each other: a requeued task resumes.")
            }
            if division.folder.collect != nil {
                throw ValidationError(
                    "--slurm and --collect contradict each other: the tasks collect beside the results file.")
            }
            if shard.shard != nil {
                throw ValidationError(
                    "--slurm and --shard contradict each other: every task has a shard of its own.")
            }
            if sweep.file == "-" {
                throw ValidationError(
                    "--slurm needs a sweep file that the nodes can read; found -, standard input.")
            }
        }
        if division.folder.collect != nil { try validateDivision() }
        if division.share == nil, !slurm.isWanted { try division.requireTasks() }
        guard !json || dryRun else {
            throw ValidationError("--json needs --dry-run; bnexp sweep status --json tells how a sweep stands.")
        }
    }

    private func validateDivision() throws {
        let option = division.merge ? "--merge" : "--task"
        let others = [
            ("--expand", expand, "the lines of --expand write to the results file"),
            ("--dry-run", dryRun && division.merge, "bnexp sweep status --collect tells what is collected"),
            ("--if-exists \(ifExists.rawValue)", ifExists != .resume, "a task that starts again resumes"),
            ("--shard", shard.shard != nil, "every task has a shard of its own"),
            ("--db", results.file != nil && !division.merge && !dryRun, "--merge joins the shards in a results file"),
        ]
        if let other = others.first(where: \.1) {
            throw ValidationError("\(option) and \(other.0) contradict each other: \(other.2).")
        }
    }

    func run() throws {
        // A batch system may stop a task while it reads data.
        let stop = division.share.map { _ in StopSignal(isPatient: true) }
        let plan = try sweep.plan()
        guard allowFaults || !plan.mentionsFault else {
            throw Failure(
                .usage,
                "this sweep sets training.inject_fault, so that trials train by wrong gradients; give --allow-faults "
                    + "if that is meant")
        }
        if !quiet { plan.notes.forEach(say) }
        let trials = try chosen(of: plan)
        if dryRun { return try printTrials(trials, of: plan) }
        if expand { return try printCommands(trials, of: plan) }
        if slurm.isWanted { return try printSlurmScript(trials, of: plan) }
        if let folder = division.folder.collect {
            let shards = SweepShards(of: plan, in: folder)
            return division.merge
                ? try merge(shards, of: plan) : try run(trials, of: plan, in: shards, stop ?? StopSignal())
        }
        let file = try ResultsFile(writing: shard.path(of: results, quiet: quiet))
        _ = try run(trials, of: plan, in: file, StopSignal())
    }

    /// Runs the trials of a task in its shard, and copies that, however they end.
    private func run(_ trials: [SweepTrial], of plan: SweepPlan, in shards: SweepShards, _ stop: StopSignal) throws {
        guard let share = division.share else { preconditionFailure("--collect comes with --task or --merge") }
        guard !trials.isEmpty else {
            printData(plan.uuid)
            return say("task \(share.task) of \(share.tasks) has no trial: the sweep has \(plan.trials.count)")
        }
        if !quiet {
            say(
                "task \(share.task) of \(share.tasks): \(compactRanges(trials.map(\.index))) of "
                    + "\(plan.trials.count) trials"
            )
        }
        let task = try SweepTask(share, of: shards, in: division.place)
        let file = try task.open()
        var hasRun = true
        let result = Result { try division.copying(task) { hasRun = try run(trials, of: plan, in: file, stop) } }
        try task.finish(hasRun: hasRun)
        try result.get()
    }

    /// Joins the shards in the results file, and says how the sweep stands.
    private func merge(_ shards: SweepShards, of plan: SweepPlan) throws {
        guard let first = try shards.copies().first else {
            throw Failure(
                .cannotWrite,
                "sweep \(plan.name): \(shards.absence); the same command with --task I --tasks K makes them"
            )
        }
        _ = try ResultsFile(reading: first.path)
        let file = try ResultsFile(writing: results.path)
        var total = MergeSummary(), count = 0
        try shards.forEachCopy { copy in
            let summary = try file.mergeAndTell(copy.path)
            total = MergeSummary(
                added: total.added + summary.added, replaced: total.replaced + summary.replaced,
                kept: total.kept + summary.kept)
            count += 1
        }
        printData(plan.uuid)
        if quiet { return }
        let ended = Set(try file.runStates(identities: plan.trials.map(\.identity)).filter(\.value.hasEnded).keys)
        say(
            "\(count) shards are merged into \(results.path): \(total.added) runs added, \(total.replaced) replaced, "
                + "\(total.kept) kept; \(plan.trials.count { ended.contains($0.identity) }) of "
                + "\(plan.trials.count) trials have ended; "
                + "the shards stay in \(shards.folder)")
    }

    private func chosen(of plan: SweepPlan) throws -> [SweepTrial] {
        let all = division.share.map { Array(plan.trials[$0.trials(of: plan.trials.count)]) } ?? plan.trials
        guard let index else { return all }
        guard plan.trials.contains(where: { index.contains($0.index) }) else {
            throw ValidationError(
                "--index is \(index.text); the sweep has \(plan.trials.count) trials, counted from 0.")
        }
        return all.filter { index.contains($0.index) }
    }

    /// Returns the trials that are to be run: of several with one identity the first, and none that the policy skips.
    private func missing(_ trials: [SweepTrial], in states: [String: RunState]) -> [SweepTrial] {
        var seen: Set<String> = []
        return trials.filter { trial in
            guard seen.insert(trial.identity).inserted else { return false }
            guard let state = states[trial.identity], ifExists == .resume || ifExists == .skip else { return true }
            return ifExists == .resume && !state.hasEnded
        }
    }

    /// - Returns: whether any trial was begun.
    private func run(_ trials: [SweepTrial], of plan: SweepPlan, in file: ResultsFile, _ stop: StopSignal) throws
        -> Bool
    {
        let states = try file.runStates(identities: trials.map(\.identity))
        if ifExists == .error, let trial = trials.first(where: { states[$0.identity] != nil }),
            let state = states[trial.identity]
        {
            throw Failure(
                .usage,
                "run \(state.uuid) of trial \(trial.index) exists, \(state.status.rawValue); --if-exists skip, "
                    + "resume or rerun says what to do"
            )
        }
        let sweepID = try file.recordSweep(plan.record(of: trials))
        let missing = missing(trials, in: states)
        if !quiet { try sayWhatWasLoggedOtherwise(trials, missing, in: file) }
        let jobs = jobs ?? max(1, ProcessInfo.processInfo.activeProcessorCount / threads)
        let display = SweepDisplay(
            quiet ? .none : progress, plan: plan, trials: missing, chosenCount: trials.count, jobs: jobs)
        var hooks = SweepHooks()
        hooks.shouldStop = { stop.isRequested }
        hooks.began = { display.began($0, $1) }
        hooks.progress = { display.progress($0, $1, $2) }
        hooks.ended = { display.ended($0, $1, $2) }
        display.start()
        defer { display.finish() }
        if !missing.isEmpty {
            try runSweep(
                plan, trials: missing, sweepID: sweepID, results: file,
                environment: RunEnvironment(threads: threads),
                settings: SweepSettings(jobs: jobs, ifExists: ifExists, failsFast: failure == .failFast),
                hooks: hooks)
        }
        try file.close()
        display.finish()
        printData(plan.uuid)
        try report(display.counts, wasStopped: stop.isRequested)
        return !missing.isEmpty
    }

    /// Prints a message if runs that are skipped were logged with other settings.
    ///
    /// A run's identity leaves out what is logged, so that a finished run may lack what the config asks for now.
    private func sayWhatWasLoggedOtherwise(_ trials: [SweepTrial], _ missing: [SweepTrial], in file: ResultsFile)
        throws
    {
        let left = Set(missing.map(\.identity))
        let present = trials.filter { !left.contains($0.identity) }
        let count = try Dictionary(grouping: present, by: \.logging).reduce(0) {
            $0 + (try file.runCount(identities: $1.value.map(\.identity), withLoggingOtherThan: $1.key))
        }
        if count > 0 {
            say(
                "\(count) runs that exist already were measured with other settings of \"logging\"; "
                    + "--if-exists rerun measures again"
            )
        }
    }

    private func report(_ counts: SweepCounts, wasStopped: Bool) throws {
        if !quiet { say(counts.text) }
        if wasStopped && counts.interrupted + counts.notBegun > 0 {
            throw Failure(
                .stopped,
                "stopped by a signal; everything measured is recorded, and the same command resumes")
        }
        if counts.failed > 0 {
            throw Failure(
                .trialsFailed,
                "\(counts.failed) trials "
                    + "failed\(counts.notBegun > 0 ? ", and \(counts.notBegun) were not begun" : ""); the same "
                    + "command runs them again"
            )
        }
    }

    private func printTrials(_ trials: [SweepTrial], of plan: SweepPlan) throws {
        let states = try sweep.states(of: trials, in: results)
        let hasLabels = trials.contains { $0.choices.contains { $0.label != nil } }
        let rows = trials.map { trial -> [SQLValue] in
            let state = states[trial.identity]
            let labels = trial.choices.compactMap { $0.label == nil ? nil : $0.text }.joined(separator: " ")
            return [.integer(trial.index)] + (hasLabels ? [.text(labels)] : []) + [
                .text(trial.overrides.map { json ? $0 : shortened($0) }.joined(separator: " ")),
                .text(json ? trial.identity : String(trial.identity.prefix(12))),
                state.map { .text($0.status.rawValue) } ?? .null,
                state.map { .text(json ? $0.uuid : String($0.uuid.prefix(8))) } ?? .null,
            ]
        }
        show(
            Table(
                columns: ["trial"] + (hasLabels ? ["labels"] : []) + ["overrides", "identity", "status", "run"],
                rows: rows), json: json)
        if !quiet {
            let missing = missing(trials, in: states)
            say(
                "\(trials.count) trials; \(missing.count) to run, \(missing.reduce(0) { $0 + $1.totalSteps }) steps"
            )
        }
    }

    /// Prints a command line for each missing trial, and records the sweep, so that the lines can name it.
    private func printCommands(_ trials: [SweepTrial], of plan: SweepPlan) throws {
        let file = try ResultsFile(writing: results.path)
        _ = try file.recordSweep(plan.record(of: trials))
        let missing = missing(trials, in: try file.runStates(identities: trials.map(\.identity)))
        for trial in missing {
            var words = [CommandLine.arguments[0], "run"] + plan.runWords(of: trial)
            if let database = results.file { words += ["--db=" + database] }
            if threads != 1 { words += ["--threads", "\(threads)"] }
            words += [
                "--if-exists", ifExists.rawValue, "--sweep", plan.uuid, "--trial", "\(trial.index)",
                "--allow-divergence", "--quiet",
            ]
            printData(words.map(quotedForShell).joined(separator: " "))
        }
        if !quiet { say("\(missing.count) of \(trials.count) trials to run") }
    }

    private func printSlurmScript(_ trials: [SweepTrial], of plan: SweepPlan) throws {
        let missing = missing(trials, in: try sweep.states(of: trials, in: results))
        guard !missing.isEmpty else {
            return say("nothing is left to run: all \(trials.count) trials have ended, in \(results.path)")
        }
        var script = slurm.script(
            jobName: plan.name, sweepFile: sweep.file, resultsFile: results.path, trials: missing.map(\.index),
            trialCount: plan.trials.count, jobs: jobs)
        script.threads = threads
        script.overrideWords = sweep.words
        script.allowsFaults = allowFaults
        script.runWords =
            sweep.tag.map { "--tag=" + $0 } + (failure == .failFast ? ["--fail-fast"] : [])
            + (progress == .auto ? [] : ["--progress", progress.rawValue])
            + division.words + (quiet ? ["--quiet"] : [])
        if let text = script.textWithLineBreak {
            throw ValidationError("A job script cannot name '\(text)', which has a line break; rename it.")
        }
        printData(script.text, terminator: "")
        if quiet { return }
        say(
            "\(missing.count) of \(trials.count) trials to run, in \(script.tasks.count) tasks; sbatch takes this "
                + "script"
        )
        if let last = script.tasks.last, last > 1000 {
            say(
                "the tasks are numbered up to \(last); Slurm refuses numbers from MaxArraySize (scontrol show "
                    + "config) on, often 1001: raise --trials-per-task"
            )
        }
    }
}

/// Whether a sweep runs its other trials after one has failed.
enum FailurePolicy: String, EnumerableFlag { case keepGoing, failFast }
