import RunStore
import Support

extension PageSection {
    /// The sections of every page whose pictures are those of runs, in their order.
    static func all(of runs: [Int], in file: ResultsFile) throws(ResultsError) -> [PageSection] {
        [
            learning, gradients(twins: try twins(among: runs, in: file)),
            activations(percentiles: try percentiles(of: runs, in: file)), batchNormalization, landscape,
            covariateShift,
            geometry, confusion,
        ]
    }

    private static let learning = PageSection(
        id: "learning", title: "Learning", question: "Does it learn faster?",
        figures: [
            smoothing(
                PageFigure(
                    "learning.loss", "Training loss", of: "training_step", y: "loss of the batch",
                    sql: """
                        SELECT run_id, step AS x, loss AS y FROM training_step WHERE RUNS ORDER BY run_id, step
                        """)),
            PageFigure(
                "learning.accuracy", "Accuracy", of: "evaluation", y: "accuracy",
                sql: """
                    SELECT run_id, step AS x, accuracy AS y, split AS panel FROM evaluation
                    WHERE RUNS AND mode = 'running' AND accuracy IS NOT NULL ORDER BY split, run_id, step
                    """),
            PageFigure(
                "learning.evaluation_loss", "Loss over whole splits", of: "evaluation", y: "mean loss",
                sql: """
                    SELECT run_id, step AS x, loss AS y, split AS panel FROM evaluation
                    WHERE RUNS AND mode = 'running' ORDER BY split, run_id, step
                    """),
            learningRate,
        ], isLoggedBy: "logging.every and evaluation.every say how often it is measured.")

    private static let learningRate = {
        var figure = PageFigure(
            "learning.learning_rate", "Learning rate", of: "training_step", y: "learning rate",
            sql: "SELECT run_id, step AS x, learning_rate AS y FROM training_step WHERE RUNS ORDER BY run_id, step")
        figure.showsAll = true
        return figure
    }()

    /// - Parameter twins: pairs of runs with and without normalization that differ in nothing else.
    private static func gradients(twins: [(normalized: Int, plain: Int)]) -> PageSection {
        var figures = [
            PageFigure(
                "gradients.preactivation", "Gradient norm at the preactivations, layer by step",
                of: "activation_statistic", .maps, y: "layer",
                value: "gradient norm (L2)", isLogarithmic: true,
                sql: """
                    SELECT run_id, step AS x, layer AS y, gradient_norm AS value FROM activation_statistic
                    WHERE RUNS AND site = 'preactivation' ORDER BY run_id, step, layer
                    """),
            PageFigure(
                "gradients.weight", "Gradient norm of the weights, layer by step", of: "parameter_statistic", .maps,
                y: "layer",
                value: "gradient norm (L2)", isLogarithmic: true,
                sql: """
                    SELECT run_id, step AS x, layer AS y, gradient_norm AS value FROM parameter_statistic
                    WHERE RUNS AND parameter = 'weight' ORDER BY run_id, step, layer
                    """),
        ]
        if !twins.isEmpty {
            let pairs = twins.map { "(\($0.normalized), \($0.plain))" }.joined(separator: ", ")
            figures.append(
                PageFigure(
                    "gradients.ratio", "Gradient norm at the preactivations with normalization / without",
                    of: "activation_statistic", .maps,
                    y: "layer", value: "ratio of the norms", isLogarithmic: true,
                    sql: """
                        WITH twin (run_id, plain) AS (VALUES \(pairs))
                        SELECT run_id, step AS x, layer AS y, a.gradient_norm / b.gradient_norm AS value
                        FROM twin JOIN activation_statistic AS a USING (run_id)
                            JOIN (SELECT run_id AS plain, step, layer, site, gradient_norm FROM activation_statistic) AS b
                            USING (plain, step, layer, site)
                        WHERE RUNS AND site = 'preactivation' ORDER BY run_id, step, layer
                        """))
        }
        var factor = PageFigure(
            "gradients.factor", "Factor of the gradient from the layer above to a layer", of: "activation_statistic",
            x: "layer", y: "factor",
            isLogarithmic: true,
            sql: """
                SELECT run_id, layer AS x, factor AS y,
                    CASE step WHEN 0 THEN 'at initialization' ELSE 'at the last step' END AS panel
                FROM gradient_factor AS g WHERE RUNS AND (step = 0 OR step = (
                    SELECT max(step) FROM activation_statistic AS a WHERE a.run_id = g.run_id))
                ORDER BY step > 0, run_id, layer
                """)
        factor.isOverSteps = false
        figures.append(factor)
        figures.append(
            smoothing(
                byLayer(
                    "gradients.update_ratio", "Update of the weights / their norm", of: "parameter_statistic",
                    "update_ratio", "norm ratio", where: "parameter = 'weight'", isLogarithmic: true)))
        return PageSection(
            id: "gradients", title: "Gradients", question: "How do gradients reach the layers?", figures: figures,
            isLoggedBy: "logging.every says how often it is measured.")
    }

