import Datasets
import Foundation
import RunStore
import TestSupport
import Testing
import Training

/// Loads the toy config, with its data, in a folder of its own.
func withToyConfig<Result>(set overrides: [String], _ body: (LoadedConfig, URL) throws -> Result) throws
    -> Result
{
    try withTemporaryFolder { folder in
        try writeToyData(to: folder.appendingPathComponent("toy.h5").path)
        let path = folder.appendingPathComponent("toy.json").path
        try """
        {
          "data": { "file": "toy.h5", "train": { "inputs": "train/images", "targets": "train/labels" },
                    "test": { "inputs": "test/images", "targets": "test/labels" }, "scaling": "unit" },
          "model": { "hidden": [8, 6], "activation": "sigmoid", "normalization": { "kind": "batch" } },
          "optimizer": { "kind": "sgd", "learning_rate": 0.5, "momentum": 0.5 },
          "training": { "batch_size": 10, "steps": 50 }, "logging": { "every": 7 }
        }
        """.write(toFile: path, atomically: true, encoding: .utf8)
        var request = ConfigRequest(path: path)
        request.overrides = overrides
        return try body(loadConfig(request), folder)
    }
}

/// Trains as the toy config and `overrides` say and gives the open results file to `check`.
func train(
    set overrides: [String] = [], threads: Int = 1, inputForm: InputForm = .automatic, hooks: RunHooks = RunHooks(),
    check: (ResultsFile, RunOutcome) throws -> Void
) throws {
    try withToyConfig(set: overrides) { loaded, folder in
        let file = try ResultsFile(writing: folder.appendingPathComponent("results.sqlite").path)
        let outcome = try runExperiment(
            { try planRun(loaded) }, results: file,
            environment: RunEnvironment(
                threads: threads, instructionSet: "test", inputForm: inputForm, command: "test"), hooks: hooks)
        try check(file, outcome)
    }
}

private let metricTables = [
    "training_step", "evaluation", "activation_statistic", "activation_percentile", "parameter_statistic",
    "normalization_statistic", "layer",
]

/// Every metric table of the only run, as rows.
private func metrics(_ file: ResultsFile) throws -> [String: QueryResult] {
    try Dictionary(uniqueKeysWithValues: metricTables.map { ($0, try file.query("SELECT * FROM \($0)")) })
}

/// Everything that is measured on request, at changing steps.
private let allInstruments = [
    "logging.probe={\"every\": 3, \"rows\": 20, \"units\": [0, 5, 7]}", "logging.geometry={\"every\": 10}",
    "logging.landscape={\"every\": 5}",
    "logging.covariate_shift={\"every\": 4}", "logging.histograms={\"every\": 10, \"bins\": 4}",
    "logging.units={\"every\": 25}", "logging.confusion={}",
    "logging.gradient_noise={\"every\": 5}", "logging.neural_collapse={\"split\": \"test\"}",
    "logging.hessian={\"every\": 20, \"eigenvalues\": 3, \"probes\": 2, \"density_nodes\": 5}",
]

@Suite struct TrainingTests {
    @Test func learnsTheToyProblem() throws {
        try train { file, outcome in
            #expect(outcome.status == .finished)
            let row = try file.query(
                "SELECT first_loss > 0.9, final_loss < 0.3, test_accuracy > 0.9, status, last_step FROM run_summary"
            ).rows[0]
            #expect(row == [.integer(1), .integer(1), .integer(1), .text("finished"), .integer(50)])
        }
    }

    @Test(arguments: ["float32", "float64"])
    func isTheSameBitsOnEveryRunAndThreadCount(precision: String) throws {
        var reference: [String: QueryResult] = [:]
        try train(set: ["precision=\(precision)"]) { file, _ in reference = try metrics(file) }
        for threads in [1, 2, 3] {
            try train(set: ["precision=\(precision)"], threads: threads) { file, _ in
                let found = try metrics(file)
                #expect(found == reference)
            }
        }
        try train(set: ["precision=\(precision)", "seed=1"]) { file, _ in
            let found = try metrics(file)
            #expect(found["training_step"] != reference["training_step"])
        }
    }

