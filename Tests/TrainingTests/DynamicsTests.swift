import Datasets
import Foundation
import NeuralNetwork
import RunStore
import TestSupport
import Testing
import Training

/// What instruments say of the dynamics of training and of the geometry of representations.
@Suite struct DynamicsTests {
    private func numbers(_ row: [SQLValue]) -> [Double] {
        row.map { value in
            switch value {
            case .number(let number): number
            case .integer(let number): Double(number)
            default: .nan
            }
        }
    }

    /// Trains as a config says, but for its data, and gives the open results file to `check`.
    private func trainOnOwnData(
        _ config: String, write: (HDF5Writer) throws -> Void, check: (ResultsFile) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("data.h5").path)
            try writer.createGroup("train")
            try write(writer)
            try writer.finish()
            let path = folder.appendingPathComponent("c.json").path
            let data = #""data": {"file": "data.h5", "train": {"inputs": "train/inputs", "targets": "train/targets"}}"#
            try "{ \(data), \(config) }".write(toFile: path, atomically: true, encoding: .utf8)
            let loaded = try loadConfig(ConfigRequest(path: path))
            let file = try ResultsFile(writing: folder.appendingPathComponent("results.sqlite").path)
            _ = try runExperiment(
                { try planRun(loaded) }, results: file,
                environment: RunEnvironment(threads: 1, instructionSet: "test", command: "test"), hooks: RunHooks())
            try check(file)
        }
    }

    // Gradient noise

    /// The estimates of step 0 are those of gradients that are computed one small batch after the other, and added plainly.
    @Test(arguments: ["{\"kind\": \"none\"}", "{\"kind\": \"batch\"}"], ["mean", "sum"])
    func gradientNoiseIsThatOfSingleGradients(normalization: String, reduction: String) throws {
        let settings = [
            "precision=float64", "model.normalization=\(normalization)", "training.steps=0",
            "loss.reduction=\(reduction)", "logging.gradient_noise={\"rows\": 24, \"small_batch\": 4}",
            reduction == "mean" ? "loss.l2=0.1" : "model.frozen=[\"0/weight\"]",
        ]
        let squares = try withToyConfig(set: settings) { loaded, _ -> (small: [Double], big: [Double]) in
            let plan = try planRun(loaded)
            let network: Network<Double> = try makeNetwork(plan, pool: .single)
            let workspace = Workspace<Double>(plan.network, rows: 4, forTraining: true)
            let loader = BatchLoader<Double>(plan.data.train.data, scaling: plan.data.scaling)
            let rows = (0..<24).map { UInt32(plan.data.train.rows[$0]) }
            var small = network.layers.map { _ in 0.0 }, sums = network.layers.map { _ in [Double]() }
            for batch in 0..<6 {
                loader.loadFromMemory(rows[batch * 4..<batch * 4 + 4], into: workspace)
                _ = network.forward(workspace, .training(step: 0))
                network.backward(workspace)
                for (index, layer) in network.layers.enumerated() {
                    let trained = layer.parameters.filter { layer.trains($0) }
                    let gradient = trained.flatMap { $0.gradient.elements.map { reduction == "sum" ? $0 / 4 : $0 } }
                    small[index] += gradient.reduce(0) { $0 + $1 * $1 } / 6
                    sums[index] =
                        sums[index].isEmpty ? gradient : zip(sums[index], gradient).map { $0 + $1 }
                }
            }
            return (small, sums.map { $0.reduce(0) { $0 + $1 * $1 / 36 } })
        }
        try train(set: settings) { file, _ in
            let columns = "small_gradient_square, big_gradient_square, gradient_square, trace, noise_scale"
            let whole = numbers(try file.query("SELECT \(columns), small_batch, big_batch FROM gradient_noise").rows[0])
            let layers = try file.query("SELECT \(columns) FROM layer_gradient_noise ORDER BY layer").rows.map(numbers)
            #expect(layers.count == 3 && whole[5] == 4 && whole[6] == 24)
            let small = squares.small + [squares.small.reduce(0, +)], big = squares.big + [squares.big.reduce(0, +)]
            for (index, row) in (layers + [whole]).enumerated() {
                let expected = (24 * big[index] - 4 * small[index]) / 20
                let trace = (small[index] - big[index]) / (1 / 4.0 - 1 / 24.0)
                for (a, b) in zip(row, [small[index], big[index], expected, trace]) {
                    #expect(abs(a - b) <= 1e-12 * small[index] + 1e-12 * abs(b), "layer \(index)")
                }
                #expect(expected > 0 ? abs(row[4] - trace / expected) < 1e-9 * abs(row[4]) : row[4].isNaN)
            }
        }
    }

    /// Where each row is normalized by itself the mean of the small batches' gradients is the batch's, with its dropout; the
    /// last, smaller batch of an epoch is measured as far as small batches go into it.
    @Test func theMeanOfSmallBatchesIsTheBatch() throws {
        try train(
            set: [
                "precision=float64", "model.normalization={\"kind\": \"layer\"}", "model.dropout=0.2",
                "data.drop_last=false", "training.batch_size=50", "training.steps=6", "logging.every=1",
                "logging.gradient_noise={\"every\": 1, \"small_batch\": 10}",
            ]
        ) { file, _ in
            let rows = try file.query(
                """
                SELECT big_batch, abs(big_gradient_square - gradient_norm * gradient_norm) <= 1e-12 * big_gradient_square,
                    small_gradient_square > big_gradient_square
                FROM gradient_noise JOIN training_step USING (run_id, step) ORDER BY step
                """
            ).rows.map(numbers)
            #expect(rows == [50, 50, 20, 50, 50, 20, 50].map { [$0, 1, 1] })
            let sums = try file.query(
                """
                SELECT count(*) FROM gradient_noise AS n JOIN (SELECT run_id, step, sum(trace) AS t, sum(gradient_square) AS g
                    FROM layer_gradient_noise GROUP BY run_id, step) USING (run_id, step)
                WHERE abs(t - trace) > 1e-9 * trace OR abs(g - gradient_square) > 1e-9 * trace
                """
            ).rows
            #expect(sums == [[.integer(0)]])
            // The view averages numerator and denominator apart, over ten measurements.
            let view = numbers(
                try file.query(
                    """
                    SELECT measurement_count, trace, gradient_square, (SELECT avg(trace) FROM gradient_noise),
                        (SELECT avg(gradient_square) FROM gradient_noise)
                    FROM gradient_noise_scale WHERE step = 6 AND layer IS NULL
                    """
                ).rows[0])
            #expect(view[0] == 7 && abs(view[1] / view[3] - 1) < 1e-12 && abs(view[2] / view[4] - 1) < 1e-12)
        }
    }

    /// Linear regression t = x w + e from zero weights, x of d independent standard normal values and e normal with the
    /// deviation s: a row's gradient is -2 (x w + e) x, so that G = -2 w and tr(Sigma) = 4 ((d + 1) norm(w)^2 + d s^2).
    ///
    /// 4,000 rows leave a standard error of some 3 % of both.
    @Test func theNoiseOfLinearRegressionIsKnown() throws {
        let weight = [0.6, -0.8, 0.5, 0], deviation = 0.5, count = 4000
        var stream = RandomStream(seed: 9, purpose: .synthesis)
        var inputs: [Double] = [], targets: [Double] = []
        for _ in 0..<count {
            let (a, b) = stream.nextNormalPair(), (c, d) = stream.nextNormalPair()
            inputs += [a, b, c, d]
            targets.append(
                zip(weight, [a, b, c, d]).reduce(0) { $0 + $1.0 * $1.1 } + deviation * stream.nextNormalPair().0)
        }
        try trainOnOwnData(
            """
            "model": {"hidden": [], "bias": false, "initialization": {"kind": "zeros"}},
            "loss": {"kind": "mean_squared_error"}, "precision": "float64", "training": {"batch_size": 10, "steps": 0},
            "logging": {"gradient_noise": {"rows": \(count), "small_batch": 4}}
            """,
            write: { writer in
                try writer.write(inputs, shape: [count, 4], to: "train/inputs")
                try writer.write(targets, shape: [count, 1], to: "train/targets")
            }
        ) { file in
            let row = numbers(
                try file.query("SELECT gradient_square, trace, noise_scale FROM gradient_noise").rows[0])
            let square = weight.reduce(0) { $0 + $1 * $1 }
            let trace = 4 * (5 * square + 4 * deviation * deviation)
            #expect(abs(row[0] / (4 * square) - 1) < 0.1 && abs(row[1] / trace - 1) < 0.1, "\(row), \(trace)")
            #expect(abs(row[2] / (trace / (4 * square)) - 1) < 0.15)
        }
    }

    // Angles of updates

    /// Without momentum a scale-invariant weight moves across itself, so that the tangent of its angle is the ratio of
    /// the norms; weight decay alone does not turn a weight.
    @Test func scaleInvariantWeightsMoveAcrossThemselves() throws {
        let sgd = "optimizer={\"kind\": \"sgd\", \"learning_rate\": 0.5}", precise = "precision=float64"
        try train(set: [precise, sgd, "model.normalization.epsilon=1e-12"]) { file, _ in
            let rows = try file.query(
                """
                SELECT p.layer, scale_invariant, max(abs(tan(angular_update) - update_ratio)), count(*),
                    count(angular_update)
                FROM parameter_statistic AS p JOIN layer USING (run_id, layer) WHERE parameter = 'weight' GROUP BY p.layer
                """
            ).rows.map(numbers)
            #expect(rows.map { $0[1] } == [1, 1, 0] && rows.allSatisfy { $0[3] == 9 && $0[4] == 8 })
            #expect(rows[0][2] < 1e-8 && rows[1][2] < 1e-8 && rows[2][2] > 1e-4, "\(rows)")
            let view = try file.query(
                "SELECT DISTINCT layer, equilibrium_angular_update, weight_decay FROM effective_learning_rate"
            ).rows
            #expect(view == [[.integer(0), .null, .number(0)], [.integer(1), .null, .number(0)]])
        }
        let frozen = "model.frozen=[\"gamma\", \"beta\", \"bias\", \"weight\"]"
        try train(set: [precise, sgd, frozen, "optimizer.weight_decay=0.1"]) { file, _ in
            let angles = try file.query(
                "SELECT DISTINCT angular_update FROM parameter_statistic WHERE parameter = 'weight' AND step < 50"
            ).rows
            #expect(angles == [[.number(0)]])
        }
    }

    /// In equilibrium weights turn by sqrt(2 rate decay / (1 + momentum)) a step, here 0.071 and 0.051.
    ///
    /// Root mean squares over the last 2,000 steps agree within 3 %: the formula leaves out terms of rate x decay, 0.25 %, and
    /// takes gradients of different steps for independent. Labels are random, so that they nearly are.
    @Test(arguments: [0.0, 0.9]) func theEquilibriumIsThatOfTheFormula(momentum: Double) throws {
        try trainOnOwnData(
            """
            "model": {"hidden": [10], "normalization": {"kind": "batch", "epsilon": 1e-12}},
            "optimizer": {"kind": "sgd", "learning_rate": 0.05, "momentum": \(momentum), "weight_decay": 0.05,
                "weight_decay_exclude": ["bias", "gamma", "beta"]},
            "training": {"batch_size": 10, "steps": 3000}, "logging": {"every": 5}, "evaluation": {"every": 0}
            """,
            write: { writer in
                let inputs: Matrix<Double> = randomMatrix(200, 8, seed: 4)
                try writer.write(Array(inputs.elements), shape: [200, 8], to: "train/inputs")
                let labels = randomLabels(200, classes: 3, seed: 5).map { UInt8($0) }
                try writer.write(labels, shape: [200], to: "train/targets")
            }
        ) { file in
            let row = numbers(
                try file.query(
                    """
                    SELECT sqrt(avg(angular_update * angular_update)), max(equilibrium_angular_update),
                        min(abs(effective_learning_rate * weight_norm * weight_norm / learning_rate - 1)) < 1e-12
                    FROM effective_learning_rate WHERE layer = 0 AND step >= 1000
                    """
                ).rows[0])
            #expect(abs(row[1] - (0.005 / (1 + momentum)).squareRoot()) < 1e-12)
            #expect(abs(row[0] / row[1] - 1) < 0.03 && row[2] == 1, "\(row)")
        }
    }

    /// With Muon the first and the last layer have AdamW's rate; an l2 term that AdamW divides has no equilibrium.
    @Test func effectiveRatesAreThoseOfTheWeight() throws {
        let muon = "optimizer={\"kind\": \"muon\", \"learning_rate\": 0.02, \"adamw\": {\"learning_rate\": 0.004}}"
        let rates = "SELECT DISTINCT layer, round(learning_rate, 9) FROM effective_learning_rate ORDER BY layer"
        for (settings, expected) in [
            (["model.hidden=[8, 6, 6]"], [0.004, 0.02, 0.02]),
            (["model.hidden=[8, 6]", "optimizer.matrices=all"], [0.02, 0.02]),
        ] {
            try train(set: [muon] + settings) { file, _ in
                let found = try file.query(rates).rows.map { numbers($0)[1] }
                #expect(found == expected, "\(settings): \(found)")
            }
        }
        for (l2, expected) in [("0", [1.0, 1.0]), ("0.01", [0.0, 0.0])] {
            try train(set: ["optimizer={\"kind\": \"adamw\", \"weight_decay\": 0.1}", "loss.l2=\(l2)"]) { file, _ in
                let found = try file.query(
                    "SELECT layer, count(equilibrium_angular_update) > 0 FROM effective_learning_rate GROUP BY layer"
                ).rows.map { numbers($0)[1] }
                #expect(found == expected, "\(l2): \(found)")
            }
        }
    }

    // Geometry

    @Test func geometryLooksWhereItIsAsked() throws {
        let hidden = "model.hidden=[8, 6]"
        try train(
            set: [
                hidden, "logging.sites=[\"activation\"]", "logging.layers=[2]", "model.dropout=0.1",
                "logging.geometry={\"every\": 50, \"rows\": 6, \"layers\": [1, 0], "
                    + "\"sites\": [\"output\", \"input\", \"linear\", \"normalized\"]}",
            ]
        ) { file, _ in
            let places = try file.query(
                "SELECT layer, group_concat(site) FROM representation_statistic WHERE step = 0 GROUP BY layer"
            ).rows
            #expect(
                places == [
                    [.integer(0), .text("input,linear,normalized,output")],
                    [.integer(1), .text("input,linear,normalized,output")],
                ])
            // What a layer hands on is what the next one receives.
            let different = try file.query(
                """
                SELECT count(*) FROM representation_statistic AS a JOIN representation_statistic AS b
                    ON a.run_id = b.run_id AND a.step = b.step AND a.layer + 1 = b.layer
                WHERE a.site = 'output' AND b.site = 'input'
                    AND (a.orthogonality_gap IS NOT b.orthogonality_gap OR a.mean_cosine IS NOT b.mean_cosine)
                """
            ).rows
            #expect(different == [[.integer(0)]])
            let gaps = try file.query(
                "SELECT max(abs(orthogonality_gap - sqrt(1 / participation_ratio - 1.0 / 6))) FROM representation_statistic"
            ).rows
            #expect(numbers(gaps[0])[0] < 1e-9)
        }
        // A residual block's sum, where one ends; behind a block that nothing follows it is the preactivation.
        try train(
            set: [
                "model.hidden=[8, 8]", "model.residual={\"every\": 1}", "model.normalization={\"kind\": \"none\"}",
                "logging.geometry={\"sites\": [\"sum\", \"preactivation\"]}",
            ]
        ) { file, _ in
            let sums = try file.query(
                """
                SELECT layer, mean_cosine = (
                    SELECT mean_cosine FROM representation_statistic AS other
                    WHERE other.step = 0 AND other.layer = sum.layer AND other.site = 'preactivation')
                FROM representation_statistic AS sum WHERE step = 0 AND site = 'sum'
                """
            ).rows
            #expect(sums == [[.integer(1), .integer(1)]])
        }
        // By default what `logging.sites` and `logging.layers` leave of preactivation and activation.
        try train(set: [hidden, "logging.layers=[1, 2]", "logging.geometry={}"]) { file, _ in
            let places = try file.query(
                "SELECT layer, group_concat(site) FROM representation_statistic WHERE step = 0 GROUP BY layer"
            ).rows
            #expect(
                places == [
                    [.integer(1), .text("activation,preactivation")], [.integer(2), .text("preactivation")],
                ])
        }
    }

    // Neural collapse

    /// Classes that are easy to tell apart collapse: variability within them falls, their means become a tight frame, to
    /// which the classifier turns, and it decides as the nearest mean does.
    @Test func anEasyProblemCollapses() throws {
        try trainOnOwnData(
            """
            "model": {"hidden": [24, 24], "normalization": {"kind": "batch"}},
            "optimizer": {"kind": "sgd", "learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.01},
            "schedule": {"kind": "cosine"}, "training": {"batch_size": 90, "steps": 600},
            "evaluation": {"every": 600, "modes": ["running", "batch", "recomputed"]},
            "logging": {"every": 0, "neural_collapse": {}}
            """,
            write: { writer in
                let centers: Matrix<Double> = randomMatrix(3, 8, seed: 6, deviation: 2)
                let noise: Matrix<Double> = randomMatrix(90, 8, seed: 7)
                let inputs = (0..<90 * 8).map { noise.base[$0] + centers[$0 / 8 % 3, $0 % 8] }
                try writer.write(inputs, shape: [90, 8], to: "train/inputs")
                try writer.write((0..<90).map { UInt8($0 % 3) }, shape: [90], to: "train/targets")
            }
        ) { file in
            let rows = try file.query(
                """
                SELECT a.mode, a.within_class_variability / b.within_class_variability,
                    b.mean_angle_gap / a.mean_angle_gap, b.weight_angle_gap / a.weight_angle_gap,
                    b.self_duality / a.self_duality, b.center_disagreement
                FROM neural_collapse AS a JOIN neural_collapse AS b USING (run_id, split, mode)
                WHERE a.step = 0 AND b.step = 600 AND split = 'train' ORDER BY mode
                """
            ).rows
            #expect(rows.map { $0[0] } == ["batch", "recomputed", "running"].map { .text($0) })
            for row in rows.map(numbers) {
                #expect(row[1] > 20 && row[2] < 0.2 && row[3] < 0.2 && row[4] < 0.2 && row[5] == 0, "\(row)")
            }
        }
    }

    /// Two passes over whatever batches, threads and input forms see the same rows.
    @Test func collapseDoesNotDependOnTheBatches() throws {
        func rows(_ settings: [String], threads: Int = 1, form: InputForm = .automatic) throws -> [[Double]] {
            var found: [[Double]] = []
            let common = ["precision=float64", "training.steps=20", "logging.neural_collapse={\"split\": \"test\"}"]
            try train(set: common + settings, threads: threads, inputForm: form) { file, _ in
                found = try file.query("SELECT * FROM neural_collapse").rows.map(numbers)
            }
            return found
        }
        let all = try rows([])
        #expect(all.count == 3 && all.allSatisfy { $0[4] > 0 })
        #expect(try rows([], threads: 2).map { $0[4...] } == all.map { $0[4...] })
        for (a, b) in zip(try rows(["evaluation.batch_size=7"]).joined(), all.joined()) {
            #expect(abs(a - b) <= 1e-9 * abs(b) || a.isNaN && b.isNaN)
        }
    }
}
