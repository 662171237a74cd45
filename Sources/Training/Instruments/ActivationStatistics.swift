import NeuralNetwork
import RunStore

/// Statistics and percentiles of every logged site of every logged layer.
struct ActivationMeasurement: Measurement {
    static var tables: [any MetricRow.Type] { [ActivationStatisticRow.self, ActivationPercentileRow.self] }
    var time: MeasuringTime { .loggedSteps }

    /// Percentiles of batches with finite values only.
    func plannedRows(of plan: RunPlan) -> [Int] {
        let sites = plan.loggedSiteCount
        return [plan.loggedStepCount * sites, plan.loggedStepCount * sites * plan.config.logging.percentiles.count]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> { ActivationInstrument(network) }
}

struct ActivationStatisticRow: MetricRow {
    let step: Int
    let layer: Int
    let site: String
    let mean: Double?
    let standardDeviation: Double?
    let minimum: Double?
    let maximum: Double?
    let zeroFraction: Double?
    let saturatedFraction: Double?
    let deadUnitFraction: Double?
    let gradientNorm: Double?
    let nonfiniteCount: Int

    static let table = MetricTable<Self>(
        "activation_statistic", since: 1, "The values at a site of a layer, over the training batch.",
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0") { $0.layer },
            .key("site", "see above") { $0.site },
            .value("mean", "(1/NH) sum x") { $0.mean },
            .value("standard_deviation", "sqrt((1/NH) sum (x - mean)^2)") { $0.standardDeviation },
            .value("minimum", "smallest value") { $0.minimum },
            .value("maximum", "largest value") { $0.maximum },
            .value("zero_fraction", "share of values that are exactly 0") { $0.zeroFraction },
            .value(
                "saturated_fraction",
                """
                site activation: share on the flat side: sigmoid outside 0.05 to 0.95, tanh outside -0.9 to 0.9, ReLU \
                at 0, leaky ReLU, ELU, SELU, GELU and SiLU below 0; NULL for identity
                """
            ) { $0.saturatedFraction },
            .value("dead_unit_fraction", "site activation: share of units that are 0 on every row of the batch") {
                $0.deadUnitFraction
            },
            .value("gradient_norm", "of dL/d(site), N x H") { $0.gradientNorm },
            .value("nonfinite_count", "values that are infinite or not a number") { $0.nonfiniteCount },
        ],
        wideName: "activation.{layer}.{site}.{column}",
        plots: [
            MetricPlot(
                "activation_mean", "mean of preactivations", column: "mean", where: "site = 'preactivation'"),
            MetricPlot(
                "activation_standard_deviation", "standard deviation of preactivations", column: "standard_deviation",
                where: "site = 'preactivation'"),
            MetricPlot(
                "activation_gradient_norm", "gradient norm of preactivations (L2)", column: "gradient_norm",
                where: "site = 'preactivation'"),
            MetricPlot(
                "saturated_fraction", "saturated fraction", column: "saturated_fraction", where: "site = 'activation'"),
            MetricPlot(
                "dead_unit_fraction", "dead unit fraction", column: "dead_unit_fraction", where: "site = 'activation'"),
        ])
}

struct ActivationPercentileRow: MetricRow {
    let step: Int
    let layer: Int
    let site: String
    let percentile: Double
    let value: Double?

    static let table = MetricTable<Self>(
        "activation_percentile", since: 1,
        """
        Exact: of all finite values of the batch, linearly interpolated between order statistics (numpy's default).
        """,
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0") { $0.layer },
            .key("site", "see above") { $0.site },
            .key("percentile", "0 to 100, as `logging.percentiles` asks") { $0.percentile },
            .value("value", "that percentile") { $0.value },
        ],
        wideName: "activation.{layer}.{site}.p{percentile}",
        plots: [
            MetricPlot(
                "activation_percentile", "preactivations: median, 15th to 85th percentile",
                column: "max(value) FILTER (WHERE percentile = 50)",
                .band(
                    low: "max(value) FILTER (WHERE percentile = 15)", high: "max(value) FILTER (WHERE percentile = 85)"),
                where: "site = 'preactivation'")
        ])
}

private final class ActivationInstrument<S: Scalar>: Instrument {
    private let measured: MeasuredNetwork<S>
    private let asked: [Double]
    /// Room for a value for each unit of the widest layer.
    private let isAlive: Matrix<S>

    init(_ measured: MeasuredNetwork<S>) {
        self.measured = measured
        asked = measured.plan.config.logging.percentiles
        isAlive = Matrix(rows: 1, columns: measured.network.layers.map(\.description.outputs).max() ?? 0)
    }

    func measureDivergence(_ step: MeasuredStep, into rows: inout MetricRows) { measure(step, into: &rows) }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        var statistics: [ActivationStatisticRow] = [], found: [ActivationPercentileRow] = []
        for index in measured.plan.loggedLayers {
            let buffers = measured.workspace.layers[index]
            for site in measured.plan.loggedSites(ofLayer: index) {
                guard let (values, gradientNorm) = buffers.values(at: site) else { continue }
                let distribution = Distribution(values)
                let isActivation = site == .activation
                let activation = measured.network.layers[index].description.activation
                let hasValues = distribution.count > 0
                statistics.append(
                    ActivationStatisticRow(
                        step: step.step, layer: index, site: site.rawValue,
                        mean: hasValues ? distribution.mean : nil,
                        standardDeviation: hasValues ? distribution.standardDeviation : nil,
                        minimum: hasValues ? distribution.minimum : nil,
                        maximum: hasValues ? distribution.maximum : nil,
                        zeroFraction: hasValues ? Double(distribution.zeroCount) / Double(distribution.count) : nil,
                        saturatedFraction: isActivation ? saturatedFraction(of: values, activation) : nil,
                        deadUnitFraction: isActivation ? deadUnitFraction(of: values, isAlive: isAlive) : nil,
                        gradientNorm: gradientNorm, nonfiniteCount: distribution.nonfiniteCount))
                let areFinite = distribution.nonfiniteCount == 0
                found += zip(asked, percentiles(asked, of: values, areFinite: areFinite)).map {
                    ActivationPercentileRow(
                        step: step.step, layer: index, site: site.rawValue, percentile: $0, value: $1)
                }
            }
        }
        rows.append(contentsOf: statistics)
        rows.append(contentsOf: found)
    }

    private func saturatedFraction(of values: Matrix<S>, _ activation: Activation) -> Double? {
        guard let (low, high) = activation.unsaturatedRange, values.count > 0 else { return nil }
        return Double(countOutside(values, low: S(low), high: S(high))) / Double(values.count)
    }
}

/// The share of units that are zero on every row.
private func deadUnitFraction<S: Scalar>(of values: Matrix<S>, isAlive: Matrix<S>) -> Double {
    let units = values.columns
    let alive = isAlive.base
    for j in 0..<units { alive[j] = 0 }
    for i in 0..<values.rows {
        let row = values.base + i * units
        for j in 0..<units { alive[j] = row[j] != 0 ? 1 : alive[j] }
    }
    return Double((0..<units).count { alive[$0] == 0 }) / Double(units)
}
