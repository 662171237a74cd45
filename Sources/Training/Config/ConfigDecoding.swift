import Datasets
import NeuralNetwork
import Support

extension Config {
    /// Decodes a tree that `resolve` has checked and completed.
    init(_ tree: JSON) throws(ConfigError) {
        let root = Resolved(tree)
        name = root["name"].text
        seed = UInt64(root["seed"].integer)
        tags = root["tags"].list.map(\.text)
        precision = root["precision"].choice()
        data = Data(root["data"])
        model = Model(root["model"])
        objective = root["loss"].objective
        schedule = root["schedule"].schedule
        warmupSteps = root["schedule"].optional("warmup_steps")?.integer ?? 0
        optimizer = root["optimizer"].optimizer
        learningRate = root["optimizer"]["learning_rate"].number
        let training = root["training"]
        batchSize = training["batch_size"].integer
        duration = training.optional("steps").map { .steps($0.integer) } ?? .epochs(training["epochs"].integer)
        stopRule = training.optional("stop_when")?.stopRule
        logging = Logging(root["logging"])
        evaluation = Evaluation(root["evaluation"])
        checkpoint = root.optional("checkpoint").map {
            Checkpoint(
                every: $0["every"].integer, directory: $0.optional("directory")?.text,
                keep: $0.optional("keep")?.integer,
                best: $0.optional("best")?.metricChoice)
        }
        try checkReferences(in: tree)
    }

    /// Checks that what the config refers to is there: logged layers, evaluated splits.
    private func checkReferences(in tree: JSON) throws(ConfigError) {
        let hidden = model.hidden.count
        if let layer = logging.layers?.first(where: { $0 > hidden }) {
            throw ConfigError(
                at: tree["logging"]?["layers"]?.position, path: "logging.layers",
                "found layer \(layer), but the network has layers 0 to \(hidden)")
        }
        let existing = SplitName.allCases.filter {
            $0 == .train || ($0 == .validation && data.validation != nil) || ($0 == .test && data.test != nil)
        }
        func check(_ splits: [SplitName], at path: [String]) throws(ConfigError) {
            guard let missing = splits.first(where: { !existing.contains($0) }) else { return }
            throw ConfigError(
                at: tree[path[...]]?.position, path: path.joined(separator: "."),
                "found \"\(missing.rawValue)\", but data.\(missing.rawValue) is not given")
        }
        try check(evaluation.splits ?? [], at: ["evaluation", "splits"])
        if let probe = logging.probe { try check([probe.split], at: ["logging", "probe", "split"]) }
        let choices = [("training.stop_when", stopRule?.choice), ("checkpoint.best", checkpoint?.best)]
        for (path, choice) in choices {
            guard let choice else { continue }
            try check([choice.split], at: path.split(separator: ".").map(String.init) + ["split"])
            guard evaluation.splits?.contains(choice.split) ?? true else {
                throw ConfigError(
                    at: nil, path: path,
                    "watches split \"\(choice.split.rawValue)\", which evaluation.splits leaves out; add it there")
            }
        }
        for (layer, kind) in model.frozen {
            if let layer, layer > hidden {
                throw ConfigError(
                    at: tree["model"]?["frozen"]?.position, path: "model.frozen",
                    "found \"\(layer)/\(kind.rawValue)\", but the network has layers 0 to \(hidden)")
            }
        }
    }
}

extension Config.Split {
    fileprivate init(_ value: Resolved) {
        inputs = value["inputs"].text
        targets = value["targets"].text
    }
}

extension Config.Data {
    fileprivate init(_ data: Resolved) {
        file = data["file"].text
        train = Config.Split(data["train"])
        validation = data.optional("validation").map { value in
            value.optional("fraction").map { .fraction($0.number) } ?? .split(Config.Split(value))
        }
        test = data.optional("test").map(Config.Split.init)
        scaling = data["scaling"].choice()
        binarizeAbove = data.optional("binarize_above")?.number
        limit = data.optional("limit")?.integer
        classes = data.optional("classes")?.integer
        shuffle = data["shuffle"].flag
        splitSeed = UInt64(data["split_seed"].integer)
        sampling = data["sampling"].choice()
        dropLast = data["drop_last"].flag
    }
}

