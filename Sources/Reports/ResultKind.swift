import RunStore

/// What the results of runs are read by, where the user names no metric: it follows from their loss.
package enum ResultKind: Sendable {
    /// Classes are told apart: the accuracy counts, and more is better.
    case classification
    /// Values are approximated: the loss counts, and less is better.
    case regression

    /// The columns of `run_summary` that tell how good a run is, the best choice first.
    package var metrics: [String] {
        switch self {
        case .classification: ["test_accuracy", "validation_accuracy", "final_loss"]
        case .regression: ["test_loss", "validation_loss", "final_loss"]
        }
    }

    /// The metric of `bnexp plot` that is drawn over the steps.
    package var curve: String {
        switch self {
        case .classification: "evaluation_accuracy"
        case .regression: "evaluation_loss"
        }
    }

    /// The columns of `run_summary` in which runs are listed.
    package var listedResults: [String] {
        let measure = self == .classification ? "accuracy" : "loss"
        return ["train", "validation", "test"].map { "\($0)_\(measure)" }
    }

    /// Whether the first of two values of a metric is the better result.
    package static func isBetter(_ a: Double, than b: Double, in metric: String) -> Bool {
        metric.contains("accuracy") ? a > b : a < b
    }
}

extension ResultsFile {
    /// Returns what some runs are read by: regressions where all compare values, else classifications.
    ///
    /// A cross-entropy compares classes, other losses do so where `data.targets` says it.
    package func resultKind(of runs: [Int]) throws(ResultsError) -> ResultKind {
        let found = try query(
            """
            SELECT DISTINCT loss.value LIKE '%cross_entropy' OR targets.value IS 'classes'
            FROM run_parameter AS loss LEFT JOIN run_parameter AS targets
                ON targets.run_id = loss.run_id AND targets.path = 'data.targets'
            WHERE loss.path = 'loss.kind' AND loss.run_id IN (SELECT value FROM json_each(?))
            """, [runs.sqlList])
        return found.rows == [[.integer(0)]] ? .regression : .classification
    }
}
