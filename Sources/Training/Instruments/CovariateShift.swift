import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.covariate_shift` asks for.
struct CovariateShiftMeasurement: RequestedMeasurement {
    static var key: String { "covariate_shift" }
    static var documentation: String {
        "How the update of the layers below changes each layer's gradient (Santurkar et al. 2018, definition 2.1)."
    }
    static var tables: [any MetricRow.Type] { [CovariateShiftRow.self] }

    private let cadence: Cadence

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) { cadence = try keys.cadence() }

    /// No update follows the last step.
    func plannedRows(of plan: RunPlan) -> [Int] {
        let times = cadence.every > 0 && plan.totalSteps > 0 ? (plan.totalSteps - 1) / cadence.every + 1 : 0
        return [times * plan.network.layers.count]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        CovariateShiftInstrument(self, network)
    }
}

struct CovariateShiftRow: MetricRow {
    let step: Int
    let layer: Int
    let gradientDistance: Double?
    let gradientCosine: Double?

    static let table = MetricTable<Self>(
        "covariate_shift", since: 2,
        """
        `logging.covariate_shift`: internal covariate shift as Santurkar et al. 2018, definition 2.1, has it. G is the \
        gradient of a layer's weight on the batch, G' the same after the update of all layers below it, and of these \
        alone.
        """,
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0, where nothing is below and nothing shifts") { $0.layer },
            .value("gradient_distance", "norm(G' - G)") { $0.gradientDistance },
            .value("gradient_cosine", "of the angle between G' and G") { $0.gradientCosine },
        ])
}

private final class CovariateShiftInstrument<S: Scalar>: Instrument {
    private let options: CovariateShiftMeasurement
    private let measured: MeasuredNetwork<S>
    /// The running statistics of the step, which batch renormalization uses in training and the update moves.
    private let statistics: RunningSnapshot<S>

    init(_ options: CovariateShiftMeasurement, _ measured: MeasuredNetwork<S>) {
        self.options = options
        self.measured = measured
        statistics = RunningSnapshot(measured.network)
    }

    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        measured.trial.snapshot.save()
        statistics.save()
    }

    /// Records for each layer its weight's gradient on the same batch before the update, and after the update of the
    /// layers below it alone.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measureUpdate(_ step: MeasuredStep, isMade: Bool, into rows: inout MetricRows) {
        guard isMade else { return }
        let network = measured.network, before = measured.trial.snapshot
        let updated = Snapshot(network)
        updated.save()
        statistics.exchange()
        defer {
            updated.restore()
            statistics.exchange()
        }
        for index in network.layers.indices {
            before.forEach { parameter, layer, value, _ in if layer >= index { parameter.value.copy(from: value) } }
            updated.forEach { parameter, layer, value, _ in if layer < index { parameter.value.copy(from: value) } }
            _ = measured.trial.run(step: step.step)
            let change = compare([(network.layers[index].weight.gradient, before.gradients[index][0])])
            rows.append(
                CovariateShiftRow(
                    step: step.step, layer: index, gradientDistance: change.distance, gradientCosine: change.cosine))
        }
    }
}
