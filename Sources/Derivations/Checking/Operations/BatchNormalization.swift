import Foundation
import NeuralNetwork

// Batch normalization, `batchnorm` in the course: (2) to (5) and (8) to (15), and its running averages (B1) to (B3).

extension Input {
    static let gamma = Input("gamma", ["scale"], shape: ["D"], standard: 1)
    static let beta = Input("beta", ["shift"], shape: ["D"], standard: 0)
    static let epsilon = Input("eps", ["epsilon"], standard: 1e-5, range: 0...(.greatestFiniteMagnitude))
}

/// The running averages after the batch, in the course's form: the weight `momentum` is the old value's.
private let runningAverages: [Quantity] = [
    runningAverage("running_mean", "(B1)", of: "mean", ["next_running_mean"], special: []),
    runningAverage(
        "running_var", "(B2)", of: "variance", ["running_variance", "next_running_var", "next_running_variance"],
        special: [
            Mistake(
                "unbiased_running_variance",
                "it follows the variance over N - 1, as PyTorch's does; the course's is over N"
            ) {
                averaged($0, "running_var", unbiased($0))
            },
            Mistake("pytorch_convention", "it is PyTorch's: momentum weighs the new value, a variance over N - 1") {
                averaged($0, "running_var", unbiased($0), keeps: 1 - $0["momentum"])
            },
            Mistake("starts_at_one", "it starts at 1, as PyTorch's does; the course's starts at 0") { v in
                v["momentum"] + (1 - v["momentum"]) * v["variance"]
            },
            Mistake("pytorch_start", "it is PyTorch's: it starts at 1, and follows the variance over N - 1") { v in
                unbiased(v).map { v["momentum"] + (1 - v["momentum"]) * $0 }
            },
            Mistake(
                "pytorch_convention", "it is PyTorch's: momentum weighs the new value, a variance over N - 1, from 1 on"
            ) {
                v in unbiased(v).map { (1 - v["momentum"]) + v["momentum"] * $0 }
            },
            Mistake("standard_deviation", "it follows the standard deviation, not the variance") {
                averaged($0, "running_var", $0["variance"].root)
            },
        ]),
]

private func unbiased(_ v: Values) -> Grid? {
    let count = v["x"].count(over: .rows)
    return count > 1 ? v["variance"] * Grid(count / (count - 1)) : nil
}

private func averaged(_ v: Values, _ name: String, _ new: Grid?, keeps momentum: Grid? = nil) -> Grid? {
    let momentum = momentum ?? v["momentum"]
    return new.map { momentum * v[name + "_before"] + (1 - momentum) * $0 }
}

private func runningAverage(
    _ name: String, _ equation: String, of statistic: String, _ otherNames: [String], special: [Mistake]
) -> Quantity {
    Quantity(
        name, otherNames, equation, shape: ["D"], of: ["momentum", name + "_before", statistic],
        mistakes: [
            Mistake(
                "momentum_swapped", "momentum weighs the new value, as in PyTorch and bnexp; in the course the old one"
            ) {
                averaged($0, name, $0[statistic], keeps: 1 - $0["momentum"])
            },
            Mistake("not_averaged", "it is that of the batch alone") { $0[statistic] },
            Mistake("not_updated", "it is still what it was before the batch") { v in
                v[statistic].filled(with: 0) + v[name + "_before"]
            },
            Mistake("new_value_not_weighed", "the batch's value is added without its weight 1 - momentum") {
                $0["momentum"] * $0[name + "_before"] + $0[statistic]
            },
            Mistake(
                "updated_often", "the forward pass has run several times with this batch, as a gradient check lets it"
            ) {
                v in repeated(v, name, statistic)
            },
        ] + special
    ) { v in
        v["momentum"] * v[name + "_before"] + (1 - v["momentum"]) * v[statistic]
    }
}

/// The average after the number of updates with one batch that fits best what the student saved.
private func repeated(_ v: Values, _ name: String, _ statistic: String) -> Grid? {
    guard let saved = v.grids["saved " + name], saved.hasShape(of: v[statistic]), v["momentum"].number > 0 else {
        return nil
    }
    // The distance to the batch's value shrinks by the factor momentum in each update.
    let before = v[statistic].filled(with: 0) + v[name + "_before"]
    let left = (saved - v[statistic]) / (before - v[statistic])
    let updates = (log(left.values.first ?? .nan) / log(v["momentum"].number)).rounded()
    guard updates >= 2, updates <= 1e4 else { return nil }
    let kept = Grid(pow(v["momentum"].number, updates))
    return kept * before + (1 - kept) * v[statistic]
}

extension CheckedOperation {
    private static let overRows = NormalizationFormulas(input: "x", columns: "D", axis: .rows)
    private static let outputNames = ["y", "a_norm", "preactivation"]