    /// Rules that see whole parameters, a second gradient a step, and weights of constant norm.
    static let wholeUpdates: [[String]] = [
        [
            "optimizer={\"kind\": \"muon\", \"sharpness_aware\": {}, \"clip_gradient_norm\": 1}", "model.dropout=0.2",
            "model.normalization={\"kind\": \"batch_renorm\"}",
        ],
        [
            "optimizer={\"kind\": \"lamb\", \"weight_projection\": \"unit\", "
                + "\"learning_rate_multipliers\": {\"gamma\": 0.1, \"1/weight\": 2}}", "model.frozen=[\"0/beta\"]",
        ],
        [
            "optimizer={\"kind\": \"lars\", \"weight_projection\": \"layer\", \"sharpness_aware\": {\"adaptive\": true}}",
            "model.weight_normalization=weight_norm", "model.normalization={\"kind\": \"ghost_batch\", \"size\": 5}",
            "schedule={\"kind\": \"cosine_restarts\", \"first_cycle_steps\": 9, \"warmup_steps\": 3}",
        ],
    ]

    /// The same bits under every number of threads, logged or not, in both precisions.
    @Test(arguments: wholeUpdates, ["float32", "float64"])
    func wholeUpdatesAreTheSameBits(overrides: [String], precision: String) throws {
        func end(_ more: [String], threads: Int) throws -> [[SQLValue]] {
            var rows: [[SQLValue]] = []
            try train(set: overrides + more + ["precision=\(precision)", "model.hidden=[40, 30]"], threads: threads) {
                file, outcome in
                #expect(outcome.status == .finished)
                rows = try file.query(
                    "SELECT weight_norm, gradient_norm FROM parameter_statistic WHERE step = 50 UNION ALL "
                        + "SELECT loss, accuracy FROM evaluation WHERE step = 50"
                ).rows
            }
            return rows
        }
        let reference = try end(["logging.every=1"], threads: 1)
        #expect(try end(["logging.every=0", "logging.at_steps=[50]"], threads: 2) == reference)
        #expect(try end(["logging.every=7"] + allInstruments, threads: 1) == reference)
    }

    @Test(arguments: wholeUpdates)
    func wholeUpdatesResume(overrides: [String]) throws {
        try withToyConfig(set: []) { _, folder in
            var request = ConfigRequest(path: folder.appendingPathComponent("toy.json").path)
            request.overrides = overrides + ["training.steps=12", "logging.every=2"]
            let found = try ResumeVerification(request, stop: nil, threads: 1, folder: folder.path)
            #expect(found.isIdentical, "\(found.parts.filter { !$0.isIdentical })")
        }
    }

    @Test(arguments: ["float32", "float64"], ["data.scaling=unit", "data.binarize_above=90"])
    func sparseInputsAreTheSameBits(precision: String, scaling: String) throws {
        let overrides =
            ["precision=\(precision)", scaling] + (scaling.contains("binarize") ? ["data.scaling=none"] : [])
            + allInstruments
        var dense: [String: QueryResult] = [:]
        try train(set: overrides, inputForm: .dense) { file, _ in
            dense = try metrics(file)
            let paths = try file.query("SELECT engine_path FROM run").rows
            #expect(paths == [[.text("test, dense inputs")]])
        }
        try train(set: overrides, inputForm: .sparse) { file, _ in
            let found = try metrics(file), paths = try file.query("SELECT engine_path FROM run").rows
            #expect(found == dense)
            #expect(paths == [[.text("test, sparse inputs")]])
        }
    }

