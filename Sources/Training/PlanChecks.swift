import Datasets
import Foundation
import NeuralNetwork
import Support

/// What a plan requires of a config and its data together.
///
/// Each error names both sides of the contradiction.
struct PlanChecks {
    private let config: Config
    private let resolved: JSON
    private let data: TrainingData

    init(_ loaded: LoadedConfig, _ data: TrainingData) {
        config = loaded.config
        resolved = loaded.resolved
        self.data = data
    }

    func error(_ path: String, _ message: String) -> ConfigError {
        ConfigError(at: resolved[path.split(separator: ".").map(String.init)[...]]?.position, path: path, message)
    }

    /// An error about a key of an element of a list.
    private func error(_ list: [String], _ index: Int, _ key: String, _ message: String) -> ConfigError {
        let elements = resolved[list[...]], element = elements?.array?[index]
        return ConfigError(
            at: element?[key]?.position ?? element?.position ?? elements?.position,
            path: "\(list.joined(separator: "."))[\(index)].\(key)", message)
    }

    private var evaluatedSplits: [Split] { data.splits.filter { config.evaluation.splits?.contains($0.name) ?? true } }
    /// The rows of an epoch's last batch where it is smaller than the others, else 0.
    private var lastBatchSize: Int {
        config.data.dropLast || config.data.sampling == .withReplacement
            ? 0 : data.train.rowCount % config.training.batchSize
    }

    /// Every batch that is normalized with statistics of its own has at least two rows and as many as its kind needs,
    /// in ghost batches of equal size.
    func checkBatches(of network: NetworkDescription) throws(ConfigError) {
        let rows = data.train.rowCount, batch = config.training.batchSize, last = lastBatchSize
        guard batch <= rows || !config.data.dropLast || config.data.sampling == .withReplacement else {
            throw error(
                "training.batch_size",
                "found \(batch), but there are only \(rows) training rows; choose a batch of at most \(rows)")
        }
        for size in last > 0 ? [last, batch] : [batch] {
            guard let problem = network.problem(ofBatch: size) else { continue }
            throw describe(problem, isOfLastBatch: size == last)
        }
        guard config.evaluation.modes.contains(.batch) else { return }
        let perturbations = config.evaluation.perturbations
        for split in evaluatedSplits {
            let all = split.rowCount, sample = config.evaluation.sample[split.name] ?? all
            try checkEvaluation(of: min(sample, all), split, network) { message in
                error(sample < all ? "evaluation.sample.\(split.name.rawValue)" : "evaluation.modes", message)
            }
            for (index, rows) in perturbations.map(\.bounds.rows).enumerated() where rows < all {
                try checkEvaluation(of: rows, split, network) { message in
                    error(["evaluation", "perturbations"], index, "rows", message)
                }
            }
        }
    }

    private func describe(_ problem: BatchProblem, isOfLastBatch: Bool) -> ConfigError {
        let rows = data.train.rowCount, batch = config.training.batchSize
        let reason =
            "batch normalization cannot train on a batch of one row, whose variance is 0 and whose normalized values "
            + "are all 0"
        switch problem {
        case .oneRow where isOfLastBatch:
            return error(
                "data.drop_last",
                "false leaves one row for an epoch's last batch (\(rows) rows in batches of \(batch)), but \(reason); "
                    + "set it to true or choose another training.batch_size")
        case .oneRow:
            return error(
                "training.batch_size",
                "found 1, but \(reason); choose at least 2, or normalization kind \"layer\", \"rms\" or \"none\"")
        case .unequalGroups(let size) where isOfLastBatch:
            return error(
                "model.normalization.size",
                "found \(size), which does not divide the last batch of an epoch, \(lastBatchSize) rows, that "
                    + "data.drop_last false leaves; set that to true"
            )
        case .unequalGroups(let size):
            return error(
                "model.normalization.size",
                "found \(size), which does not divide training.batch_size \(batch); choose a divisor of the batch")
        case .kind(let key, let message): return error("model.normalization.\(key)", message)
        }
    }