    /// - Parameter percentiles: the low, middle and high one that the runs have; nil if there are none.
    private static func activations(percentiles: (low: Double, middle: Double, high: Double)?) -> PageSection {
        var figures: [PageFigure] = []
        if let (low, middle, high) = percentiles {
            func value(_ percentile: Double) -> String { "max(value) FILTER (WHERE percentile = \(percentile))" }
            figures.append(
                PageFigure(
                    "activations.percentiles",
                    "Preactivations: percentile \(number(middle)), and those of \(number(low)) to \(number(high)) as "
                        + "area",
                    of: "activation_percentile",
                    y: "preactivation",
                    sql: """
                        SELECT run_id, step AS x, \(value(middle)) AS y, \(value(low)) AS low, \(value(high)) AS high,
                            'layer ' || layer AS panel
                        FROM activation_percentile WHERE RUNS AND site = 'preactivation'
                        GROUP BY layer, run_id, step ORDER BY layer, run_id, step
                        """))
        }
        func statistic(_ column: String, _ title: String, _ label: String) -> PageFigure {
            var figure = smoothing(
                byLayer(
                    "activations.\(column)", title, of: "activation_statistic", column, label,
                    where: "site = 'activation'"))
            figure.style.startsAtZero = true
            return figure
        }
        figures += [
            statistic("saturated_fraction", "Saturated activations", "share of values"),
            statistic("dead_unit_fraction", "Dead units", "share of units"),
            PageFigure(
                "activations.histogram", "Histograms of the preactivations over the steps", of: "histogram", .maps,
                y: "value",
                value: "share of values",
                sql: """
                    WITH bin AS (
                        SELECT run_id,
                            max(value) FILTER (WHERE path = 'logging.histograms.minimum') AS low,
                            max(value) FILTER (WHERE path = 'logging.histograms.maximum') AS high,
                            max(value) FILTER (WHERE path = 'logging.histograms.bins') AS bins
                        FROM run_parameter WHERE path LIKE 'logging.histograms.%' GROUP BY run_id)
                    SELECT run_id, 'layer ' || layer AS panel, step AS x,
                        CASE j.key WHEN 0 THEN 'below ' || printf('%g', low) WHEN bins + 1 THEN 'above ' || printf('%g', high)
                            ELSE round(low + (j.key - 0.5) * (high - low) / bins, 6) END AS y,
                        1.0 * j.value / (SELECT sum(value) FROM json_each(counts)) AS value
                    FROM histogram JOIN bin USING (run_id), json_each(counts) AS j
                    WHERE RUNS AND site = 'preactivation' ORDER BY layer, run_id, step, j.key DESC
                    """),
        ]
        return PageSection(
            id: "activations", title: "Activations", question: "How are the activations distributed?", figures: figures,
            isLoggedBy: "logging.percentiles and logging.histograms say what is measured.")
    }

