import Keys
import NeuralNetwork
import Support

/// A config as the trainer sees it: decoded once from what the user wrote, every value checked.
///
/// The initializers of its parts are the declaration of all keys: their names, forms, defaults and documentation.
package struct Config: Keyed {
    package enum Precision: String, CaseIterable, Sendable { case float32, float64 }

    package let name: String
    package let seed: UInt64
    package let tags: [String]
    package let precision: Precision
    package let data: Data
    package let model: Model
    package let objective: Objective
    package let optimizer: Optimizer
    package let schedule: LearningRateSchedule
    package let training: Training
    package let logging: Logging
    package let evaluation: Evaluation
    package let checkpoint: Checkpoint?

    package init(_ keys: KeyReader) throws(ConfigError) {
        name = try keys.optional("name", .name, "the config file's name", "What listings call the run.") ?? ""
        seed = UInt64(try keys("seed", .naturalNumber, 0, "Seed of initialization and shuffling."))
        tags = try keys("tags", .list(of: .name), [], "Labels to find runs by.")
        precision = try keys("precision", .choice, "float32", "Type of all network values.")
        data = try keys.required("data", .object, "What to train on.")
        model = try keys.required("model", .object, "The network.")
        objective = try keys("loss", Objective.form, .kind("softmax_cross_entropy"), "What is minimized.")
        optimizer = try keys(
            "optimizer", Optimizer.form, .kind("sgd"), "How gradients become updates; the equations are PyTorch's.")
        schedule = try keys(
            "schedule", LearningRateSchedule.form, .kind("constant"),
            "How the learning rate changes; the equations are PyTorch's.")
        training = try keys.required("training", .object, "How long to train, and on what batches.")
        logging = try keys("logging", .object, .emptyObject, "What is measured during training.")
        evaluation = try keys("evaluation", .object, .emptyObject, "When and how the splits are evaluated.")
        checkpoint = try keys.optional(
            "checkpoint", .object, "one about every minute, removed at the end",
            "HDF5 files with all parameters; `{}` keeps the one at the end.")
        keys.example(of: "training", ["training.epochs": JSON(.null), "training.steps": 1000])
        keys.example(of: "checkpoint.best", ["checkpoint.best.split": "train"])
        keys.example(
            of: "evaluation.sample.validation",
            ["data.validation.fraction": 0.1, "evaluation.sample.validation": 1000])
        try checkReferences(keys)
    }

    /// The description of all keys.
    package static let shape = Form<Config>.object.shape

    /// The parameters that keys name, each with the path of its key.
    var parameterPatterns: [(path: String, pattern: ParameterPattern)] {
        model.frozen.map { ("model.frozen", $0) }
            + optimizer.learningRateMultipliers.factors.keys.map {
                ("optimizer.\(LearningRateMultipliers.key).\($0.text)", $0)
            }.sorted { $0.1.text < $1.1.text }
    }

    /// Checks that what one part refers to exists in another: logged layers, evaluated splits.
    private func checkReferences(_ keys: KeyReader) throws(ConfigError) {
        let hidden = model.hidden.count
        if let layer = logging.layers?.first(where: { $0 > hidden }) {
            try keys.require(
                false, "logging.layers", "found layer \(layer), but the network has layers 0 to \(hidden)")
        }
        for (path, pattern) in parameterPatterns {
            try keys.require(
                pattern.layer ?? 0 <= hidden, path,
                "found \"\(pattern.text)\", but the network has layers 0 to \(hidden)")
        }
        let problem = optimizer.rule.problem(layerCount: hidden + 1)
        if let problem {
            // A default that was not written is there because of the kind.
            let path = "optimizer.\(problem.key)"
            throw keys.error(keys.isWritten(path) ? path : "optimizer.kind", problem.message)
        }
        try keys.require(
            optimizer.weightProjection == .none || model.initialization.kind != .zeros || model.initialWeights != nil,
            "optimizer.weight_projection",
            "found \"\(optimizer.weightProjection.rawValue)\", which returns weights to the norms that they start "
                + "with, but model.initialization is of kind \"zeros\"; choose another kind")
        try keys.require(
            optimizer.weightProjection == .none || model.residual?.isFixup != true || model.initialWeights != nil,
            "optimizer.weight_projection",
            "found \"\(optimizer.weightProjection.rawValue)\", which returns weights to the norms that they start "
                + "with, but model.residual.fixup starts the output layer and the last layer of each block with weights "
                + "0; choose one of the two")
        try checkSplits(evaluation.splits ?? [], keys, "evaluation.splits")
        for split in SplitName.allCases where evaluation.sample[split] != nil {
            try checkSplits([split], keys, "evaluation.sample.\(split.rawValue)")
        }
        for measurement in logging.requested {
            guard let split = measurement.measuredSplit else { continue }
            try checkSplits([split], keys, "logging.\(type(of: measurement).key).split")
        }
        for (path, choice) in [
            ("training.stop_when", training.stopRule?.choice), ("checkpoint.best", checkpoint?.best),
        ] {
            guard let choice else { continue }
            try checkSplits([choice.split], keys, path + ".split")
            try keys.require(
                evaluation.splits?.contains(choice.split) ?? true, path,
                "watches split \"\(choice.split.rawValue)\", which evaluation.splits leaves out; add it there")
        }
    }

    private func checkSplits(_ splits: [SplitName], _ keys: KeyReader, _ path: String) throws(ConfigError) {
        for split in splits {
            let exists =
                switch split {
                case .train: true
                case .validation: data.validation != nil
                case .test: data.test != nil
                }
            try keys.require(
                exists, path, "found \"\(split.rawValue)\", but data.\(split.rawValue) is not given")
        }
    }
}

/// The parts that the data is divided into.
package enum SplitName: String, CaseIterable, Sendable { case train, validation, test }

/// The config's schema for editors, as JSON Schema 2020-12, from the declarations that decode it.
package func configJSONSchema() -> String {
    var schema = Config.shape.jsonSchema(title: "bnexp config")
    schema["properties"]?["extends"] = JSON(
        .object([
            JSON.Member("type", "string"),
            JSON.Member("description", "A base config that is merged first (JSON merge patch)."),
        ]))
    // A base config may leave anything to those that extend it.
    schema["required"] = nil
    return schema.text(indented: true)
}