    /// So many rows of a split can be evaluated with each batch's own statistics.
    /// - Parameter choosing: the error where another number of rows is the remedy, about the key that chose it.
    private func checkEvaluation(
        of count: Int, _ split: Split, _ network: NetworkDescription, choosing error: (String) -> ConfigError
    ) throws(ConfigError) {
        let batch = config.evaluation.batchSize, all = split.rowCount, name = split.name.rawValue
        let reason = "but mode \"batch\" normalizes with the batch's own statistics"
        for rows in [min(batch, count), count % batch] where rows > 0 {
            guard let problem = network.problem(ofBatch: rows, mayDifferInGroups: true) else { continue }
            var batchOf = "a batch of one row", groups = "", needed = ""
            let own = count == all ? "" : "\(count) of its "
            if case .oneRow(let size?) = problem { groups = ", in groups of \(size)" }
            if case .kind = problem { (batchOf, needed) = ("a batch of \(counted(rows, "row"))", ": \(problem)") }
            if batch < count || batch == 1 {
                throw self.error(
                    "evaluation.batch_size",
                    "found \(batch), which leaves \(batchOf) of the \(name) split (\(own)\(all) rows\(groups)), "
                        + "\(reason)\(needed.isEmpty ? "; choose another size" : needed)")
            }
            if count < all {
                throw error(
                    "found \(count), which leaves \(batchOf) of the \(name) split\(groups), \(reason)"
                        + (needed.isEmpty ? "; choose another number, at least 2" : needed))
            }
            throw error(
                "found \"batch\", but the \(name) split has \(counted(all, "row"))\(groups)"
                    + (needed.isEmpty ? ", of which one is alone" : needed)
                    + "; leave the mode out, or evaluate other splits (evaluation.splits)")
        }
    }

