import Foundation
import NeuralNetwork
import Support
import TestSupport
import Testing
import Training

/// A config that is complete but for `extra`, which is merged in as text.
private func config(
    model: String = "", data: String = "", optimizer: String = "{\"kind\": \"sgd\"}",
    training: String = "\"steps\": 10", top: String = ""
) -> String {
    """
    {
      "data": { "file": "toy.h5", "train": { "inputs": "train/images", "targets": "train/labels" }\(data) },
      "model": { "hidden": [5, 4]\(model) },
      "optimizer": \(optimizer),
      "training": { "batch_size": 10, \(training) }\(top)
    }
    """
}

private func load(_ text: String, set overrides: [String] = []) throws -> LoadedConfig {
    try withTemporaryFolder { folder in
        let path = folder.appendingPathComponent("c.json").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        var request = ConfigRequest(path: path)
        request.overrides = overrides
        return try loadConfig(request)
    }
}

/// The message of the error that a config gives, without its folder.
private func message(_ text: String, set overrides: [String] = []) -> String {
    do {
        _ = try load(text, set: overrides)
        return "no error"
    } catch let error as ConfigError {
        return error.message.replacing(/[^ ]*\/c\.json/, with: "c.json")
    } catch {
        return "another error: \(error)"
    }
}

@Suite struct JSONMistakeTests {
    @Test(arguments: [
        ("", "c.json: the text is empty; expected a JSON object"),
        ("{\n  \"name\": \"a\",\n}", "c.json:2:14: a comma before '}'; remove it"),
        ("{\"tags\": [\"a\", ]}", "c.json:1:14: a comma before ']'; remove it"),
        ("{\"name\": \"a\",\n \"name\": \"b\"}", "c.json:2:2: the key \"name\" appears twice; the first is in line 1"),
        ("{name: 1}", "c.json:1:2: expected a key in double quotes, found 'n'"),
        ("{\"seed\": 01}", "c.json:1:10: '01' is not a JSON number"),
        ("{\"seed\": 1e999}", "c.json:1:10: 1e999 is outside the range of numbers"),
        ("{\"seed\": 1} x", "c.json:1:13: unexpected 'x' after the end of the JSON value"),
        ("{\"name\": \"a", "c.json:1:10: the string that starts here does not end"),
        ("{\"name\": tru}", "c.json:1:10: expected a JSON value, found 't'"),
        ("{\"name\": ", "c.json:1:10: the text ends where a value is expected"),
        ("[1]", "c.json:1:1: found the list [1], expected a JSON object"),
    ])
    func hasLineAndColumn(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test func escapesAreRead() throws {
        #expect(try load(config(top: ", \"name\": \"\\u00e9\\ud83d\\ude00\\/\\\"\"")).config.name == "é😀/\"")
    }
}

/// A config, and the message that refuses it; "..." at its end stands for a list of keys or kinds, which grows.
private struct Mistake: Sendable {
    let text: String
    let expected: String

    init(_ text: String, _ expected: String) {
        self.text = text
        self.expected = expected
    }

