import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.geometry` asks for.
struct GeometryMeasurement: RequestedMeasurement {
    static var key: String { "geometry" }
    static var documentation: String { "How rows lie to each other: cosines, ranks, isometry." }
    static var tables: [any MetricRow.Type] { [RepresentationStatisticRow.self] }

    private let cadence: Cadence
    let rows: Int
    let threshold: Double

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        rows = try keys(
            "rows", .integer(2...1024), 128,
            "Rows of the batch that are looked at; the cost grows with the cube of rows or units, whichever are "
                + "fewer.")
        threshold = try keys(
            "threshold", .number(NumberRange(least: 0, below: 1)), 1e-3,
            "Of the effective rank, relative to the largest eigenvalue.")
    }

    func plannedRows(of plan: RunPlan) -> [Int] {
        [cadence.count(of: plan.totalSteps) * plan.loggedLayers.reduce(0) { $0 + sites(ofLayer: $1, in: plan).count }]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        GeometryInstrument(self, network)
    }

    fileprivate func sites(ofLayer index: Int, in plan: RunPlan) -> [Site] {
        plan.loggedSites(ofLayer: index).filter { $0 == .preactivation || $0 == .activation }
    }
}

struct RepresentationStatisticRow: MetricRow {
    let step: Int
    let layer: Int
    let site: String
    let geometry: RepresentationGeometry

    static let table = MetricTable<Self>(
        "representation_statistic", since: 2,
        """
        `logging.geometry`: how the first `rows` rows of the batch lie to each other at a site, X being N x H and l the \
        eigenvalues of the Gram matrix X X^T.
        """,
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0") { $0.layer },
            .key("site", "preactivation or activation") { $0.site },
            .value(
                "mean_cosine",
                "mean of cos(x_i, x_j) over pairs of different rows that are not zero; NULL if there is none"
            ) { $0.geometry.meanCosine },
            .value("stable_rank", "sum l / max l") { $0.geometry.stableRank },
            .value("participation_ratio", "(sum l)^2 / sum l^2") { $0.geometry.participationRatio },
            .value(
                "effective_rank",
                """
                how many l exceed `threshold` times the largest (after Daneshmand et al. 2020, relative to the largest)
                """
            ) { $0.geometry.effectiveRank },
            .value(
                "isometry_gap",
                """
                log((1/N) sum l) - (1/N) sum log l, 0 for orthogonal rows of one length; NULL (infinite) for dependent \
                rows, so always where N > H (Joudaki et al. 2023)
                """
            ) { $0.geometry.isometryGap },
        ],
        wideName: "representation.{layer}.{site}.{column}")
}

private final class GeometryInstrument<S: Scalar>: Instrument {
    private let options: GeometryMeasurement
    private let measured: MeasuredNetwork<S>

    init(_ options: GeometryMeasurement, _ measured: MeasuredNetwork<S>) {
        self.options = options
        self.measured = measured
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        for index in measured.plan.loggedLayers {
            for site in options.sites(ofLayer: index, in: measured.plan) {
                guard let values = measured.workspace.layers[index].values(at: site)?.0 else { continue }
                rows.append(
                    RepresentationStatisticRow(
                        step: step.step, layer: index, site: site.rawValue,
                        geometry: RepresentationGeometry(values, rows: options.rows, threshold: options.threshold)))
            }
        }
    }
}