    func network() throws(ConfigError) -> NetworkDescription {
        let model = config.model
        let outputs = model.outputs ?? data.outputCount
        if let count = data.valueCount, outputs != count {
            throw error("model.outputs", "found \(outputs), but the targets have \(count) values a row; leave it out")
        }
        guard outputs >= data.outputCount else {
            throw error(
                "model.outputs",
                "found \(outputs), but the data have \(data.outputCount) classes; give at least that many, or leave it "
                    + "out"
            )
        }
        let sizes = [data.featureCount] + model.hidden + [outputs]
        var network = NetworkDescription(
            layers: zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
                let isHidden = index < model.hidden.count
                var normalization = isHidden ? model.normalizations[index] : model.logitNormalization
                if !isHidden { normalization?.placement = .beforeActivation }
                return LayerDescription(
                    inputs: size.0, outputs: size.1, normalization: normalization,
                    activation: isHidden ? model.activations[index] : .identity, hasBias: model.bias != .never,
                    weightReparameterization: model.weightReparameterization, dropout: isHidden ? model.dropout : 0,
                    frozen: Set(model.frozen.filter { $0.layer == nil || $0.layer == index }.map(\.kind)),
                    skip: model.residual?.skip(endingIn: index, hiddenCount: model.hidden.count),
                    initialScale: model.residual?.initialScale(ofLayer: index, hiddenCount: model.hidden.count) ?? 1)
            })
        if model.bias == .auto {
            for index in network.layers.indices { network.layers[index].hasBias = !network.cancelsBias(ofLayer: index) }
        }
        return network
    }

    /// A parameter that a key names, as one that is not to be trained, must be there.
    func checkParameters(of network: NetworkDescription) throws(ConfigError) {
        for (path, pattern) in config.parameterPatterns {
            let layers = pattern.layer.map { [network.layers[$0]] } ?? network.layers
            guard layers.allSatisfy({ !$0.parameterKinds.contains(pattern.kind) }) else { continue }
            let reason = pattern.layer.map { "layer \($0) has no \(pattern.kind.rawValue)" } ?? "no layer has one"
            throw error(path, "found \"\(pattern.text)\", but \(reason)")
        }
    }

    /// The learning rate of every parameter must be a number of the run's precision.
    func checkLearningRates(of network: NetworkDescription) throws(ConfigError) {
        let optimizer = config.optimizer, multipliers = optimizer.learningRateMultipliers
        for place in network.parameterPlaces {
            guard let pattern = multipliers.pattern(of: place), let factor = multipliers.factors[pattern] else {
                continue
            }
            let rate = optimizer.rule.learningRate(of: place) ?? optimizer.learningRate, product = rate * factor
            let isHeld =
                config.precision == .float32
                ? Float(product).isFinite && Float(product) > 0 : product.isFinite && product > 0
            guard !isHeld else { continue }
            throw error(
                "optimizer.\(LearningRateMultipliers.key).\(pattern.text)",
                "found \(factor) for \(pattern.text), which makes a learning rate of \(product) of \(rate), beyond "
                    + "\(config.precision.rawValue); choose another factor")
        }
    }

    /// A mistake must concern something that the network has.
    func checkFault(in network: NetworkDescription) throws(ConfigError) {
        guard let fault = config.training.fault, !fault.concerns(network) else { return }
        throw error("training.inject_fault", fault.concernsNothing)
    }

    /// Only classes can be wrong, and only where no task draws others.
    func checkLabelNoise() throws(ConfigError) {
        guard config.data.labelNoise != nil else { return }
        guard config.training.tasks?.kind != .randomLabels else {
            throw error(
                "data.label_noise",
                "replaces labels, but training.tasks of kind \"random_labels\" draws them all anew; leave out one of "
                    + "the two")
        }
        guard data.valueCount != nil else { return }
        throw error(
            "data.label_noise",
            "replaces classes, but the targets are values; leave it out, or give targets that are classes")
    }

    /// The tasks that follow each other; nil for one.
    func tasks(stepsPerEpoch: Int, totalSteps: Int) throws(ConfigError) -> TaskSequence? {
        guard let tasks = config.training.tasks else { return nil }
        guard tasks.kind == .permutedInputs || data.valueCount == nil else {
            throw error(
                "training.tasks.kind",
                "found \"\(tasks.kind.rawValue)\", which changes classes, but the targets are values; choose "
                    + "\"permuted_inputs\"")
        }
        let sequence = tasks.sequence(stepsPerEpoch: stepsPerEpoch, runSeed: config.seed)
        let last = sequence.task(ofBatch: max(0, totalSteps - 1))
        guard last < TaskSequence.mostTasks else {
            throw error(
                "training.tasks",
                "makes \(last + 1) tasks of \(totalSteps) steps, each of which is evaluated at its end; expected at "
                    + "most \(TaskSequence.mostTasks). Give a larger \"every\"")
        }
        return sequence
    }

    /// - Parameter room: what the measurements of `logging` take.
    func checkMemory(of network: NetworkDescription, measuring room: MeasuringRoom) throws(ConfigError) {
        let available = Double(availableMemory)
        let evaluationRows = min(config.evaluation.batchSize, evaluatedSplits.map(\.rowCount).max() ?? 1)
        let perturbedRows = min(evaluationRows, config.evaluation.perturbations.map(\.bounds.rows).max() ?? 0)
        let rows = [config.training.batchSize, evaluationRows, perturbedRows, room.rows].filter { $0 > 0 }
        // A batch that is perturbed has its clean rows and their gradient beside it.
        let room = room + MeasuringRoom(rows: perturbedRows, inputRows: 2 * perturbedRows)
        var total = 0.0
        for (index, layer) in network.layers.enumerated() {
            let bytes = network.byteCount(
                ofLayer: index, bytesPerValue: config.precision == .float32 ? 4 : 8, optimizer: config.optimizer,
                bufferRows: config.training.batchSize + evaluationRows, room: room)
            total += bytes
            guard total > available else { continue }
            func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
            throw error(
                index < config.model.hidden.count
                    ? "model.hidden" : config.model.outputs == nil ? "data.train.targets" : "model.outputs",
                "layer \(index) (\(layer.inputs) x \(layer.outputs)) needs \(gigabytes(bytes)) with gradients, "
                    + "optimizer state and buffers of \(rows.map(String.init).joined(separator: " + ")) rows, "
                    + "\(gigabytes(total)) with the layers below; this machine has \(gigabytes(available)). Choose fewer "
                    + "units or smaller batches")
        }
    }

    /// The schedule with its length, which must fit into the run.
    func schedule(totalSteps: Int) throws(ConfigError) -> LearningRateSchedule {
        let schedule = config.schedule, warmup = schedule.warmupSteps
        if warmup > totalSteps, totalSteps > 0 {
            throw error(
                "schedule.warmup_steps", "found \(warmup), but the run has only \(totalSteps) updates; choose fewer")
        }
        if let steps = schedule.steps, steps > totalSteps - warmup, totalSteps > 0 {
            throw error(
                "schedule.steps",
                "found \(steps)\(warmup > 0 ? " after \(warmup) of warm-up" : ""), longer than the run's \(totalSteps) "
                    + "updates; shorten it, or leave it out for the run's length")
        }
        let base = config.optimizer.learningRate
        switch schedule.kind {
        case .cosine(let minimum), .cosineRestarts(_, _, let minimum):
            guard minimum > base else { break }
            throw error(
                "schedule.minimum_learning_rate",
                "found \(minimum), above optimizer.learning_rate \(base); choose a smaller one")
        case .cyclic(let maximum, _, _, _):
            guard maximum < base else { break }
            throw error(
                "schedule.maximum_learning_rate",
                "found \(maximum), below optimizer.learning_rate \(base), from which the rate rises; choose a larger "
                    + "one"
            )
        case .constant, .step, .exponential, .oneCycle: break
        }
        if case .oneCycle(_, let initial, let final) = schedule.kind {
            let first = config.optimizer.learningRate / initial
            guard first.isFinite, (first / final).isFinite else {
                throw error(
                    "schedule.initial_divisor",
                    "found \(initial) and a final_divisor of \(final), which make a learning rate of "
                        + "\(config.optimizer.learningRate) infinite; choose larger ones")
            }
        }
        return schedule.fitted(to: totalSteps)
    }
}