    func isToldBy(_ message: String) -> Bool {
        expected.hasSuffix("...") ? message.hasPrefix(expected.dropLast(3)) : message == expected
    }
}

private let quotedActivations = Activation.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")

@Suite struct ConfigMistakeTests {
    private static let mistakes: [Mistake] = [
        Mistake(
            config(model: ", \"hiden\": []"),
            "c.json:3:32: model.hiden: unknown key; did you mean \"hidden\"? Known keys: hidden, activation, ..."
        ),
        Mistake(
            config(model: ", \"activation\": \"rellu\""),
            "c.json:3:46: model.activation: found \"rellu\", expected one of \(quotedActivations)"
        ),
        Mistake(
            config(model: ", \"activation\": [\"relu\"]"),
            "c.json:3:46: model.activation: found a list of 1, but model.hidden has 2 layers; give one for all, or one per hidden layer"
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"learning_rate\": -0.1}"),
            "c.json:4:49: optimizer.learning_rate: found -0.1, expected a number above 0"
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"beta1\": 0.9}"),
            "c.json:4:32: optimizer.beta1: contradicts the kind: only \"adam\", \"adamw\"..."
        ),
        Mistake(
            config(model: ", \"normalization\": {\"epsilon\": 1}"),
            "c.json:3:50: model.normalization.epsilon: contradicts the kind: only \"batch\", ..."
        ),
        Mistake(
            config(model: ", \"normalization\": {\"kind\": \"batch_renorm\", \"r_max\": 0.5}"),
            "c.json:3:83: model.normalization.r_max: found 0.5, expected a number at least 1"
        ),
        Mistake(
            config(model: ", \"normalize_logits\": true"),
            "c.json:3:52: model.normalize_logits: true, but model.normalization is of kind \"none\"; give the kind that the logits are to have"
        ),
        Mistake(
            config(
                model: ", \"normalization\": {\"kind\": \"batch\", \"subtract_mean\": false, \"backward\": \"staged\"}"),
            "c.json:3:103: model.normalization.backward: found \"staged\", but subtract_mean is false; only closed_form works without centering"
        ),
        Mistake(
            config(
                model:
                    ", \"normalization\": {\"kind\": \"batch\", \"divide_by_deviation\": false, \"backward\": \"staged\"}"
            ),
            "c.json:3:109: model.normalization.backward: found \"staged\", but divide_by_deviation is false; only closed_form works without dividing"
        ),
        Mistake(
            config(
                model:
                    ", \"normalization\": {\"kind\": \"batch\", \"subtract_mean\": false, \"divide_by_deviation\": false}"
            ),
            "c.json:3:114: model.normalization.divide_by_deviation: found false, but subtract_mean is false too, so that nothing..."
        ),
        Mistake(
            config(model: ", \"normalization\": {\"kind\": \"decorrelated_batch\", \"iterations\": 3}"),
            "c.json:3:94: model.normalization.iterations: found 3, but method is \"eigen\", which does not iterate;..."
        ),
        Mistake(
            config(model: ", \"residual\": {\"every\": 2}"),
            "c.json:3:54: model.residual.every: found 2, but model.hidden has 2 layers: one for the blocks' input and 1 for blocks of 2; give 3 layers or 5"
        ),
        Mistake(
            config(model: ", \"residual\": {\"every\": 0}"),
            "c.json:3:54: model.residual.every: found 0, expected..."
        ),
        Mistake(
            config(model: ", \"residual\": {\"every\": 1}"),
            "c.json:3:24: model.hidden: layer 1, which ends a residual block, has 4 units and layer 0, from which..."
        ),
        Mistake(
            config(model: ", \"residual\": {\"placement\": \"middle\"}"),
            "c.json:3:58: model.residual.placement: found \"middle\", expected..."
        ),
        Mistake(
            config(optimizer: "{\"learning_rate\": 1e-60}"),
            "c.json:4:34: optimizer.learning_rate: found 1e-60, which float32 holds as 0.0; choose another value, or precision \"float64\""
        ),
        Mistake(
            config(top: ", \"logging\": {\"percentiles\": [50, 50.0]}"),
            "c.json:5:82: logging.percentiles[1]: found 50.0 a second time; remove it"
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"nesterov\": true}"),
            "c.json:4:44: optimizer.nesterov: true, but optimizer.momentum is 0; Nesterov's form needs a momentum above 0, such as 0.9"
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"learning_rate_multipliers\": {\"gama\": 2}}"),
            "c.json:4:70: optimizer.learning_rate_multipliers.gama: names no parameter; expected a parameter such as \"gamma\" ..."
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"learning_rate_multipliers\": {\"weight\": 0}}"),
            "c.json:4:72: optimizer.learning_rate_multipliers.weight: found 0, expected a number above 0"
        ),
        Mistake(
            config(
                optimizer: "{\"kind\": \"sgd\", \"learning_rate_multipliers\": {\"0/weight\": 2, \"00/weight\": 3}}"),
            "c.json:4:90: optimizer.learning_rate_multipliers.00/weight: names 0/weight a second time; remove one of the two"
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"learning_rate_multipliers\": {\"3/weight\": 2}}"),
            "c.json:4:74: optimizer.learning_rate_multipliers.3/weight: found \"3/weight\", but the network has layers 0 to 2"
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"sharpness_aware\": {\"rho\": 0}}"),
            "c.json:4:59: optimizer.sharpness_aware.rho: found 0, expected a number above 0"
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"sgd\", \"sharpness_aware\": {\"eta\": 0.5}}"),
            "c.json:4:59: optimizer.sharpness_aware.eta: found 0.5, but adaptive is false, which does not use it; ..."
        ),
        Mistake(
            config(
                model: ", \"initialization\": {\"kind\": \"zeros\"}",
                optimizer: "{\"kind\": \"sgd\", \"weight_projection\": \"unit\"}"),
            "c.json:4:53: optimizer.weight_projection: found \"unit\", which returns weights to the norms that they start with, but ..."
        ),
        Mistake(
            config(optimizer: "{\"kind\": \"muon\", \"newton_schulz_coefficients\": [1, 2]}"),
            "c.json:4:63: optimizer.newton_schulz_coefficients: found a list of 2, expected the three coefficients a, b, c"
        ),
        Mistake(
            config(top: ", \"schedule\": {\"kind\": \"cyclic\", \"maximum_learning_rate\": 1, \"rising_steps\": 0}"),
            "c.json:5:125: schedule.rising_steps: found 0, expected a whole number from 1 to 1,000,000,000,000"
        ),
        Mistake(
            config(
                top: ", \"schedule\": {\"kind\": \"cyclic\", \"maximum_learning_rate\": 1, \"rising_steps\": 2, "
                    + "\"mode\": \"exp_range\"}"),
            "c.json:5:136: schedule.mode: \"exp_range\" needs the key factor, such as 0.999"
        ),
        Mistake(
            config(
                top: ", \"schedule\": {\"kind\": \"cyclic\", \"maximum_learning_rate\": 1, \"rising_steps\": 2, "
                    + "\"factor\": 0.9}"),
            "c.json:5:138: schedule.factor: found 0.9, but mode is \"triangular\"; only \"exp_range\" has one"
        ),
        Mistake(
            config(training: "\"steps\": 1.5"),
            "c.json:5:44: training.steps: found 1.5, expected a whole number from 0 to 1,000,000,000,000"
        ),
        Mistake(
            config(training: "\"steps\": 1, \"epochs\": 2"),
            "c.json:5:44: training.steps: both steps (1) and epochs (2) are given; remove one, for instance with --set training.epochs=null"
        ),
        Mistake(
            config(training: "\"steps\": \"many\""),
            "c.json:5:44: training.steps: found \"many\", expected a whole number from 0 to 1,000,000,000,000"
        ),
        Mistake(
            config(model: ", \"normalization\": {\"kind\": \"batch\", \"momentum\": 2}"),
            "c.json:3:79: model.normalization.momentum: found 2, expected a number at least 0 and at most 1"
        ),
        Mistake(
            config(data: ", \"scaling\": \"unit\", \"binarize_above\": 3"),
            "c.json:2:134: data.binarize_above: is given together with scaling \"unit\"; binarized inputs are 0 or 1 already, so leave out one of the two"
        ),
        Mistake(
            config(top: ", \"logging\": {\"percentiles\": [50, 101]}"),
            "c.json:5:82: logging.percentiles[1]: found 101, expected a number at least 0 and at most 100"
        ),
        Mistake(
            config(top: ", \"logging\": {\"layers\": [3]}"),
            "c.json:5:72: logging.layers: found layer 3, but the network has layers 0 to 2"
        ),
        Mistake(
            config(top: ", \"evaluation\": {\"splits\": [\"test\"]}"),
            "c.json:5:75: evaluation.splits: found \"test\", but data.test is not given"
        ),
        Mistake(
            "{}",
            "c.json:1:1: data: this key is missing; expected an object with the keys file, train, ..."
        ),
    ]

    @Test(arguments: ConfigMistakeTests.mistakes)
    private func saysWhereWhatAndWhatIsAllowed(mistake: Mistake) {
        let found = message(mistake.text)
        #expect(mistake.isToldBy(found), "expected: \(mistake.expected)\nfound: \(found)")
    }

    @Test(arguments: [
        (
            "optimizer.learning_rate=-1",
            "--set optimizer.learning_rate: optimizer.learning_rate: found -1, expected a number above 0"
        ),
        (
            "optimizer.learning_rat=1",
            "--set optimizer.learning_rat: optimizer.learning_rat: unknown key of optimizer of kind \"sgd\"; did you mean \"learning_rate\"? Known keys: kind, ..."
        ),
        (
            "optimizer.learning_rate_multipliers.0/weight=-1",
            "--set optimizer.learning_rate_multipliers.0/weight: optimizer.learning_rate_multipliers.0/weight: found -1, ..."
        ),
        (
            "optimizer={\"kind\": \"muon\", \"matrices\": \"hiden\"}",
            "--set optimizer: optimizer.matrices: found \"hiden\", expected one of \"hidden\", \"all\""
        ),
        ("model.hidden=[1,", "--set model.hidden=[1,:1:4: the text ends where a value is expected"),
        ("seed", "--set seed: expected key.path=VALUE, such as optimizer.learning_rate=0.1"),
        (
            "seed.a=1",
            "--set seed.a: seed: found an object, expected a whole number from 0 to 9,223,372,036,854,775,807"
        ),
        (
            "model.hidden.a=1",
            "--set model.hidden.a=1: model.hidden: is the list [5, 4] in the config, not an object; set it as a whole"
        ),
        (
            "model.hidden={\"width\": 5}",
            "--set model.hidden: model.hidden.depth: this key is missing; expected a whole number ..."
        ),
        (
            "model.initialization={\"kind\": \"he\", \"gain\": [1, 2]}",
            "--set model.initialization: model.initialization.gain: found a list of 2, but the network has 3 layers with the output layer; ..."
        ),
    ])
    func overridesAreCheckedAlike(override: String, expected: String) {
        let found = message(config(), set: [override])
        #expect(Mistake("", expected).isToldBy(found), "\(found)")
    }
}