    /// The toy's inputs are rarely 0 and stay dense; above a high threshold few are 1, and a shifted zero is no zero.
    @Test(arguments: [
        ("data.scaling=unit", "dense"), ("data.binarize_above=150", "sparse"), ("data.scaling=standardize", "dense"),
    ])
    func theDensityDecidesTheInputForm(scaling: String, form: String) throws {
        try train(set: [scaling] + (scaling.contains("binarize") ? ["data.scaling=none"] : [])) { file, _ in
            let paths = try file.query("SELECT engine_path FROM run").rows
            #expect(paths == [[.text("test, \(form) inputs")]])
        }
    }

    /// Also where it is asked for: positions in a sparse row have 16 bits.
    @Test func veryWideInputsStayDense() throws {
        try withToyConfig(set: ["training.steps=2", "model.hidden=[4]"]) { loaded, folder in
            let writer = try HDF5Writer(path: folder.appendingPathComponent("toy.h5").path)
            for split in ["train", "test"] {
                try writer.createGroup(split)
                try writer.write([UInt8](repeating: 0, count: 20 * 66_000), shape: [20, 66_000], to: "\(split)/images")
                try writer.write((0..<20).map { UInt8($0 % 3) }, shape: [20], to: "\(split)/labels")
            }
            try writer.finish()
            let plan = try planRun(loaded)
            #expect(try InputForm.automatic.resolved(for: plan) == .dense)
            #expect(try InputForm.sparse.resolved(for: plan) == .dense)
        }
    }

    /// The norms of the last step's parameters and the last evaluation's loss are functions of every bit of the
    /// weights.
    @Test func loggingDoesNotChangeTraining() throws {
        func end(_ overrides: [String]) throws -> [[SQLValue]] {
            var rows: [[SQLValue]] = []
            try train(set: overrides) { file, _ in
                rows = try file.query(
                    """
                    SELECT loss, accuracy FROM evaluation WHERE step = 50 UNION ALL
                    SELECT weight_norm, gradient_norm FROM parameter_statistic WHERE step = 50
                    """
                ).rows
            }
            return rows
        }
        let everyStep = try end(["logging.every=1"])
        #expect(everyStep.count == 10)
        #expect(try end(["logging.every=0", "logging.at_steps=[50]"]) == everyStep)
        #expect(try end(["logging.every=7", "evaluation.every=3"]) == everyStep)
        #expect(try end(["logging.every=7", "evaluation.every=3"] + allInstruments) == everyStep)
    }

