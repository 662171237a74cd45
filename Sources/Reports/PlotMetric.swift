import RunStore

/// What can be drawn of a run over its steps, and where the results file has it.
package struct PlotMetric: Sendable {
    private enum Place: Sendable {
        case step
        case evaluation
        /// A table with a row for each layer, and which of its rows.
        case layer(table: String, condition: String)
    }

    package let name: String
    private let text: String
    private let column: String
    private let place: Place

    private init(_ name: String, _ text: String, _ column: String, _ place: Place) {
        self.name = name
        self.text = text
        self.column = column
        self.place = place
    }

    private static let weight = Place.layer(table: "parameter_statistic", condition: "parameter = 'weight'")
    private static let preactivation = Place.layer(table: "activation_statistic", condition: "site = 'preactivation'")
    private static let activation = Place.layer(table: "activation_statistic", condition: "site = 'activation'")
    private static let normalization = Place.layer(table: "normalization_statistic", condition: "true")

    package static let all = [
        PlotMetric("loss", "training loss (nats)", "loss", .step),
        PlotMetric("accuracy", "training batch accuracy", "accuracy", .step),
        PlotMetric("gradient_norm", "gradient norm (L2)", "gradient_norm", .step),
        PlotMetric("learning_rate", "learning rate", "learning_rate", .step),
        PlotMetric("evaluation_loss", "loss (nats)", "loss", .evaluation),
        PlotMetric("evaluation_accuracy", "accuracy", "accuracy", .evaluation),
        PlotMetric("weight_gradient_norm", "weight gradient norm (L2)", "gradient_norm", weight),
        PlotMetric("weight_norm", "weight norm (L2)", "weight_norm", weight),
        PlotMetric("update_ratio", "update norm / weight norm", "update_ratio", weight),
        PlotMetric("activation_mean", "mean of preactivations", "mean", preactivation),
        PlotMetric(
            "activation_standard_deviation", "standard deviation of preactivations", "standard_deviation", preactivation
        ),
        PlotMetric("activation_gradient_norm", "gradient norm of preactivations (L2)", "gradient_norm", preactivation),
        PlotMetric("saturated_fraction", "saturated fraction", "saturated_fraction", activation),
        PlotMetric("dead_unit_fraction", "dead unit fraction", "dead_unit_fraction", activation),
        PlotMetric("mean_gap", "gap between batch and running mean", "mean_gap", normalization),
        PlotMetric("variance_gap", "gap between batch and running variance", "variance_gap", normalization),
    ]

    package static func named(_ name: String) throws(ResultsError) -> PlotMetric {
        if let metric = all.first(where: { $0.name == name }) { return metric }
        throw ResultsError(
            "no metric \"\(name)\"; expected one of \(all.map(\.name).joined(separator: ", "))", cause: .request)
    }

    package var isPerLayer: Bool { if case .layer = place { true } else { false } }

    package var isEvaluation: Bool { if case .evaluation = place { true } else { false } }

    func label(split: String) -> String { isEvaluation ? "\(split) \(text)" : text }

    /// A value at a step, of a layer where the metric has them.
    struct Sample {
        var layer: Int?
        var step: Double
        var value: Double
    }

    /// In the order of layers and steps.
    ///
    /// A value that is missing is not a number.
    func samples(of run: Int, split: String, in file: ResultsFile) throws(ResultsError) -> [Sample] {
        var arguments: [SQLValue] = [.integer(run)]
        let sql =
            switch place {
            case .step: "SELECT NULL, step, \(column) FROM training_step WHERE run_id = ? ORDER BY step"
            case .evaluation:
                "SELECT NULL, step, \(column) FROM evaluation WHERE run_id = ? AND split = ? AND mode = 'running' "
                    + "ORDER BY step"
            case .layer(let table, let condition):
                "SELECT layer, step, \(column) FROM \(table) WHERE run_id = ? AND \(condition) ORDER BY layer, step"
            }
        if isEvaluation { arguments.append(.text(split)) }
        let samples = try file.query(sql, arguments).rows.map {
            Sample(layer: $0[0].whole, step: $0[1].double ?? .nan, value: $0[2].double ?? .nan)
        }
        // A layer for which the quantity does not exist, such as the saturation of logits, has rows without values.
        let layers = Set(samples.filter { !$0.value.isNaN }.map(\.layer))
        return samples.filter { layers.contains($0.layer) }
    }
}

extension SQLValue {
    fileprivate var whole: Int? { if case .integer(let number) = self { number } else { nil } }
}
