import NeuralNetwork
import Support

// The config's keys, declared once: the decoder, its messages, the defaults, the JSON Schema and README's table all
// come from here.

extension Shape {
    package static let positiveInteger = Shape.integer(1...Int.max)
    package static let naturalNumber = Shape.integer(0...Int.max)
    /// More steps than any run makes; small enough to be multiplied by counts of rows.
    package static let stepCount = Shape.integer(0...1_000_000_000_000)

    private static let metricKeys = [
        Key(
            "split", .choice(SplitName.allCases.map(\.rawValue)), .value("validation"),
            "The split whose evaluation (the first of `evaluation.modes`) is watched."),
        Key("metric", .choice(["loss", "accuracy"]), .value("loss"), "What is watched."),
    ]

    /// The whole config.
    package static let config = Shape.object([
        Key("name", .string, .none("the config file's name"), "What listings call the run."),
        Key("seed", .naturalNumber, .value(0), "Seed of initialization and shuffling."),
        Key("tags", .list(of: .string), .value([]), "Labels to find runs by."),
        Key("precision", .choice(["float32", "float64"]), .value("float32"), "Type of all network values."),
        Key("data", .object(dataKeys), .required, "What to train on."),
        Key("model", .object(modelKeys), .required, "The network."),
        Key(
            "loss", .kinds(lossKinds),
            .value(JSON(.object([JSON.Member("kind", "softmax_cross_entropy")]))), "What is minimized."),
        Key(
            "optimizer", .kinds(optimizerKinds), .value(JSON(.object([JSON.Member("kind", "sgd")]))),
            "How gradients become updates; the equations are PyTorch's."),
        Key(
            "schedule", .kinds(scheduleKinds), .value(JSON(.object([JSON.Member("kind", "constant")]))),
            "How the learning rate changes; the equations are PyTorch's."),
        Key("training", .object(trainingKeys), .required, "How long to train, and on what batches."),
        Key("logging", .object(loggingKeys + probeKeys), .value(.emptyObject), "What is measured during training."),
        Key("evaluation", .object(evaluationKeys), .value(.emptyObject), "When and how the splits are evaluated."),
        Key(
            "checkpoint", .object(checkpointKeys), .none("no checkpoints"),
            "HDF5 files with all parameters; `{}` writes one at the end."),
    ])