    @Test(arguments: [
        [], ["training.steps=0"], ["logging.every=0", "logging.at_steps=[3,99]"],
        ["model.hidden=[]", "logging.every=50"], ["evaluation.every=0", "logging.layers=[1]"], allInstruments,
        allInstruments + ["logging.layers=[0,2]", "training.steps=7"], ["logging.per_decade=4", "training.steps=30"],
    ])
    func logsExactlyThePlannedRows(overrides: [String]) throws {
        let planned = try withToyConfig(set: overrides) { loaded, _ in try planRun(loaded).rowCounts }
        try train(set: overrides) { file, _ in
            let steps = try file.query("SELECT step FROM training_step ORDER BY step").rows.map { $0[0] }
            if overrides.isEmpty { #expect(steps == [0, 7, 14, 21, 28, 35, 42, 49, 50].map { .integer($0) }) }
            if overrides == ["training.steps=0"] { #expect(steps == [.integer(0)]) }
            if overrides.first == "logging.per_decade=4" {
                #expect(steps == [0, 1, 2, 3, 6, 7, 10, 14, 18, 21, 28, 30].map { .integer($0) })
            }
            if overrides.first == "logging.every=0" { #expect(steps == [.integer(3)]) }
            for (table, count) in planned {
                #expect(try file.query("SELECT count(*) FROM \(table)").rows == [[.integer(count)]], "\(table)")
            }
        }
    }

    @Test func stepZeroIsTheNetworkAtInitialization() throws {
        try train(set: ["training.steps=0", "model.initialization.kind=zeros"]) { file, outcome in
            #expect(outcome.status == .finished)
            let loss = try file.query("SELECT loss, learning_rate FROM training_step").rows[0]
            // All logits 0: the loss is log 3 for three classes.
            guard case .number(let value) = loss[0] else {
                Issue.record("no loss")
                return
            }
            #expect(abs(value - log(3)) < 1e-6)
            #expect(
                try file.query("SELECT count(*) FROM parameter_statistic WHERE update_norm IS NOT NULL").rows == [
                    [.integer(0)]
                ])
            // Sigmoid of 0 is 1/2 everywhere: no dead, zero or saturated unit.
            #expect(
                try file.query(
                    "SELECT DISTINCT mean, zero_fraction, saturated_fraction, dead_unit_fraction FROM "
                        + "activation_statistic WHERE site = 'activation'"
                ).rows
                    == [[.number(0.5), .number(0), .number(0), .number(0)]])
        }
    }

    @Test func reluAtZeroIsDeadAndSaturated() throws {
        try train(set: ["training.steps=0", "model.initialization.kind=zeros", "model.activation=relu"]) { file, _ in
            let found = try file.query(
                "SELECT DISTINCT zero_fraction, saturated_fraction, dead_unit_fraction FROM activation_statistic WHERE "
                    + "site = 'activation'"
            )
            #expect(found.rows == [[.number(1), .number(1), .number(1)]])
        }
    }

    /// With plain gradient descent the update of every parameter is the rate times its gradient.
    @Test func updateNormsFollowTheGradients() throws {
        try train(set: ["optimizer={\"kind\": \"sgd\", \"learning_rate\": 0.25}", "precision=float64"]) { file, _ in
            let wrong = try file.query(
                """
                SELECT count(*) FROM parameter_statistic
                WHERE abs(update_norm - 0.25 * gradient_norm) > 1e-12 OR update_ratio IS NOT update_norm / nullif(weight_norm, 0)
                    OR (step < 50) <> (update_norm IS NOT NULL)
                """
            ).rows
            #expect(wrong == [[.integer(0)]])
            let total = try file.query(
                """
                SELECT max(abs(t.gradient_norm * t.gradient_norm - squares)) FROM training_step AS t JOIN
                    (SELECT step, sum(gradient_norm * gradient_norm) AS squares FROM parameter_statistic GROUP BY step) USING (step)
                """
            ).rows[0][0]
            guard case .number(let difference) = total else {
                Issue.record("no gradient norms")
                return
            }
            #expect(difference < 1e-12)
        }
    }

    /// With gradient descent at the learning rate itself the landscape's step is the update, so that what lies there is
    /// what comes next.
    @Test func theLandscapeIsWhereTrainingGoes() throws {
        try train(set: [
            "optimizer={\"kind\": \"sgd\", \"learning_rate\": 0.25}", "precision=float64", "data.shuffle=false",
            "data.limit=10", "logging.every=1",
            "logging.landscape={\"every\": 1, \"step_sizes\": [1]}", "training.steps=6",
        ]) { file, _ in
            // One batch is all the data: the loss after the update is the next row's loss, and the gradient's cosine is
            // the next row's.
            let wrong = try file.query(
                """
                SELECT count(*), max(abs(l.loss - t.loss)) < 1e-12, min(l.gradient_cosine) > -1 FROM landscape AS l JOIN training_step AS t
                ON t.run_id = l.run_id AND t.step = l.step + 1
                """)
            #expect(wrong.rows == [[.integer(6), .integer(1), .integer(1)]])
            let cosines = try file.query(
                """
                SELECT count(*) FROM parameter_statistic WHERE (step = 0) <> (gradient_cosine IS NULL) OR abs(gradient_cosine) > 1.0000001
                """)
            #expect(cosines.rows == [[.integer(0)]])
        }
    }

    /// The same bits under every number of threads; each node set adds up to what its probe saw, and the curvature along the
    /// landscape's step lies between the extreme eigenvalues.
    @Test func theHessianIsMeasured() throws {
        var reference: [QueryResult] = []
        for threads in [1, 3] {
            try train(
                set: [
                    "precision=float64", "optimizer={\"kind\": \"adam\"}", "model.hidden=[40, 30]",
                    "logging.hessian={\"every\": 25, \"rows\": 30, \"eigenvalues\": 2, \"probes\": 3, "
                        + "\"density_nodes\": 6, \"preconditioned\": true, \"tolerance\": 1e-6}",
                ], threads: threads
            ) { file, _ in
                let tables = ["hessian_eigenvalue", "hessian_statistic", "hessian_density"]
                let found = try tables.map { try file.query("SELECT * FROM \($0)") }
                #expect(found.map(\.rows.count) == [3 * 2, 3, 3 * 3 * 6])
                if threads == 1 { reference = found } else { #expect(found == reference) }
                let wrong = try file.query(
                    """
                    SELECT count(*) FROM hessian_eigenvalue AS a JOIN hessian_eigenvalue AS b USING (run_id, step)
                        JOIN hessian_statistic USING (run_id, step)
                        JOIN (SELECT run_id, step, sum(weight) AS total, sum(weight * value) / 3 AS mean, max(value) AS most
                            FROM hessian_density GROUP BY run_id, step) USING (run_id, step)
                    WHERE a.rank = 0 AND b.rank = 1 AND (
                        a.value < b.value OR b.value < smallest_eigenvalue OR a.residual > 1e-6 * max(a.value, -smallest_eigenvalue)
                        OR a.preconditioned_value <= 0 OR abs(total - 3) > 1e-9 OR trace_error <= 0
                        OR most > a.value + 1e-6 OR abs(mean * (SELECT sum(parameter_count) FROM layer) - trace) > 1e-9 * abs(trace))
                    """
                ).rows
                #expect(wrong == [[.integer(0)]])
            }
        }
    }

    /// The diagonal of each matrix is what the evaluation counts as right, and all of it its examples.
    @Test func confusionAddsUpToTheEvaluation() throws {
        let sql = """
            SELECT count(*), sum(all_rows = example_count), max(abs(right_rows - accuracy * example_count)) < 1e-9
            FROM evaluation JOIN (
                SELECT run_id, step, split, sum(count) AS all_rows, sum(count) FILTER (WHERE target = predicted) AS right_rows
                FROM confusion GROUP BY run_id, step, split) USING (run_id, step, split)
            """
        try train(set: ["logging.confusion={}"]) { file, _ in
            let evaluations = try file.query("SELECT count(*) FROM evaluation").rows[0][0]
            #expect(try file.query(sql).rows == [[evaluations, evaluations, .integer(1)]])
        }
        try train(set: ["logging.confusion={\"every\": \"run\"}"]) { file, _ in
            let steps = try file.query("SELECT DISTINCT step FROM confusion").rows
            #expect(steps == [[.integer(50)]])
        }
    }

    /// The lowest layer has no layers below it, so that nothing shifts; the others' gradients do.
    @Test func covariateShiftStartsAboveTheFirstLayer() throws {
        try train(set: ["precision=float64", "logging.covariate_shift={\"every\": 10}"]) { file, _ in
            let rows = try file.query(
                "SELECT layer, count(*), max(gradient_distance) > 0, min(gradient_cosine) > 0.999999999 FROM "
                    + "covariate_shift GROUP BY layer"
            )
            #expect(
                rows.rows == [
                    [.integer(0), .integer(5), .integer(0), .integer(1)],
                    [.integer(1), .integer(5), .integer(1), .integer(0)],
                    [.integer(2), .integer(5), .integer(1), .integer(0)],
                ])
        }
    }

    @Test func histogramsAndVectorsHoldEveryValue() throws {
        try train(set: [
            "logging.histograms={\"every\": 50, \"bins\": 4, \"minimum\": 0, \"maximum\": 1}",
            "logging.units={\"every\": 50}",
        ]) { file, _ in
            let counts = try file.query(
                "SELECT DISTINCT (SELECT sum(value) FROM json_each(counts)), json_array_length(counts) FROM histogram "
                    + "WHERE layer = 0"
            )
            #expect(counts.rows == [[.integer(80), .integer(6)]])  // ten rows of eight units
            // Sigmoids lie within 0 and 1: nothing below, nothing above.
            let outside = try file.query(
                "SELECT sum(json_extract(counts, '$[0]') + json_extract(counts, '$[5]')) FROM histogram WHERE site = "
                    + "'activation'"
            )
            #expect(outside.rows == [[.integer(0)]])
            let mean = try file.query(
                """
                SELECT max(abs(gamma_mean - (SELECT avg(value) FROM unit_vector AS u, json_each(u."values") WHERE u.step = n.step AND u.layer = n.layer AND quantity = 'gamma')))
                FROM normalization_statistic AS n WHERE step = 50
                """)
            guard case .number(let difference)? = mean.rows.first?.first else {
                Issue.record("no gammas")
                return
            }
            #expect(difference < 1e-6)
        }
    }

    @Test func batchNormalizedSitesHaveTheirMoments() throws {
        try train(set: ["precision=float64"]) { file, _ in
            // Each feature of the normalized values has mean 0 and variance v / (v + epsilon), so all together at most
            // 1.
            let wrong = try file.query(
                """
                SELECT count(*) FROM activation_statistic
                WHERE site = 'normalized' AND (abs(mean) > 1e-14 OR standard_deviation > 1 OR standard_deviation < 0.98)
                """)
            #expect(wrong.rows == [[.integer(0)]])
        }
    }

    @Test func aSignalEndsTheRunAfterItsStep() throws {
        var hooks = RunHooks()
        let calls = Counter()
        hooks.shouldStop = { calls.next() == 20 }
        try train(hooks: hooks) { file, outcome in
            #expect(outcome.status == .interrupted)
            let row = try file.query(
                "SELECT status, last_step, exit_reason, (SELECT max(step) FROM training_step) FROM run"
            ).rows[0]
            #expect(
                row == [
                    .text("interrupted"), .integer(20), .text("stopped by a signal after step 20 of 50"), .integer(14),
                ])
        }
    }

