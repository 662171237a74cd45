import Datasets
import Foundation
import NeuralNetwork

/// All that is known about a run before it starts: its network, its steps, and what will be measured when.
package struct RunPlan: Sendable {
    package let config: Config
    package let resolved: JSON
    package let data: TrainingData
    package let network: NetworkDescription
    package let stepsPerEpoch: Int
    package let totalSteps: Int
    package let evaluationEvery: Int
    private let extraLogSteps: Set<Int>

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
        let rows = data.train.rowCount, batch = config.batchSize
        stepsPerEpoch = config.data.dropLast || config.data.sampling == .withReplacement ? rows / batch : (rows + batch - 1) / batch
        switch config.duration {
        case .steps(let steps): totalSteps = steps
        case .epochs(let epochs):
            let (steps, overflow) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
            guard !overflow else { throw checks.error("training.epochs", "found \(epochs), which is more steps than can be counted") }
            totalSteps = steps
        }
        evaluationEvery = config.evaluation.every ?? stepsPerEpoch
        extraLogSteps = Set(config.logging.atSteps)
    }

    /// Step 0, every `logging.every` steps, `logging.at_steps`, and the last.
    package func isLogged(_ step: Int) -> Bool {
        let every = config.logging.every
        return every > 0 && (step % every == 0 || step == totalSteps) || extraLogSteps.contains(step)
    }

    /// Step 0, every `evaluation.every` steps, and the last.
    package func isEvaluated(_ step: Int) -> Bool {
        step == totalSteps || evaluationEvery > 0 && step % evaluationEvery == 0
    }

    package var evaluatedSplits: [Split] {
        data.splits.filter { config.evaluation.splits?.contains($0.name) ?? true }
    }

    /// The modes that the network has; one without running statistics is evaluated as `running`, so that twins join.
    package var evaluationModes: [NormalizationMode] {
        network.layers.contains { $0.normalization != nil } ? config.evaluation.modes : [.running]
    }

    package var loggedLayers: [Int] {
        Array(network.layers.indices).filter { config.logging.layers?.contains($0) ?? true }
    }

    /// The sites of a layer that are measured: what the config asks for and the layer has.
    package func loggedSites(ofLayer index: Int) -> [Site] {
        let layer = network.layers[index]
        return config.logging.sites.filter { site in
            switch site {
            case .linear, .normalized: layer.normalization != nil
            case .preactivation: true
            case .activation: index < network.layers.count - 1
            }
        }
    }

    /// How many rows a whole run adds to each metric table; percentiles of batches with finite values only.
    package var rowCounts: [(table: String, rows: Int)] {
        func count(_ condition: (Int) -> Bool, every: Int) -> Int {
            // Multiples and the extra steps are counted without walking through all steps.
            let multiples = every > 0 ? totalSteps / every + 1 : 0
            let others = (extraLogSteps.union([0, totalSteps])).filter { condition($0) && $0 <= totalSteps && (every == 0 || $0 % every != 0) }
            return multiples + others.count
        }
        let logged = count(isLogged, every: config.logging.every)
        let evaluated = evaluationEvery > 0 ? totalSteps / evaluationEvery + 1 + (totalSteps % evaluationEvery == 0 ? 0 : 1) : 1
        let layers = loggedLayers
        let sites = layers.reduce(0) { $0 + loggedSites(ofLayer: $1).count }
        let parameters = layers.reduce(0) { sum, index in
            let layer = network.layers[index]
            let normalization = layer.normalization
            return sum + 1 + (layer.hasBias ? 1 : 0) + (normalization?.hasScale == true ? 1 : 0) + (normalization?.hasShift == true ? 1 : 0)
        }
        let normalized = layers.filter { network.layers[$0].normalization != nil }.count
        return [
            ("training_step", logged), ("activation_statistic", logged * sites),
            ("activation_percentile", logged * sites * config.logging.percentiles.count), ("parameter_statistic", logged * parameters),
            ("normalization_statistic", logged * normalized), ("evaluation", evaluated * evaluatedSplits.count * evaluationModes.count),
        ]
    }
}

/// What a plan requires of a config and its data together.
private struct PlanChecks {
    let config: Config
    let resolved: JSON
    let data: TrainingData

    init(_ loaded: LoadedConfig, _ data: TrainingData) {
        config = loaded.config
        resolved = loaded.resolved
        self.data = data
    }

    func error(_ path: String, _ message: String) -> ConfigError {
        ConfigError(at: resolved[path.split(separator: ".").map(String.init)[...]]?.position, path: path, message)
    }

    func checkBatches() throws(ConfigError) {
        let rows = data.train.rowCount, batch = config.batchSize
        guard batch <= rows else {
            throw error("training.batch_size", "found \(batch), but there are only \(rows) training rows; choose a batch of at most \(rows)")
        }
        guard config.model.normalizations.contains(where: { $0 != nil }) else { return }
        let reason = "batch normalization cannot train on a batch of one row, whose variance is 0 and whose normalized values are all 0"
        if batch == 1 { throw error("training.batch_size", "found 1, but \(reason); choose at least 2, or normalization kind \"none\"") }
        if !config.data.dropLast, config.data.sampling == .withoutReplacement, rows % batch == 1 {
            throw error(
                "data.drop_last",
                "false leaves one row for an epoch's last batch (\(rows) rows in batches of \(batch)), but \(reason); "
                    + "set it to true or choose another training.batch_size")
        }
        guard config.evaluation.modes.contains(.batch) else { return }
        let size = config.evaluation.batchSize
        for split in data.splits where size == 1 || split.rowCount % size == 1 {
            throw error(
                "evaluation.batch_size",
                "found \(size), which leaves a batch of one row of the \(split.name.rawValue) split (\(split.rowCount) rows), but mode "
                    + "\"batch\" normalizes with the batch's own statistics; choose another size")
        }
    }

    func network() throws(ConfigError) -> NetworkDescription {
        let model = config.model
        let outputs = model.outputs ?? data.classCount
        guard outputs >= data.classCount else {
            throw error("model.outputs", "found \(outputs), but the data have \(data.classCount) classes; give at least that many, or leave it out")
        }
        let sizes = [data.featureCount] + model.hidden + [outputs]
        return NetworkDescription(
            layers: zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
                let isHidden = index < model.hidden.count
                let normalization = isHidden ? model.normalizations[index] : nil
                let hasBias =
                    switch model.bias {
                    case .auto: normalization == nil
                    case .always: true
                    case .never: false
                    }
                return LayerDescription(
                    inputs: size.0, outputs: size.1, normalization: normalization,
                    activation: isHidden ? model.activations[index] : .identity, hasBias: hasBias)
            })
    }

    func checkMemory(of network: NetworkDescription) throws(ConfigError) {
        let available = Double(ProcessInfo.processInfo.physicalMemory)
        var total = 0.0
        for (index, layer) in network.layers.enumerated() {
            let bytes = network.byteCount(
                ofLayer: index, bytesPerValue: config.precision == .float32 ? 4 : 8, stateCount: config.optimizer.stateCount,
                bufferRows: config.batchSize + config.evaluation.batchSize)
            total += bytes
            guard total > available else { continue }
            func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
            throw error(
                index < config.model.hidden.count ? "model.hidden" : "training.batch_size",
                "layer \(index) (\(layer.inputs) x \(layer.outputs)) needs \(gigabytes(bytes)) with gradients, optimizer state and "
                    + "buffers of \(config.batchSize) + \(config.evaluation.batchSize) rows, \(gigabytes(total)) with the layers below; "
                    + "this machine has \(gigabytes(available)). Choose fewer units or smaller batches")
        }
    }
}
