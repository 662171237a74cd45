import Datasets
import Foundation
import RunStore
import Support

/// Where and when a run's state is kept.
///
/// Every run has a folder of its own, in which nothing else writes and from which it removes only what it wrote.
struct CheckpointPlan {
    /// The folder of the run's checkpoints, `<checkpoint.directory>/<uuid>`.
    let folder: String
    /// The folder beside the results file, for when the one above cannot take a checkpoint.
    let defaultFolder: String
    /// Steps between checkpoints; nil where they are written by time.
    private let cadence: Cadence?
    /// Whether the finished run keeps its end.
    let keepsEnd: Bool
    /// How many of the newest are kept; nil keeps all.
    let keep: Int?
    /// The evaluation whose best value so far has a checkpoint of its own, `best.h5`.
    let best: Config.MetricChoice?

    init(_ config: Config, uuid: String, results: ResultsFile) {
        defaultFolder = "\(results.checkpointsFolder)/\(uuid)"
        folder = config.checkpoint?.directory.map { "\(withLinksResolved($0))/\(uuid)" } ?? defaultFolder
        cadence = config.checkpoint.map { Cadence(every: $0.every, end: .ordinary) }
        keepsEnd = config.checkpoint != nil
        keep = config.checkpoint == nil ? 1 : config.checkpoint?.keep
        best = config.checkpoint?.best
    }

    /// Whether a checkpoint is written whenever some time has passed, because the config says nothing of checkpoints.
    var isByTime: Bool { cadence == nil }

    /// Whether a step before the last one has a checkpoint.
    func isDue(_ step: Int, of total: Int) -> Bool { step < total && cadence?.includes(step, of: total) == true }

    func name(_ kind: CheckpointRecord.Kind, step: Int) -> String {
        switch kind {
        case .step: "step-\(step).h5"
        case .best: "best.h5"
        }
    }

    /// Removes what killed processes left in the run's folders: files that are not complete, and checkpoints that do
    /// not count.
    ///
    /// No other process may work on the run.
    func removeStrays(keeping counted: [CheckpointRecord]) {
        let kept = Set(counted.map { URL(fileURLWithPath: $0.path).lastPathComponent })
        for folder in Set([folder, defaultFolder]) {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
                let isStray =
                    name.wholeMatch(of: /(best|step-[0-9]+)\.h5/) != nil && !kept.contains(name)
                    || name.wholeMatch(of: /\.(best|step-[0-9]+)\.h5\..*\.partial/) != nil
                if isStray { unlink("\(folder)/\(name)") }
            }
        }
    }

    /// Removes the file of a checkpoint that no longer counts where it is in one of the run's folders: what is recorded
    /// may be the place that results file and checkpoints were copied from.
    func removeFile(of checkpoint: CheckpointRecord) {
        let place = URL(fileURLWithPath: checkpoint.path)
        if place.deletingLastPathComponent().path == folder { unlink(checkpoint.path) }
        unlink("\(defaultFolder)/\(place.lastPathComponent)")
    }

    /// Removes files that no longer count, and the folders that have become empty.
    func remove(_ checkpoints: [CheckpointRecord]) {
        for checkpoint in checkpoints { removeFile(of: checkpoint) }
        for folder in Set([folder, defaultFolder]) { rmdir(folder) }
        rmdir((defaultFolder as NSString).deletingLastPathComponent)  // if no other run has any
    }
}
