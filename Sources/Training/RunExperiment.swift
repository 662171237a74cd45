import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support

/// How a run ended, for people and exit codes.
package struct RunOutcome: Sendable {
    package var uuid: String
    package var status: RunStatus
    package var reason: String?
    /// The step that this process started from.
    package var firstStep = 0
    package var lastStep = 0
    /// Whether the run already existed, so that nothing was run.
    package var isSkipped = false
}

/// What the command line knows about a run beside its config.
package struct RunEnvironment: Sendable {
    package var threads: Int
    /// What the binary was compiled for, such as "x86-64-v3".
    package var instructionSet: String
    package var inputForm: InputForm
    package var command: String
    package var sourceCommit: String?
    /// The trial of a sweep that the run is.
    package var trial: TrialReference?

    package init(
        threads: Int, instructionSet: String, inputForm: InputForm = .automatic, command: String,
        sourceCommit: String? = nil
    ) {
        self.threads = threads
        self.instructionSet = instructionSet
        self.inputForm = inputForm
        self.command = command
        self.sourceCommit = sourceCommit
    }
}

/// Loads the data of a config and checks the two against each other; nothing is written.
/// - Parameter cache: holds data that other runs of this process have loaded, and keeps it.
package func planRun(_ loaded: LoadedConfig, cache: DataCache = DataCache()) throws -> RunPlan {
    let plan = try RunPlan(loaded, data: cache.data(of: loaded.config))
    if let problem = plan.singlePrecision.compactMap(\.problem).first { throw problem }
    // Weights that do not fit are refused before anything is recorded.
    if plan.config.model.initialWeights != nil {
        switch plan.config.precision {
        case .float32: _ = try makeNetwork(plan, pool: .single) as Network<Float>
        case .float64: _ = try makeNetwork(plan, pool: .single) as Network<Double>
        }
    }
    return plan
}

/// What to do if the results file holds a run of the same identity.
package enum ExistingRunPolicy: String, CaseIterable, Sendable {
    /// Skip one that has ended; go on with one that has not, as `resume` does.
    case skip
    /// Go on with one that has not ended; skip a finished or diverged one.
    case resume
    /// Make a new run beside it.
    case rerun
    /// Refuse.
    case error
}

