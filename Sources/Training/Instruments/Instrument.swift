import Datasets
import Keys
import NeuralNetwork
import RunStore
import Support

/// Something that is measured during training: when, into which tables, with how many rows, and what measures it.
///
/// Its file holds all of it: the types of its rows with their tables, and for a measurement that a key of `logging`
/// asks for (`RequestedMeasurement`) the keys and their documentation.
protocol Measurement: Sendable {
    static var tables: [any MetricRow.Type] { get }
    var time: MeasuringTime { get }

    /// How many rows a whole run adds to each of the tables.
    func plannedRows(of plan: RunPlan) -> [Int]

    /// Makes what measures a network of one precision.
    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) throws(DataError) -> any Instrument<S>
}

/// A measurement that a key of `logging` asks for, with an object of options.
protocol RequestedMeasurement: Measurement, Keyed {
    /// The key in `logging`.
    static var key: String { get }
    static var documentation: String { get }
    /// The split that the option `split` names, which must exist.
    var measuredSplit: SplitName? { get }

    /// Says why what a plan trains cannot be measured so, and what to do; nil where it can.
    func contradiction(to plan: RunPlan) -> String?

    /// The memory that it takes beside training, where that grows with the network.
    func room(of plan: RunPlan) -> MeasuringRoom
}

extension RequestedMeasurement {
    var measuredSplit: SplitName? { nil }
    func contradiction(to plan: RunPlan) -> String? { nil }
    func room(of plan: RunPlan) -> MeasuringRoom { MeasuringRoom() }

    static func read(_ logging: KeyReader) throws(ConfigError) -> Self? {
        try logging.optional(key, .object, "not measured", documentation)
    }
}

/// When something is measured.
enum MeasuringTime: Sendable {
    /// The steps that the keys `every`, `at_steps` and `per_decade` of `logging` name.
    case loggedSteps
    case steps(Cadence)
    case evaluations
}

/// Measures a network in training.
///
/// Measuring only reads, or works in buffers of its own: parameters, gradients and running statistics have the same
/// bits afterwards, so that a step that is measured makes the same update as one that is not.
///
/// The methods are called through a protocol, so those that do more than a few operations are specialized for Float and
/// Double by attributes.
protocol Instrument<S>: AnyObject {
    associatedtype S: Scalar

    /// Measures after the batch of a step went forward and backward, before its update.
    func measure(_ step: MeasuredStep, into rows: inout MetricRows)

    /// Measures after the update of a step that `measure` has seen; where none follows, the parameters are as they
    /// were.
    func measureUpdate(_ step: MeasuredStep, isMade: Bool, into rows: inout MetricRows)

    /// Measures a batch that was run forward only and whose loss is not finite, which ends the run at a step that was
    /// not due.
    func measureDivergence(_ step: MeasuredStep, into rows: inout MetricRows)

    /// Measures a batch of an evaluation, in each of its modes.
    func measure(_ batch: EvaluatedBatch<S>)

    /// Whether the batches of a split are to come again, after all of them have come in a mode.
    func needsSecondPass(over split: SplitName) -> Bool

    /// Measures the same batch in the second pass.
    func measureAgain(_ batch: EvaluatedBatch<S>)

    /// Ends an evaluation of all splits and modes after `step` updates.
    func finishEvaluation(_ step: Int, into rows: inout MetricRows)
}

extension Instrument {
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {}
    func measureUpdate(_ step: MeasuredStep, isMade: Bool, into rows: inout MetricRows) {}
    func measureDivergence(_ step: MeasuredStep, into rows: inout MetricRows) {}
    func measure(_ batch: EvaluatedBatch<S>) {}
    func needsSecondPass(over split: SplitName) -> Bool { false }
    func measureAgain(_ batch: EvaluatedBatch<S>) {}
    func finishEvaluation(_ step: Int, into rows: inout MetricRows) {}
}

/// A step that is measured: `step` updates are finished, and `result` is of the batch that makes the next one.
struct MeasuredStep {
    let step: Int
    let result: BatchResult
}

/// A batch that an evaluation has run forward.
struct EvaluatedBatch<S: Scalar> {
    let split: SplitName
    let mode: NormalizationMode
    /// The workspace whose `logits` are the predictions for its `targets`.
    let workspace: Workspace<S>
}
