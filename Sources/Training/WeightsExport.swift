import Datasets
import NeuralNetwork
import RunStore
import Support

/// Writes the parameters and running statistics of a run's checkpoint to a safetensors file.
///
/// The metadata name the run, the step and the config.
///
/// - Parameter note: called with what the user should know.
/// - Throws: `ResultsError` if the run has no such checkpoint.
package func exportWeights(
    _ choice: CheckpointChoice, of run: RunReference, in results: ResultsFile, dataFile: String? = nil, to path: String,
    note: (String) -> Void
) throws {
    let (plan, checkpoint) = try storedState(choice, of: run, in: results, dataFile: dataFile, note: note)
    func write<S: Scalar>(_: S.Type) throws {
        let network: Network<S> = try makeNetwork(plan, pool: .single)
        try checkpoint.restore(network)
        let reason = try writeTorchWeights(
            of: network,
            metadata: [
                ("run_uuid", run.uuid), ("run_name", run.name), ("step", "\(checkpoint.step)"),
                ("config", plan.resolved.text()),
            ], to: path)
        guard let reason else { return }
        note(
            "\(reason), so that \(path) has the names and shapes of checkpoints (layer/0/weight, inputs x outputs) "
                + "rather than those of nn.Sequential")
    }
    if plan.config.precision == .float32 { try write(Float.self) } else { try write(Double.self) }
}

/// Writes a network to a safetensors file, with the names and shapes of an `nn.Sequential` and the expression that
/// makes it where PyTorch has all modules, else with those of checkpoints.
///
/// - Returns: why PyTorch does not have them.
package func writeTorchWeights<S: Scalar>(of network: Network<S>, metadata: [(String, String)], to path: String)
    throws(Failure) -> String?
{
    let layout = Result { () throws(NoTorchModule) in try TorchLayout(network.description) }
    let metadata = [("format", "pt")] + metadata
    var writer: SafetensorsWriter, reason: String?
    switch layout {
    case .success(let layout):
        let module = "nn.Sequential(\(layout.text))\(S.self == Double.self ? ".double()" : "")"
        writer = SafetensorsWriter(metadata: metadata + [("module", module)])
        writer.add(network, as: layout)
    case .failure(let missing):
        writer = SafetensorsWriter(metadata: metadata)
        writer.addPlain(network)
        reason = missing.reason
    }
    try writer.finish(to: path)
    return reason
}
