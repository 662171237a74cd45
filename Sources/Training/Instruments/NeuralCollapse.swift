import Datasets
import Keys
import NeuralNetwork
import RunStore
import Support

/// What the key `logging.neural_collapse` asks for.
struct NeuralCollapseMeasurement: RequestedMeasurement {
    static var key: String { "neural_collapse" }
    static var documentation: String {
        "At evaluations, how far the last hidden layer's features have collapsed to their class means (Papyan et al. "
            + "2020)."
    }
    static var tables: [any MetricRow.Type] { [NeuralCollapseRow.self] }

    let split: SplitName

    var measuredSplit: SplitName? { split }
    var time: MeasuringTime { .evaluations }

    init(_ keys: KeyReader) throws(ConfigError) {
        split = try keys("split", .choice, "train", "Whose rows are measured, twice as long as an evaluation takes.")
        keys.example(of: "split", ["split": "train"])
    }

    func contradiction(to plan: RunPlan) -> String? {
        if plan.data.valueCount != nil {
            return "compares classes, but the targets are values; leave it out"
        }
        if plan.network.layers.count < 2 {
            return "looks at the last hidden layer, but model.hidden is empty; give at least one layer"
        }
        guard plan.evaluatedSplits.contains(where: { $0.name == split }) else {
            return "split: found \"\(split.rawValue)\", which evaluation.splits leaves out; add it there"
        }
        let classes = plan.data.outputCount
        guard (2...largestClassCount).contains(classes) else {
            return
                "compares the means of classes, of which the data have \(classes); expected 2 to \(largestClassCount). "
                + "Leave it out"
        }
        return nil
    }

    func plannedRows(of plan: RunPlan) -> [Int] { [plan.evaluationCount * plan.evaluationModes.count] }

    func instrument<S: Scalar>(on network: MeasuredNetwork<S>) -> any Instrument<S> {
        NeuralCollapseInstrument(self, network)
    }
}

/// More would take minutes: the time grows with the cube of the classes.
private let largestClassCount = 256

struct NeuralCollapseRow: MetricRow {
    let step: Int
    let split: String
    let mode: String
    let found: NeuralCollapse

    static let table = MetricTable<Self>(
        "neural_collapse", since: 9,
        """
        `logging.neural_collapse`: at an evaluation, the features h of the rows, which the last layer receives, and its \
        weight W, H x C, with a column for each class (Papyan, Han & Donoho 2020). mu_c is the mean of class c, M the \
        matrix of all mu_c less their mean, Sigma_W the covariance of h within classes, Sigma_B = M M^T / C. Classes without \
        rows are left out. In the collapse, to a simplex equiangular tight frame, all numbers fall to 0. \
        NULL where something is not finite, or all means are one.
        """,
        [
            .key("step", "after t updates") { $0.step },
            .key("split", "as `split` says") { $0.split },
            .key("mode", "running, batch or recomputed") { $0.mode },
            .value("within_class_variability", "NC1: tr(Sigma_W Sigma_B^+) / C") { $0.found.withinClassVariability },
            .value("mean_norm_variation", "NC2: standard deviation / mean of the norms of the columns of M") {
                $0.found.means.normVariation
            },
            .value("mean_cosine_deviation", "NC2: standard deviation of the cosines between different columns of M") {
                $0.found.means.cosineDeviation
            },
            .value("mean_angle_gap", "NC2: mean of abs(cosine + 1 / (C - 1)) of these") { $0.found.means.angleGap },
            .value("weight_norm_variation", "the same three of the columns of W") {
                $0.found.classifier.normVariation
            },
            .value("weight_cosine_deviation", "standard deviation of the cosines") {
                $0.found.classifier.cosineDeviation
            },
            .value("weight_angle_gap", "mean of abs(cosine + 1 / (C - 1))") { $0.found.classifier.angleGap },
            .value("self_duality", "NC3: norm(W / norm(W) - M / norm(M))^2, 0 to 4") { $0.found.selfDuality },
            .value(
                "center_disagreement",
                "NC4: share of rows whose largest output is not that of the class whose mean is the nearest"
            ) { $0.found.centerDisagreement },
        ],
        plots: [
            MetricPlot(
                "within_class_variability", "NC1, within-class variability", column: "within_class_variability",
                where: "mode = 'running'"),
            MetricPlot(
                "self_duality", "NC3, classifier against class means", column: "self_duality",
                where: "mode = 'running'"),
        ])
}

private final class NeuralCollapseInstrument<S: Scalar>: Instrument {
    private let split: SplitName
    private let measured: MeasuredNetwork<S>
    /// What each mode of an evaluation has shown so far.
    private let meters: [(mode: NormalizationMode, meter: NeuralCollapseMeter<S>)]

    init(_ options: NeuralCollapseMeasurement, _ measured: MeasuredNetwork<S>) {
        split = options.split
        self.measured = measured
        let plan = measured.plan, features = plan.network.layers[plan.network.layers.count - 1].inputs
        meters = plan.evaluationModes.map {
            ($0, NeuralCollapseMeter(classCount: plan.network.outputs, featureCount: features))
        }
    }

    func needsSecondPass(over split: SplitName) -> Bool { split == self.split }

    func measure(_ batch: EvaluatedBatch<S>) {
        guard let (meter, features) = parts(of: batch) else { return }
        meter.addToMeans(features, labels: batch.workspace.targets.labelBuffer)
    }

    func measureAgain(_ batch: EvaluatedBatch<S>) {
        guard let (meter, features) = parts(of: batch) else { return }
        meter.addDeviations(
            features, logits: batch.workspace.logits, labels: batch.workspace.targets.labelBuffer)
    }

    func finishEvaluation(_ step: Int, into rows: inout MetricRows) {
        let layers = measured.network.layers
        for (mode, meter) in meters {
            rows.append(
                NeuralCollapseRow(
                    step: step, split: split.rawValue, mode: mode.rawValue,
                    found: meter.result(classifier: layers[layers.count - 1].effectiveWeight.value)))
            meter.restart()
        }
    }

    private func parts(of batch: EvaluatedBatch<S>) -> (NeuralCollapseMeter<S>, Matrix<S>)? {
        guard batch.split == split, let meter = meters.first(where: { $0.mode == batch.mode })?.meter else {
            return nil
        }
        let layers = batch.workspace.layers
        return (meter, layers[layers.count - 2].output)
    }
}
