import RunStore

// Rows of some tables of measurements, with the columns that tests need: a file takes rows by the names of their columns.

struct StepRow: MetricRow {
    let step: Int
    let loss: Double

    static let table = MetricTable<Self>(
        "training_step", since: 1, "",
        [
            .key("step", "") { $0.step }, .value("epoch", "") { _ in 0 }, .value("loss", "") { $0.loss },
            .value("accuracy", "") { _ in 0.5 }, .value("learning_rate", "") { _ in 0.1 },
            .value("gradient_norm", "") { _ in 2.0 },
        ])
}

struct ActivationRow: MetricRow {
    let step, layer: Int
    let site: String
    var mean: Double?
    var deadUnitFraction: Double?

    static let table = MetricTable<Self>(
        "activation_statistic", since: 1, "",
        [
            .key("step", "") { $0.step }, .key("layer", "") { $0.layer }, .key("site", "") { $0.site },
            .value("mean", "") { $0.mean }, .value("dead_unit_fraction", "") { $0.deadUnitFraction },
            .value("nonfinite_count", "") { _ in 0 },
        ])
}

struct PercentileRow: MetricRow {
    let step, layer: Int
    let percentile, value: Double

    static let table = MetricTable<Self>(
        "activation_percentile", since: 1, "",
        [
            .key("step", "") { $0.step }, .key("layer", "") { $0.layer }, .key("site", "") { _ in "preactivation" },
            .key("percentile", "") { $0.percentile }, .value("value", "") { $0.value },
        ])
}

struct ParameterRow: MetricRow {
    let step: Int
    let parameter: String
    let gradientNorm: Double

    static let table = MetricTable<Self>(
        "parameter_statistic", since: 1, "",
        [
            .key("step", "") { $0.step }, .key("layer", "") { _ in 0 }, .key("parameter", "") { $0.parameter },
            .value("gradient_norm", "") { $0.gradientNorm }, .value("nonfinite_count", "") { _ in 0 },
        ])
}

func trainingStep(_ step: Int, loss: Double = 1) -> MetricRows {
    var rows = MetricRows(step: step)
    rows.append(StepRow(step: step, loss: loss))
    return rows
}
