import NeuralNetwork
import RunStore
import Support

/// What is done with the batch of a step that is computed again.
package protocol StepReader {
    associatedtype Reading
    /// Refuses a network before anything is computed.
    func check(_ network: NetworkDescription) throws
    /// Reads a network after the updates before the step, and its workspace with the batch that makes the next, which
    /// has run forward.
    func read<S: Scalar>(_ network: Network<S>, _ workspace: Workspace<S>, of plan: RunPlan) throws -> Reading
}

extension StepReader {
    package func check(_ network: NetworkDescription) {}
}

/// Computes the batch that makes update `step` + 1 of a run again, with the run's bits, from a checkpoint before it, or
/// from the start.
///
/// - Parameter note: called with what the user should know.
/// - Throws: `Failure` if the run has no such step, or the checkpoint is beyond it.
package func replay<Reader: StepReader>(
    step: Int, of run: RunReference, in results: ResultsFile, from choice: CheckpointChoice = .last,
    dataFile: String? = nil, note: (String) -> Void = { _ in }, _ reader: Reader
) throws -> Reader.Reading {
    let plan = try storedPlan(run, in: results, dataFile: dataFile)
    guard step <= plan.totalSteps else {
        throw Failure(.usage, "--step is \(step), but run \(run.uuid) has only \(plan.totalSteps) steps")
    }
    try reader.check(plan.network)
    var start = TrainingStart(uuid: run.uuid)
    start.checkpoint = try choice.open(of: run, as: plan, in: results, atMost: step, note: note)
    guard start.step <= step else {
        throw Failure(
            .usage, "--checkpoint is one of step \(start.step); expected one at or before step \(step)")
    }
    return try replay(step: step, of: plan, start, reader)
}

/// Computes the batch that makes update `step` + 1 of a config's run, which is recorded nowhere.
///
/// - Throws: `Failure` if the run would have no such step.
package func replay<Reader: StepReader>(step: Int, of loaded: LoadedConfig, _ reader: Reader) throws -> Reader.Reading {
    let plan = try planRun(loaded)
    guard step <= plan.totalSteps else {
        throw Failure(.usage, "--step is \(step), but this config has only \(plan.totalSteps) steps")
    }
    try reader.check(plan.network)
    return try replay(step: step, of: plan, TrainingStart(uuid: ""), reader)
}

private func replay<Reader: StepReader>(
    step: Int, of plan: RunPlan, _ start: TrainingStart, _ reader: Reader
) throws -> Reader.Reading {
    func read<S: Scalar>(_: S.Type) throws -> Reader.Reading {
        let trainer = try Trainer<S>(
            plan, start: start, inputs: .dense, pool: .single, clock: PhaseClock(), hooks: RunHooks())
        return try trainer.replay(to: step) { try reader.read($0, $1, of: plan) }
    }
    return plan.config.precision == .float32 ? try read(Float.self) : try read(Double.self)
}
