import Datasets
import Foundation
import NeuralNetwork
import Support

/// All that is known about a run before it starts: its network, its steps, and what will be measured when.
package struct RunPlan: Sendable {
    package let config: Config
    package let resolved: JSON
    package let data: TrainingData
    package let network: NetworkDescription
    package let stepsPerEpoch: Int
    package let totalSteps: Int
    package let evaluationEvery: Int
    private let schedule: LearningRateSchedule
    /// When the default set is measured: also at the further steps of the config.
    let logged: Cadence
    private let evaluated: Cadence

    /// Checks what a config and its data must agree on.
    /// - Throws: `ConfigError` naming both sides of a contradiction, before anything large is allocated.
    package init(_ loaded: LoadedConfig, data: TrainingData) throws(ConfigError) {
        config = loaded.config
        resolved = loaded.resolved
        self.data = data
        let checks = PlanChecks(loaded, data)
        try checks.checkBatches()
        network = try checks.network()
        try checks.checkMemory(of: network)
        stepsPerEpoch = BatchSampler.stepsPerEpoch(
            rows: data.train.rowCount, batchSize: config.training.batchSize, sampling: config.data.sampling,
            dropLast: config.data.dropLast)
        switch config.training.duration {
        case .steps(let steps): totalSteps = steps
        case .epochs(let epochs):
            let (steps, overflow) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
            guard !overflow else {
                throw checks.error("training.epochs", "found \(epochs), which is more steps than can be counted")
            }
            totalSteps = steps
        }
        schedule = try checks.schedule(totalSteps: totalSteps)
        evaluationEvery = config.evaluation.every ?? stepsPerEpoch
        evaluated = Cadence(every: evaluationEvery, end: .always)
        logged = Cadence(
            every: config.logging.every,
            further: Set(
                config.logging.atSteps + logarithmicSteps(perDecade: config.logging.perDecade, upTo: totalSteps)))
    }

    /// The learning rate of update `step` + 1.
    package func learningRate(step: Int) -> Double { schedule.rate(step: step, base: config.optimizer.learningRate) }

    /// Step 0, every `logging.every` steps, `logging.at_steps`, and the last.
    package func isLogged(_ step: Int) -> Bool {
        logged.includes(step, of: totalSteps)
    }

    /// Step 0, every `evaluation.every` steps, and the last.
    package func isEvaluated(_ step: Int) -> Bool {
        evaluated.includes(step, of: totalSteps)
    }

    package var evaluatedSplits: [Split] {
        data.splits.filter { config.evaluation.splits?.contains($0.name) ?? true }
    }

    /// The modes that the network has; one without running statistics is evaluated as `running`, so that twins join.
    package var evaluationModes: [NormalizationMode] {
        network.layers.contains { $0.normalization?.isOverBatch == true } ? config.evaluation.modes : [.running]
    }

    package var loggedLayers: [Int] {
        Array(network.layers.indices).filter { config.logging.layers?.contains($0) ?? true }
    }

    /// The sites of a layer that are measured: what the config asks for and the layer has.
    package func loggedSites(ofLayer index: Int) -> [Site] {
        let layer = network.layers[index]
        return config.logging.sites.filter { site in
            switch site {
            case .linear: layer.normalization?.placement == .beforeActivation
            case .normalized: layer.normalization != nil
            case .preactivation: true
            case .activation: index < network.layers.count - 1
            case .output:
                index < network.layers.count - 1
                    && (layer.dropout > 0 || layer.normalization?.placement == .afterActivation)
            }
        }
    }

    /// How many rows a whole run adds to each metric table; percentiles of batches with finite values only.
    package var rowCounts: [(table: String, rows: Int)] {
        let logged = logged.count(of: totalSteps), evaluated = evaluated.count(of: totalSteps)
        let layers = loggedLayers
        let sites = layers.reduce(0) { $0 + loggedSites(ofLayer: $1).count }
        let parameters = layers.reduce(0) { sum, index in
            sum + network.layers[index].parameterKinds.count
        }
        let normalized = layers.filter { network.layers[$0].normalization?.isOverBatch == true }.count
        return [
            ("training_step", logged), ("activation_statistic", logged * sites),
            ("activation_percentile", logged * sites * config.logging.percentiles.count),
            ("parameter_statistic", logged * parameters),
            ("normalization_statistic", logged * normalized),
            ("evaluation", evaluated * evaluatedSplits.count * evaluationModes.count),
        ] + probeRowCounts(sites: sites)
    }

    /// The same for what is measured on request only.
    private func probeRowCounts(sites: Int) -> [(table: String, rows: Int)] {
        func steps(_ every: Int) -> Int { Cadence(every: every).count(of: totalSteps) }
        let logging = config.logging, layers = loggedLayers
        var counts: [(table: String, rows: Int)] = []
        if let probe = logging.probe {
            let units = layers.reduce(0) { sum, index in sum + probe.units.count { $0 < network.layers[index].outputs }
            }
            counts.append(("probe_percentile", steps(probe.every) * 2 * units * probe.percentiles.count))
        }
        if let geometry = logging.geometry {
            let places = layers.reduce(0) {
                $0 + loggedSites(ofLayer: $1).count { $0 == .preactivation || $0 == .activation }
            }
            counts.append(("representation_statistic", steps(geometry.every) * places))
        }
        if let landscape = logging.landscape {
            counts.append(("landscape", steps(landscape.every) * landscape.stepSizes.count))
        }
        if let shift = logging.covariateShift {
            counts.append(
                (
                    "covariate_shift",
                    (shift.every > 0 && totalSteps > 0 ? (totalSteps - 1) / shift.every + 1 : 0) * network.layers.count
                ))
        }
        if let histograms = logging.histograms { counts.append(("histogram", steps(histograms.every) * sites)) }
        if let units = logging.units {
            let vectors = layers.reduce(0) { sum, index in
                sum + units.quantities.count { $0.exists(in: network, layer: index) }
            }
            counts.append(("unit_vector", steps(units.every) * vectors))
        }
        return counts
    }
}

/// Steps 10^(k / perDecade), k = 0, 1, ..., rounded, each once.
private func logarithmicSteps(perDecade: Int, upTo limit: Int) -> [Int] {
    guard perDecade > 0 else { return [] }
    var steps: [Int] = [], k = 0
    while true {
        let step = Int(pow(10, Double(k) / Double(perDecade)).rounded())
        if step > limit { return steps }
        if steps.last != step { steps.append(step) }
        k += 1
    }
}

extension Config.Units.Quantity {
    fileprivate func exists(in network: NetworkDescription, layer index: Int) -> Bool {
        let normalization = network.layers[index].normalization
        return switch self {
        case .gamma: normalization?.affine.hasScale == true
        case .beta: normalization?.affine.hasShift == true
        case .batchMean, .batchVariance, .runningMean, .runningVariance: normalization?.isOverBatch == true
        case .activationMean: index < network.layers.count - 1
        }
    }
}
