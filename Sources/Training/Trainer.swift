import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support

/// How far a run has come.
package struct TrainingProgress: Sendable {
    package var step: Int
    package var totalSteps: Int
    package var epoch: Int
    package var loss: Double
    package var accuracy: Double?
    package var stepsPerSecond: Double
    /// The accuracy of the latest evaluation on the test split, or else the validation split.
    package var evaluatedAccuracy: Double?
}

/// What a run tells its caller, and asks of it.
package struct RunHooks {
    /// Whether to stop after the step that is running.
    package var shouldStop: () -> Bool = { false }
    /// Called about ten times a second and at the end.
    package var progress: (TrainingProgress) -> Void = { _ in }
    /// Called after each commit with the last step whose rows are on disk; on another thread.
    package var committed: @Sendable (Int) -> Void = { _ in }
    /// Called with what the user should know, such as where a run is resumed.
    package var note: @Sendable (String) -> Void = { _ in }

    package init() {}
}

/// How training ended.
enum TrainingEnd: Equatable {
    /// The reason says what ended it before its last step, if something did.
    case finished(reason: String?)
    case interrupted(step: Int)
    /// The loss of the batch that follows `step` updates is not finite, or with nil a parameter after them.
    case diverged(step: Int, loss: Double?)
}

/// Where training begins: at step 0, or at a checkpoint's.
struct TrainingStart {
    let uuid: String
    var checkpoint: Checkpoint?
    /// The evaluations before the checkpoint's step.
    var history: [EvaluationRow] = []
    var step: Int { checkpoint?.step ?? 0 }
}

/// The training loop: batches, steps, measurements and evaluations, in the order that the results file defines.
///
/// At step t (t updates are finished): evaluation, if due; then the batch that makes update t + 1 is run forward and
/// backward, measured if due, and the update made. The last step only measures.
final class Trainer<S: Scalar> {
    let network: Network<S>
    private let plan: RunPlan
    private let hooks: RunHooks
    private let clock: PhaseClock
    private let workspace: Workspace<S>
    private let loader: BatchLoader<S>
    private var sampler: BatchSampler
    private let evaluator: Evaluator<S>
    private let instruments: InstrumentSet<S>
    private let updateNorms: UpdateNorms<S>
    private let gradientMemory: GradientMemory<S>
    private(set) var step = 0
    private let start: TrainingStart
    private var bestWatch: MetricWatch?
    private var stopWatch: MetricWatch?
    private var nonfiniteEvaluations: (count: Int, first: EvaluationRow?) = (0, nil)

    init(
        _ plan: RunPlan, start: TrainingStart, inputs: InputForm, pool: WorkerPool, clock: PhaseClock, hooks: RunHooks
    ) throws(DataError) {
        self.plan = plan
        self.start = start
        self.hooks = hooks
        self.clock = clock
        let config = plan.config
        network = try makeNetwork(plan, pool: pool)
        workspace = Workspace(
            plan.network, rows: config.training.batchSize, forTraining: true, valueCount: plan.data.valueCount)
        sampler = try plan.sampler(startingAtStep: start.step)
        loader = plan.loader(sampler, inputs)
        try start.checkpoint?.restore(network)
        step = start.step
        let mode = plan.evaluationModes[0].rawValue
        bestWatch = config.checkpoint?.best.map { MetricWatch($0, mode: mode, history: start.history) }
        stopWatch = config.training.stopRule.map { MetricWatch($0.choice, mode: mode, history: start.history) }
        evaluator = Evaluator(plan, network: network, inputs: inputs)
        gradientMemory = GradientMemory(network)
        let measured = MeasuredNetwork(
            plan, network: network, workspace: workspace, gradientMemory: gradientMemory)
        updateNorms = measured.updateNorms
        instruments = try InstrumentSet(measured)
        try start.checkpoint?.restore(gradientMemory)
    }

