import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.histograms` asks for.
struct HistogramMeasurement: RequestedMeasurement {
    static var key: String { "histograms" }
    static var documentation: String { "Counts of every logged site's values." }
    static var tables: [any MetricRow.Type] { [HistogramRow.self] }

    private let cadence: Cadence
    let bins: Int
    let minimum: Double
    let maximum: Double

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        bins = try keys("bins", .integer(1...10_000), 50, "Bins between the two ends.")
        minimum = try keys("minimum", .number(.any), -5.0, "Left end; what lies below is counted apart.")
        maximum = try keys(
            "maximum", .number(.any), 5.0, "Right end; what lies there or above is counted apart.")
        try keys.require(
            minimum < maximum, nil,
            "found minimum \(minimum) and maximum \(maximum); the minimum must be below the maximum")
        try keys.require(
            ((maximum - minimum) / Double(bins)).isNormal, nil,
            "found minimum \(minimum) and maximum \(maximum), of which \(bins) bins are too narrow or too wide to be "
                + "numbers; choose other ends")
    }

    func plannedRows(of plan: RunPlan) -> [Int] { [cadence.count(of: plan.totalSteps) * plan.loggedSiteCount] }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        HistogramInstrument(self, network)
    }
}

struct HistogramRow: MetricRow {
    let step: Int
    let layer: Int
    let site: String
    let counts: [Int]

    static let table = MetricTable<Self>(
        "histogram", since: 2,
        """
        `logging.histograms`: how many of the site's N H values lie in each of `bins` equal bins from `minimum` to \
        `maximum`.
        """,
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0") { $0.layer },
            .key("site", "see above") { $0.site },
            .value(
                "counts",
                """
                JSON list for json_each: values below the minimum, one count a bin, values at or above the maximum
                """
            ) { "[" + $0.counts.map(String.init).joined(separator: ",") + "]" },
        ],
        plots: [
            MetricPlot(
                "histogram", "share of preactivations", column: "counts", .counts, where: "site = 'preactivation'")
        ])
}

private final class HistogramInstrument<S: Scalar>: Instrument {
    private let options: HistogramMeasurement
    private let measured: MeasuredNetwork<S>

    init(_ options: HistogramMeasurement, _ measured: MeasuredNetwork<S>) {
        self.options = options
        self.measured = measured
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        var found: [HistogramRow] = []
        for index in measured.plan.loggedLayers {
            for site in measured.plan.loggedSites(ofLayer: index) {
                guard let values = measured.workspace.layers[index].values(at: site)?.0 else { continue }
                let counts = histogram(
                    of: values, bins: options.bins, minimum: options.minimum, maximum: options.maximum)
                found.append(HistogramRow(step: step.step, layer: index, site: site.rawValue, counts: counts))
            }
        }
        rows.append(contentsOf: found)
    }
}

/// Bin 0 is what lies below, the last what lies above or at the maximum.
private func histogram<S: Scalar>(of values: Matrix<S>, bins: Int, minimum: Double, maximum: Double) -> [Int] {
    let width = (maximum - minimum) / Double(bins)
    var counts = [Int](repeating: 0, count: bins + 2)
    for i in 0..<values.count where !values.base[i].isNaN {
        let position = (Double(values.base[i]) - minimum) / width
        counts[position < 0 ? 0 : position >= Double(bins) ? bins + 1 : Int(position) + 1] += 1
    }
    return counts
}