    /// The hook would stop a run that went on.
    @Test(arguments: [0, 50])
    func aRunThatMeasuresNothingEnds(steps: Int) throws {
        var hooks = RunHooks()
        let calls = Counter()
        hooks.shouldStop = { calls.next() == 60 }
        try train(set: ["logging.every=0", "evaluation.splits=[]", "training.steps=\(steps)"], hooks: hooks) {
            file, outcome in
            #expect(outcome.status == .finished && outcome.lastStep == steps)
            let tables = try metrics(file).filter { !$0.value.rows.isEmpty }.map(\.key)
            #expect(tables == ["layer"])
        }
    }

    @Test func divergenceIsRecorded() throws {
        try train(set: [
            "optimizer.learning_rate=1e30", "model.activation=relu", "model.normalization.kind=none",
            "data.scaling=none",
        ]) { file, outcome in
            #expect(outcome.status == .diverged)
            let row = try file.query(
                "SELECT status, exit_reason LIKE 'the loss at step % is %', (SELECT count(*) FROM training_step WHERE "
                    + "step = last_step) FROM run"
            ).rows[0]
            #expect(row == [.text("diverged"), .integer(1), .integer(1)])
        }
    }

    @Test func everyCommittedStepIsReported() throws {
        let steps = Steps()
        var hooks = RunHooks()
        hooks.committed = { steps.add($0) }
        try train(hooks: hooks) { _, _ in }
        #expect(steps.all.last == 50 && steps.all == steps.all.sorted())
    }
}

private final class Counter {
    private var count = 0
    func next() -> Int {
        count += 1
        return count
    }
}

private final class Steps: @unchecked Sendable {
    private let lock = NSLock()
    private var steps: [Int] = []
    func add(_ step: Int) { lock.withLock { steps.append(step) } }
    var all: [Int] { lock.withLock { steps } }
}
