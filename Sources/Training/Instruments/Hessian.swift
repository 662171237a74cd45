import Datasets
import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.hessian` asks for.
struct HessianMeasurement: RequestedMeasurement {
    static var key: String { "hessian" }
    static var documentation: String {
        "Largest eigenvalues, trace and spectral density of the Hessian of the loss, by exact products with it."
    }
    static var tables: [any MetricRow.Type] {
        [HessianEigenvalueRow.self, HessianStatisticRow.self, HessianDensityRow.self]
    }

    private let cadence: Cadence
    let eigenvalueCount: Int
    /// Rows of the training data; nil for the batch.
    let rows: Int?
    let tolerance: Double
    let mostProducts: Int
    let probeCount: Int
    let nodeCount: Int
    let isPreconditioned: Bool

    var time: MeasuringTime { .steps(cadence) }

    init(_ keys: KeyReader) throws(ConfigError) {
        cadence = try keys.cadence()
        eigenvalueCount = try keys("eigenvalues", .integer(1...1000), 1, "How many of the largest eigenvalues.")
        rows = try keys.optional(
            "rows", .positiveInteger, "the batch",
            "The first so many training rows, the same at every step, in place of the batch.")
        keys.example(of: "rows", ["rows": 1000])
        tolerance = try keys(
            "tolerance", .number(NumberRange(least: 0, below: 1)), 1e-3,
            "Of the eigenvalues' residuals, relative to the largest eigenvalue in size.")
        mostProducts = try keys(
            "iterations", .integer(1...10_000), 100, "Most products with the Hessian for the eigenvalues.")
        probeCount = try keys(
            "probes", .integer(0...1000), 10,
            "Random vectors that trace and density are estimated from; 0 leaves both out.")
        nodeCount = try keys(
            "density_nodes", .integer(0...1000), 0,
            "Eigenvalues that stand for the spectral density as one probe sees it, a product each; 0 leaves it out.")
        isPreconditioned = try keys(
            "preconditioned", .boolean, false,
            "Whether the eigenvalues are also those of P^(-1/2) H P^(-1/2), P what the optimizer divides by.")
        try keys.require(
            mostProducts >= eigenvalueCount, "iterations",
            "found \(mostProducts), but \(eigenvalueCount) eigenvalues take at least as many products; choose more")
        try keys.require(
            nodeCount == 0 || probeCount > 0, "density_nodes",
            "found \(nodeCount), but probes is 0, from which the density would be estimated; give at least 1 probe")
    }

    func contradiction(to plan: RunPlan) -> String? {
        if let kind = plan.network.kindWithoutSecondDerivative {
            return "normalization of kind \"\(kind)\" has no second derivative here; leave logging.hessian out, or "
                + "choose another kind"
        }
        let count = plan.network.trainedParameterCount
        if count == 0 { return "model.frozen leaves no parameter that is trained; leave logging.hessian out" }
        let optimizer = plan.config.optimizer
        if isPreconditioned, !optimizer.rule.isPreconditioned {
            return "preconditioned: true, but optimizer \(type(of: optimizer.rule).kind) divides by no diagonal; leave "
                + "it out"
        }
        if isPreconditioned, optimizer.sharpnessAware != nil {
            return "preconditioned: true, but what the optimizer divides by follows from the second gradient of "
                + "optimizer.sharpness_aware; leave one of the two out"
        }
        if let rows, let problem = problem(rows: rows, plan) { return "rows: found \(rows), but \(problem)" }
        let vectors = 1 + max(min(mostProducts, count), min(nodeCount, count))
        let bytes = Double(vectors) * Double(count) * 8
        guard bytes > Double(availableMemory) / 2 else { return nil }
        return "\(vectors) vectors of \(count) parameters take \(Int(bytes / 1e6)) MB of the "
            + "\(availableMemory / 1_000_000) MB that this machine has; choose fewer iterations or density_nodes"
    }

    private func problem(rows: Int, _ plan: RunPlan) -> String? {
        let available = plan.data.train.rowCount
        if rows > available { return "there are only \(available) training rows; choose at most so many" }
        return plan.network.problem(ofBatch: rows).map { "\($0)" }
    }

    func plannedRows(of plan: RunPlan) -> [Int] {
        let times = cadence.count(of: plan.totalSteps), count = plan.network.trainedParameterCount
        return [times * min(eigenvalueCount, count), times, times * probeCount * min(nodeCount, count)]
    }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) throws(DataError) -> any Instrument<S> {
        try HessianInstrument(self, network)
    }
}

struct HessianEigenvalueRow: MetricRow {
    let step: Int
    let rank: Int
    let found: ApproximateEigenvalue?
    let preconditioned: ApproximateEigenvalue?

    static let table = MetricTable<Self>(
        "hessian_eigenvalue", since: 8,
        """
        `logging.hessian`: the largest eigenvalues of the Hessian H, of what training minimizes with its \
        regularization, with respect to all trained parameters, on the batch or on `rows` rows. \
        [hessian.md](hessian.md) says how they are found. Gradient descent is stable where the largest, the sharpness, \
        is below 2 / learning rate (Cohen et al. 2021).
        """,
        [
            .key("step", "t") { $0.step },
            .key("rank", "0 is the largest, by value and not by size") { $0.rank },
            .value("value", "the eigenvalue; NULL where the gradient is not finite") { $0.found?.value },
            .value("residual", "norm(H x - value x) of its unit vector x: an eigenvalue lies within this of `value`") {
                $0.found?.residual
            },
            .value(
                "preconditioned_value",
                """
                with `preconditioned`: the eigenvalue of this rank of P^(-1/2) H P^(-1/2), P the diagonal that the \
                optimizer's update t + 1 divides by (Cohen et al. 2022); else NULL
                """
            ) { $0.preconditioned?.value },
            .value("preconditioned_residual", "the same of that matrix") { $0.preconditioned?.residual },
        ],
        plots: [
            MetricPlot("hessian_eigenvalue", "eigenvalue of the Hessian", column: "value", lines: "rank")
        ])
}

struct HessianStatisticRow: MetricRow {
    let step: Int
    let trace: (mean: Double, error: Double?)?
    let extremes: ExtremeEigenvalues?

    static let table = MetricTable<Self>(
        "hessian_statistic", since: 8,
        "`logging.hessian`: the trace of the same Hessian, its smallest eigenvalue, and what the largest took.",
        [
            .key("step", "t") { $0.step },
            .value(
                "trace", "(1/n) sum z^T H z over n `probes` z of random signs (Hutchinson 1990); NULL without probes"
            ) {
                $0.trace?.mean
            },
            .value("trace_error", "standard error of that mean, ddof 1; NULL with one probe") { $0.trace?.error },
            .value(
                "smallest_eigenvalue", "the smallest, by value; it is not waited for, so look at its residual"
            ) { $0.extremes?.smallest.value },
            .value("smallest_residual", "norm(H x - value x) of its unit vector x") {
                $0.extremes?.smallest.residual
            },
            .value("product_count", "products with H for the eigenvalues; `iterations` where they did not converge") {
                $0.extremes?.productCount
            },
        ],
        plots: [
            MetricPlot("hessian_trace", "trace of the Hessian", column: "trace"),
            MetricPlot(
                "hessian_smallest_eigenvalue", "smallest eigenvalue of the Hessian", column: "smallest_eigenvalue"),
        ])
}

struct HessianDensityRow: MetricRow {
    let step: Int
    let probe: Int
    let node: Int
    let value: Double
    let weight: Double

    static let table = MetricTable<Self>(
        "hessian_density", since: 8,
        """
        `logging.hessian` with `density_nodes`: the spectral density of the same Hessian by stochastic Lanczos \
        quadrature (Ghorbani et al. 2019). The share of the eigenvalues between two numbers is near the sum of the \
        weights of the nodes between them, divided by the number of probes.
        """,
        [
            .key("step", "t") { $0.step },
            .key("probe", "from 0") { $0.probe },
            .key("node", "from 0, the largest value first") { $0.node },
            .value("value", "an eigenvalue that stands for those near it") { $0.value },
            .value("weight", "their share as this probe sees it; 1 over all nodes of a probe") { $0.weight },
        ])
}

private final class HessianInstrument<S: Scalar>: Instrument {
    private let options: HessianMeasurement
    private let measured: MeasuredNetwork<S>
    private let product: HessianProduct<S>
    /// The gradients of the training batch, which measuring overwrites for a while.
    private let snapshot: Snapshot<S>
    /// The rows whose Hessian it is; nil for the training batch's.
    private let fixed: FixedRows<S>?

    init(_ options: HessianMeasurement, _ measured: MeasuredNetwork<S>) throws(DataError) {
        (self.options, self.measured) = (options, measured)
        let plan = measured.plan
        product = HessianProduct(
            measured.network, rows: options.rows ?? plan.config.training.batchSize, valueCount: plan.data.valueCount)
        snapshot = Snapshot(measured.network)
        fixed = try options.rows.map { count throws(DataError) in
            try FixedRows(first: count, of: plan.data.train, in: plan)
        }
    }

    func measure(_ step: MeasuredStep, into rows: inout MetricRows) {
        let network = measured.network, seed = measured.plan.config.seed
        let scales =
            options.isPreconditioned ? network.preconditioner(t: step.step + 1).map { 1 / $0.squareRoot() } : nil
        snapshot.save()
        defer { snapshot.restore() }
        if let fixed {
            fixed.load(step: step.step, into: product.workspace)
        } else {
            product.workspace.copyBatch(from: measured.workspace)
        }
        product.prepare(step: step.step)
        let hessian = product.matrix
        func extremes(of matrix: SymmetricMatrix) -> ExtremeEigenvalues? {
            ExtremeEigenvalues(
                of: matrix, count: options.eigenvalueCount, tolerance: options.tolerance, most: options.mostProducts,
                seed: seed, step: step.step)
        }
        let found = extremes(of: hessian)
        let preconditioned = scales.flatMap { extremes(of: hessian.scaled(by: $0)) }
        rows.append(
            contentsOf: (0..<min(options.eigenvalueCount, product.dimension)).map {
                HessianEigenvalueRow(
                    step: step.step, rank: $0, found: found?.largest[$0], preconditioned: preconditioned?.largest[$0])
            })
        let probes = (0..<options.probeCount).compactMap {
            SpectrumProbe(of: hessian, nodeCount: options.nodeCount, seed: seed, index: $0 + 1, step: step.step)
        }
        rows.append(HessianStatisticRow(step: step.step, trace: meanTrace(probes), extremes: found))
        guard options.nodeCount > 0 else { return }
        for (number, probe) in probes.enumerated() {
            rows.append(
                contentsOf: probe.nodes.enumerated().map {
                    HessianDensityRow(
                        step: step.step, probe: number, node: $0, value: $1.value, weight: $1.weight)
                })
        }
    }
}
