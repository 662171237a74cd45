import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support

// What can be asked of a run after it has ended: its state comes from a checkpoint, or is computed again from the
// newest one before.

/// Returns the plan that a run was started with.
///
/// - Parameters:
///   - overrides: what is to be otherwise, such as the evaluation.
///   - dataFile: where the run's data are now; nil where they are still in the file that its config names.
/// - Throws: `DataError` if the data are not those of the run.
func storedPlan(
    _ run: RunReference, in results: ResultsFile, overrides: [ConfigOverride] = [], dataFile: String?
) throws -> RunPlan {
    var request = ConfigRequest(path: "run \(run.uuid)")
    request.text = try results.config(ofRun: run.id)
    request.options = overrides
    if let dataFile {
        request.options.append(ConfigOverride("data.file", JSON(.string(dataFile)), option: "--data \(dataFile)"))
    }
    let loaded = try loadConfig(request), path = loaded.config.data.file
    if dataFile == nil, !path.contains(where: "*?[".contains), !FileManager.default.fileExists(atPath: path) {
        throw DataError(
            file: path,
            "The data of run \(run.uuid) (\(run.name)) are not there any more. Name the file that has them now with "
                + "--data.")
    }
    let plan = try planRun(loaded)
    let hash = try results.dataHash(ofRun: run.id)
    guard plan.data.hash == hash else {
        throw DataError(
            file: plan.config.data.file,
            "These are not the data of run \(run.uuid) (\(run.name)): their SHA-256 is \(plan.data.hash.prefix(8))..., "
                + "where the run was trained on \(hash.prefix(8)).... Name the file that has those with --data.")
    }
    return plan
}

/// Returns the plan that a run was started with, and the checkpoint that is meant.
///
/// - Throws: `ResultsError` if the run has no such checkpoint.
func storedState(
    _ choice: CheckpointChoice, of run: RunReference, in results: ResultsFile, overrides: [ConfigOverride] = [],
    dataFile: String?, note: (String) -> Void
) throws -> (plan: RunPlan, checkpoint: Checkpoint) {
    let plan = try storedPlan(run, in: results, overrides: overrides, dataFile: dataFile)
    guard let checkpoint = try choice.open(of: run, as: plan, in: results, note: note) else {
        throw ResultsError(
            "run \(run.uuid) (\(run.name)) has no checkpoint; run it again with --set checkpoint={}, which keeps its "
                + "end",
            cause: .request)
    }
    return (plan, checkpoint)
}

/// Returns what must be set in a run's config for another evaluation than its own, which nothing measures or waits for.
func evaluationOverrides(splits: [SplitName], modes: [NormalizationMode], batchSize: Int?) -> [ConfigOverride] {
    func choice(_ key: String, _ option: String, _ words: [String]) -> ConfigOverride? {
        guard !words.isEmpty else { return nil }
        return ConfigOverride(
            key, JSON(.array(words.map { JSON(.string($0)) })),
            option: words.map { "\(option) \($0)" }.joined(separator: " "))
    }
    return [
        ConfigOverride(path: ["logging"], value: .emptyObject, source: ""),
        ConfigOverride(path: ["training", "stop_when"], value: JSON(.null), source: ""),
        choice("evaluation.splits", "--split", splits.map(\.rawValue)),
        choice("evaluation.modes", "--mode", modes.map(\.rawValue)),
        batchSize.map { ConfigOverride("evaluation.batch_size", JSON(.integer($0)), option: "--batch-size \($0)") },
    ].compactMap { $0 }
}

/// Evaluates a checkpoint of a run, one record per split and mode; nothing is written.
///
/// - Parameters:
///   - perturbations: objects as `evaluation.perturbations` has them; empty for those of the run.
///   - note: called with what the user should know.
/// - Throws: `ResultsError` if the run has no such checkpoint.
package func evaluate(
    _ choice: CheckpointChoice, of run: RunReference, in results: ResultsFile, dataFile: String? = nil,
    splits: [SplitName], modes: [NormalizationMode], batchSize: Int?, perturbations: [JSON] = [],
    note: (String) -> Void = { _ in },
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
) throws -> Evaluations {
    var overrides = evaluationOverrides(splits: splits, modes: modes, batchSize: batchSize)
    if !perturbations.isEmpty {
        overrides.append(
            ConfigOverride(
                path: ["evaluation", "perturbations"], value: JSON(.array(perturbations)), source: "--perturb"))
    }
    let (plan, checkpoint) = try storedState(
        choice, of: run, in: results, overrides: overrides, dataFile: dataFile, note: note)
    func records<S: Scalar>(_: S.Type) throws -> Evaluations {
        let network: Network<S> = try makeNetwork(plan, pool: .single)
        try checkpoint.restore(network)
        let rowCount =
            plan.evaluatedSplits.reduce(0) { $0 + plan.evaluatedRowCount(of: $1) } * plan.evaluationModes.count
        var done = 0
        return try Evaluator(plan, network: network, inputs: .dense).evaluate(step: checkpoint.step) { rows in
            done += rows
            progress(done, rowCount)
        }
    }
    return plan.config.precision == .float32 ? try records(Float.self) : try records(Double.self)
}
