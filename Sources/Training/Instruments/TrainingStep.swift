import NeuralNetwork
import RunStore

/// What every logged step has: the batch's loss and accuracy, the learning rate and the gradient's norm.
struct TrainingStepMeasurement: Measurement {
    static var tables: [any MetricRow.Type] { [TrainingStepRow.self] }
    var time: MeasuringTime { .loggedSteps }

    func plannedRows(of plan: RunPlan) -> [Int] { [plan.loggedStepCount] }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> { TrainingStepInstrument(network) }
}

struct TrainingStepRow: MetricRow {
    let step: Int
    let epoch: Int
    let loss: Double?
    let regularizationLoss: Double?
    let accuracy: Double?
    let learningRate: Double
    let gradientNorm: Double?

    static let table = MetricTable<Self>(
        "training_step", since: 1, "The training batch as a whole.",
        [
            .key("step", "t") { $0.step },
            .value("epoch", "completed passes over the training rows") { $0.epoch },
            .value(
                "loss",
                """
                of the batch, reduced as `loss.reduction` says, without regularization; for softmax cross-entropy \
                -(1/N) sum_i log p_i
                """
            ) { $0.loss },
            .value("regularization_loss", "0.5 l2 sum norm(W)^2, which is added; NULL without it") {
                $0.regularizationLoss
            },
            .value(
                "accuracy",
                """
                share of the batch's rows whose largest output is that of the label; NULL where targets are values
                """
            ) { $0.accuracy },
            .value("learning_rate", "of update t + 1") { $0.learningRate },
            .value("gradient_norm", "of the gradients of all trained parameters as one vector") { $0.gradientNorm },
        ],
        wideName: "{column}",
        plots: [
            MetricPlot("loss", "training loss", column: "loss", .loss),
            MetricPlot("accuracy", "training batch accuracy", column: "accuracy"),
            MetricPlot("gradient_norm", "gradient norm (L2)", column: "gradient_norm"),
            MetricPlot("learning_rate", "learning rate", column: "learning_rate"),
        ])
}

private final class TrainingStepInstrument<S: Scalar>: Instrument {
    private let measured: MeasuredNetwork<S>

    init(_ measured: MeasuredNetwork<S>) { self.measured = measured }

    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        rows.append(row(step, gradientNorm: measured.gradients(step: step.step).norm))
    }

    func measureDivergence(_ step: MeasuredStep, into rows: inout MetricRows) {
        rows.append(row(step, gradientNorm: nil))
    }

    private func row(_ step: MeasuredStep, gradientNorm: Double?) -> TrainingStepRow {
        let plan = measured.plan
        return TrainingStepRow(
            step: step.step, epoch: step.step / plan.stepsPerEpoch, loss: step.result.loss,
            regularizationLoss: plan.config.objective.l2 == 0 ? nil : measured.network.regularizationLoss(),
            accuracy: step.result.accuracy, learningRate: plan.learningRate(step: step.step),
            gradientNorm: gradientNorm)
    }
}