    /// Trains to the end and hands every measurement to `write`, in the order of steps.
    ///
    /// `checkpoints` keep the state, each committed after all that was handed over before it.
    func train(write: (MetricRows) throws -> Void, checkpoints: CheckpointKeeper) throws -> TrainingEnd {
        var reporter = ProgressReporter(totalSteps: plan.totalSteps, firstStep: step)
        func writeCheckpoint(as kind: CheckpointRecord.Kind = .step) throws {
            try checkpoints.write(network, gradientMemory, step: step, run: plan, uuid: start.uuid, as: kind)
        }
        // What takes time here and is no phase of its own is training.
        let beginning = seconds(of: CLOCK_MONOTONIC) - clock.endedSeconds
        var trained = 0.0
        func record(_ rows: MetricRows) throws {
            var rows = rows
            rows.noteTime(trainSeconds: trained)
            try write(rows)
        }
        while true {
            var rows = MetricRows(step: step)
            trained = seconds(of: CLOCK_MONOTONIC) - beginning - clock.endedSeconds
            var evaluations: [EvaluationRow] = []
            if plan.isEvaluated(step) {
                evaluations = try clock.measure(.evaluate) {
                    let found = try evaluator.evaluate(step: step, instruments: instruments)
                    rows.append(contentsOf: found.clean)
                    rows.append(contentsOf: found.perturbed)
                    instruments.finishEvaluation(step, into: &rows)
                    return found.clean
                }
                reporter.note(evaluations)
                if let row = evaluations.first(where: { !$0.loss.isFinite }) {
                    nonfiniteEvaluations.count += 1
                    nonfiniteEvaluations.first = nonfiniteEvaluations.first ?? row
                }
                if bestWatch?.note(evaluations) == true { try writeCheckpoint(as: .best) }
                stopWatch?.note(evaluations)
            }
            let reasonToStop =
                evaluations.isEmpty || step == plan.totalSteps
                ? nil
                : plan.config.training.stopRule.flatMap { stopWatch?.reasonToStop($0.condition) }.map {
                    "\($0) at step \(step)"
                }
            let isLast = step == plan.totalSteps || reasonToStop != nil
            let isLogged = plan.isLogged(step) || reasonToStop != nil && plan.config.logging.every > 0
            let isMeasured = instruments.isDue(step, isLogged: isLogged)
            if isMeasured || isLast || !evaluations.isEmpty {
                let result = isMeasured ? try measuredStep(updating: !isLast, isLogged: isLogged, rows: &rows) : nil
                try clock.measure(.log) { try record(rows) }
                if let result, !result.loss.isFinite { return .diverged(step: step, loss: result.loss) }
                if isLast {
                    if !network.isFinite { return .diverged(step: step, loss: nil) }
                    noteEvaluations()
                    if checkpoints.plan.keepsEnd { try writeCheckpoint() }
                    reporter.finish(result, step: step, epoch: step / plan.stepsPerEpoch, hooks)
                    return .finished(reason: reasonToStop)
                }
                if let result {
                    advance(result, &reporter)
                } else if let end = try plainStep(record, &reporter) {
                    return end
                }
            } else if let end = try plainStep(record, &reporter) {
                return end
            }
            let isStopped = hooks.shouldStop()
            if isStopped || checkpoints.isDue(step, of: plan.totalSteps) { try writeCheckpoint() }
            if isStopped { return network.isFinite ? .interrupted(step: step) : .diverged(step: step, loss: nil) }
        }
    }

    /// Makes the updates up to `step` without recording anything, then loads its batch, runs it forward and hands it
    /// over.
    func replay<Reading>(to step: Int, _ body: (Network<S>, Workspace<S>) throws -> Reading) throws -> Reading {
        while self.step < step {
            _ = try forward()
            network.backwardAndUpdate(workspace, rate: plan.learningRate(step: self.step), t: self.step + 1)
            self.step += 1
        }
        _ = try forward()
        return try body(network, workspace)
    }

    /// Says that evaluations had a loss that is not finite though the parameters are, as running statistics give that
    /// have seen few batches; training did not diverge.
    private func noteEvaluations() {
        guard let row = nonfiniteEvaluations.first else { return }
        hooks.note(
            "the loss of \(nonfiniteEvaluations.count) evaluations is not finite, first of \(row.split) in mode "
                + "\(row.mode) at step \(row.step), though all parameters are: look at the running statistics "
                + "(evaluation.modes)")
    }

