import NeuralNetwork
import RunStore

/// Norms of every parameter of every logged layer, of its gradient and of its update.
struct ParameterMeasurement: Measurement {
    static var tables: [any MetricRow.Type] { [ParameterStatisticRow.self] }
    var time: MeasuringTime { .loggedSteps }

    func plannedRows(of plan: RunPlan) -> [Int] {
        [plan.loggedStepCount * plan.loggedLayers.reduce(0) { $0 + plan.network.layers[$1].parameterKinds.count }]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> { ParameterInstrument(network) }
}

struct ParameterStatisticRow: MetricRow {
    let step: Int
    let layer: Int
    let parameter: String
    let gradientNorm: Double?
    let weightNorm: Double?
    var updateNorm: Double?
    var updateRatio: Double?
    let nonfiniteCount: Int
    let gradientCosine: Double?
    var angularUpdate: Double?

    static let table = MetricTable<Self>(
        "parameter_statistic", since: 1, "A parameter of a layer, its gradient and its update.",
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0") { $0.layer },
            .key("parameter", "weight, bias, gain (of weight normalization), gamma, beta or alpha") { $0.parameter },
            .value("gradient_norm", "of dL/d(parameter)") { $0.gradientNorm },
            .value("weight_norm", "of the parameter itself") { $0.weightNorm },
            .value("update_norm", "of the change that update t + 1 makes; NULL if none follows") { $0.updateNorm },
            .value("update_ratio", "update_norm / weight_norm; NULL where the parameter is 0") { $0.updateRatio },
            .value("nonfinite_count", "entries of the gradient that are not finite") { $0.nonfiniteCount },
            .value(
                "gradient_cosine", since: 2,
                "cosine of the angle to the gradient of step t - 1; NULL at step 0 or where one of them is 0"
            ) { $0.gradientCosine },
            .value(
                "angular_update", since: 9,
                """
                angle between the parameter before and after update t + 1, as vectors, in radians; NULL if none follows or \
                where one of them is 0
                """
            ) { $0.angularUpdate },
        ],
        wideName: "{parameter}.{layer}.{column}",
        plots: [
            MetricPlot(
                "weight_gradient_norm", "weight gradient norm (L2)", column: "gradient_norm",
                where: "parameter = 'weight'"),
            MetricPlot("weight_norm", "weight norm (L2)", column: "weight_norm", where: "parameter = 'weight'"),
            MetricPlot(
                "update_ratio", "update norm / weight norm", column: "update_ratio", where: "parameter = 'weight'"),
            MetricPlot(
                "angular_update", "angle between the weights before and after an update (radians)",
                column: "angular_update", where: "parameter = 'weight'"),
        ])
}

private final class ParameterInstrument<S: Scalar>: Instrument {
    private let measured: MeasuredNetwork<S>
    private var found: [ParameterStatisticRow] = []

    init(_ measured: MeasuredNetwork<S>) { self.measured = measured }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        let sums = measured.gradients(step: step.step).sums
        found = measured.plan.loggedLayers.flatMap { layer in
            zip(measured.network.layers[layer].parameters, sums[layer]).map { parameter, sums in
                ParameterStatisticRow(
                    step: step.step, layer: layer, parameter: parameter.kind.rawValue, gradientNorm: sums.norm,
                    weightNorm: norm(parameter.value), nonfiniteCount: sums.nonfiniteCount,
                    gradientCosine: sums.cosine)
            }
        }
    }

    func measureUpdate(_ step: MeasuredStep, isMade: Bool, into rows: inout MetricRows) {
        if isMade {
            let layers = measured.plan.loggedLayers
            let norms = layers.flatMap { measured.updateNorms.norms[$0] }
            let products = layers.flatMap { measured.updateNorms.products[$0] }
            for (position, norm) in norms.enumerated() {
                let before = found[position].weightNorm
                found[position].updateNorm = norm
                found[position].updateRatio = ratio(norm, before)
                found[position].angularUpdate = before.flatMap {
                    NeuralNetwork.angularUpdate(norm: $0, changeNorm: norm, product: products[position])
                }
            }
        }
        rows.append(contentsOf: found)
    }
}
