import Datasets
import Foundation
import NeuralNetwork

// Parameters in HDF5 files: `layer/<index>/weight` (D x H, row by row), `bias`, `gain`, `gamma`, `beta`, `running_mean`
// and `running_variance` (H; `running_standard_deviation` for batch renormalization), `running_whitening` (H x G for
// groups of G units; for decorrelated batch normalization), `factor` (1; of residual blocks), the optimizer's arrays as
// `optimizer/<index>/<parameter>/<number>`, and where the next step is logged `previous_gradient/<index>/<parameter>`,
// with which its gradients are compared.

/// Makes a plan's network as it starts: drawn from the seed, or read from `model.initial_weights`.
///
/// - Throws: `DataError` if the file has another shape of any array or lacks one.
package func makeNetwork<S: Scalar>(_ plan: RunPlan, pool: WorkerPool) throws(DataError) -> Network<S> {
    let config = plan.config
    let network = Network<S>(
        plan.network, initialization: config.model.initialization, optimizer: config.optimizer,
        objective: config.objective, fault: config.training.fault, seed: config.seed,
        pool: pool)
    if let path = config.model.initialWeights {
        let file = try naming("model.initial_weights") { () throws(DataError) -> any WeightFile in
            SafetensorsFile.isMeant(by: path)
                ? try TorchWeightFile(SafetensorsFile(path: path), network.description) : try ArrayFile(path: path)
        }
        try naming(
            "model.initial_weights",
            remedy: "Change model.hidden, model.bias or model.normalization, or name another file."
        ) { () throws(DataError) in try readWeights(of: network, from: file) }
        let areRunningSound = network.layers.compactMap(\.running).allSatisfy { running in
            running.mean.elements.allSatisfy(\.isFinite)
                && running.spread.elements.allSatisfy { $0.isFinite && $0 >= 0 }
        }
        guard areRunningSound else {
            throw DataError(
                file: path,
                "model.initial_weights: It has running statistics that are not finite, or a variance below 0; expected "
                    + "those of a trained network.")
        }
        guard network.isFinite else {
            throw DataError(
                file: path,
                "model.initial_weights: It has parameters that are not finite in \(config.precision.rawValue).")
        }
        network.rememberNorms()
    }
    if let (layer, unit) = network.unitOfNoLength {
        let weights =
            unit.map { "The incoming weights of unit \($0) of layer \(layer)" } ?? "All weights of layer \(layer)"
        let source = config.model.initialWeights == nil ? "model.initialization" : "model.initial_weights"
        let problem =
            "optimizer.weight_projection: \(weights) start at 0, and have no norm to return to. Choose others with "
            + "\(source), or set optimizer.weight_projection to \"none\"."
        throw config.model.initialWeights.map { DataError(file: $0, problem) } ?? DataError(problem)
    }
    return network
}

/// A file of parameters and running statistics by the names that checkpoints have.
protocol WeightFile {
    var path: String { get }
    var names: Set<String> { get }
    /// The batches that a layer's running statistics are the averages of; nil where the file does not say.
    func batchCount(ofLayer index: Int) throws(DataError) -> Int64?
    /// Fills matrices from arrays of their shapes.
    func read<S: Scalar>(_ arrays: [(name: String, matrix: Matrix<S>)]) throws(DataError)
}

extension ArrayFile: WeightFile {
    func batchCount(ofLayer index: Int) -> Int64? {
        if case .integer(let count)? = attributes(of: "layer/\(index)")["batch_count"] { count } else { nil }
    }
}