    private func advance(_ result: BatchResult, _ reporter: inout ProgressReporter) {
        step += 1
        reporter.report(result, step: step, epoch: step / plan.stepsPerEpoch, hooks)
    }

    /// One step that is not logged: no allocation, no clock but the reporter's.
    ///
    /// A loss that is not finite ends the run with a row.
    private func plainStep(_ record: (MetricRows) throws -> Void, _ reporter: inout ProgressReporter) throws
        -> TrainingEnd?
    {
        let result = try forward()
        guard result.loss.isFinite else {
            var rows = MetricRows(step: step)
            instruments.measureDivergence(MeasuredStep(step: step, result: result), into: &rows)
            try record(rows)
            return .diverged(step: step, loss: result.loss)
        }
        let rate = plan.learningRate(step: step)
        if plan.isLogged(step + 1) {  // whose rows compare its gradient with this one
            network.backward(workspace)
            gradientMemory.save(step: step)
            network.update(workspace, rate: rate, t: step + 1)
        } else {
            network.backwardAndUpdate(workspace, rate: rate, t: step + 1)
        }
        advance(result, &reporter)
        return nil
    }

    /// One step with everything measured that the config asks for; the update, if one follows, is the same bits as
    /// `plainStep`'s.
    private func measuredStep(updating: Bool, isLogged: Bool, rows: inout MetricRows)
        throws(DataError) -> BatchResult
    {
        let result = try forward()
        workspace.measuresGradientNorms = true
        defer { workspace.measuresGradientNorms = false }
        network.backward(workspace)
        let measured = MeasuredStep(step: step, result: result)
        clock.measure(.log) { instruments.measure(measured, isLogged: isLogged, into: &rows) }
        if plan.isLogged(step + 1) { gradientMemory.save(step: step) }
        let isUpdated = updating && result.loss.isFinite
        if isUpdated {
            network.update(workspace, rate: plan.learningRate(step: step), t: step + 1, changes: updateNorms)
        }
        clock.measure(.log) { instruments.measureUpdate(measured, isMade: isUpdated, into: &rows) }
        return result
    }

    private func forward() throws(DataError) -> BatchResult {
        try loader.load(sampler.next(), task: plan.task(ofBatch: step), into: workspace)
        return network.forward(workspace, .training(step: step))
    }
}

/// Calls the progress hook about ten times a second, and otherwise only reads a clock.
private struct ProgressReporter {
    private let start = seconds(of: CLOCK_MONOTONIC)
    private let firstStep: Int
    private var last = 0.0
    private var progress: TrainingProgress

    init(totalSteps: Int, firstStep: Int) {
        self.firstStep = firstStep
        progress = TrainingProgress(
            step: 0, totalSteps: totalSteps, epoch: 0, loss: .nan, accuracy: nil, stepsPerSecond: 0,
            evaluatedAccuracy: nil)
    }

    mutating func note(_ evaluations: [EvaluationRow]) {
        // Of several modes the first, as everywhere.
        let preferred =
            evaluations.first { $0.split == SplitName.test.rawValue }
            ?? evaluations.first { $0.split == SplitName.validation.rawValue }
        progress.evaluatedAccuracy = preferred?.accuracy ?? progress.evaluatedAccuracy
    }

    mutating func report(_ result: BatchResult, step: Int, epoch: Int, _ hooks: RunHooks) {
        progress.loss = result.loss
        progress.accuracy = result.accuracy
        let now = seconds(of: CLOCK_MONOTONIC)
        guard now - last >= 0.1 else { return }
        last = now
        call(step: step, epoch: epoch, now: now, hooks)
    }

    /// - Parameter result: of the last step, if it was measured.
    mutating func finish(_ result: BatchResult?, step: Int, epoch: Int, _ hooks: RunHooks) {
        progress.loss = result?.loss ?? progress.loss
        progress.accuracy = result?.accuracy ?? progress.accuracy
        call(step: step, epoch: epoch, now: seconds(of: CLOCK_MONOTONIC), hooks)
    }

    private mutating func call(step: Int, epoch: Int, now: Double, _ hooks: RunHooks) {
        progress.step = step
        progress.epoch = epoch
        progress.stepsPerSecond = Double(step - firstStep) / max(now - start, 1e-9)
        hooks.progress(progress)
    }
}