    static let batchNormalization = CheckedOperation(
        "batchnorm", mode: "train", "batch normalization of a batch, its gradients, the running averages",
        inputs: [
            .x, .gamma, .beta, .epsilon,
            Input("momentum", standard: 0.9, range: 0...1),
            Input(
                "running_mean_before", ["running_mean_old", "old_running_mean", "running_mean_0", "running_mean"],
                shape: ["D"], standard: 0),
            Input(
                "running_var_before",
                ["running_var_old", "old_running_var", "running_var_0", "running_var", "running_variance"],
                shape: ["D"],
                standard: 0),
            .outputGradient.optional(shape: ["N", "D"]),
        ],
        overRows.statistics + overRows.output(to: "out", outputNames) + runningAverages
            + overRows.backward(from: "dout", to: "dx", ["dx1"])
            + overRows.gradients(from: "dout", suffix: "_alt", ["dbeta2"], ["dgamma2"])
            + [overRows.inputGradient("dx_alt", ["dx2"], from: "dout", suffix: "_alt")],
        prepare: keepRunningAverages
    ) { arrays in
        arrays.normal("x", [4, 5], times: 5, plus: 12)
        arrays.normal("gamma", [5])
        arrays.normal("beta", [5])
        arrays.normal("dout", [4, 5])
    }

    /// What a student saved of them, for `repeated`.
    private static func keepRunningAverages(_ values: inout Values, saved: [String: Grid]) {
        for name in ["running_mean", "running_var"] { values.grids["saved " + name] = saved[name] }
    }

    static let batchNormalizationTest = CheckedOperation(
        "batchnorm", mode: "test", "batch normalization with the running averages",
        inputs: [
            .x, .gamma, .beta, .epsilon,
            Input("running_mean", ["moving_mean"], shape: ["D"]),
            Input("running_var", ["running_variance", "moving_var", "moving_variance"], shape: ["D"]),
        ],
        [testNormalization.centered("(B3)")]
            + testNormalization.output(to: "out", outputNames, standardized: "(B3)").map { quantity in
                quantity.name == "x_hat" ? quantity.adding(batchStatistics) : quantity
            }
    ) { arrays in
        // The notebook's cell: 50 batches warm up the averages, and one more is normalized with them.
        let w1 = arrays.drawn([50, 60]), w2 = arrays.drawn([60, 3])
        var mean: Grid = 0, variance: Grid = 0
        func activations() -> Grid {
            let hidden = arrays.drawn([200, 50]).times(w1).map { max(0, $0) }
            return hidden.times(w2)
        }
        for _ in 0..<50 {
            let batch = activations(), batchMean = batch.mean(over: .rows)
            mean = 0.9 * mean + 0.1 * batchMean
            variance = 0.9 * variance + 0.1 * (batch - batchMean).squared.mean(over: .rows)
        }
        arrays.set("x", [200, 3], activations())
        arrays.set("gamma", [3], Grid(rows: 1, columns: 3, repeating: 1))
        arrays.set("beta", [3], Grid(rows: 1, columns: 3, repeating: 0))
        arrays.set("running_mean", [3], mean)
        arrays.set("running_var", [3], variance)
    }

    private static let testNormalization = NormalizationFormulas(
        input: "x", columns: "D", mean: "running_mean", variance: "running_var", axis: .rows)

    private static let batchStatistics: [Mistake] = [
        Mistake("batch_statistics", "mean and variance are the batch's own, as in training, not the running ones") {
            v in
            let deviation = v["x"] - v["x"].mean(over: .rows)
            return deviation / (deviation.squared.mean(over: .rows) + v["eps"]).root
        },
        Mistake("batch_variance", "the variance is the batch's own, not the running one") { v in
            let deviation = v["x"] - v["x"].mean(over: .rows)
            return v["centered"] / (deviation.squared.mean(over: .rows) + v["eps"]).root
        },
        Mistake("averages_swapped", "the running mean and variance have changed places") { v in
            (v["x"] - v["running_var"]) / (v["running_mean"] + v["eps"]).root
        },
    ]

    private static let ofLinear = NormalizationFormulas(input: "h", columns: "M", axis: .rows)

    static let affineBatchNormalizationReLU = CheckedOperation(
        "affine_batchnorm_relu", "affine, then batchnorm, then relu: the layer of docs/batch-norm-gradient.md",
        inputs: [
            .x.flattening(), .weight, .bias,
            Input("gamma", ["scale"], shape: ["M"], standard: 1), Input("beta", ["shift"], shape: ["M"], standard: 0),
            .epsilon, .outputGradient.optional(),
        ],
        [affineForward(to: "h", ["fc_out", "affine_out", "linear"])] + ofLinear.statistics
            + ofLinear.output(to: "y", ["bn_out", "preactivation"])
            + [
                reLUForward(of: "y", to: "out", ["a", "activation"], shape: ["N", "M"]),
                reLUBackward(
                    of: "y", from: "dout", to: "dy", ["dbn", "dl_dy", "preactivation_gradient"], shape: ["N", "M"]),
            ] + ofLinear.backward(from: "dy", to: "dh", ["da", "dl_dh", "linear_gradient"]) + affineBackward(from: "dh")
    ) { arrays in
        arrays.normal("x", [4, 6])
        arrays.normal("w", [6, 5])
        arrays.normal("b", [5])
        arrays.normal("gamma", [5])
        arrays.normal("beta", [5])
        arrays.normal("dout", [4, 5])
    }
}

extension Quantity {
    /// The same with further mistakes.
    func adding(_ further: [Mistake]) -> Quantity {
        Quantity(
            name, otherNames, equation, shape: shape, of: sources, routes: routes, variants: variants,
            mistakes: further + mistakes, formula)
    }
}