@Suite struct ConfigLoadingTests {
    @Test func defaultsFollowTheConvention() throws {
        let model = try load(
            config(model: ", \"normalization\": {\"kind\": \"batch\", \"convention\": \"keras\", \"momentum\": 0.5}")
        ).config.model
        let expected = batchNormalization(
            epsilon: 1e-3, running: RunningStatisticsDescription(.moving(momentum: 0.5), isUnbiased: false))
        #expect(model.normalizations.map { $0 as? BatchNormalization } == [expected, expected])
        let plain = try load(config(model: ", \"normalization\": [{\"kind\": \"batch\"}, {\"kind\": \"none\"}]")).config
            .model
        #expect(plain.normalizations.map { $0 as? BatchNormalization } == [batchNormalization(), nil])
        #expect(plain.activations == [.relu, .relu] && plain.initialization == .he)
        let old = try load(config(model: ", \"normalization\": {\"kind\": \"batch\", \"convention\": \"cs231n\"}"))
            .config.model
        #expect(
            old.normalizations[0]?.statistics?.running
                == RunningStatisticsDescription(initialVariance: 0, isUnbiased: false))
    }

    @Test func overridesReplaceAndSayWhatTheyDrop() throws {
        let loaded = try load(
            config(optimizer: "{\"kind\": \"sgd\", \"learning_rate\": 0.3, \"momentum\": 0.9}"),
            set: [
                "optimizer.kind=adam", "model.hidden=[]", "precision=float64", "training.steps=null",
                "training.epochs=2",
            ])
        #expect(loaded.notes == ["--set optimizer.kind=adam drops momentum, which kind \"adam\" does not have"])
        #expect(loaded.config.optimizer.rule as? Adam == Adam())
        #expect(
            loaded.config.optimizer.learningRate == 0.3 && loaded.config.model.hidden.isEmpty
                && loaded.config.precision == .float64)
        guard case .epochs(2) = loaded.config.training.duration else {
            Issue.record("expected 2 epochs")
            return
        }
        let whole = try load(config(), set: ["optimizer={\"kind\": \"rmsprop\"}"])
        #expect(
            whole.config.optimizer.rule as? RMSProp == RMSProp()
                && whole.config.optimizer.learningRate == 0.001)
    }

    /// A name of one layer wins over that of all, whether it is written in the file or set; a hidden layer too few is told.
    @Test func parametersHaveLearningRates() throws {
        let loaded = try load(
            config(optimizer: "{\"kind\": \"adam\", \"learning_rate_multipliers\": {\"weight\": 2}}"),
            set: ["optimizer.learning_rate_multipliers.0/weight=0.5", "optimizer.learning_rate_multipliers.bias=3"])
        #expect(
            loaded.config.optimizer.learningRateMultipliers.factors == [
                ParameterPattern(.weight): 2, ParameterPattern(layer: 0, .weight): 0.5, ParameterPattern(.bias): 3,
            ])
        let few = message(config(optimizer: "{\"kind\": \"muon\"}"), set: ["model.hidden=[5]"])
        #expect(few.hasPrefix("c.json:4:25: optimizer.kind: muon orthogonalizes the weights between two hidden layers"))
        #expect(
            message(config(optimizer: "{\"kind\": \"muon\", \"matrices\": \"all\"}"), set: ["model.hidden=[]"])
                == "no error")
    }

    /// What is not asked for is not in the resolved config, so that runs of earlier versions keep their identities.
    @Test func newKeysAreLeftOut() throws {
        let optimizer = try #require(try load(config()).resolved["optimizer"]?.members?.map(\.key))
        for key in ["learning_rate_multipliers", "sharpness_aware", "weight_projection"] {
            #expect(!optimizer.contains(key))
        }
    }

    /// The depth is a number of its own in the resolved config, so that sweeps vary it and SQL orders by it.
    @Test func layersThatAreAlikeHaveADepth() throws {
        let loaded = try load(
            config(),
            set: [
                "model.hidden={\"width\": 7, \"depth\": 3}", "model.hidden.depth=2",
                "model.activation=[\"tanh\", \"relu\"]",
            ])
        #expect(loaded.config.model.hidden == [7, 7] && loaded.config.model.activations == [.tanh, .relu])
        #expect(loaded.resolved.leaves().contains { $0.path == "model.hidden.depth" && $0.value.integer == 2 })
    }

    @Test func extendsMergesAndLocatesFiles() throws {
        try withTemporaryFolder { folder in
            let inner = folder.appendingPathComponent("inner")
            try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
            try config(data: ", \"binarize_above\": 5").write(
                to: inner.appendingPathComponent("base.json"), atomically: true, encoding: .utf8)
            let path = folder.appendingPathComponent("top.json").path
            try "{\"extends\": \"inner/base.json\", \"data\": {\"binarize_above\": null}, \"seed\": 7}".write(
                toFile: path, atomically: true, encoding: .utf8)
            var request = ConfigRequest(path: path)
            request.tags = ["x"]
            request.name = "n"
            let loaded = try loadConfig(request)
            #expect(
                loaded.config.seed == 7 && loaded.config.data.binarizeAbove == nil && loaded.config.tags == ["x"]
                    && loaded.config.name == "n")
            #expect(loaded.config.data.file == inner.appendingPathComponent("toy.h5").path)
            try "{\"extends\": \"top.json\"}".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: ConfigError.self) { try loadConfig(ConfigRequest(path: path)) }
        }
    }

    @Test func theResolvedConfigIsAConfig() throws {
        let first = try load(config(model: ", \"normalization\": {\"kind\": \"batch\"}"))
        let second = try load(first.resolved.text(indented: true))
        #expect(second.resolved == first.resolved)
    }

    @Test func identityIgnoresWhatCannotChangeResults() throws {
        func id(_ text: String, data: String = "d") throws -> String {
            identity(ofResolved: try load(text).resolved, dataHash: data)
        }
        let reference = try id(config())
        #expect(
            try id(config(top: ", \"name\": \"other\", \"tags\": [\"t\"], \"logging\": {\"every\": 1}")) == reference)
        #expect(try id(config(top: ", \"seed\": 1")) != reference)
        #expect(try id(config(), data: "e") != reference)
    }

    @Test func schemaFileIsUpToDate() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let committed = try String(contentsOf: root.appendingPathComponent("configs/schema.json"), encoding: .utf8)
        #expect(committed == configJSONSchema() + "\n", "run: bnexp config schema > configs/schema.json")
        _ = try JSONSerialization.jsonObject(with: Data(committed.utf8))
        let page = try String(contentsOf: root.appendingPathComponent("docs/config.md"), encoding: .utf8)
        #expect(
            page.contains(Config.shape.keyTable), "docs/config.md has what bnexp config schema --table prints")
    }
}

