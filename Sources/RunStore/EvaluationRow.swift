import GRDB

/// The loss and accuracy of one split in one mode.
package struct EvaluationRow: MetricRow {
    package let step: Int
    package let split: String
    package let mode: String
    package let loss: Double
    package let accuracy: Double?
    package let exampleCount: Int

    package init(step: Int, split: String, mode: String, loss: Double, accuracy: Double?, exampleCount: Int) {
        self.step = step
        self.split = split
        self.mode = mode
        self.loss = loss
        self.accuracy = accuracy
        self.exampleCount = exampleCount
    }

    package static let table = MetricTable<Self>(
        "evaluation", since: 1,
        """
        Every `evaluation.every` steps (an epoch unless given) and at the end; losses and accuracies are over all rows \
        of the split, or those that `evaluation.sample` draws of it.
        """,
        [
            .key("step", "after t updates") { $0.step },
            .key("split", "train, validation or test") { $0.split },
            .key(
                "mode",
                """
                running: batch normalization uses its running statistics; batch: each evaluation batch's own; \
                recomputed: means over training batches that pass through the network as it is. `running` for networks \
                without them
                """
            ) { $0.mode },
            .value("loss", "mean over the rows; their sum with `loss.reduction` sum") { $0.loss as Double? },
            .value("accuracy", "share of rows predicted correctly; NULL where targets are values") { $0.accuracy },
            .value("example_count", "rows that were evaluated") { $0.exampleCount },
        ],
        wideName: "{split}_{column}.{mode}",
        plots: [
            MetricPlot("evaluation_loss", "loss", column: "loss", .loss, where: "mode = 'running'"),
            MetricPlot("evaluation_accuracy", "accuracy", column: "accuracy", where: "mode = 'running'"),
        ])
}

extension ResultsFile {
    /// The evaluations of a run before a step, in the order of steps.
    package func evaluations(ofRun id: Int64, before step: Int) throws(ResultsError) -> [EvaluationRow] {
        try onFile(path) {
            try database.read { database in
                try Row.fetchAll(
                    database,
                    sql:
                        "SELECT step, split, mode, loss, accuracy, example_count FROM evaluation WHERE run_id = ? AND "
                        + "step < ? ORDER BY step",
                    arguments: [id, step]
                ).map { row in
                    EvaluationRow(
                        step: try row.checked("step"), split: try row.checked("split"), mode: try row.checked("mode"),
                        loss: (try row.checked("loss") as Double?) ?? .nan,
                        accuracy: try row.checked("accuracy"),
                        exampleCount: try row.checked("example_count"))
                }
            }
        }
    }
}