/// Fills every parameter from a file, and running statistics where the file has them.
///
/// - Throws: an error if the file has another number of layers, lacks an array or has another shape of it.
func readWeights<S: Scalar>(of network: Network<S>, from file: any WeightFile) throws(DataError) {
    // The second part of `layer/0/weight`; in a damaged file a name may be empty.
    let layers = file.names.filter { $0.hasPrefix("layer/") }.map { $0.split(separator: "/").dropFirst().first }
    let layerCount = Set(layers).count
    guard layerCount == network.layers.count else {
        throw DataError(
            file: file.path,
            "It has \(layerCount) layers (groups layer/0, layer/1, ...); the network has \(network.layers.count).")
    }
    var arrays: [(String, Matrix<S>)] = []
    for (index, layer) in network.layers.enumerated() {
        for parameter in layer.parameters {
            arrays.append(("layer/\(index)/\(parameter.kind.rawValue)", parameter.value))
        }
        guard let running = layer.running, file.names.contains("layer/\(index)/running_mean") else { continue }
        for (name, matrix) in running.arrays {
            let path = "layer/\(index)/\(name)"
            // Modules of PyTorch have no variance that nothing is divided by.
            if matrix === running.spread, !running.dividesByDeviation, !file.names.contains(path) { continue }
            arrays.append((path, matrix))
        }
        if let count = try file.batchCount(ofLayer: index) {
            guard (0...largestBatchCount).contains(count) else {
                throw DataError(
                    file: file.path,
                    "The batch count of layer/\(index) is \(count); expected the number of batches that its running "
                        + "statistics are the averages of, 0 to \(largestBatchCount).")
            }
            running.batchCount = Int(count)
        }
    }
    try file.read(arrays)
}

/// More batches than any run has, and so many fewer than an integer counts that none overflows.
private let largestBatchCount: Int64 = 1 << 53

/// The version of the layout above; raised when a reader must know.
let checkpointFormatVersion = 1

/// Writes every array that outlives a step, under the file's final name only when it is complete.
func writeState<S: Scalar>(
    of network: Network<S>, _ memory: GradientMemory<S>, step: Int, plan: RunPlan, uuid: String, to path: String
) throws(DataError) {
    let writer = try HDF5Writer(path: path)
    for (index, layer) in network.layers.enumerated() {
        for parameter in layer.parameters {
            let name = parameter.kind.rawValue
            try writer.write(parameter.value, to: "layer/\(index)/\(name)", isVector: parameter.kind != .weight)
            for (number, state) in parameter.state.enumerated() {
                try writer.write(state, to: "optimizer/\(index)/\(name)/\(number)", isVector: parameter.kind != .weight)
            }
        }
        guard let running = layer.running else { continue }
        for (name, matrix) in running.arrays {
            try writer.write(matrix, to: "layer/\(index)/\(name)", isVector: matrix.rows == 1)
        }
        try writer.setAttribute("batch_count", .integer(Int64(running.batchCount)), of: "layer/\(index)")
    }
    if let gradients = memory.gradients(before: step) {
        for (index, layer) in memory.names.enumerated() {
            for (position, name) in layer.enumerated() {
                try writer.write(
                    gradients[index][position], to: "previous_gradient/\(index)/\(name)",
                    isVector: name != ParameterKind.weight.rawValue)
            }
        }
        try writer.setAttribute("previous_gradient", .integer(1))
    }
    try writer.setAttribute("step", .integer(Int64(step)))
    try writer.setAttribute("epoch", .integer(Int64(step / plan.stepsPerEpoch)))
    try writer.setAttribute("seed", .integer(Int64(plan.config.seed)))
    try writer.setAttribute("config", .string(plan.resolved.text()))
    try writer.setAttribute("format_version", .integer(Int64(checkpointFormatVersion)))
    try writer.setAttribute("run_uuid", .string(uuid))
    try writer.finish()
}

extension RunningStatistics {
    /// All that is averaged, by the names of files; vectors have one row.
    var arrays: [(name: String, matrix: Matrix<S>)] {
        [("running_mean", mean), (averagesDeviation ? "running_standard_deviation" : "running_variance", spread)]
            + [whitening.map { ("running_whitening", $0) }].compactMap { $0 }
    }
}
