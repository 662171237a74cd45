import Datasets
import Foundation
import Matrices
import NeuralNetwork
import RunStore

/// How a run ended, for people and exit codes.
package struct RunOutcome: Sendable {
    package var uuid: String
    package var status: RunStatus
    package var reason: String?
    package var lastStep = 0
}

/// What the command line knows about a run beside its config.
package struct RunEnvironment: Sendable {
    package var threads: Int
    package var enginePath: String
    package var command: String

    package init(threads: Int, enginePath: String, command: String) {
        self.threads = threads
        self.enginePath = enginePath
        self.command = command
    }
}

/// Loads the data of a config and checks the two against each other; nothing is written.
package func planRun(_ loaded: LoadedConfig) throws -> RunPlan {
    let plan = try RunPlan(loaded, data: TrainingData(loaded.config.data, loss: loaded.config.objective.loss))
    // Weights that do not fit are refused before anything is recorded.
    if plan.config.model.initialWeights != nil { let _: Network<Float> = try makeNetwork(plan, pool: .single) }
    return plan
}

/// Trains as planned and records everything in the results file.
///
/// Whatever happens after the run's first row, its status says how it ended, and the rows measured up to then are kept.
package func runExperiment(
    _ load: () throws -> RunPlan, results: ResultsFile, environment: RunEnvironment, hooks: RunHooks
) throws -> RunOutcome {
    let clock = PhaseClock()
    return try clock.measureWhole { stop in
        let plan = try clock.measure(.load, load)
        let uuid = UUID().uuidString.lowercased()
        let writer = try results.beginRun(
            try record(of: plan, uuid: uuid, environment), attempt: AttemptRecord(
                host: Machine.host, pid: Int(ProcessInfo.processInfo.processIdentifier), startedAt: Date()),
            parameters: plan.resolved.leaves().map { ($0.path, $0.value.sqlValue) },
            layers: plan.network.layers.enumerated().map(record(ofLayer:_:)), tags: plan.config.tags, onCommit: hooks.committed)
        var outcome = RunOutcome(uuid: uuid, status: .failed, reason: nil)
        var lastStep = 0
        func finish() throws {
            stop()
            try writer.finish(
                status: outcome.status, exitReason: outcome.reason, lastStep: lastStep, peakMemoryBytes: Machine.peakMemoryBytes,
                phases: clock.records)
        }
        do {
            let pool = WorkerPool(threadCount: environment.threads)
            let directory = plan.config.checkpoint.map { $0.directory ?? "\(results.path).checkpoints/\(uuid)" }
            defer { pool.stop() }
            let end: TrainingEnd
            switch plan.config.precision {
            case .float32: end = try train(plan, Float.self, pool, clock, hooks, writer, directory, &lastStep)
            case .float64: end = try train(plan, Double.self, pool, clock, hooks, writer, directory, &lastStep)
            }
            switch end {
            case .finished: outcome.status = .finished
            case .interrupted(let step):
                outcome.status = .interrupted
                outcome.reason = "stopped by a signal after step \(step) of \(plan.totalSteps)"
            case .diverged(let step, let loss):
                outcome.status = .diverged
                outcome.reason = "the loss at step \(step) is \(loss.isNaN ? "not a number" : "infinite")"
            }
        } catch {
            outcome.reason = "\(error)"
            // The first error is the one to report; a results file that cannot take rows cannot take the status either.
            do { try finish() } catch {}
            throw error
        }
        try finish()
        outcome.lastStep = lastStep
        return outcome
    }
}

private func train<S: Scalar>(
    _ plan: RunPlan, _: S.Type, _ pool: WorkerPool, _ clock: PhaseClock, _ hooks: RunHooks, _ writer: RunWriter,
    _ checkpointDirectory: String?, _ lastStep: inout Int
) throws -> TrainingEnd {
    let trainer = try clock.measure(.load) { try Trainer<S>(plan, pool: pool, clock: clock, hooks: hooks, checkpointDirectory: checkpointDirectory) }
    defer { lastStep = trainer.step }
    let end = try clock.measure(.train) { try trainer.train { try writer.append($0) } }
    try clock.measure(.log) { try writer.flush() }
    return end
}

private func record(of plan: RunPlan, uuid: String, _ environment: RunEnvironment) throws -> RunRecord {
    let initialWeightsHash = try plan.config.model.initialWeights.map { try hexadecimalSHA256(ofFile: $0) }
    return RunRecord(
        uuid: uuid, name: plan.config.name, createdAt: Date(), seed: Int(plan.config.seed),
        config: plan.resolved.text(), configHash: hexadecimalSHA256(plan.resolved.canonicalText), dataHash: plan.data.hash,
        identity: identity(ofResolved: plan.resolved, dataHash: plan.data.hash, initialWeightsHash: initialWeightsHash), precision: plan.config.precision.rawValue,
        version: productVersion, sourceCommit: nil, threads: environment.threads, cpu: Machine.processor, blas: BLAS.name,
        blasKernel: BLAS.kernel, enginePath: environment.enginePath, command: environment.command)
}

private func record(ofLayer index: Int, _ layer: LayerDescription) -> LayerRecord {
    LayerRecord(
        layer: index, kind: "linear", inputs: layer.inputs, outputs: layer.outputs, activation: layer.activation.rawValue,
        normalization: layer.normalization?.kind.name ?? "none", parameterCount: layer.parameterCount)
}

extension JSON {
    fileprivate var sqlValue: SQLValue {
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
