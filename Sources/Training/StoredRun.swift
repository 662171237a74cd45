import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support

// What can be asked of a run after it has ended: its state comes from a checkpoint, or is computed again from the
// newest one before.

/// Returns the plan that a run was started with.
///
/// - Parameter overrides: "key.path=VALUE" each, such as another evaluation.
private func storedPlan(_ run: RunReference, in results: ResultsFile, overrides: [String]) throws -> RunPlan {
    let text = try results.config(ofRun: run.id)
    var request = ConfigRequest(path: "run \(run.uuid)")
    request.text = text
    request.overrides = overrides
    return try planRun(loadConfig(request))
}

/// Evaluates a run's newest checkpoint, one record per split and mode; nothing is written.
///
/// - Throws: `ResultsError` if the run has no checkpoint.
package func evaluateCheckpoint(
    of run: RunReference, in results: ResultsFile, splits: [SplitName], modes: [NormalizationMode], batchSize: Int?
) throws -> [EvaluationRow] {
    var overrides: [String] = []
    func list(_ words: [String]) -> String { "[" + words.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }
    if !splits.isEmpty { overrides.append("evaluation.splits=\(list(splits.map(\.rawValue)))") }
    if !modes.isEmpty { overrides.append("evaluation.modes=\(list(modes.map(\.rawValue)))") }
    if let batchSize { overrides.append("evaluation.batch_size=\(batchSize)") }
    let plan = try storedPlan(run, in: results, overrides: overrides)
    guard let checkpoint = try CheckpointPlan(plan.config, uuid: run.uuid, results: results).newest(ofRun: run.uuid)
    else {
        throw ResultsError(
            "run \(run.uuid) (\(run.name)) has no checkpoint; run it again with --set checkpoint={}, which keeps its "
                + "end",
            cause: .request)
    }
    func records<S: Scalar>(_: S.Type) throws -> [EvaluationRow] {
        let network: Network<S> = try makeNetwork(plan, pool: .single)
        try checkpoint.restore(network)
        return try Evaluator(plan, network: network, inputs: .dense).evaluate(step: checkpoint.step)
    }
    return plan.config.precision == .float32 ? try records(Float.self) : try records(Double.self)
}

/// Writes the batch that makes update `step` + 1 to an HDF5 file: inputs, targets, the values of every site and the
/// gradients of every parameter, computed again from the newest checkpoint before, or from the start.
///
/// - Throws: `ConfigError` if the run has no such step.
package func dump(step: Int, of run: RunReference, in results: ResultsFile, to path: String) throws {
    let plan = try storedPlan(run, in: results, overrides: [])
    guard step <= plan.totalSteps else {
        throw ConfigError(
            at: nil, path: "--step", "found \(step), but run \(run.uuid) has only \(plan.totalSteps) steps")
    }
    let checkpoints = CheckpointPlan(plan.config, uuid: run.uuid, results: results)
    let start = TrainingStart(uuid: run.uuid, checkpoint: try checkpoints.newest(ofRun: run.uuid, atMost: step))
    func dump<S: Scalar>(_: S.Type) throws {
        let trainer = try Trainer<S>(
            plan, start: start, checkpoints: checkpoints, inputs: .dense, pool: .single, clock: PhaseClock(),
            hooks: RunHooks())
        try trainer.replay(to: step) { network, workspace in
            try write(network, workspace, step: step, run: run, to: path)
        }
    }
    if plan.config.precision == .float32 { try dump(Float.self) } else { try dump(Double.self) }
}

private func write<S: Scalar>(
    _ network: Network<S>, _ workspace: Workspace<S>, step: Int, run: RunReference, to path: String
) throws {
    let writer = try HDF5Writer(path: path)
    try writer.write(workspace.input, to: "inputs")
    if let values = workspace.targets.values {
        try writer.write(values, to: "targets")
    } else {
        try writer.write(
            UnsafeBufferPointer(workspace.targets.labelBuffer), shape: [workspace.targets.rows], to: "targets")
    }
    for (index, layer) in network.layers.enumerated() {
        for site in Site.allCases {
            guard let values = workspace.layers[index].values(at: site)?.0 else { continue }
            try writer.write(values, to: "layer/\(index)/\(site.rawValue)")
        }
        for parameter in layer.parameters {
            let isVector = parameter.kind != .weight
            try writer.write(parameter.value, to: "layer/\(index)/\(parameter.kind.rawValue)", isVector: isVector)
            try writer.write(
                parameter.gradient, to: "layer/\(index)/\(parameter.kind.rawValue)_gradient", isVector: isVector)
        }
    }
    try writer.setAttribute("step", .integer(Int64(step)))
    try writer.setAttribute("run_uuid", .string(run.uuid))
    try writer.finish()
}