    private static let dataKeys = [
        Key("file", .path, .required, "The HDF5 file."),
        Key("train", .object(splitKeys), .required, "Training inputs and targets."),
        Key(
            "validation",
            .either(
                .object([
                    Key(
                        "fraction", .number(NumberRange(above: 0, below: 1)), .required,
                        "Share of the training rows set aside.")
                ]),
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
        Key(
            "targets", .string, .required,
            "Path of a dataset in the file: classes, one-hot rows, or floating values for `mean_squared_error`."),
    ]

    private static let activations = Shape.choice(Activation.allCases.map(\.rawValue))

    private static let modelKeys = [
        Key(
            "hidden", .list(of: .positiveInteger), .required, "Units of each hidden layer; `[]` is softmax regression."),
        Key(
            "activation", .either(activations, .list(of: activations)), .value("relu"), "One, or one per hidden layer."),
        Key(
            "normalization", .either(.kinds(normalizationKinds), .list(of: .kinds(normalizationKinds))),
            .value(JSON(.object([JSON.Member("kind", "none")]))),
            "Of the hidden layers; one, or one per layer. See docs/normalization.md."),
        Key(
            "normalize_logits", .boolean, .value(false),
            "Whether the output layer is normalized as the (last) hidden layer is."),
        Key(
            "weight_normalization", .choice(WeightReparameterization.allCases.map(\.rawValue)), .value("none"),
            "How every weight is made from the trained one."),
        Key(
            "initialization", .kinds(initializationKinds), .value(JSON(.object([JSON.Member("kind", "he")]))),
            "Of the weights."),
        Key(
            "bias", .either(.boolean, .choice(["auto"])), .value("auto"),
            "`auto` leaves out the bias that batch normalization would subtract again."),
        Key(
            "dropout", .number(.fraction), .value(0.0),
            "Probability that a hidden layer's output is dropped in training."),
        Key(
            "frozen", .set(of: .parameter), .value([]),
            "Parameters that are not trained: `gamma` in every layer, or `0/weight` in layer 0."),
        Key(
            "initial_weights", .path, .none("drawn as `initialization` says"),
            "HDF5 file with the parameters to start from, such as a checkpoint."),
        Key(
            "outputs", .integer(1...Int(Int32.max)), .none("the number of classes or values"),
            "Units of the output layer."),
    ]

    private static let normalizationKinds = [
        Kind("none", "No normalization."),
        Kind(
            "batch", "Batch normalization (Ioffe & Szegedy 2015).",
            overBatch + [
                Key(
                    "backward", .choice(Normalization.Backward.allCases.map(\.rawValue)), .value("closed_form"),
                    "How the gradient is computed; all agree within rounding. See docs/batch-norm-gradient.md.")
            ]),
        Kind(
            "ghost_batch", "Batch normalization of groups of rows (Hoffer et al. 2017).",
            [Key("size", .integer(2...Int(Int32.max)), .required, "Rows of a group; a divisor of the batch size.")]
                + overBatch),
        Kind(
            "batch_renorm", "Batch renormalization (Ioffe 2017).",
            overBatch.filter { !["subtract_mean", "running_statistics"].contains($0.name) } + [
                Key("r_max", .number(NumberRange(least: 1)), .value(3.0), "Limit of r, and of 1 / r."),
                Key("d_max", .number(NumberRange(least: 0)), .value(5.0), "Limit of the size of d."),
                Key("warmup_steps", .stepCount, .value(0), "Steps with r = 1 and d = 0; the paper has 5,000."),
                Key(
                    "r_max_steps", .stepCount, .value(0),
                    "Step at which r_max is reached, linearly; the paper has 40,000."),
                Key(
                    "d_max_steps", .stepCount, .value(0),
                    "Step at which d_max is reached, linearly; the paper has 25,000."),
            ]),
        Kind(
            "layer", "Layer normalization (Ba et al. 2016).", [rowEpsilon] + affine(shift: true) + [placement, noise]),
        Kind(
            "rms", "RMS normalization (Zhang & Sennrich 2019).",
            [rowEpsilon] + affine(shift: false) + [placement, noise]),
    ]

    /// What all kinds with statistics over the batch have.
    private static let overBatch =
        [
            Key(
                "convention", .choice(NormalizationConvention.allCases.map(\.rawValue)), .value("pytorch"),
                "Whose defaults the keys below have."),
            Key("epsilon", .number(.positive), .byConvention { JSON(.number($0.epsilon)) }, "Added to the variance."),
            Key(
                "momentum", .number(NumberRange(least: 0, most: 1)), .byConvention { JSON(.number($0.momentum)) },
                "Weight of the NEW value: running = (1 - momentum) running + momentum batch."),
            Key("subtract_mean", .boolean, .value(true), "Without it the mean square takes the variance's place."),
        ] + affine(shift: true) + [
            Key(
                "running_variance_estimator", .choice(["unbiased", "biased"]),
                .byConvention { JSON(.string($0.runningVarianceEstimator)) },
                "`unbiased` averages N/(N-1) times the batch variance."),
            Key(
                "running_statistics", .choice(["moving_average", "cumulative_average", "recomputed"]),
                .value("moving_average"),
                "Average over batches: with `momentum`, of all alike, or recomputed over `recompute_batches` before "
                    + "each evaluation."
            ),
            Key(
                "recompute_batches", .positiveInteger, .value(100),
                "Training batches that recomputed statistics are the mean of."),
            placement, noise,
        ]
    private static func affine(shift: Bool) -> [Key] {
        [
            Key("scale", .boolean, .value(true), "Whether gamma is trained."),
            Key("shift", .boolean, .value(JSON(.boolean(shift))), "Whether beta is trained."),
            Key("initial_gamma", .number(.any), .value(1.0), "gamma at the start."),
            Key("initial_beta", .number(.any), .value(0.0), "beta at the start."),
        ]
    }
    private static let rowEpsilon = Key(
        "epsilon", .number(.positive), .value(1e-5), "Added to the variance or mean square.")
    private static let placement = Key(
        "placement", .choice(Normalization.Placement.allCases.map(\.rawValue)), .value("before_activation"),
        "Whether the activation function's input or its output is normalized.")
    private static let noise = Key(
        "noise",
        .object([
            Key(
                "mean_range", .number(NumberRange(least: 0)), .value(0.5),
                "Means of the additive noise lie within plus or minus this."),
            Key(
                "deviation_range", .number(NumberRange(least: 1)), .value(1.25),
                "Means of the factors lie between 1 and this."),
            Key("spread", .number(NumberRange(least: 0)), .value(0.1), "How far single values lie from these means."),
        ]), .none("no noise"), "Noise on the normalization's output in training (Santurkar et al. 2018).")

    private static let initializationKinds = [
        Kind("he", "Standard deviation sqrt(2 / inputs)."),
        Kind("xavier", "Standard deviation sqrt(2 / (inputs + outputs))."),
        Kind("lecun", "Standard deviation sqrt(1 / inputs)."),
        Kind(
            "normal", "A standard deviation of your own.",
            [Key("standard_deviation", .number(.positive), .required, "Of every weight.")]),
        Kind("orthogonal", "Orthonormal columns or rows (Saxe et al. 2014)."),
        Kind("zeros", "All weights 0."),
    ]

    private static func learningRate(_ rate: Double) -> Key {
        Key(
            "learning_rate", .number(.positive), .value(JSON(.number(rate))),
            "Size of the updates; the schedule's base.")
    }
    private static let momentum = Key(
        "momentum", .number(.fraction), .value(0.0), "Share of the last update that is kept.")
    private static func epsilon(_ value: Double) -> Key {
        Key("epsilon", .number(.positive), .value(JSON(.number(value))), "Added to the root.")
    }
    private static let betas = [
        Key("beta1", .number(.fraction), .value(0.9), "Weight of the OLD mean."),
        Key("beta2", .number(.fraction), .value(0.999), "Weight of the OLD mean square."), epsilon(1e-8),
    ]
    private static func decayAndClipping(_ decay: Double = 0) -> [Key] {
        [
            Key(
                "weight_decay", .number(NumberRange(least: 0)), .value(JSON(.number(decay))),
                "Added to the gradient times the parameter; decoupled in `adamw`."),
            Key(
                "weight_decay_exclude", .set(of: .choice(ParameterKind.allCases.map(\.rawValue))), .value([]),
                "Parameters that do not decay, such as `[\"bias\", \"gamma\", \"beta\"]`."),
            Key(
                "clip_gradient_norm", .number(.positive), .none("no clipping"),
                "Largest norm of all gradients together."),
        ]
    }

    private static let optimizerKinds = [
        Kind(
            "sgd", "Stochastic gradient descent, with momentum where asked.",
            [learningRate(0.1), momentum, Key("nesterov", .boolean, .value(false), "Whether momentum looks ahead.")]
                + decayAndClipping()),
        Kind(
            "rmsprop", "RMSProp (Tieleman & Hinton 2012).",
            [
                learningRate(0.001), Key("decay", .number(.fraction), .value(0.99), "Weight of the OLD mean square."),
                epsilon(1e-8), momentum,
            ]
                + decayAndClipping()),
        Kind("adam", "Adam (Kingma & Ba 2015).", [learningRate(0.001)] + betas + decayAndClipping()),
        Kind(
            "adamw", "Adam with decoupled weight decay (Loshchilov & Hutter 2019).",
            [learningRate(0.001)] + betas + decayAndClipping(0.01)),
        Kind(
            "adagrad", "Adagrad (Duchi et al. 2011).",
            [
                learningRate(0.01),
                Key(
                    "learning_rate_decay", .number(NumberRange(least: 0)), .value(0.0),
                    "The rate is divided by 1 + (t - 1) times this."),
                epsilon(1e-10),
            ] + decayAndClipping()),
    ]

    private static let lossKeys = [
        Key(
            "reduction", .choice(Objective.Reduction.allCases.map(\.rawValue)), .value("mean"),
            "Over the rows of a batch."),
        Key("l2", .number(NumberRange(least: 0)), .value(0.0), "Adds 0.5 l2 times the sum of squares of all weights."),
    ]
    private static let lossKinds = [
        Kind(
            "softmax_cross_entropy", "Of classes, in nats.",
            [Key("label_smoothing", .number(.fraction), .value(0.0), "Share of the target spread over all classes.")]
                + lossKeys),
        Kind("mean_squared_error", "Mean over rows and outputs, of floating targets or one-hot classes.", lossKeys),
        Kind(
            "hinge",
            "Multi-class hinge with margin 1, summed over wrong classes (PyTorch divides by the number of classes).",
            lossKeys),
    ]

    private static let warmupSteps = Key(
        "warmup_steps", .stepCount, .value(0), "Updates over which the rate first rises linearly.")
    private static let scheduleSteps = Key(
        "steps", .positiveInteger, .none("the run's length without warm-up"), "Updates that the schedule takes.")
    private static let scheduleKinds = [
        Kind("constant", "The base rate.", [warmupSteps]),
        Kind(
            "step", "Multiplied by `factor` every so many updates.",
            [
                Key("every", .positiveInteger, .required, "Updates between two changes."),
                Key("factor", .number(.positive), .value(0.1), "What the rate is multiplied by."), warmupSteps,
            ]),
        Kind(
            "exponential", "Multiplied by `factor` at every update.",
            [Key("factor", .number(.positive), .required, "What the rate is multiplied by."), warmupSteps]),
        Kind(
            "cosine", "Half a cosine from the base rate to the minimum (Loshchilov & Hutter 2017).",
            [
                scheduleSteps,
                Key("minimum_learning_rate", .number(NumberRange(least: 0)), .value(0.0), "The rate at the end."),
                warmupSteps,
            ]),
        Kind(
            "one_cycle", "Up to the base rate and down again, along cosines (Smith & Topin 2018).",
            [
                scheduleSteps,
                Key(
                    "warmup_fraction", .number(NumberRange(above: 0, below: 1)), .value(0.3),
                    "Share of the steps that rise."),
                Key("initial_divisor", .number(.positive), .value(25.0), "Base rate by first rate."),
                Key("final_divisor", .number(.positive), .value(1e4), "First rate by last rate."),
            ]),
    ]

    private static let trainingKeys = [
        Key("batch_size", .integer(1...Int(Int32.max)), .value(64), "Rows of a batch."),
        Key("steps", .stepCount, .none("see `epochs`"), "Updates to make; 0 measures the network at initialization."),
        Key("epochs", .stepCount, .none("see `steps`"), "Passes over the training rows; give this or `steps`."),
        Key(
            "stop_when",
            .object(
                metricKeys + [
                    Key("above", .number(.any), .none("see `patience`"), "Stop when the value is above it."),
                    Key("below", .number(.any), .none("see `patience`"), "Stop when the value is below it."),
                    Key(
                        "patience", .positiveInteger, .none("give one of the three"),
                        "Stop after so many evaluations without a new best value."),
                ]), .none("all steps are made"), "Whether to stop early, looked at after each evaluation."),
    ]

    private static let loggingKeys = [
        Key("every", .stepCount, .value(100), "Steps between measurements; 0 leaves only `at_steps`."),
        Key("at_steps", .list(of: .stepCount), .value([]), "Further steps to measure at."),
        Key("layers", .set(of: .naturalNumber), .none("all layers"), "Layers whose statistics are stored."),
        Key(
            "sites", .set(of: .choice(Site.allCases.map(\.rawValue))),
            .value(JSON(.array(Site.allCases.map { JSON(.string($0.rawValue)) }))),
            "Places in a layer whose values are measured."),
        Key(
            "percentiles", .set(of: .number(NumberRange(least: 0, most: 100))), .value([15, 50, 85]),
            "Exact, of all values of the batch."),
    ]

    private static let probeEvery = Key(
        "every", .stepCount, .value(100), "Steps between measurements; the last step is measured too.")
    private static let probeKeys = [
        Key(
            "per_decade", .integer(0...1000), .value(0),
            "Also measure so many steps a decade, evenly spaced on a logarithmic scale: 1, 2, 5, 10, 22, ... for 3."),
        Key(
            "probe",
            .object([
                probeEvery,
                Key(
                    "split", .choice(SplitName.allCases.map(\.rawValue)), .value("train"),
                    "Whose first rows are the probe."),
                Key("rows", .positiveInteger, .value(256), "How many rows."),
                Key(
                    "units", .set(of: .naturalNumber), .value([0]),
                    "Units whose preactivations are kept, in every logged layer."),
                Key(
                    "percentiles", .set(of: .number(NumberRange(least: 0, most: 100))), .value([15, 50, 85]),
                    "Of each unit over the rows."),
            ]), .none("not measured"),
            "Fixed rows that pass through the network with their own and with running statistics."),
        Key(
            "geometry",
            .object([
                probeEvery,
                Key(
                    "rows", .integer(2...1024), .value(128),
                    "Rows of the batch that are looked at; the cost grows with the cube of rows or units, whichever "
                        + "are fewer."
                ),
                Key(
                    "threshold", .number(NumberRange(least: 0, below: 1)), .value(1e-3),
                    "Of the effective rank, relative to the largest eigenvalue."),
            ]), .none("not measured"), "How rows lie to each other: cosines, ranks, isometry."),
        Key(
            "landscape",
            .object([
                probeEvery,
                Key(
                    "step_sizes", .set(of: .number(.positive)), .value([0.5, 1.0, 2.0, 4.0]),
                    "Multiples of the learning rate along the gradient."),
            ]), .none("not measured"), "Loss and gradient along the step, on the same batch (Santurkar et al. 2018)."),
        Key(
            "covariate_shift", .object([probeEvery]), .none("not measured"),
            "How the update of the layers below changes each layer's gradient (Santurkar et al. 2018, definition 2.1)."),
        Key(
            "histograms",
            .object([
                probeEvery, Key("bins", .integer(1...10_000), .value(50), "Bins between the two ends."),
                Key("minimum", .number(.any), .value(-5.0), "Left end; what lies below is counted apart."),
                Key("maximum", .number(.any), .value(5.0), "Right end; what lies there or above is counted apart."),
            ]), .none("not measured"), "Counts of every logged site's values."),
        Key(
            "units",
            .object([
                probeEvery,
                Key(
                    "quantities", .set(of: .choice(Config.Units.Quantity.allCases.map(\.rawValue))),
                    .value(JSON(.array(Config.Units.Quantity.allCases.map { JSON(.string($0.rawValue)) }))),
                    "What is stored for every unit."),
            ]), .none("not measured"), "Vectors with a value for every unit."),
    ]

    private static let checkpointKeys = [
        Key("every", .stepCount, .value(0), "Steps between checkpoints; 0 leaves only the one at the end."),
        Key("directory", .path, .none("<results file>.checkpoints/<uuid>"), "Where they go, as `step-<step>.h5`."),
        Key("keep", .positiveInteger, .none("all"), "How many of the newest are kept."),
        Key("best", .object(metricKeys), .none("none"), "Also keep the state of the best evaluation, as `best.h5`."),
    ]

    private static let evaluationKeys = [
        Key("every", .stepCount, .none("an epoch"), "Steps between evaluations; 0 leaves only the one at the end."),
        Key(
            "modes", .set(of: .choice(NormalizationMode.allCases.map(\.rawValue))), .value(["running"]),
            "Which moments batch normalization uses: the running averages, each evaluation batch's own, or averages "
                + "recomputed over training batches."
        ),
        Key(
            "splits", .set(of: .choice(["train", "validation", "test"])), .none("every split that there is"),
            "What to evaluate."),
        Key("batch_size", .integer(1...Int(Int32.max)), .value(1000), "Rows of an evaluation batch."),
    ]
}
