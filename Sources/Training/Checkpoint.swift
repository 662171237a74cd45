import Datasets
import Foundation
import NeuralNetwork

/// A file that holds a run's state after some step.
package struct Checkpoint {
    package let file: ArrayFile
    package let step: Int
    package let runUUID: String

    /// Opens a checkpoint.
    ///
    /// - Throws: an error if the file is damaged, is no checkpoint, or was written in a newer format.
    package init(file path: String) throws(DataError) {
        self = try Checkpoint.explained { () throws(DataError) in try Checkpoint(opening: path) }
    }

    /// Adds to an error of `body` that it comes from a checkpoint.
    private static func explained<Result>(_ body: () throws(DataError) -> Result) throws(DataError) -> Result {
        try naming("checkpoint", remedy: "Name another one, or let the run go on from an older one.", body)
    }

    private init(opening path: String) throws(DataError) {
        file = try ArrayFile(path: path)
        let attributes = file.attributes()
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
        guard step >= 0, let step = Int(exactly: step) else {
            throw DataError(file: path, "Its attribute step is \(step), expected 0 or more.")
        }
        self.step = step
        if case .string(let uuid)? = attributes["run_uuid"] { runUUID = uuid } else { runUUID = "" }
    }

    /// Fills everything that outlives a step, so that training continues as if it had not stopped.
    func restore<S: Scalar>(_ network: Network<S>) throws(DataError) {
        try Checkpoint.explained { () throws(DataError) in
            try readWeights(of: network, from: file)
            var arrays: [(String, Matrix<S>)] = []
            for (index, layer) in network.layers.enumerated() {
                for parameter in layer.parameters {
                    for (number, state) in parameter.state.enumerated() {
                        arrays.append(("optimizer/\(index)/\(parameter.kind.rawValue)/\(number)", state))
                    }
                }
            }
            try file.read(arrays)
        }
    }

    /// Fills the gradients of the step before, if the checkpoint has them.
    func restore<S: Scalar>(_ memory: GradientMemory<S>) throws(DataError) {
        try Checkpoint.explained { () throws(DataError) in
            guard case .integer? = file.attributes()["previous_gradient"] else { return }
            var arrays: [(String, Matrix<S>)] = []
            for (index, layer) in memory.names.enumerated() {
                for (position, name) in layer.enumerated() {
                    arrays.append(("previous_gradient/\(index)/\(name)", memory.allGradients[index][position]))
                }
            }
            try file.read(arrays)
            memory.step = step - 1
        }
    }
}