extension Config.Model {
    fileprivate init(_ model: Resolved) {
        let hidden = model["hidden"].list.map(\.integer)
        func perLayer<Value>(_ value: Resolved, _ decode: (Resolved) -> Value) -> [Value] {
            if case .array(let list) = value.json.value { return list.map { decode(Resolved($0)) } }
            return Array(repeating: decode(value), count: hidden.count)
        }
        self.hidden = hidden
        activations = perLayer(model["activation"]) { $0.choice() }
        let normalization = model["normalization"]
        normalizations = perLayer(normalization) { $0.normalization }
        let last = normalization.json.array.map { $0.last.map(Resolved.init) } ?? normalization
        logitNormalization = model["normalize_logits"].flag ? last?.normalization : nil
        let each = normalization.json.array.map { $0.map(Resolved.init) } ?? [normalization]
        recomputeBatches = each.compactMap { $0.optional("recompute_batches")?.integer }.max() ?? 100
        weightReparameterization = model["weight_normalization"].choice()
        dropout = model["dropout"].number
        initialWeights = model.optional("initial_weights")?.text
        frozen = model["frozen"].list.map(\.text).map { name in
            let parts = name.split(separator: "/")
            return (
                parts.count == 2 ? Int(parts[0]) : nil,
                ParameterKind(rawValue: String(parts[parts.count - 1])) ?? .weight
            )
        }
        initialization = model["initialization"].initialization
        bias =
            switch model["bias"].json.value {
            case .boolean(true): .always
            case .boolean(false): .never
            default: .auto
            }
        outputs = model.optional("outputs")?.integer
    }
}

extension Config.Logging {
    fileprivate init(_ logging: Resolved) {
        every = logging["every"].integer
        atSteps = logging["at_steps"].list.map(\.integer)
        layers = logging.optional("layers")?.list.map(\.integer)
        sites = logging["sites"].list.map { $0.choice() }
        percentiles = logging["percentiles"].list.map(\.number)
        perDecade = logging["per_decade"].integer
        probe = logging.optional("probe").map {
            Config.Probe(
                every: $0["every"].integer, split: $0["split"].choice(), rows: $0["rows"].integer,
                units: $0["units"].list.map(\.integer),
                percentiles: $0["percentiles"].list.map(\.number))
        }
        geometry = logging.optional("geometry").map {
            Config.Geometry(every: $0["every"].integer, rows: $0["rows"].integer, threshold: $0["threshold"].number)
        }
        histograms = logging.optional("histograms").map {
            Config.Histograms(
                every: $0["every"].integer, bins: $0["bins"].integer, minimum: $0["minimum"].number,
                maximum: $0["maximum"].number)
        }
        units = logging.optional("units").map {
            Config.Units(every: $0["every"].integer, quantities: $0["quantities"].list.map { $0.choice() })
        }
        landscape = logging.optional("landscape").map {
            Config.Landscape(every: $0["every"].integer, stepSizes: $0["step_sizes"].list.map(\.number))
        }
        covariateShift = logging.optional("covariate_shift").map { Config.CovariateShift(every: $0["every"].integer) }
    }
}

extension Config.Evaluation {
    fileprivate init(_ evaluation: Resolved) {
        every = evaluation.optional("every")?.integer
        modes = evaluation["modes"].list.map { $0.choice() }
        splits = evaluation.optional("splits")?.list.map { $0.choice() }
        batchSize = evaluation["batch_size"].integer
    }
}

/// A checked tree, read without errors: a value that is not there or of another type is a defect of the schema.
private struct Resolved {
    let json: JSON

    init(_ json: JSON) { self.json = json }

    subscript(key: String) -> Resolved { Resolved(demand(json[key], "the key \(key)")) }
    func optional(_ key: String) -> Resolved? { json[key].map(Resolved.init) }

    var text: String { demand(json.string, "a string") }
    var integer: Int { demand(json.integer, "an integer") }
    var number: Double { demand(json.double, "a number") }
    var flag: Bool { demand(json.boolean, "a boolean") }
    var list: [Resolved] { demand(json.array, "a list").map(Resolved.init) }
    func choice<Choice: RawRepresentable<String>>() -> Choice { demand(Choice(rawValue: text), "a \(Choice.self)") }

