import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.geometry` asks for.
struct GeometryMeasurement: RequestedMeasurement {
    static var key: String { "geometry" }
    static var documentation: String { "How rows lie to each other: cosines, ranks, orthogonality, isometry." }
    static var tables: [any MetricRow.Type] { [RepresentationStatisticRow.self] }

    /// A place in a layer; the names are those of `logging.sites`, and `input`.
    fileprivate enum Place: String, CaseIterable, Sendable {
        /// What the layer receives: the batch, or what the next site of the layer below hands on.
        case input
        case linear, sum, normalized, preactivation, activation, output

        var site: Site? { Site(rawValue: rawValue) }
    }

    private let cadence: Cadence
    /// nil stands for preactivation and activation as far as `logging.sites` has them.
    private let places: [Place]?
    /// nil stands for those of `logging.layers`.
    private let layers: [Int]?
    let rows: Int
    let threshold: Double

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        places = try keys.optional(
            "sites", .set(of: .choice, refusingEmpty: "name at least one site, such as \"preactivation\""),
            "preactivation and activation, of `logging.sites`", "Where rows are compared.")
        layers = try keys.optional(
            "layers", .set(of: .naturalNumber, refusingEmpty: "name at least one layer, from 0"), "`logging.layers`",
            "Layers whose sites are looked at.")
        rows = try keys(
            "rows", .integer(2...1024), 128,
            "Rows of the batch that are looked at; the cost grows with the cube of rows or units, whichever are "
                + "fewer.")
        threshold = try keys(
            "threshold", .number(NumberRange(least: 0, below: 1)), 1e-3,
            "Of the effective rank, relative to the largest eigenvalue.")
    }

    func contradiction(to plan: RunPlan) -> String? {
        let last = plan.network.layers.count - 1
        if let layer = layers?.first(where: { $0 > last }) {
            return "layers: found layer \(layer), but the network has layers 0 to \(last)"
        }
        guard let places, measuredLayers(in: plan).allSatisfy({ self.places(ofLayer: $0, in: plan).isEmpty }) else {
            return nil
        }
        return
            "sites: no layer that is looked at has \(places.map(\.rawValue).joined(separator: ", ")); every layer has "
            + "input and preactivation"
    }

    func plannedRows(of plan: RunPlan) -> [Int] {
        [
            cadence.count(of: plan.totalSteps)
                * measuredLayers(in: plan).reduce(0) { $0 + places(ofLayer: $1, in: plan).count }
        ]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        GeometryInstrument(self, network)
    }

    fileprivate func measuredLayers(in plan: RunPlan) -> [Int] { layers?.sorted() ?? plan.loggedLayers }

    /// What of a layer is looked at, in the order in which a batch comes through.
    fileprivate func places(ofLayer index: Int, in plan: RunPlan) -> [Place] {
        guard let places else {
            let logged = plan.loggedSites(ofLayer: index)
            return [.preactivation, .activation].filter { $0.site.map(logged.contains) == true }
        }
        return Place.allCases.filter { place in
            places.contains(place) && (place.site.map { plan.hasSite($0, inLayer: index) } ?? true)
        }
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
            .key("site", "see above; also input, what the layer receives") { $0.site },
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
            .value(
                "orthogonality_gap", since: 9,
                """
                norm(X X^T / sum l - I / N), I the identity: 0 for orthogonal rows of one length (Daneshmand et al. 2021)
                """
            ) { $0.geometry.orthogonalityGap },
        ],
        wideName: "representation.{layer}.{site}.{column}",
        plots: [
            MetricPlot(
                "orthogonality_gap", "orthogonality gap of preactivations", column: "orthogonality_gap",
                where: "site = 'preactivation'")
        ])
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
        for index in options.measuredLayers(in: measured.plan) {
            for place in options.places(ofLayer: index, in: measured.plan) {
                guard let values = values(at: place, ofLayer: index) else { continue }
                rows.append(
                    RepresentationStatisticRow(
                        step: step.step, layer: index, site: place.rawValue,
                        geometry: RepresentationGeometry(values, rows: options.rows, threshold: options.threshold)))
            }
        }
    }

    private func values(at place: GeometryMeasurement.Place, ofLayer index: Int) -> Matrix<S>? {
        let layers = measured.workspace.layers
        guard let site = place.site else { return index == 0 ? measured.workspace.input : layers[index - 1].output }
        return layers[index].values(at: site)?.0
    }
}
