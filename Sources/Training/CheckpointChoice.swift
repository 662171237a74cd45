import Datasets
import Foundation
import RunStore

/// Which checkpoint of a run is meant.
package enum CheckpointChoice: Equatable, Sendable {
    /// The newest one that is intact.
    case last
    /// The state of the best evaluation, as `checkpoint.best` says.
    case best
    /// The one after so many updates.
    case step(Int)
    /// A file, wherever it lies.
    case file(String)

    /// Reads `last`, `best`, a number of updates or a path.
    package init(_ text: String) {
        switch text {
        case "last": self = .last
        case "best": self = .best
        default: self = Int(text).map { .step($0) } ?? .file(text)
        }
    }

    /// Opens the checkpoint that is meant.
    ///
    /// - Parameters:
    ///   - limit: the highest step that `last` may have.
    ///   - note: called with a sentence for each damaged checkpoint that `last` passes over.
    /// - Returns: nil if `last` is meant and the run has none.
    func open(
        of run: RunReference, as plan: RunPlan, in results: ResultsFile, atMost limit: Int = .max,
        note: (String) -> Void
    ) throws -> Checkpoint? {
        let checkpoints = CheckpointPlan(plan.config, uuid: run.uuid, results: results)
        let records = try results.checkpoints(ofRun: Int64(run.id))
        func only(_ record: CheckpointRecord?, _ missing: String) throws -> Checkpoint {
            guard let record else {
                let steps = records.map { $0.kind == .best ? "best (step \($0.step))" : "\($0.step)" }
                throw ResultsError(
                    "run \(run.uuid) (\(run.name)) has no \(missing); "
                        + (steps.isEmpty ? "it has no checkpoint" : "it has \(steps.joined(separator: ", "))"),
                    cause: .request)
            }
            return try record.open(ofRun: run.uuid, checkpoints, totalSteps: plan.totalSteps)
        }
        switch self {
        case .last:
            for record in records where record.step <= limit {
                do {
                    return try record.open(ofRun: run.uuid, checkpoints, totalSteps: plan.totalSteps)
                } catch {
                    note("\(error.message) The next older one is taken")
                }
            }
            return nil
        case .best:
            return try only(records.first { $0.kind == .best }, "checkpoint of its best evaluation")
        case .step(let step):
            return try only(records.first { $0.step == step }, "checkpoint of step \(step)")
        case .file(let path):
            let checkpoint = try Checkpoint(file: path)
            guard checkpoint.runUUID == run.uuid, checkpoint.step <= plan.totalSteps else {
                throw DataError(
                    file: path,
                    "This is step \(checkpoint.step) of run \(checkpoint.runUUID), expected a step up to "
                        + "\(plan.totalSteps) of run \(run.uuid).")
            }
            return checkpoint
        }
    }
}
