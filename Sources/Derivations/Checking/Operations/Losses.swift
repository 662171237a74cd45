import Foundation
import NeuralNetwork

// The losses of the course: `softmax_loss` (S1) to (S3) and `svm_loss` (H1) to (H3). x are the scores, N x C, y the
// numbers of the classes. A regularization of weights, as the assignment's networks have it, is added where `reg` is
// given.

private let lossInputs: [Input] =
    [
        Input("x", ["scores", "logits", "s"], shape: ["N", "C"]),
        Input("y", ["labels", "targets", "target", "y_true"], shape: ["N"], classesOf: "C"),
        Input("reg", ["regularization", "l2", "weight_decay"], standard: 0, range: 0...(.greatestFiniteMagnitude)),
    ] + ["w", "w1", "w2", "w3", "w4", "w5", "w6"].map { Input($0, shape: [$0 + "*"], standard: 0) }

/// The sum of the squares of all weights.
private func sumOfSquares(_ v: Values) -> Grid {
    lossInputs.dropFirst(3).reduce(0) { $0 + v[$1.name].squared.sum(over: .all) }
}

private func penalty(_ v: Values) -> Grid { 0.5 * v["reg"] * sumOfSquares(v) }

/// 1 in the column of each row's class.
private func oneHot(_ v: Values, shift: Int = 0) -> Grid {
    var result = v["x"].filled(with: 0)
    for i in 0..<result.rows { result[i, (Int(v["y"][i, 0]) + shift) % result.columns] = 1 }
    return result
}

private func rowCount(_ v: Values) -> Grid { Grid(Double(v["x"].rows)) }

/// What the loss of a batch becomes of the losses of the rows by the usual mistakes.
private func lossMistakes(_ rows: @escaping @Sendable (Values) -> Grid) -> [Mistake] {
    [
        Mistake("sum_not_mean", "the losses of the rows are summed, not averaged") {
            rows($0).sum(over: .all) + penalty($0)
        },
        Mistake("divided_twice", "it is divided by N twice") { rows($0).mean(over: .all) / rowCount($0) + penalty($0) },
        Mistake("mean_over_classes", "it is divided by the number of classes too") {
            rows($0).mean(over: .all) / Grid(Double($0["x"].columns)) + penalty($0)
        },
        Mistake("forget_regularization", "the regularization is left out") { rows($0).mean(over: .all) },
        Mistake("regularization_not_halved", "the regularization is without its factor 0.5") {
            rows($0).mean(over: .all) + 2 * penalty($0)
        },
        Mistake("regularization_of_norm", "the regularization has the norm of the weights, not its square") {
            rows($0).mean(over: .all) + 0.5 * $0["reg"] * sumOfSquares($0).root
        },
        Mistake("regularization_averaged", "the regularization is divided by N too") {
            rows($0).mean(over: .all) + penalty($0) / rowCount($0)
        },
    ]
}

/// What the gradient of a mean over the rows becomes by the usual mistakes.
private func batchMeanMistakes(_ sum: @escaping @Sendable (Values) -> Grid) -> [Mistake] {
    [
        Mistake(.forgetBatchMean, "it is not divided by N") { sum($0) },
        Mistake("divided_twice", "it is divided by N twice") { sum($0) / rowCount($0) / rowCount($0) },
        Mistake("mean_over_classes", "it is divided by the number of classes, not of rows") {
            sum($0) / Grid(Double($0["x"].columns))
        },
        Mistake("sign", "the sign is wrong") { -sum($0) / rowCount($0) },
    ]
}

extension CheckedOperation {
    /// log of the sum of the exponentials of each row, without overflow.
    private static func logSum(_ x: Grid) -> Grid {
        let largest = x.largest(over: .columns)
        return largest + (x - largest).map(exp).sum(over: .columns).map(log)
    }

    private static func logLoss(_ v: Values, _ probabilities: Grid) -> Grid {
        -(probabilities * oneHot(v)).sum(over: .columns).map(log)
    }

    private static func rowLosses(_ v: Values) -> Grid { logSum(v["x"]) - (v["x"] * oneHot(v)).sum(over: .columns) }

