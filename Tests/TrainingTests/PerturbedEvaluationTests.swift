import NeuralNetwork
import RunStore
import TestSupport
import Testing
import Training

private let perturbations = """
    evaluation.perturbations=[{"kind": "gaussian", "standard_deviation": 0.2}, {"kind": "fgsm", "epsilon": 0.1, \
    "minimum": 0, "maximum": 1, "rows": 25}, {"kind": "pgd", "epsilon": 0.1, "steps": 3}, \
    {"kind": "pgd", "epsilon": 0.2, "norm": "l2", "random_start": false, "steps": 3}, {"kind": "fgsm", "epsilon": 0}]
    """

private func rows(_ file: ResultsFile, _ tables: [String] = ["perturbed_evaluation"]) throws -> [[[SQLValue]]] {
    try tables.map { try file.query("SELECT * FROM \($0)").rows }
}

@Suite struct PerturbedEvaluationTests {
    /// Training goes on as if nothing had been attacked.
    @Test(arguments: ["batch", "ghost_batch", "batch_renorm", "layer", "none"])
    func measuringChangesNothing(kind: String) throws {
        let kind =
            kind == "ghost_batch"
            ? "model.normalization={\"kind\": \"ghost_batch\", \"size\": 5}" : "model.normalization.kind=\(kind)"
        let overrides = [kind, "model.dropout=0.2", "evaluation.every=9", "optimizer.clip_gradient_norm=1"]
        let tables = ["training_step", "evaluation", "parameter_statistic", "normalization_statistic"]
        var plain: [[[SQLValue]]] = []
        try train(set: overrides) { file, _ in plain = try rows(file, tables) }
        try train(set: overrides + [perturbations]) { file, _ in
            let found = try rows(file, tables)
            #expect(found == plain)
        }
    }

    /// Rows are those that were planned, the same under threads and batch sizes, and at epsilon 0 the clean ones.
    @Test(arguments: ["float32", "float64"]) func rowsOfAllModes(precision: String) throws {
        let overrides = [
            perturbations, "precision=\(precision)", "evaluation.modes=[\"running\", \"batch\", \"recomputed\"]",
            "evaluation.every=25",
        ]
        var reference: [[[SQLValue]]] = []
        try train(set: overrides) { file, _ in
            reference = try rows(file)
            #expect(reference[0].count == 3 * 2 * 3 * 5)
            let row = try file.query(
                """
                SELECT sum(perturbation = 4 AND loss <> clean_loss), sum(kind <> 'gaussian' AND loss < clean_loss),
                    min(CASE WHEN perturbation <> 1 AND split = 'train' THEN example_count END),
                    max(CASE WHEN perturbation = 1 THEN example_count END), sum(norm IS NULL) = sum(kind = 'gaussian'),
                    (SELECT count(*) FROM perturbed_evaluation AS p JOIN evaluation AS e USING (run_id, step, split, mode)
                     WHERE perturbation = 0 AND mode = 'running' AND abs(p.clean_accuracy - e.accuracy) > 0)
                FROM perturbed_evaluation
                """
            ).rows
            #expect(row == [[.integer(0), .integer(0), .integer(120), .integer(25), .integer(1), .integer(0)]])
        }
        try train(set: overrides, threads: 2) { file, _ in
            let found = try rows(file)
            #expect(found == reference)
        }
        try train(set: overrides + ["evaluation.batch_size=40"]) { file, _ in
            let accuracies = "SELECT accuracy FROM perturbed_evaluation WHERE mode = 'running' AND kind = 'gaussian'"
            try train(set: overrides) { whole, _ in
                let (found, expected) = (try file.query(accuracies), try whole.query(accuracies))
                #expect(found == expected)
            }
        }
    }

    @Test(arguments: [
        ("{\"kind\": \"fgsm\"}", "evaluation.perturbations[0].epsilon: this key is missing"),
        ("{\"kind\": \"fgsm\", \"epsilon\": -1}", "evaluation.perturbations[0].epsilon: found -1"),
        (
            "{\"kind\": \"fgsm\", \"epsilon\": 1, \"steps\": 3}",
            "evaluation.perturbations[0].steps: contradicts the kind"
        ),
        ("{\"kind\": \"pgd\", \"epsilon\": 1, \"steps\": 0}", "evaluation.perturbations[0].steps: found 0"),
        ("{\"kind\": \"pgd\", \"epsilon\": 1, \"norm\": \"l1\"}", "evaluation.perturbations[0].norm: found \"l1\""),
        (
            "{\"kind\": \"gaussian\", \"standard_deviation\": 1e300}",
            "evaluation.perturbations[0].standard_deviation: found 1e+300, which float32 holds as inf; choose another"
        ),
        (
            "{\"kind\": \"fgsm\", \"epsilon\": 1e-60}",
            "evaluation.perturbations[0].epsilon: found 1e-60, which float32 holds as 0.0; choose another"
        ),
        (
            "{\"kind\": \"fgsm\", \"epsilon\": 1}, {\"kind\": \"pgd\", \"epsilon\": 1, \"step_size\": 1e-60}",
            "evaluation.perturbations[1].step_size: found 1e-60, which float32 holds as 0.0; choose another"
        ),
        (
            "{\"kind\": \"noise\"}",
            "evaluation.perturbations[0].kind: found \"noise\", expected one of \"gaussian\", \"fgsm\", \"pgd\""
        ),
        (
            "{\"kind\": \"gaussian\", \"standard_deviation\": 1, \"minimum\": 1, \"maximum\": 0}",
            "evaluation.perturbations[0].minimum: is 1"
        ),
        (
            "{\"kind\": \"gaussian\", \"standard_deviation\": 1, \"rows\": 0}",
            "evaluation.perturbations[0].rows: found 0"
        ),
    ])
    func mistakes(object: String, expected: String) {
        let found = planningError(set: ["evaluation.perturbations=[\(object)]"])
        #expect(found.contains(expected), "\(found)")
    }

    @Test func oneRowInABatchOfItsOwnStatistics() {
        let overrides = [
            "evaluation.modes=[\"batch\"]",
            "evaluation.perturbations=[{\"kind\": \"fgsm\", \"epsilon\": 1, \"rows\": 1}]",
        ]
        #expect(planningError(set: overrides).contains("leaves a batch of one row"))
    }
}

@Suite struct EvaluationSampleTests {
    /// So many rows, drawn anew at each evaluation, the same after resuming; a split that has fewer is whole.
    @Test func drawsRowsAnew() throws {
        let overrides = [
            "evaluation.sample={\"train\": 40, \"test\": 1000}", "evaluation.every=10", "optimizer.learning_rate=1e-30",
        ]
        try train(set: overrides) { file, _ in
            let counts = try file.query(
                """
                SELECT split, min(example_count), max(example_count), count(DISTINCT loss) FROM evaluation
                WHERE step > 0 GROUP BY split
                """
            ).rows
            // The network hardly changes, but its running statistics and the rows that are drawn do.
            #expect(counts[1] == [.text("train"), .integer(40), .integer(40), .integer(5)])
            #expect(counts[0].prefix(3) == [.text("test"), .integer(30), .integer(30)])
        }
        try train(set: overrides, threads: 2) { two, _ in
            try train(set: overrides) { one, _ in
                let (first, second) = (try rows(one, ["evaluation"]), try rows(two, ["evaluation"]))
                #expect(first == second)
            }
        }
    }
}
