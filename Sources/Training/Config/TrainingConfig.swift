import Keys
import NeuralNetwork
import Support

extension Config {
    /// The object `training`: how long to train, and on what batches.
    package struct Training: Keyed {
        package enum Duration: Sendable {
            case steps(Int)
            case epochs(Int)
        }
        package let batchSize: Int
        package let duration: Duration
        package let stopRule: StopRule?
        /// The mistake that every backward pass makes; nil for none.
        package let fault: Fault?
        /// The tasks that follow each other; nil for one.
        package let tasks: Tasks?

        package init(_ keys: KeyReader) throws(ConfigError) {
            batchSize = try keys("batch_size", .rowCount, 64, "Rows of a batch.")
            let steps = try keys.optional(
                "steps", .stepCount, "see `epochs`", "Updates to make; 0 measures the network at initialization.")
            let epochs = try keys.optional(
                "epochs", .stepCount, "see `steps`", "Passes over the training rows; give this or `steps`.")
            stopRule = try keys.optional(
                "stop_when", .object, "all steps are made",
                "Whether to stop early, looked at after each evaluation.")
            fault = try keys.optional(
                "inject_fault", .choice, "the right gradients",
                "A mistake that every backward pass makes on purpose, to see what becomes of training; see "
                    + "`bnexp gradcheck --help`.")
            tasks = try keys.optional(
                "tasks", .object, "one task", "Tasks that follow each other, as in studies of plasticity.")
            keys.example(of: "steps", ["epochs": JSON(.null), "steps": 1000])
            keys.example(of: "epochs", ["steps": JSON(.null), "epochs": 10])
            keys.example(of: "stop_when", ["stop_when.split": "train", "stop_when.patience": 5])
            duration = steps.map { .steps($0) } ?? .epochs(epochs ?? 0)
            try keys.require(
                steps != nil || epochs != nil, nil, "neither \"steps\" nor \"epochs\" is given; say how long to train")
            try keys.require(
                steps == nil || epochs == nil, "steps",
                "both steps (\(keys.found("steps"))) and epochs (\(keys.found("epochs"))) are given; remove one, for "
                    + "instance with --set training.epochs=null")
        }
    }

    /// A value of the evaluations that is watched.
    package struct MetricChoice: Keyed {
        package enum Metric: String, CaseIterable, Sendable { case loss, accuracy }
        package let split: SplitName
        package let metric: Metric

        package init(_ keys: KeyReader) throws(ConfigError) {
            split = try keys(
                "split", .choice, "validation",
                "The split whose evaluation (the first of `evaluation.modes`) is watched.")
            metric = try keys("metric", .choice, "loss", "What is watched.")
            keys.example(of: "metric", ["split": "train", "metric": "accuracy"])
        }
    }

    /// When training stops before its last step.
    package struct StopRule: Keyed {
        package enum Condition: Sendable {
            case above(Double)
            case below(Double)
            /// Stops after so many evaluations without a new best value.
            case patience(Int)
        }
        package let choice: MetricChoice
        package let condition: Condition

        package init(_ keys: KeyReader) throws(ConfigError) {
            choice = try MetricChoice(keys)
            let above = try keys.optional(
                "above", .number(.any), "see `patience`", "Stop when the value is above it.")
            let below = try keys.optional(
                "below", .number(.any), "see `patience`", "Stop when the value is below it.")
            let patience = try keys.optional(
                "patience", .positiveInteger, "give one of the three",
                "Stop after so many evaluations without a new best value.")
            keys.example(of: "split", ["split": "train", "patience": 5])
            keys.example(of: "metric", ["split": "train", "metric": "accuracy", "patience": 5])
            keys.example(of: "above", ["split": "train", "metric": "accuracy", "above": 0.95])
            keys.example(of: "below", ["split": "train", "below": 0.1])
            keys.example(of: "patience", ["split": "train", "patience": 5])
            let given = [
                above == nil ? nil : "above", below == nil ? nil : "below", patience == nil ? nil : "patience",
            ]
            .compactMap { $0 }
            try keys.require(
                given.count == 1, nil,
                "expected one of above, below and patience; found \(given.isEmpty ? "none" : given.joined(separator: " and "))"
            )
            condition =
                above.map { .above($0) } ?? below.map { .below($0) } ?? .patience(patience ?? 1)
        }
    }
}