/// Trains as planned and records everything in the results file.
///
/// Whatever happens after the run's first row, its status says how it ended, and the rows measured up to then are kept.
/// - Parameters:
///   - shorter: the config of a run that has ended and goes on to the end of the one that `load` plans; nil for a run
///   of
///     its own.
///   - clock: what it has measured before counts as the run's.
package func runExperiment(
    _ load: () throws -> RunPlan, results: ResultsFile, environment: RunEnvironment,
    ifExists policy: ExistingRunPolicy = .rerun, extending shorter: LoadedConfig? = nil, hooks: RunHooks,
    clock: PhaseClock = PhaseClock()
) throws -> RunOutcome {
    var environment = environment
    let (plan, newRecord) = try clock.measure(.load) {
        let plan = try load()
        environment.inputForm = try environment.inputForm.resolved(for: plan)
        return (plan, try record(of: plan, uuid: UUID().uuidString.lowercased(), environment))
    }
    if let trial = environment.trial { try results.requireTrial(trial, identity: newRecord.identity) }
    var existing = try clock.measure(.log) {
        policy == .rerun && shorter == nil ? nil : try results.runs(identity: newRecord.identity).first
    }
    var `extension`: RunExtension?
    let parameters = plan.resolved.leaves().map { (path: $0.path, value: $0.value.sqlValue) }
    // An extension that was interrupted is resumed.
    if let shorter, existing == nil {
        let shorterPlan = try planRun(shorter)
        let (run, lastStep) = try runToExtend(
            shorterPlan, identity: shorterPlan.identity(), to: plan, in: results)
        existing = run
        `extension` = RunExtension(newRecord, parameters: parameters, lastStep: lastStep)
    }
    if let existing, `extension` == nil {
        if policy == .error { throw ExistingRunError(uuid: existing.uuid, status: existing.status) }
        if existing.status.hasEnded {
            return RunOutcome(uuid: existing.uuid, status: existing.status, isSkipped: true)
        }
    }
    let uuid = existing?.uuid ?? newRecord.uuid
    let checkpointPlan = CheckpointPlan(plan.config, uuid: uuid, results: results)
    var start = TrainingStart(uuid: uuid)
    let attempt = AttemptRecord.ofThisProcess
    let writer: RunWriter
    if let existing {
        try checkResumable(existing, plan)
        let resumption = try clock.measure(.checkpoint) {
            try Resumption(of: existing, as: plan, checkpointPlan, in: results)
        }
        start.checkpoint = resumption.checkpoint
        writer = try clock.measure(.log) {
            start.history = try results.evaluations(ofRun: existing.id, before: start.step)
            return try results.resumeRun(
                existing, attempt: attempt, fromStep: start.step, extension: `extension`, onCommit: hooks.committed,
                note: hooks.note)
        }
        resumption.notes.forEach(hooks.note)
        checkpointPlan.removeStrays(keeping: try results.checkpoints(ofRun: existing.id))
    } else {
        if policy == .resume || policy == .skip, let note = try nearestRun(to: plan, in: results) { hooks.note(note) }
        writer = try clock.measure(.log) {
            try results.beginRun(
                newRecord, isOnlyOne: policy != .rerun, trial: environment.trial, attempt: attempt,
                parameters: parameters,
                layers: plan.network.layers.indices.map { record(ofLayer: $0, plan.network) },
                classes: plan.data.classNames, tags: plan.config.tags,
                onCommit: hooks.committed, note: hooks.note)
        }
    }
    plan.notes.forEach(hooks.note)
    let checkpoints = CheckpointKeeper(checkpointPlan, writer: writer, clock: clock)
    var outcome = RunOutcome(uuid: uuid, status: .failed, firstStep: start.step, lastStep: start.step)
    func finish() throws {
        let isWhole = outcome.status == .finished && outcome.lastStep == plan.totalSteps
        let forgotten = try clock.measure(.log) {
            try writer.finish(
                status: outcome.status, exitReason: outcome.reason, lastStep: outcome.lastStep,
                peakMemoryBytes: Machine.peakMemoryBytes, phases: clock.records,
                expecting: isWhole ? plan.rowCounts : nil,
                forgettingCheckpoints: outcome.status.hasEnded && !checkpointPlan.keepsEnd)
        }
        checkpointPlan.remove(forgotten)
    }
    do {
        let end: TrainingEnd
        switch plan.config.precision {
        case .float32:
            end = try train(plan, Float.self, start, checkpoints, environment, clock, hooks, writer, &outcome.lastStep)
        case .float64:
            end = try train(plan, Double.self, start, checkpoints, environment, clock, hooks, writer, &outcome.lastStep)
        }
        switch end {
        case .finished(let reason):
            outcome.status = .finished
            outcome.reason = reason
        case .interrupted(let step):
            outcome.status = .interrupted
            outcome.reason = "stopped by a signal after step \(step) of \(plan.totalSteps)"
        case .diverged(let step, let loss):
            outcome.status = .diverged
            outcome.reason =
                loss.map { "the loss at step \(step) is \($0.isNaN ? "not a number" : "infinite")" }
                ?? "a parameter is not finite after \(step) updates"
        }
    } catch {
        outcome.reason = "\(error)"
        // The first error is the one to report; a results file that cannot take rows cannot take the status either.
        do { try finish() } catch {}
        throw error
    }
    try finish()
    if let difference = writer.difference {
        hooks.note(
            "\(difference), gave other values than an earlier attempt recorded, which are replaced; another processor "
                + "or another version of bnexp measured them")
    }
    return outcome
}

