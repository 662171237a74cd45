import Datasets
import Foundation
import RunStore
import Support

/// Where a run goes on from.
struct Resumption {
    /// The newest checkpoint that counts and is intact; nil where the run begins at step 0.
    private(set) var checkpoint: Checkpoint?
    /// What the user should know about the choice.
    private(set) var notes: [String] = []

    init(of run: ExistingRun, as plan: RunPlan, _ checkpoints: CheckpointPlan, in results: ResultsFile) throws {
        let records = try results.checkpoints(ofRun: run.id)
        let missing = try firstMissingStep(
            ofRun: run.id, logged: plan.logged, evaluated: plan.evaluatedSplits.isEmpty ? nil : plan.evaluated,
            before: records.first?.step ?? 0, in: results)
        if let missing {
            notes.append("rows of step \(missing) are missing, so that it is measured again from there")
        }
        for record in records where record.step <= missing ?? .max {
            do {
                checkpoint = try record.open(ofRun: run.uuid, checkpoints, totalSteps: plan.totalSteps)
                break
            } catch {
                notes.append("\(error.message) The next older one is taken")
            }
        }
        let rows = try results.rowCount(ofRun: run.id, from: checkpoint?.step ?? 0)
        let again = rows == 0 ? "" : ", \(rows) rows from there on are measured again"
        let name = "run \(run.uuid.prefix(8)) (\(run.status.rawValue))"
        if let checkpoint {
            notes.append("\(name): going on from step \(checkpoint.step) of checkpoint \(checkpoint.file.path)\(again)")
        } else {
            notes.append("\(name): no checkpoint, begins at step 0\(again)")
        }
    }
}

extension CheckpointRecord {
    /// Opens the file after comparing its bytes with those that were written.
    ///
    /// - Throws: `DataError` if it is not there, is damaged, or is of another run.
    func open(ofRun uuid: String, _ plan: CheckpointPlan, totalSteps: Int = .max) throws(DataError) -> Checkpoint {
        let places = places(besideResults: plan.defaultFolder)
        guard let last = places.last else {
            throw DataError(file: path, "This checkpoint of step \(step) is not there any more.")
        }
        var place = last
        for candidate in places {
            let bytes = try contents(ofFile: candidate)
            let found = SHA256.hexadecimal(bytes)
            if found == sha256 {
                place = candidate
                break
            }
            guard candidate == last else { continue }
            throw DataError(
                file: candidate,
                "This checkpoint of step \(step) is damaged: it has \(bytes.count) bytes with SHA-256 "
                    + "\(found.prefix(8))..., where \(byteCount) bytes with \(sha256.prefix(8))... were written.")
        }
        let checkpoint = try Checkpoint(file: place)
        guard checkpoint.runUUID == uuid, checkpoint.step == step, step <= totalSteps else {
            throw DataError(
                file: place,
                "This is step \(checkpoint.step) of run \(checkpoint.runUUID), expected step \(step) of run \(uuid).")
        }
        return checkpoint
    }
}

/// Names the run that is most like a plan and has not ended, and what differs; nil if no run is like it.
func nearestRun(to plan: RunPlan, in results: ResultsFile) throws -> String? {
    let ignored: Set<String> = ["name", "tags", "logging", "checkpoint"]
    func relevant(_ path: String) -> Bool {
        !ignored.contains(String(path.prefix { $0 != "." })) && path != "data.file"
    }
    let own = Dictionary(
        uniqueKeysWithValues: plan.resolved.leaves().filter { relevant($0.path) }.map { ($0.path, $0.value.sqlValue) })
    var nearest: (uuid: String, status: String, step: String, keys: [String])?
    for run in try results.unendedRuns(newest: 100) {
        let other = try results.parameters(ofRun: run.id).filter { relevant($0.key) }
        let keys = Set(own.keys).union(other.keys).filter { own[$0] != other[$0] }.sorted()
        if keys.count < nearest?.keys.count ?? 4 {
            nearest = (run.uuid, run.status, run.lastStep.map { " at step \($0)" } ?? "", keys)
        }
    }
    guard let nearest else { return nil }
    let difference = nearest.keys.isEmpty ? "its data or its version" : nearest.keys.joined(separator: ", ")
    return
        "no run of this identity; the nearest, \(nearest.uuid.prefix(8)) (\(nearest.status)\(nearest.step)), differs "
        + "in \(difference). A new run begins"
}