    var normalization: Normalization? {
        let kind: Normalization.Kind
        switch self["kind"].text {
        case "batch": kind = .batch
        case "ghost_batch": kind = .ghostBatch(size: self["size"].integer)
        case "batch_renorm":
            kind = .batchRenormalization(
                BatchRenormalization(
                    rMaximum: self["r_max"].number, dMaximum: self["d_max"].number,
                    warmupSteps: self["warmup_steps"].integer,
                    rSteps: self["r_max_steps"].integer, dSteps: self["d_max_steps"].integer))
        case "layer": kind = .layer
        case "rms": kind = .rms
        default: return nil
        }
        var result = Normalization(
            kind, epsilon: self["epsilon"].number, hasScale: self["scale"].flag, hasShift: self["shift"].flag,
            initialGamma: self["initial_gamma"].number, initialBeta: self["initial_beta"].number,
            placement: self["placement"].choice())
        result.noise = optional("noise").map {
            NormalizationNoise(
                meanRange: $0["mean_range"].number, deviationRange: $0["deviation_range"].number,
                spread: $0["spread"].number)
        }
        result.subtractsMean = optional("subtract_mean")?.flag ?? (kind != .rms)
        if let backward = optional("backward") { result.backward = backward.choice() }
        guard result.isOverBatch else { return result }
        let convention: NormalizationConvention = self["convention"].choice()
        let average: RunningStatisticsDescription.Average =
            switch optional("running_statistics")?.text {
            case "cumulative_average": .cumulative
            case "recomputed": .recomputed
            default: .moving(momentum: self["momentum"].number)
            }
        result.running = RunningStatisticsDescription(
            average, initialVariance: convention.initialRunningVariance,
            isUnbiased: self["running_variance_estimator"].text == "unbiased" && result.subtractsMean)
        return result
    }

    var metricChoice: Config.MetricChoice {
        Config.MetricChoice(split: self["split"].choice(), metric: self["metric"].choice())
    }

    var stopRule: Config.StopRule {
        let condition: Config.StopRule.Condition
        if let above = optional("above") {
            condition = .above(above.number)
        } else if let below = optional("below") {
            condition = .below(below.number)
        } else {
            condition = .patience(self["patience"].integer)
        }
        return Config.StopRule(choice: metricChoice, condition: condition)
    }

    var objective: Objective {
        let loss: Loss =
            switch self["kind"].text {
            case "mean_squared_error": .meanSquaredError
            case "hinge": .hinge
            default: .softmaxCrossEntropy(labelSmoothing: self["label_smoothing"].number)
            }
        return Objective(loss, reduction: self["reduction"].choice(), l2: self["l2"].number)
    }

    var schedule: Config.Schedule {
        let steps = optional("steps")?.integer
        return switch self["kind"].text {
        case "step": .step(every: self["every"].integer, factor: self["factor"].number)
        case "exponential": .exponential(factor: self["factor"].number)
        case "cosine": .cosine(steps: steps, minimum: self["minimum_learning_rate"].number)
        case "one_cycle":
            .oneCycle(
                steps: steps, warmupFraction: self["warmup_fraction"].number,
                initialDivisor: self["initial_divisor"].number,
                finalDivisor: self["final_divisor"].number)
        default: .constant
        }
    }

    var initialization: Initialization {
        switch self["kind"].text {
        case "xavier": .xavier
        case "lecun": .lecun
        case "normal": .normal(standardDeviation: self["standard_deviation"].number)
        case "orthogonal": .orthogonal
        case "zeros": .zeros
        default: .he
        }
    }

    var optimizer: Optimizer {
        let rule: Optimizer.Rule =
            switch self["kind"].text {
            case "rmsprop":
                .rmsprop(
                    decay: self["decay"].number, epsilon: self["epsilon"].number, momentum: self["momentum"].number)
            case "adam", "adamw":
                .adam(beta1: self["beta1"].number, beta2: self["beta2"].number, epsilon: self["epsilon"].number)
            case "adagrad": .adagrad(rateDecay: self["learning_rate_decay"].number, epsilon: self["epsilon"].number)
            default: .sgd(momentum: self["momentum"].number, nesterov: self["nesterov"].flag)
            }
        return Optimizer(
            rule, weightDecay: self["weight_decay"].number, isDecayDecoupled: self["kind"].text == "adamw",
            decayExcluded: Set(self["weight_decay_exclude"].list.map { $0.choice() }),
            clipGradientNorm: optional("clip_gradient_norm")?.number)
    }

    private func demand<Value>(_ value: Value?, _ expected: String) -> Value {
        guard let value else { preconditionFailure("the config schema promised \(expected) in \(json.text())") }
        return value
    }
}