    /// exp(x) / sum exp(x) as it is computed without care, in float64 or float32.
    private static func naive(_ v: Values, inSinglePrecision: Bool) -> Grid? {
        let powers = v["x"].map { inSinglePrecision ? Double(Foundation.exp(Float($0))) : Foundation.exp($0) }
        let sum = powers.sum(over: .columns).map { inSinglePrecision ? Double(Float($0)) : $0 }
        let result = powers / sum
        return result.values.allSatisfy(\.isFinite) ? nil : result
    }

    private static let overflow = "the largest score of a row is not subtracted before exp, which overflows"

    static let softmax = CheckedOperation(
        "softmax_loss", "softmax with cross-entropy, and its gradient", inputs: lossInputs,
        [
            Quantity(
                "probabilities", ["probs", "p", "prob", "softmax"], "(S1)", shape: ["N", "C"], of: ["x"],
                mistakes: [
                    Mistake("no_maximum_subtracted", overflow) { naive($0, inSinglePrecision: false) },
                    Mistake("no_maximum_subtracted", overflow) { naive($0, inSinglePrecision: true) },
                    Mistake("wrong_axis", "the sum is over axis 0, of each class, instead of axis 1") {
                        let powers = $0["x"].map(exp)
                        return powers / powers.sum(over: .rows)
                    },
                    Mistake("over_all", "the sum is of all elements: axis=1 is missing") {
                        let powers = $0["x"].map(exp)
                        return powers / powers.sum(over: .all)
                    },
                    Mistake("not_normalized", "it is not divided by the sum") { $0["x"].map(exp) },
                ]
            ) { v in (v["x"] - logSum(v["x"])).map(exp) },
            Quantity(
                "loss", ["data_loss", "total_loss"], "(S2)", shape: [], of: ["x", "y", "reg"],
                routes: [
                    Quantity.Route(sources: ["probabilities", "y", "reg"]) {
                        logLoss($0, $0["probabilities"]).mean(over: .all) + penalty($0)
                    }
                ],
                mistakes: [
                    Mistake("no_maximum_subtracted", overflow) { v in
                        naive(v, inSinglePrecision: false).map { logLoss(v, $0).mean(over: .all) }
                    },
                    Mistake("no_maximum_subtracted", overflow) { v in
                        naive(v, inSinglePrecision: true).map { logLoss(v, $0).mean(over: .all) }
                    },
                    Mistake("sign", "the minus before the logarithm is missing") {
                        -rowLosses($0).mean(over: .all) + penalty($0)
                    },
                    Mistake("no_logarithm", "the logarithm is missing: it is the mean probability of the right classes")
                    {
                        ($0["probabilities"] * oneHot($0)).sum(over: .columns).mean(over: .all) + penalty($0)
                    },
                    Mistake("other_logarithm", "the logarithm is to base 2, not e") {
                        rowLosses($0).mean(over: .all) / Grid(log(2)) + penalty($0)
                    },
                    Mistake("other_logarithm", "the logarithm is to base 10, not e") {
                        rowLosses($0).mean(over: .all) / Grid(log(10)) + penalty($0)
                    },
                    Mistake("wrong_class", "the classes are counted from 1: the probability is that of the next class")
                    { v in
                        -(v["probabilities"] * oneHot(v, shift: 1)).sum(over: .columns).map(log).mean(over: .all)
                            + penalty(v)
                    },
                    Mistake("of_all_classes", "the logarithms of all classes are summed, not that of the right one") {
                        v in
                        -v["probabilities"].map(log).sum(over: .columns).mean(over: .all) + penalty(v)
                    },
                ] + lossMistakes(rowLosses)
            ) { rowLosses($0).mean(over: .all) + penalty($0) },
            Quantity(
                "dx", ["dscores", "dlogits", "ds", "grad"], "(S3)", shape: ["N", "C"], of: ["probabilities", "y"],
                mistakes: [
                    Mistake("forget_one", "the 1 of the right class is not subtracted") {
                        $0["probabilities"] / rowCount($0)
                    },
                    Mistake("forget_one", "the 1 of the right class is not subtracted, and it is not divided by N") {
                        $0["probabilities"]
                    },
                    Mistake("one_after_mean", "the 1 of the right class is subtracted after the division by N") {
                        $0["probabilities"] / rowCount($0) - oneHot($0)
                    },
                    Mistake("wrong_class", "the classes are counted from 1: the 1 is subtracted from the next class") {
                        ($0["probabilities"] - oneHot($0, shift: 1)) / rowCount($0)
                    },
                ] + batchMeanMistakes { $0["probabilities"] - oneHot($0) }
            ) { ($0["probabilities"] - oneHot($0)) / rowCount($0) },
        ], template: scores)