    private static let batchNormalization = PageSection(
        id: "normalization", title: "Batch normalization",
        question: "How far are running statistics from those of the batch, and what do scale and shift become?",
        figures: [
            byLayer(
                "normalization.mean_gap", "Running mean against the batch's", of: "normalization_statistic", "mean_gap",
                "relative distance", isLogarithmic: true),
            byLayer(
                "normalization.variance_gap", "Running variance against the batch's", of: "normalization_statistic",
                "variance_gap", "relative distance", isLogarithmic: true),
            PageFigure(
                "normalization.variance", "Variance of the batch and running variance", of: "normalization_statistic",
                y: "mean over units",
                isLogarithmic: true,
                sql: """
                    SELECT run_id, step AS x, batch_variance_mean AS y, 'batch' AS series, 'layer ' || layer AS panel, layer
                    FROM normalization_statistic WHERE RUNS UNION ALL
                    SELECT run_id, step, running_variance_mean, 'running', 'layer ' || layer, layer
                    FROM normalization_statistic WHERE RUNS ORDER BY layer, run_id, series, x
                    """),
            range("normalization.gamma", "Scale gamma: mean over the units, lowest to highest as area", "gamma"),
            range("normalization.beta", "Shift beta: mean over the units, lowest to highest as area", "beta"),
            PageFigure(
                "normalization.modes", "Accuracy by the statistics that an evaluation uses", of: "evaluation",
                y: "accuracy",
                sql: """
                    SELECT run_id, step AS x, accuracy AS y, mode AS series, split AS panel FROM evaluation
                    WHERE RUNS AND accuracy IS NOT NULL
                        AND run_id IN (SELECT run_id FROM evaluation WHERE RUNS AND mode <> 'running')
                    ORDER BY split, run_id, mode, step
                    """),
        ],
        isLoggedBy:
            "Only layers that are normalized over the batch have such rows; evaluation.modes asks for further modes.")

    private static let landscape = PageSection(
        id: "landscape", title: "Landscape", question: "How smooth is the loss along the gradient?",
        figures: [
            spread("landscape.loss", "Loss along the gradient, over all step sizes", "loss", "loss"),
            spread(
                "landscape.distance", "Gradient predictiveness", "gradient_distance", "distance of the gradients (L2)"),
            spread("landscape.smoothness", "Effective beta-smoothness", "smoothness", "distance / step"),
            PageFigure(
                "landscape.hessian", "Largest eigenvalues of the Hessian", of: "hessian_eigenvalue", y: "eigenvalue",
                sql: """
                    SELECT run_id, step AS x, value AS y, 'rank ' || rank AS series FROM hessian_eigenvalue
                    WHERE RUNS AND value IS NOT NULL ORDER BY rank, run_id, step
                    """),
        ], isLoggedBy: "logging.landscape measures it, and logging.hessian its curvature.")

    private static let covariateShift = PageSection(
        id: "covariate_shift", title: "Internal covariate shift",
        question: "How much do updates of the layers below change a layer's gradient?",
        figures: [
            byLayer(
                "covariate_shift.distance", "Distance of the gradients", of: "covariate_shift", "gradient_distance",
                "L2",
                isLogarithmic: true),
            byLayer(
                "covariate_shift.cosine", "Cosine between the gradients", of: "covariate_shift", "gradient_cosine",
                "cosine"
            ),
        ], isLoggedBy: "logging.covariate_shift measures it.")

    private static let geometry = PageSection(
        id: "geometry", title: "Geometry", question: "How do the rows of a batch lie to each other?",
        figures: [
            byLayer(
                "geometry.effective_rank", "Effective rank of the preactivations", of: "representation_statistic",
                "effective_rank", "eigenvalues", where: "site = 'preactivation'"),
            byLayer(
                "geometry.mean_cosine", "Cosine between rows of the preactivations", of: "representation_statistic",
                "mean_cosine", "mean over pairs", where: "site = 'preactivation'"),
            byLayer(
                "geometry.isometry_gap", "Isometry gap of the preactivations", of: "representation_statistic",
                "isometry_gap", "log ratio of means", where: "site = 'preactivation'"),
        ], isLoggedBy: "logging.geometry measures it.")

    private static let confusion = {
        var map = PageFigure(
            "confusion.last", "Rows of a class by the class that they are predicted to be, at the last evaluation",
            of: "confusion",
            .maps,
            x: "predicted", y: "target", value: "rows",
            sql: """
                SELECT run_id, split AS panel, predicted AS x, target AS y, count AS value FROM confusion AS c
                WHERE RUNS AND step = (SELECT max(step) FROM confusion AS d WHERE d.run_id = c.run_id)
                ORDER BY run_id, split, target, predicted
                """)
        map.isOverSteps = false
        return PageSection(
            id: "confusion", title: "Confusion", question: "Which classes are taken for which?", figures: [map],
            isLoggedBy: "logging.confusion counts it.")
    }()

