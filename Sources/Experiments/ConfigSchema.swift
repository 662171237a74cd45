// The config's keys, declared once: the decoder, its messages, the defaults, the JSON Schema and README's table all come from here.

/// What a value may be.
indirect enum Shape: Sendable {
    case boolean
    case integer(ClosedRange<Int>)
    case number(NumberRange)
    case string
    /// A file, relative to the file that names it.
    case path
    case choice([String])
    case list(of: Shape)
    case object([Key])
    /// An object whose `kind` says which other keys it has.
    case kinds([Kind])
    case either(Shape, Shape)
}

struct Key: Sendable {
    enum Default: Sendable {
        case value(JSON)
        case required
        /// Left out unless given; the text says what that means.
        case none(String)
        /// Taken from the sibling `convention`.
        case byConvention(@Sendable (NormalizationConvention) -> JSON)
    }
    let name: String
    let shape: Shape
    let defaultValue: Default
    let documentation: String

    init(_ name: String, _ shape: Shape, _ defaultValue: Default, _ documentation: String) {
        self.name = name
        self.shape = shape
        self.defaultValue = defaultValue
        self.documentation = documentation
    }
}

struct Kind: Sendable {
    let name: String
    let documentation: String
    let keys: [Key]

    init(_ name: String, _ documentation: String, _ keys: [Key] = []) {
        self.name = name
        self.documentation = documentation
        self.keys = keys
    }
}

struct NumberRange: Sendable {
    var above: Double?
    var least: Double?
    var below: Double?
    var most: Double?

    func contains(_ number: Double) -> Bool {
        (above.map { number > $0 } ?? true) && (least.map { number >= $0 } ?? true)
            && (below.map { number < $0 } ?? true) && (most.map { number <= $0 } ?? true)
    }