/// The results file holds a run of the same identity, and the caller asked for an error then.
package struct ExistingRunError: UserError {
    package let uuid: String
    package let status: RunStatus
    package var message: String { "run \(uuid) of the same identity exists, \(status.rawValue)" }
    package var exitStatus: ExitStatus { .usage }
}

/// - Throws: if a process still works on the run, or if it was measured in another way than the config says now.
private func checkResumable(_ run: ExistingRun, _ plan: RunPlan) throws {
    if let process = run.processAtWork {
        throw ResultsError(
            "run \(run.uuid) is being worked on by \(process); wait for it, or stop it first", cause: .busyRun)
    }
    let recorded = try JSONReader.read(run.config, source: "run \(run.uuid)")
    for key in ["logging", "evaluation"] {
        guard let before = recorded[key], let now = plan.resolved[key], before.canonicalText != now.canonicalText else {
            continue
        }
        throw ConfigError(
            at: now.position, path: key,
            "differs from what run \(run.uuid) was started with, so that its tables would not be those of one run; "
                + "give the same, or --if-exists rerun"
        )
    }
}

private func train<S: Scalar>(
    _ plan: RunPlan, _: S.Type, _ start: TrainingStart, _ checkpoints: CheckpointKeeper, _ environment: RunEnvironment,
    _ clock: PhaseClock, _ hooks: RunHooks, _ writer: RunWriter, _ lastStep: inout Int
) throws -> TrainingEnd {
    let pool = WorkerPool(threadCount: environment.threads)
    let trainer = try clock.measure(.load) {
        try Trainer<S>(
            plan, start: start, inputs: environment.inputForm, pool: pool, clock: clock, hooks: hooks)
    }
    defer { lastStep = trainer.step }
    let end = try clock.measure(.train) {
        try trainer.train(write: { try writer.append($0) }, checkpoints: checkpoints)
    }
    try clock.measure(.log) { try writer.flush() }
    return end
}

private func record(of plan: RunPlan, uuid: String, _ environment: RunEnvironment) throws -> RunRecord {
    RunRecord(
        uuid: uuid, name: plan.config.name, createdAt: Date(), seed: Int(plan.config.seed),
        config: withAbsolutePaths(plan.resolved).text(), configHash: SHA256.hexadecimal(plan.resolved.canonicalText),
        dataHash: plan.data.hash,
        identity: try plan.identity(), precision: plan.config.precision.rawValue,
        version: productVersion, sourceCommit: environment.sourceCommit, threads: environment.threads,
        cpu: Machine.processor, blas: "bnexp \(productVersion)",
        blasKernel: environment.instructionSet,
        enginePath: "\(environment.instructionSet), \(environment.inputForm.rawValue) inputs",
        command: environment.command, stepsPerEpoch: plan.stepsPerEpoch)
}

private func record(ofLayer index: Int, _ network: NetworkDescription) -> LayerRecord {
    let layer = network.layers[index]
    return LayerRecord(
        layer: index, kind: "linear", inputs: layer.inputs, outputs: layer.outputs,
        activation: layer.activation.rawValue,
        normalization: layer.normalization?.kind ?? "none", parameterCount: layer.parameterCount,
        isScaleInvariant: network.isScaleInvariant(layer: index))
}

/// The keys that name files: looked up in the declaration of all keys once, not for every trial of a sweep.
private let fileKeys = Config.shape.filePaths

/// The config as it can be run from any folder.
private func withAbsolutePaths(_ config: JSON) -> JSON {
    var config = config
    for keyPath in fileKeys {
        guard let path = config[keyPath[...]]?.string else { continue }
        config[keyPath[...]] = JSON(.string(absolutePath(path)))
    }
    return config
}

extension JSON {
    package var sqlValue: SQLValue {
        switch value {
        case .null: .null
        case .boolean(let flag): .integer(flag ? 1 : 0)
        case .integer(let number): .integer(number)
        case .number(let number): .number(number)
        case .string(let text): .text(text)
        case .array, .object: .text(text())
        }
    }
}
