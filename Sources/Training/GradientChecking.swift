import Datasets
import NeuralNetwork
import Support

/// Checks the gradients of a config's network, always in float64, on the first batch of its training data.
/// - Parameter sampleCount: how many entries of each larger parameter are compared.
/// - Throws: `ConfigError` if the fault concerns nothing that the network has.
package func checkGradients(_ loaded: LoadedConfig, sampleCount: Int, fault: Fault?) throws -> [GradientCheckResult] {
    let plan = try planRun(loaded), config = plan.config
    if let fault, !fault.concerns(plan.network) {
        throw ConfigError(at: nil, path: "--inject-fault", fault.concernsNothing)
    }
    let network: Network<Double> = try makeNetwork(plan, pool: .single)
    let workspace = Workspace<Double>(
        plan.network, rows: config.training.batchSize, forTraining: true, valueCount: plan.data.valueCount)
    var sampler = try plan.sampler()
    try plan.loader(sampler, .dense).load(sampler.next(), into: workspace)
    let check = GradientCheck(network, workspace, sampleCount: sampleCount, seed: config.seed)
    if config.model.initialWeights == nil { check.leaveInitialValues() }
    return check.run(fault: fault)
}