    private static func smoothing(_ figure: PageFigure) -> PageFigure {
        var figure = figure
        figure.smooths = true
        return figure
    }

    /// A column of a table, a panel for each layer.
    private static func byLayer(
        _ id: String, _ title: String, of table: String, _ column: String, _ label: String,
        where condition: String? = nil,
        isLogarithmic: Bool = false
    ) -> PageFigure {
        let condition = condition.map { " AND \($0)" } ?? ""
        return PageFigure(
            id, title, of: table, y: label, isLogarithmic: isLogarithmic,
            sql: """
                SELECT run_id, step AS x, \(column) AS y, 'layer ' || layer AS panel FROM \(table)
                WHERE RUNS\(condition) AND \(column) IS NOT NULL ORDER BY layer, run_id, step
                """)
    }

    private static func range(_ id: String, _ title: String, _ parameter: String) -> PageFigure {
        PageFigure(
            id, title, of: "normalization_statistic", y: parameter,
            sql: """
                SELECT run_id, step AS x, \(parameter)_mean AS y, \(parameter)_minimum AS low, \(parameter)_maximum AS high,
                    'layer ' || layer AS panel
                FROM normalization_statistic WHERE RUNS AND \(parameter)_mean IS NOT NULL ORDER BY layer, run_id, step
                """)
    }

    private static func spread(_ id: String, _ title: String, _ column: String, _ label: String) -> PageFigure {
        PageFigure(
            id, title, of: "landscape", y: label, isLogarithmic: true,
            sql: """
                SELECT run_id, step AS x, avg(\(column)) AS y, min(\(column)) AS low, max(\(column)) AS high
                FROM landscape WHERE RUNS AND \(column) IS NOT NULL GROUP BY run_id, step ORDER BY run_id, step
                """)
    }

    /// The pairs of runs among these, one with and one without normalization, that are trained alike but for that.
    private static func twins(among runs: [Int], in file: ResultsFile) throws(ResultsError) -> [(
        normalized: Int, plain: Int
    )] {
        let rows = try file.query(
            """
            SELECT run_id, normalization, (
                SELECT group_concat(path || ' ' || ifnull(value, 'NULL'), char(10)) FROM (
                    SELECT path, \(ResultsFile.comparedValue(of: "p")) AS value
                    FROM run_parameter AS p WHERE p.run_id = n.run_id
                        AND path NOT IN ('name', 'tags') AND path NOT LIKE 'model.normalization%'
                        AND path NOT LIKE 'logging.%' AND path NOT LIKE 'evaluation.%' AND path NOT LIKE 'checkpoint.%'
                    ORDER BY path))
            FROM normalization_by_run AS n WHERE run_id IN (\(runs.commaSeparated))
            """
        ).rows
        let alike = Dictionary(grouping: rows) { $0[2] }
        return rows.flatMap { row -> [(normalized: Int, plain: Int)] in
            guard row[1] != .text("none"), let normalized = row[0].whole else { return [] }
            return (alike[row[2]] ?? []).filter { $0[1] == .text("none") }.compactMap { $0[0].whole }.map {
                (normalized, $0)
            }
        }
    }

    /// The percentiles that pictures show of those that the runs have: 15, 50 and 85 (Ioffe & Szegedy 2015, figure 1)
    /// where they are there, else the lowest, the one nearest to 50 and the highest.
    private static func percentiles(of runs: [Int], in file: ResultsFile) throws(ResultsError) -> (
        low: Double, middle: Double, high: Double
    )? {
        let all = try file.query(
            """
            SELECT DISTINCT j.value FROM run_parameter AS p, json_each(p.value) AS j
            WHERE p.path = 'logging.percentiles' AND run_id IN (\(runs.commaSeparated))
            ORDER BY j.value
            """
        ).rows.compactMap { $0[0].double }
        guard let first = all.first, let last = all.last,
            let middle = all.min(by: { abs($0 - 50) < abs($1 - 50) })
        else { return nil }
        return (all.contains(15) ? 15 : first, middle, all.contains(85) ? 85 : last)
    }

    private static func number(_ value: Double) -> String { JSON.shortest(value) }
}