    var description: String {
        let bounds = [
            above.map { "above \(JSON.shortest($0))" }, least.map { "at least \(JSON.shortest($0))" },
            below.map { "below \(JSON.shortest($0))" }, most.map { "at most \(JSON.shortest($0))" },
        ]
        return (["a number"] + [bounds.compactMap { $0 }.joined(separator: " and ")]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    static let positive = NumberRange(above: 0)
    static let any = NumberRange()
    static let fraction = NumberRange(least: 0, below: 1)
}

extension JSON {
    /// A number without a needless ".0".
    static func shortest(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
    }
}

/// Presets of other frameworks' defaults, under which their results can be repeated.
enum NormalizationConvention: String, CaseIterable, Sendable {
    case pytorch, keras, cs231n

    var epsilon: Double { self == .keras ? 1e-3 : 1e-5 }
    var momentum: Double { self == .keras ? 0.01 : 0.1 }
    var initialRunningVariance: Double { self == .cs231n ? 0 : 1 }
    var runningVarianceEstimator: String { self == .pytorch ? "unbiased" : "biased" }
}

extension Shape {
    static let positiveInteger = Shape.integer(1...Int.max)
    static let naturalNumber = Shape.integer(0...Int.max)

    /// The whole config.
    static let config = Shape.object([
        Key("name", .string, .none("the config file's name"), "What listings call the run."),
        Key("seed", .naturalNumber, .value(0), "Seed of initialization and shuffling."),
        Key("tags", .list(of: .string), .value([]), "Labels to find runs by."),
        Key("precision", .choice(["float32", "float64"]), .value("float32"), "Type of all network values."),
        Key("data", .object(dataKeys), .required, "What to train on."),
        Key("model", .object(modelKeys), .required, "The network."),
        Key(
            "loss", .kinds([Kind("softmax_cross_entropy", "The mean over the batch, in nats.")]),
            .value(JSON(.object([JSON.Member("kind", "softmax_cross_entropy")]))), "What is minimized."),
        Key(
            "optimizer", .kinds(optimizerKinds), .value(JSON(.object([JSON.Member("kind", "sgd")]))),
            "How gradients become updates; the equations are PyTorch's."),
        Key("training", .object(trainingKeys), .required, "How long to train, and on what batches."),
        Key("logging", .object(loggingKeys), .value(.emptyObject), "What is measured during training."),
        Key("evaluation", .object(evaluationKeys), .value(.emptyObject), "When and how the splits are evaluated."),
    ])

    private static let dataKeys = [
        Key("file", .path, .required, "The HDF5 file."),
        Key("train", .object(splitKeys), .required, "Training inputs and targets."),
        Key(
            "validation",
            .either(
                .object([Key("fraction", .number(NumberRange(above: 0, below: 1)), .required, "Share of the training rows set aside.")]),
                .object(splitKeys)),
            .none("no validation split"), "A split of its own, or a `fraction` of the training rows."),
        Key("test", .object(splitKeys), .none("no test split"), "Test inputs and targets."),
        Key(
            "scaling", .choice(["none", "unit", "min_max", "standardize", "center"]), .value("none"),
            "Of each feature, fitted on the training rows; `unit` divides integers by their type's largest value."),
        Key("binarize_above", .number(.any), .none("inputs as they are"), "Inputs above it become 1, others 0."),
        Key("limit", .positiveInteger, .none("all rows"), "Train on the first rows only."),
        Key("classes", .integer(2...Int(Int32.max)), .none("the largest label plus one"), "Number of classes."),
        Key("shuffle", .boolean, .value(true), "Whether each epoch has an order of its own."),
        Key("split_seed", .naturalNumber, .value(0), "Seed of the choice of validation rows."),
        Key(
            "sampling", .choice(["without_replacement", "with_replacement"]), .value("without_replacement"),
            "Whether an epoch visits every row once."),
        Key("drop_last", .boolean, .value(true), "Whether an epoch's last, smaller batch is left out."),
    ]

    private static let splitKeys = [
        Key("inputs", .string, .required, "Path of a dataset in the file; rows first, the rest is flattened."),
        Key("targets", .string, .required, "Path of a dataset in the file: classes or one-hot rows."),
    ]

    private static let activations = Shape.choice(["identity", "relu", "leaky_relu", "sigmoid", "tanh"])

    private static let modelKeys = [
        Key("hidden", .list(of: .positiveInteger), .required, "Units of each hidden layer; `[]` is softmax regression."),
        Key("activation", .either(activations, .list(of: activations)), .value("relu"), "One, or one per hidden layer."),
        Key(
            "normalization", .either(.kinds(normalizationKinds), .list(of: .kinds(normalizationKinds))),
            .value(JSON(.object([JSON.Member("kind", "none")]))), "Of the preactivations; one, or one per hidden layer."),
        Key("initialization", .kinds(initializationKinds), .value(JSON(.object([JSON.Member("kind", "he")]))), "Of the weights."),
        Key(
            "bias", .either(.boolean, .choice(["auto"])), .value("auto"),
            "`auto` leaves out the bias that batch normalization would subtract again."),
        Key("outputs", .integer(2...Int(Int32.max)), .none("the number of classes"), "Units of the output layer."),
    ]

    private static let normalizationKinds = [
        Kind("none", "No normalization."),
        Kind(
            "batch", "Batch normalization before the activation (Ioffe & Szegedy 2015).",
            [
                Key(
                    "convention", .choice(NormalizationConvention.allCases.map(\.rawValue)), .value("pytorch"),
                    "Whose defaults the keys below have."),
                Key("epsilon", .number(.positive), .byConvention { JSON(.number($0.epsilon)) }, "Added to the variance."),
                Key(
                    "momentum", .number(NumberRange(least: 0, most: 1)), .byConvention { JSON(.number($0.momentum)) },
                    "Weight of the NEW value: running = (1 - momentum) running + momentum batch."),
                Key("scale", .boolean, .value(true), "Whether gamma is trained."),
                Key("shift", .boolean, .value(true), "Whether beta is trained."),
                Key("initial_gamma", .number(.any), .value(1.0), "gamma at the start."),
                Key("initial_beta", .number(.any), .value(0.0), "beta at the start."),
                Key(
                    "running_variance_estimator", .choice(["unbiased", "biased"]),
                    .byConvention { JSON(.string($0.runningVarianceEstimator)) }, "`unbiased` averages N/(N-1) times the batch variance."),
            ]),
    ]

    private static let initializationKinds = [
        Kind("he", "Standard deviation sqrt(2 / inputs)."),
        Kind("xavier", "Standard deviation sqrt(2 / (inputs + outputs))."),
        Kind("lecun", "Standard deviation sqrt(1 / inputs)."),
        Kind(
            "normal", "A standard deviation of your own.",
            [Key("standard_deviation", .number(.positive), .required, "Of every weight.")]),
        Kind("zeros", "All weights 0."),
    ]

    private static func learningRate(_ rate: Double) -> Key {
        Key("learning_rate", .number(.positive), .value(JSON(.number(rate))), "Size of the updates.")
    }
    private static let momentum = Key("momentum", .number(.fraction), .value(0.0), "Share of the last update that is kept.")
    private static let epsilon = Key("epsilon", .number(.positive), .value(1e-8), "Added to the root.")

    private static let optimizerKinds = [
        Kind(
            "sgd", "Stochastic gradient descent, with momentum where asked.",
            [learningRate(0.1), momentum, Key("nesterov", .boolean, .value(false), "Whether momentum looks ahead.")]),
        Kind(
            "rmsprop", "RMSProp (Tieleman & Hinton 2012).",
            [
                learningRate(0.001), Key("decay", .number(.fraction), .value(0.99), "Weight of the OLD mean square."), epsilon, momentum,
            ]),
        Kind(
            "adam", "Adam (Kingma & Ba 2015).",
            [
                learningRate(0.001), Key("beta1", .number(.fraction), .value(0.9), "Weight of the OLD mean."),
                Key("beta2", .number(.fraction), .value(0.999), "Weight of the OLD mean square."), epsilon,
            ]),
    ]

    private static let trainingKeys = [
        Key("batch_size", .integer(1...Int(Int32.max)), .value(64), "Rows of a batch."),
        Key("steps", .naturalNumber, .none("see `epochs`"), "Updates to make; 0 measures the network at initialization."),
        Key("epochs", .naturalNumber, .none("see `steps`"), "Passes over the training rows; give this or `steps`."),
    ]

    private static let loggingKeys = [
        Key("every", .naturalNumber, .value(100), "Steps between measurements; 0 leaves only `at_steps`."),
        Key("at_steps", .list(of: .naturalNumber), .value([]), "Further steps to measure at."),
        Key("layers", .list(of: .naturalNumber), .none("all layers"), "Layers whose statistics are stored."),
        Key(
            "sites", .list(of: .choice(["linear", "normalized", "preactivation", "activation"])),
            .value(["linear", "normalized", "preactivation", "activation"]), "Places in a layer whose values are measured."),
        Key("percentiles", .list(of: .number(NumberRange(least: 0, most: 100))), .value([15, 50, 85]), "Exact, of all values of the batch."),
    ]

    private static let evaluationKeys = [
        Key("every", .naturalNumber, .none("an epoch"), "Steps between evaluations; 0 leaves only the one at the end."),
        Key(
            "modes", .list(of: .choice(["running", "batch"])), .value(["running"]),
            "Which moments batch normalization uses: the running averages, or each evaluation batch's own."),
        Key("splits", .list(of: .choice(["train", "validation", "test"])), .none("every split that there is"), "What to evaluate."),
        Key("batch_size", .integer(1...Int(Int32.max)), .value(1000), "Rows of an evaluation batch."),
    ]
}
