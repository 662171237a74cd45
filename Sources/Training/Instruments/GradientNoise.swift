import Datasets
import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.gradient_noise` asks for.
struct GradientNoiseMeasurement: RequestedMeasurement {
    static var key: String { "gradient_noise" }
    static var documentation: String {
        "The gradient noise scale: how large a batch must be before its gradient is more signal than noise."
    }
    static var tables: [any MetricRow.Type] { [GradientNoiseRow.self, LayerGradientNoiseRow.self] }

    private let cadence: Cadence
    private let smallBatch: Int?
    /// Rows of the training data; nil for the batch.
    let rows: Int?

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        smallBatch = try keys.optional(
            "small_batch", .positiveInteger, "about an eighth",
            "Rows of the small batches that the batch is divided into; a divisor of it.")
        rows = try keys.optional(
            "rows", .positiveInteger, "the batch",
            "The first so many training rows, the same at every step, in place of the batch.")
        keys.example(of: "rows", ["rows": 1000])
        keys.example(of: "small_batch", ["rows": 1000, "small_batch": 100])
    }

    func contradiction(to plan: RunPlan) -> String? {
        if plan.network.trainedParameterCount == 0 {
            return "model.frozen leaves no parameter that is trained; leave logging.gradient_noise out"
        }
        if plan.config.objective.reduction == .sum, plan.config.objective.l2 != 0 {
            return "loss.reduction is sum, of which loss.l2 is a smaller share in a larger batch; choose mean, or "
                + "optimizer.weight_decay in place of l2"
        }
        let available = plan.data.train.rowCount
        if let rows, rows > available {
            return "rows: found \(rows), but there are only \(available) training rows; choose at most so many"
        }
        let big = bigBatch(of: plan), possible = plan.smallBatches(of: big)
        let name = rows == nil ? "training.batch_size" : "rows"
        guard !possible.isEmpty else {
            return "\(name) is \(big), which cannot be divided into small batches"
                + (plan.leastSmallBatch > 1 ? " of at least \(plan.leastSmallBatch) rows" : "")
                + "; choose another"
        }
        guard let smallBatch, !possible.contains(smallBatch) else { return nil }
        return "small_batch: found \(smallBatch), but \(name) is \(big); choose one of "
            + possible.map(String.init).joined(separator: ", ")
    }

    func bigBatch(of plan: RunPlan) -> Int { rows ?? plan.config.training.batchSize }

    /// The largest size that makes eight small batches or more, or else the smallest.
    func smallBatch(of plan: RunPlan) -> Int {
        let big = bigBatch(of: plan), possible = plan.smallBatches(of: big)
        return smallBatch ?? possible.last { $0 * 8 <= big } ?? possible.first ?? big
    }

    /// A snapshot of parameters and gradients, the sums of the gradients, and buffers of the rows.
    func room(of plan: RunPlan) -> MeasuringRoom {
        MeasuringRoom(rows: smallBatch(of: plan) + (rows ?? 0), parameterCopies: 2, exactCopies: 1)
    }

    func plannedRows(of plan: RunPlan) -> [Int] {
        let times = cadence.count(of: plan.totalSteps)
        return [times, times * plan.layersWithNoise.count]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) throws(DataError) -> any Instrument<S> {
        try GradientNoiseInstrument(self, network)
    }
}

extension RunPlan {
    /// The logged layers that have gradients of something that is trained.
    fileprivate var layersWithNoise: [Int] {
        loggedLayers.filter { index in
            let layer = network.layers[index]
            return layer.parameterKinds.contains { !layer.frozen.contains($0) }
        }
    }

    /// The fewest rows that can be normalized.
    fileprivate var leastSmallBatch: Int {
        (1...config.training.batchSize).first { network.problem(ofBatch: $0) == nil } ?? 1
    }

    /// The sizes of the small batches that so many rows can be divided into, the smallest first.
    fileprivate func smallBatches(of rows: Int) -> [Int] {
        (1...max(1, rows / 2)).filter { size in
            size < rows && rows % size == 0 && network.problem(ofBatch: size) == nil
        }
    }
}

struct GradientNoiseRow: MetricRow {
    let step: Int
    let noise: GradientNoise

    static let table = MetricTable<Self>(
        "gradient_noise", since: 9,
        """
        `logging.gradient_noise`: the gradient noise scale of McCandlish et al. 2018, appendix A.1, of all trained \
        parameters. The batch of B rows, or `rows` rows, is divided into small ones of b rows; g_i are the gradients of what \
        training minimizes on each, by the row, and g their mean. With batch normalization each small batch has its own \
        statistics, as on one machine of several, and so has g. Single values are noisy: average `trace` and \
        `gradient_square` apart, as the view `gradient_noise_scale` does.
        """,
        [
            .key("step", "t") { $0.step },
            .value("small_batch", "b") { $0.noise.smallRows },
            .value("big_batch", "B: the rows of all small batches") { $0.noise.bigRows },
            .value("small_gradient_square", "mean of norm(g_i)^2; NULL where one is not a number") {
                $0.noise.smallSquare
            },
            .value("big_gradient_square", "norm(g)^2") { $0.noise.bigSquare },
            .value(
                "gradient_square",
                """
                (B norm(g)^2 - b mean norm(g_i)^2) / (B - b): the square of the norm of the true gradient, unbiased, so that \
                it may be negative; NULL where the rows make fewer than two small batches
                """
            ) { $0.noise.gradientSquare },
            .value(
                "trace",
                "(mean norm(g_i)^2 - norm(g)^2) / (1/b - 1/B): trace of the covariance of one row's gradient, unbiased"
            ) { $0.noise.trace },
            .value(
                "noise_scale", "trace / gradient_square, the paper's B_simple; NULL where the latter is not positive"
            ) {
                $0.noise.scale
            },
        ],
        plots: [MetricPlot("gradient_noise_scale", "gradient noise scale (rows)", column: "noise_scale")])
}

struct LayerGradientNoiseRow: MetricRow {
    let step: Int
    let layer: Int
    let noise: GradientNoise

    static let table = MetricTable<Self>(
        "layer_gradient_noise", since: 9,
        """
        `logging.gradient_noise`: the same of the trained parameters of one layer. Squares and traces add up to those of \
        `gradient_noise`, noise scales do not.
        """,
        [
            .key("step", "t") { $0.step },
            .key("layer", "from 0; a layer that trains nothing is left out") { $0.layer },
            .value("small_gradient_square", "mean of norm(g_i)^2; NULL where one is not a number") {
                $0.noise.smallSquare
            },
            .value("big_gradient_square", "norm(g)^2") { $0.noise.bigSquare },
            .value("gradient_square", "of the true gradient") { $0.noise.gradientSquare },
            .value("trace", "of the covariance of one row's gradient") { $0.noise.trace },
            .value("noise_scale", "trace / gradient_square; NULL where the latter is not positive") { $0.noise.scale },
        ],
        plots: [
            MetricPlot("layer_gradient_noise_scale", "gradient noise scale by layer (rows)", column: "noise_scale")
        ])
}

private final class GradientNoiseInstrument<S: Scalar>: Instrument {
    private let options: GradientNoiseMeasurement
    private let measured: MeasuredNetwork<S>
    private let layers: [Int]
    private let smallBatch: Int
    private let workspace: Workspace<S>
    /// The rows that take the place of the batch.
    private let fixed: (rows: FixedRows<S>, workspace: Workspace<S>)?
    /// The gradients of the training batch, which measuring overwrites for a while.
    private let snapshot: Snapshot<S>
    /// The sum of the small batches' gradients, by layer and parameter.
    private let sums: [[Matrix<Double>]]

    init(_ options: GradientNoiseMeasurement, _ measured: MeasuredNetwork<S>) throws(DataError) {
        (self.options, self.measured) = (options, measured)
        let plan = measured.plan, network = measured.network
        layers = plan.layersWithNoise
        smallBatch = options.smallBatch(of: plan)
        func workspace(rows: Int, forTraining: Bool) -> Workspace<S> {
            Workspace(plan.network, rows: rows, forTraining: forTraining, valueCount: plan.data.valueCount)
        }
        self.workspace = workspace(rows: smallBatch, forTraining: true)
        snapshot = Snapshot(network)
        sums = network.layers.map { $0.parameters.map { Matrix(rows: $0.value.rows, columns: $0.value.columns) } }
        fixed = try options.rows.map { count throws(DataError) in
            let rows = try FixedRows<S>(first: count, of: plan.data.train, in: plan)
            return (rows, workspace(rows: count, forTraining: false))
        }
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        let network = measured.network, big = fixed?.workspace ?? measured.workspace
        let batchCount = big.rows / smallBatch
        fixed?.rows.load(step: step.step, into: big)
        snapshot.save()
        defer { snapshot.restore() }
        for sum in sums.joined() { sum.elements.update(repeating: 0) }
        var small = [Double](repeating: 0, count: network.layers.count)
        let weight = measured.plan.config.objective.reduction == .sum ? 1 / Double(smallBatch) : 1
        for batch in 0..<batchCount {
            workspace.copyRows(batch * smallBatch..<(batch + 1) * smallBatch, from: big)
            _ = network.forward(workspace, .training(step: step.step))
            network.backward(workspace)
            for (index, layer) in network.layers.enumerated() {
                for (parameter, sum) in zip(layer.parameters, sums[index]) where layer.trains(parameter) {
                    small[index] += add(weight, times: parameter.gradient, to: sum)
                }
            }
        }
        var layerNoise: [GradientNoise] = []
        for (index, layer) in network.layers.enumerated() {
            var square = 0.0
            for (parameter, sum) in zip(layer.parameters, sums[index]) where layer.trains(parameter) {
                square += sumOfSquares(count: sum.count) { sum.base[$0] }
            }
            let count = Double(batchCount)  // of 0 the squares are not numbers
            layerNoise.append(
                GradientNoise(
                    smallRows: smallBatch, bigRows: batchCount * smallBatch, smallSquare: small[index] / count,
                    bigSquare: square / (count * count)))
        }
        rows.append(GradientNoiseRow(step: step.step, noise: GradientNoise(adding: layerNoise)))
        rows.append(
            contentsOf: layers.map { LayerGradientNoiseRow(step: step.step, layer: $0, noise: layerNoise[$0]) })
    }
}

/// Adds `factor` times a gradient to `sum`, and returns the square of the norm of what was added.
private func add<S: Scalar>(_ factor: Double, times gradient: Matrix<S>, to sum: Matrix<Double>) -> Double {
    let g = gradient.base, total = sum.base
    for i in 0..<gradient.count { total[i] += factor * Double(g[i]) }
    return sumOfSquares(count: gradient.count) { factor * Double(g[$0]) }
}

/// Estimates of a gradient and its noise from the squares of the norms of gradients over two numbers of rows.
///
/// The expectation of norm(g_B)^2 over batches of B rows is norm(G)^2 + tr(Sigma) / B, with the true gradient G and the
/// covariance Sigma of one row's. Source: McCandlish, Kaplan & Amodei 2018, "An empirical model of large-batch
/// training", appendix A.1.
struct GradientNoise: Sendable {
    let smallRows: Int
    let bigRows: Int
    /// The mean of norm(g)^2 over batches of `smallRows` rows; nil where a gradient is not a number.
    let smallSquare: Double?
    /// norm(g)^2 of all `bigRows` rows.
    let bigSquare: Double?

    init(smallRows: Int, bigRows: Int, smallSquare: Double, bigSquare: Double) {
        self.smallRows = smallRows
        self.bigRows = bigRows
        self.smallSquare = smallSquare.isNaN ? nil : smallSquare
        self.bigSquare = bigSquare.isNaN ? nil : bigSquare
    }

    /// The noise of parameters together whose parts have the noise given.
    init(adding parts: [GradientNoise]) {
        self.init(
            smallRows: parts[0].smallRows, bigRows: parts[0].bigRows,
            smallSquare: parts.reduce(0) { $0 + ($1.smallSquare ?? .nan) },
            bigSquare: parts.reduce(0) { $0 + ($1.bigSquare ?? .nan) })
    }

    /// An unbiased estimate of norm(G)^2; nil where there are no two numbers of rows.
    var gradientSquare: Double? {
        guard bigRows > smallRows, let smallSquare, let bigSquare else { return nil }
        let small = Double(smallRows), big = Double(bigRows)
        return (big * bigSquare - small * smallSquare) / (big - small)
    }

    /// An unbiased estimate of tr(Sigma).
    var trace: Double? {
        guard bigRows > smallRows, let smallSquare, let bigSquare else { return nil }
        return (smallSquare - bigSquare) / (1 / Double(smallRows) - 1 / Double(bigRows))
    }

    /// tr(Sigma) / norm(G)^2.
    var scale: Double? {
        guard let trace, let gradientSquare, gradientSquare > 0 else { return nil }
        return trace / gradientSquare
    }
}