    private static func differences(_ v: Values) -> Grid { v["x"] - (v["x"] * oneHot(v)).sum(over: .columns) }

    /// max(0, difference + margin), without the right class unless asked.
    private static func margins(_ v: Values, margin: Double = 1, withRightClass: Bool = false) -> Grid {
        let margins = (differences(v) + Grid(margin)).map { $0 <= 0 ? 0 : $0 }
        return withRightClass ? margins : margins * (1 - oneHot(v))
    }

    /// The sum over the rows of the gradients.
    private static func violations(_ v: Values) -> Grid {
        let violated = v["margins"].isPositive
        return violated - violated.sum(over: .columns) * oneHot(v)
    }

    static let hinge = CheckedOperation(
        "svm_loss", "the multiclass hinge loss, and its gradient", inputs: lossInputs,
        [
            Quantity(
                "margins", ["margin"], "(H1)", shape: ["N", "C"], of: ["x", "y"],
                mistakes: [
                    Mistake(
                        "right_class_included",
                        "the right class is not left out: its margin of 1 is counted, which makes the loss larger by 1"
                    ) {
                        margins($0, withRightClass: true)
                    },
                    Mistake("no_margin", "the margin of 1 is left out") { margins($0, margin: 0) },
                    Mistake("difference_turned", "the difference is the wrong way round") {
                        (1 - differences($0)).map { max(0, $0) } * (1 - oneHot($0))
                    },
                    Mistake("not_clipped", "max(0, ...) is left out") { (differences($0) + 1) * (1 - oneHot($0)) },
                ]
            ) { margins($0) },
            Quantity(
                "loss", ["data_loss", "total_loss"], "(H2)", shape: [], of: ["margins", "reg"],
                mistakes: [
                    Mistake("squared_hinge", "the margins are squared") {
                        $0["margins"].squared.sum(over: .columns).mean(over: .all) + penalty($0)
                    },
                    Mistake("largest_margin_only", "only the largest margin of each row is counted") {
                        $0["margins"].largest(over: .columns).mean(over: .all) + penalty($0)
                    },
                ] + lossMistakes { $0["margins"].sum(over: .columns) }
            ) { $0["margins"].sum(over: .columns).mean(over: .all) + penalty($0) },
            Quantity(
                "dx", ["dscores", "ds", "grad"], "(H3)", shape: ["N", "C"], of: ["margins", "y"],
                mistakes: [
                    Mistake(
                        "right_class_forgotten",
                        "the right class gets no gradient: minus the number of violated margins"
                    ) {
                        $0["margins"].isPositive * (1 - oneHot($0)) / rowCount($0)
                    },
                    Mistake(
                        "right_class_once", "the right class gets -1 in place of minus the number of violated margins"
                    ) {
                        ($0["margins"].isPositive * (1 - oneHot($0)) - oneHot($0)) / rowCount($0)
                    },
                    Mistake("right_class_included", "the right class's own margin is counted as violated") {
                        let violated = margins($0, withRightClass: true).isPositive
                        return (violated * (1 - oneHot($0)) - violated.sum(over: .columns) * oneHot($0)) / rowCount($0)
                    },
                    Mistake("times_margin", "it is the margins themselves, not whether they are violated") {
                        ($0["margins"] - $0["margins"].sum(over: .columns) * oneHot($0)) / rowCount($0)
                    },
                ] + batchMeanMistakes(violations)
            ) { violations($0) / rowCount($0) },
        ], template: scores)

    private static let scores: @Sendable (inout NotebookArrays) -> Void = { arrays in
        arrays.normal("x", [50, 10], times: 0.001)
        arrays.classes("y", 50, below: 10)
    }
}
