import NeuralNetwork
import RunStore

/// Batch against running statistics of every logged layer that has them, before the running ones move.
struct NormalizationMeasurement: Measurement {
    static var tables: [any MetricRow.Type] { [NormalizationStatisticRow.self] }
    var time: MeasuringTime { .loggedSteps }

    func plannedRows(of plan: RunPlan) -> [Int] {
        [plan.loggedStepCount * plan.loggedLayers.count { plan.network.layers[$0].normalization?.isOverBatch == true }]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> { NormalizationInstrument(network) }
}

struct NormalizationStatisticRow: MetricRow {
    let step: Int
    let layer: Int
    let batchMeanNorm: Double?
    let runningMeanNorm: Double?
    let meanGap: Double?
    let batchVarianceMean: Double?
    let runningVarianceMean: Double?
    let varianceGap: Double?
    let gammaMean: Double?
    let gammaMinimum: Double?
    let gammaMaximum: Double?
    let betaMean: Double?
    let betaMinimum: Double?
    let betaMaximum: Double?

    static let table = MetricTable<Self>(
        "normalization_statistic", since: 1,
        """
        Batch against running statistics of each layer that is normalized over the batch, before update t + 1 moves the \
        running ones. For ghost batches the batch's are means over the groups.
        """,
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0") { $0.layer },
            .value("batch_mean_norm", "norm of the batch mean, 1 x H") { $0.batchMeanNorm },
            .value("running_mean_norm", "norm of the running mean") { $0.runningMeanNorm },
            .value("mean_gap", "norm(batch mean - running mean) / norm(running mean); NULL while that is 0") {
                $0.meanGap
            },
            .value("batch_variance_mean", "mean over units of the batch variance (biased, ddof 0)") {
                $0.batchVarianceMean
            },
            .value("running_variance_mean", "mean over units of the running variance") { $0.runningVarianceMean },
            .value("variance_gap", "norm(batch variance - running variance) / norm(running variance)") {
                $0.varianceGap
            },
            .value("gamma_mean", "over units; NULL without a scale") { $0.gammaMean },
            .value("gamma_minimum", "smallest") { $0.gammaMinimum },
            .value("gamma_maximum", "largest") { $0.gammaMaximum },
            .value("beta_mean", "over units; NULL without a shift") { $0.betaMean },
            .value("beta_minimum", "smallest") { $0.betaMinimum },
            .value("beta_maximum", "largest") { $0.betaMaximum },
        ],
        wideName: "normalization.{layer}.{column}",
        plots: [
            MetricPlot("mean_gap", "gap between batch and running mean", column: "mean_gap"),
            MetricPlot("variance_gap", "gap between batch and running variance", column: "variance_gap"),
            MetricPlot(
                "gamma", "gamma: mean over units, from smallest to largest", column: "gamma_mean",
                .band(low: "gamma_minimum", high: "gamma_maximum")),
            MetricPlot(
                "beta", "beta: mean over units, from smallest to largest", column: "beta_mean",
                .band(low: "beta_minimum", high: "beta_maximum")),
        ])
}

private final class NormalizationInstrument<S: Scalar>: Instrument {
    private let measured: MeasuredNetwork<S>

    init(_ measured: MeasuredNetwork<S>) { self.measured = measured }

    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        rows.append(contentsOf: measured.plan.loggedLayers.compactMap { row(ofLayer: $0, step: step.step) })
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    private func row(ofLayer index: Int, step: Int) -> NormalizationStatisticRow? {
        let layer = measured.network.layers[index], workspace = measured.workspace
        guard let running = layer.running, let buffers = workspace.layers[index].normalization else { return nil }
        let batch = buffers.averageMoments(rows: workspace.rows)
        let runningMean = running.mean.elements.map(Double.init), runningVariance = running.variances()
        let runningMeanNorm = norm(runningMean)
        let gamma = layer.gamma.map { Distribution($0.value) }.flatMap { $0.count > 0 ? $0 : nil }
        let beta = layer.beta.map { Distribution($0.value) }.flatMap { $0.count > 0 ? $0 : nil }
        return NormalizationStatisticRow(
            step: step, layer: index, batchMeanNorm: norm(batch.mean), runningMeanNorm: runningMeanNorm,
            meanGap: ratio(distance(batch.mean, runningMean), runningMeanNorm),
            batchVarianceMean: mean(batch.variance), runningVarianceMean: mean(runningVariance),
            varianceGap: ratio(distance(batch.variance, runningVariance), norm(runningVariance)),
            gammaMean: gamma?.mean, gammaMinimum: gamma?.minimum, gammaMaximum: gamma?.maximum,
            betaMean: beta?.mean, betaMinimum: beta?.minimum, betaMaximum: beta?.maximum)
    }
}

private func norm(_ values: [Double]) -> Double { sumOfSquares(count: values.count) { values[$0] }.squareRoot() }
private func distance(_ a: [Double], _ b: [Double]) -> Double {
    sumOfSquares(count: a.count) { a[$0] - b[$0] }.squareRoot()
}
private func mean(_ values: [Double]) -> Double { sum(count: values.count) { values[$0] } / Double(values.count) }

/// A quotient; nil where there is no denominator or it is 0.
func ratio(_ numerator: Double, _ denominator: Double?) -> Double? {
    guard let denominator, denominator != 0 else { return nil }
    return numerator / denominator
}