/// The examples that `bnexp config explain` prints.
@Suite struct KeyExampleTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func load(_ settings: [String]) throws -> LoadedConfig {
        let config = KeyExampleTests.repository.appendingPathComponent("configs/mnist_bn.json")
        var request = ConfigRequest(path: config.path)
        request.overrides = settings
        return try loadConfig(request)
    }

    /// Every example is taken as it stands by a config of the demo, and gives its key a value.
    @Test(arguments: Config.shape.keyEntries.map(\.path))
    func everyExampleIsTaken(key: String) throws {
        let entry = try #require(Config.shape.keyEntries.first { $0.path == key })
        let settings = entry.example.map(\.text)
        do {
            let element: JSON? = try load(settings).resolved
            let value = key.split(separator: ".").reduce(element) { json, part in
                part.hasSuffix("[]") ? json?[String(part.dropLast(2))]?.array?.first : json?[String(part)]
            }
            #expect(value != nil, "\(settings)")
        } catch let error as ConfigError {
            Issue.record("\(settings): \(error.message)")
        }
    }

    /// A path into a list says what to write instead.
    @Test(arguments: ["evaluation.perturbations[0].epsilon", "model.hidden[1]", "evaluation.perturbations[]"])
    func anElementOfAListIsNotSet(path: String) throws {
        let error = #expect(throws: ConfigError.self) { _ = try load([path + "=1"]) }
        let list = try #require(path.split(separator: "[").first)
        for part in [path, "set as a whole", "--set '\(list)=["] {
            #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        }
    }
}
