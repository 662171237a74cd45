import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.landscape` asks for.
struct LandscapeMeasurement: RequestedMeasurement {
    static var key: String { "landscape" }
    static var documentation: String {
        "Loss and gradient along the step, on the same batch (Santurkar et al. 2018)."
    }
    static var tables: [any MetricRow.Type] { [LandscapeRow.self] }

    private let cadence: Cadence
    /// Multiples of the learning rate.
    let stepSizes: [Double]

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        stepSizes = try keys(
            "step_sizes", .set(of: .number(.positive)), [0.5, 1.0, 2.0, 4.0],
            "Multiples of the learning rate along the gradient.")
        try keys.require(!stepSizes.isEmpty, "step_sizes", "the list is empty; give at least one multiple")
    }

    func plannedRows(of plan: RunPlan) -> [Int] { [cadence.count(of: plan.totalSteps) * stepSizes.count] }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        LandscapeInstrument(self, network)
    }
}

struct LandscapeRow: MetricRow {
    let step: Int
    let stepSize: Double
    let loss: Double?
    let gradientDistance: Double?
    let gradientCosine: Double?
    let smoothness: Double?

    static let table = MetricTable<Self>(
        "landscape", since: 2,
        """
        `logging.landscape`: loss and gradient on the same batch at p - s g, g the gradient of all trained parameters p, as \
        Santurkar et al. 2018, figure 4, looks along the step. The loss range of that paper is the range of `loss`, \
        gradient predictiveness `gradient_distance` and `gradient_cosine`, effective beta-smoothness the maximum of \
        `smoothness`, each over the step sizes of a step.
        """,
        [
            .key("step", "t") { $0.step },
            .key(
                "step_size",
                """
                one of the multiples in `logging.landscape.step_sizes`; s is it times the learning rate of the step
                """
            ) { $0.stepSize },
            .value("loss", "at p - s g, with its regularization") { $0.loss },
            .value("gradient_distance", "norm(g' - g), g' the gradient at p - s g") { $0.gradientDistance },
            .value("gradient_cosine", "of the angle between g' and g") { $0.gradientCosine },
            .value("smoothness", "norm(g' - g) / norm(s g); NULL where s is 0") { $0.smoothness },
        ])
}

private final class LandscapeInstrument<S: Scalar>: Instrument {
    private let options: LandscapeMeasurement
    private let measured: MeasuredNetwork<S>

    init(_ options: LandscapeMeasurement, _ measured: MeasuredNetwork<S>) {
        self.options = options
        self.measured = measured
    }

    /// Goes along the step -g of the whole gradient g.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        let snapshot = measured.trial.snapshot
        snapshot.save()
        defer { snapshot.restore() }
        let gradientNorm = measured.network.gradientNorm()
        for multiple in options.stepSizes {
            let size = multiple * measured.plan.learningRate(step: step.step)
            snapshot.forEach { parameter, layer, value, gradient in
                guard measured.network.layers[layer].trains(parameter) else { return }
                move(parameter.value, from: value, by: -size, times: gradient)
            }
            let loss = measured.trial.run(step: step.step)
            var pairs: [(Matrix<S>, Matrix<S>)] = []
            snapshot.forEach { parameter, layer, _, gradient in
                guard measured.network.layers[layer].trains(parameter) else { return }
                pairs.append((parameter.gradient, gradient))
            }
            let change = compare(pairs)
            rows.append(
                LandscapeRow(
                    step: step.step, stepSize: multiple, loss: loss, gradientDistance: change.distance,
                    gradientCosine: change.cosine,
                    smoothness: gradientNorm > 0 && size > 0 ? change.distance / (size * gradientNorm) : nil))
        }
    }
}

private func move<S: Scalar>(_ target: Matrix<S>, from start: Matrix<S>, by size: Double, times direction: Matrix<S>) {
    let factor = S(size)
    for i in 0..<target.count { target.base[i] = start.base[i] + factor * direction.base[i] }
}
