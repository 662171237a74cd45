import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.units` asks for.
struct UnitMeasurement: RequestedMeasurement {
    static var key: String { "units" }
    static var documentation: String { "Vectors with a value for every unit." }
    static var tables: [any MetricRow.Type] { [UnitVectorRow.self] }

    enum Quantity: String, CaseIterable, Sendable {
        case gamma, beta
        case batchMean = "batch_mean"
        case batchVariance = "batch_variance"
        case runningMean = "running_mean"
        case runningVariance = "running_variance"
        case activationMean = "activation_mean"
    }
    private let cadence: Cadence
    let quantities: [Quantity]

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        quantities = try keys(
            "quantities", .set(of: .choice), JSON(.array(Quantity.allCases.map { JSON(.string($0.rawValue)) })),
            "What is stored for every unit.")
        try keys.require(!quantities.isEmpty, "quantities", "the list is empty; give at least one quantity")
    }

    func contradiction(to plan: RunPlan) -> String? {
        let measured = plan.loggedLayers.contains { layer in
            quantities.contains { $0.exists(in: plan.network, layer: layer) }
        }
        return measured ? nil : "quantities: no logged layer has \(quantities.map(\.rawValue).joined(separator: ", "))"
    }

    func plannedRows(of plan: RunPlan) -> [Int] {
        let vectors = plan.loggedLayers.reduce(0) { sum, layer in
            sum + quantities.count { $0.exists(in: plan.network, layer: layer) }
        }
        return [cadence.count(of: plan.totalSteps) * vectors]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        UnitInstrument(self, network)
    }
}

extension UnitMeasurement.Quantity {
    fileprivate func exists(in network: NetworkDescription, layer index: Int) -> Bool {
        let normalization = network.layers[index].normalization
        return switch self {
        case .gamma: normalization?.affine.hasScale == true
        case .beta: normalization?.affine.hasShift == true
        case .batchMean, .batchVariance, .runningMean, .runningVariance: normalization?.isOverBatch == true
        case .activationMean: index < network.layers.count - 1
        }
    }
}

struct UnitVectorRow: MetricRow {
    let step: Int
    let layer: Int
    let quantity: UnitMeasurement.Quantity
    let values: [Double]

    static let table = MetricTable<Self>(
        "unit_vector", since: 2, "`logging.units`: a value for each of H units.",
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0") { $0.layer },
            .key(
                "quantity",
                """
                gamma, beta, batch_mean, batch_variance, running_mean, running_variance, activation_mean (over the \
                batch)
                """
            ) { $0.quantity.rawValue },
            .value(
                "values",
                """
                JSON list for json_each, null for what is not finite; a word of SQL, so write "values"
                """
            ) { "[" + $0.values.map { $0.isFinite ? "\($0)" : "null" }.joined(separator: ",") + "]" },
        ])
}

private final class UnitInstrument<S: Scalar>: Instrument {
    private let options: UnitMeasurement
    private let measured: MeasuredNetwork<S>

    init(_ options: UnitMeasurement, _ measured: MeasuredNetwork<S>) {
        self.options = options
        self.measured = measured
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        var found: [UnitVectorRow] = []
        for index in measured.plan.loggedLayers {
            let layer = measured.network.layers[index], buffers = measured.workspace.layers[index]
            let batch =
                layer.running == nil ? nil : buffers.normalization?.averageMoments(rows: measured.workspace.rows)
            for quantity in options.quantities {
                let values: [Double]? =
                    switch quantity {
                    case .gamma: layer.gamma.map { $0.value.elements.map(Double.init) }
                    case .beta: layer.beta.map { $0.value.elements.map(Double.init) }
                    case .batchMean: batch?.mean
                    case .batchVariance: batch?.variance
                    case .runningMean: layer.running.map { $0.mean.elements.map(Double.init) }
                    case .runningVariance: layer.running?.variances()
                    case .activationMean: buffers.activation.map(columnMeans)
                    }
                guard let values else { continue }
                found.append(UnitVectorRow(step: step.step, layer: index, quantity: quantity, values: values))
            }
        }
        rows.append(contentsOf: found)
    }
}

private func columnMeans<S: Scalar>(_ matrix: Matrix<S>) -> [Double] {
    (0..<matrix.columns).map { j in
        (0..<matrix.rows).reduce(0.0) { $0 + Double(matrix[$1, j]) } / Double(matrix.rows)
    }
}
