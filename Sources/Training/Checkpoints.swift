import Datasets
import Foundation
import NeuralNetwork
import RunStore

/// Where and when a run's state is kept.
struct CheckpointPlan {
    let directory: String
    /// Steps between checkpoints; 0 for none but those that an interruption writes.
    private let cadence: Cadence
    /// Whether the finished run keeps one.
    let keepsEnd: Bool
    /// How many of the newest are kept; nil keeps all.
    let keep: Int?
    /// The evaluation whose best value so far has a checkpoint of its own, `best.h5`.
    let best: Config.MetricChoice?

    init(_ config: Config, uuid: String, results: ResultsFile) {
        directory = config.checkpoint?.directory ?? "\(results.path).checkpoints/\(uuid)"
        cadence = Cadence(every: config.checkpoint?.every ?? 0, end: .ordinary)
        keepsEnd = config.checkpoint != nil
        keep = config.checkpoint?.keep
        best = config.checkpoint?.best
    }

    /// Whether a step before the last one has a checkpoint.
    func isDue(_ step: Int, of total: Int) -> Bool { step < total && cadence.includes(step, of: total) }

    private func path(_ name: String) -> String { (directory as NSString).appendingPathComponent(name) }
    private func path(step: Int) -> String { path("step-\(step).h5") }
    var bestPath: String { path("best.h5") }

    /// Steps that have a checkpoint, the newest first.
    ///
    /// An incomplete file has another name.
    private func steps() -> [Int] {
        let names = (FileManager.default.enumerator(atPath: directory)?.allObjects as? [String]) ?? []
        return names.compactMap { name in name.wholeMatch(of: /step-([0-9]+)\.h5/).flatMap { Int($0.1) } }.sorted(by: >)
    }

    /// The newest checkpoint of a run at or before a step, or nil if there is none.
    func newest(ofRun uuid: String, atMost limit: Int = .max) throws(DataError) -> Checkpoint? {
        for step in steps() where step <= limit {
            let checkpoint = try Checkpoint(file: path(step: step))
            if checkpoint.runUUID == uuid { return checkpoint }
        }
        return nil
    }

    /// Writes the state after `step` updates, then removes what is no longer kept.
    func write<S: Scalar>(
        _ network: Network<S>, _ memory: GradientMemory<S>, step: Int, plan: RunPlan, uuid: String, asBest: Bool = false
    ) throws(DataError) {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw DataError(
                file: directory, "This folder for checkpoints cannot be made; change checkpoint.directory.",
                isOutput: true)
        }
        try writeState(
            of: network, memory, step: step, plan: plan, uuid: uuid, to: asBest ? bestPath : path(step: step))
        guard let keep, !asBest else { return }
        for old in steps().dropFirst(keep) { unlink(path(step: old)) }
    }

    /// Removes what an interruption left, once the run has finished without asking for checkpoints.
    func removeLeftovers() {
        guard !keepsEnd else { return }
        for step in steps() { unlink(path(step: step)) }
        rmdir(directory)
        rmdir((directory as NSString).deletingLastPathComponent)  // if no other run has any
    }
}

/// A file that holds a run's state after some step.
package struct Checkpoint {
    package let file: HDF5File
    package let step: Int
    package let runUUID: String

    /// Opens a checkpoint.
    ///
    /// - Throws: an error if the file is damaged, is no checkpoint, or was written in a newer format.
    package init(file path: String) throws(DataError) {
        self = try Checkpoint.explained { () throws(DataError) in try Checkpoint(opening: path) }
    }

    /// Adds to an error of `body` that it comes from a checkpoint, and what can be done without that.
    private static func explained<Result>(_ body: () throws(DataError) -> Result) throws(DataError) -> Result {
        try naming(
            "checkpoint",
            remedy: "Remove the file to use an older checkpoint of the run, or none if this is its only one.", body)
    }

    private init(opening path: String) throws(DataError) {
        file = try HDF5File(path: path)
        let attributes = try file.attributes()
        guard case .integer(let step)? = attributes["step"], case .integer(let version)? = attributes["format_version"]
        else {
            throw DataError(
                file: path, "It lacks the attributes step and format_version; expected a checkpoint of bnexp.")
        }
        guard version <= checkpointFormatVersion else {
            throw DataError(
                file: path,
                "It has format version \(version), made by a newer bnexp; this one reads versions up to "
                    + "\(checkpointFormatVersion)."
            )
        }
        self.step = Int(step)
        if case .string(let uuid)? = attributes["run_uuid"] { runUUID = uuid } else { runUUID = "" }
    }

    /// Fills everything that outlives a step, so that training continues as if it had not stopped.
    func restore<S: Scalar>(_ network: Network<S>) throws(DataError) {
        try Checkpoint.explained { () throws(DataError) in
            try readWeights(of: network, from: file)
            for (index, layer) in network.layers.enumerated() {
                for parameter in layer.parameters {
                    for (number, state) in parameter.state.enumerated() {
                        try file.read("optimizer/\(index)/\(parameter.kind.rawValue)/\(number)", into: state)
                    }
                }
            }
        }
    }

    /// Fills the gradients of the step before, if the checkpoint has them.
    func restore<S: Scalar>(_ memory: GradientMemory<S>) throws(DataError) {
        try Checkpoint.explained { () throws(DataError) in
            guard case .integer? = try file.attributes()["previous_gradient"] else { return }
            for (index, layer) in memory.names.enumerated() {
                for (position, name) in layer.enumerated() {
                    try file.read("previous_gradient/\(index)/\(name)", into: memory.allGradients[index][position])
                }
            }
            memory.step = step - 1
        }
    }
}
