import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support
import Synchronization
import Training

/// How a trial ended.
package enum TrialEnd: Sendable {
    case ran(RunOutcome)
    case failed(String)
    /// Another process works on it; nothing was done.
    case busy(String)
}

/// What a sweep tells its caller, on the job's thread, and asks of it.
package struct SweepHooks: Sendable {
    /// Whether to stop: running trials write a checkpoint, no other is begun.
    package var shouldStop: @Sendable () -> Bool = { false }
    package var began: @Sendable (_ job: Int, SweepTrial) -> Void = { _, _ in }
    package var progress: @Sendable (_ job: Int, SweepTrial, TrainingProgress) -> Void = { _, _, _ in }
    package var ended: @Sendable (_ job: Int, SweepTrial, TrialEnd) -> Void = { _, _, _ in }

    package init() {}
}

/// How a sweep is run.
package struct SweepSettings: Sendable {
    /// Trials at a time.
    package var jobs: Int
    package var ifExists: ExistingRunPolicy
    /// Whether a trial that fails ends the sweep.
    package var failsFast: Bool

    package init(jobs: Int, ifExists: ExistingRunPolicy = .resume, failsFast: Bool = false) {
        self.jobs = jobs
        self.ifExists = ifExists
        self.failsFast = failsFast
    }
}

/// Runs trials of a sweep, several at a time; they share the data, and write to one results file.
///
/// A trial that fails leaves the others alone unless `failsFast`. A results file that cannot be written ends the sweep.
/// - Parameter sweepID: of the sweep in `results`, which knows the trials.
/// - Throws: what was wrong with the results file.
package func runSweep(
    _ plan: SweepPlan, trials: [SweepTrial], sweepID: Int64, results: ResultsFile, environment: RunEnvironment,
    settings: SweepSettings, hooks: SweepHooks
) throws {
    // What a trial gives back, the next one takes.
    keepFreedMemory()
    let state = Mutex(SweepState(waiting: trials[...]))
    let isStopping = Atomic(false)
    let group = DispatchGroup()
    for job in 0..<min(settings.jobs, trials.count) {
        group.enter()
        let thread = Thread {
            defer { group.leave() }
            while !isStopping.load(ordering: .relaxed), !hooks.shouldStop(),
                let trial = state.withLock({ $0.waiting.popFirst() })
            {
                hooks.began(job, trial)
                let end: TrialEnd
                do {
                    end = try run(trial, job)
                } catch {
                    state.withLock { $0.error = $0.error ?? error }
                    isStopping.store(true, ordering: .relaxed)
                    return
                }
                hooks.ended(job, trial, end)
                if case .failed = end, settings.failsFast { isStopping.store(true, ordering: .relaxed) }
            }
        }
        thread.name = "bnexp job \(job)"
        thread.start()
    }
    group.wait()
    if let error = state.withLock({ $0.error }) { throw error }

    @Sendable func run(_ trial: SweepTrial, _ job: Int) throws(ResultsError) -> TrialEnd {
        var environment = environment
        environment.trial = TrialReference(sweepID: sweepID, trial: trial.index)
        var runHooks = RunHooks()
        runHooks.shouldStop = { hooks.shouldStop() || isStopping.load(ordering: .relaxed) }
        runHooks.progress = { hooks.progress(job, trial, $0) }
        do {
            return .ran(
                try runExperiment(
                    { try planRun(plan.config(of: trial), cache: plan.cache) }, results: results,
                    environment: environment,
                    ifExists: settings.ifExists, hooks: runHooks, clock: PhaseClock(.thread)))
        } catch let error as ResultsError {
            if error.cause == .busyRun { return .busy(error.message) }
            throw error
        } catch {
            return .failed("\(error)")
        }
    }
}

private struct SweepState {
    var waiting: ArraySlice<SweepTrial>
    var error: (any Error)?
}
