import Datasets
import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.probe` asks for.
struct ProbeMeasurement: RequestedMeasurement {
    static var key: String { "probe" }
    static var documentation: String {
        "Fixed rows that pass through the network with their own and with running statistics."
    }
    static var tables: [any MetricRow.Type] { [ProbePercentileRow.self] }

    private let cadence: Cadence
    let split: SplitName
    let rows: Int
    let units: [Int]
    let percentiles: [Double]

    var measuredSplit: SplitName? { split }
    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        split = try keys("split", .choice, "train", "Whose first rows are the probe.")
        keys.example(of: "split", ["split": "train"])
        rows = try keys("rows", .positiveInteger, 256, "How many rows.")
        units = try keys(
            "units", .set(of: .naturalNumber), [0], "Units whose preactivations are kept, in every logged layer.")
        percentiles = try keys.percentiles("Of each unit over the rows.")
        try keys.require(!units.isEmpty, "units", "the list is empty; give at least one unit")
        try keys.require(!percentiles.isEmpty, "percentiles", "the list is empty; give at least one percentile")
    }

    func contradiction(to plan: RunPlan) -> String? {
        let outputs = plan.loggedLayers.map { plan.network.layers[$0].outputs }
        if let unit = units.first(where: { unit in outputs.allSatisfy { $0 <= unit } }) {
            return "units: found \(unit), but the largest logged layer has units 0 to \((outputs.max() ?? 0) - 1)"
        }
        let count = min(rows, plan.data[split]?.rowCount ?? rows)
        return plan.network.problem(ofBatch: count, mayDifferInGroups: true).map { "rows: found \(count), but \($0)" }
    }

    func plannedRows(of plan: RunPlan) -> [Int] {
        let measured = plan.loggedLayers.reduce(0) { sum, layer in
            sum + units.count { $0 < plan.network.layers[layer].outputs }
        }
        return [cadence.count(of: plan.totalSteps) * 2 * measured * percentiles.count]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) throws(DataError) -> any Instrument<S> {
        try ProbeInstrument(self, network)
    }
}

struct ProbePercentileRow: MetricRow {
    let step: Int
    let mode: String
    let layer: Int
    let unit: Int
    let percentile: Double
    let value: Double?

    static let table = MetricTable<Self>(
        "probe_percentile", since: 2,
        """
        `logging.probe`: fixed rows of a split pass through the network as it is; percentiles of single units' \
        preactivations over these rows, as in Ioffe & Szegedy 2015, figure 1(b, c).
        """,
        [
            .key("step", "after t updates") { $0.step },
            .key("mode", "batch: the rows' own statistics; running: the running ones") { $0.mode },
            .key("layer", "from 0") { $0.layer },
            .key("unit", "from 0") { $0.unit },
            .key("percentile", "0 to 100") { $0.percentile },
            .value("value", "that percentile") { $0.value },
        ],
        wideName: "probe.{mode}.{layer}.{unit}.p{percentile}")
}

/// The fixed rows pass through the network as it is, with their own statistics and with the running ones.
private final class ProbeInstrument<S: Scalar>: Instrument {
    private let options: ProbeMeasurement
    private let measured: MeasuredNetwork<S>
    private let workspace: Workspace<S>
    private let fixed: FixedRows<S>

    init(_ options: ProbeMeasurement, _ measured: MeasuredNetwork<S>) throws(DataError) {
        self.options = options
        self.measured = measured
        let plan = measured.plan
        // The config was checked for having the split.
        fixed = try FixedRows(first: options.rows, of: plan.data[options.split] ?? plan.data.train, in: plan)
        workspace = Workspace(
            plan.network, rows: fixed.count, forTraining: false, valueCount: plan.data.valueCount)
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        var found: [ProbePercentileRow] = []
        for mode in [NormalizationMode.batch, .running] {
            fixed.load(step: step.step, into: workspace)
            _ = measured.network.forward(workspace, .evaluation(mode))
            for index in measured.plan.loggedLayers {
                let values = workspace.layers[index].preactivation
                for unit in options.units where unit < values.columns {
                    let column = Matrix<S>(rows: values.rows, columns: 1, (0..<values.rows).map { values[$0, unit] })
                    found += zip(options.percentiles, percentiles(options.percentiles, of: column)).map {
                        ProbePercentileRow(
                            step: step.step, mode: mode.rawValue, layer: index, unit: unit, percentile: $0, value: $1)
                    }
                }
            }
        }
        rows.append(contentsOf: found)
    }
}
