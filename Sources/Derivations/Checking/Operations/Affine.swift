import NeuralNetwork

// The linear layer, `affine` in the course: (1) and (16) to (18). X is N x D, W is D x M, b has M elements; the course
// lets x have more dimensions, of which all but the first are D.

/// h = X W + b (1).
func affineForward(to h: String, _ otherNames: [String]) -> Quantity {
    Quantity(
        h, otherNames, "(1)", shape: ["N", "M"], of: ["x", "w", "b"],
        mistakes: [
            Mistake("forget_bias", "the bias is not added") { $0["x"].times($0["w"]) },
            Mistake("bias_subtracted", "the bias is subtracted") { $0["x"].times($0["w"]) - $0["b"] },
            Mistake("transposed_weight", "the product is with the transposed weight") { v in
                v["w"].rows == v["w"].columns ? v["x"].times(v["w"].transposed) + v["b"] : nil
            },
        ]
    ) { $0["x"].times($0["w"]) + $0["b"] }
}

/// dL/dW, dL/db and dL/dX of dL/dh (16) to (18).
func affineBackward(from dh: String) -> [Quantity] {
    [
        Quantity(
            "dx", ["input_gradient", "inputs_gradient"], "(18)", shape: ["N", "D..."], of: [dh, "w"],
            mistakes: [
                Mistake("transposed_weight", "the product is with the weight, not with its transpose") { v in
                    v["w"].rows == v["w"].columns ? v[dh].times(v["w"]) : nil
                }
            ]
        ) { $0[dh].times($0["w"].transposed) },
        Quantity(
            "dw", ["weight_gradient"], "(16)", shape: ["D", "M"], of: ["x", dh],
            mistakes: [
                Mistake("transposed", "the gradient is transposed: dout^T x, not x^T dout") {
                    $0[dh].transposed.times($0["x"])
                },
                Mistake("mean_not_sum", "the sum over the rows is divided by N, which only the loss does") {
                    $0["x"].transposed.times($0[dh]) / Grid(Double($0[dh].rows))
                },
                Mistake("first_row", "only the first row of the batch counts") {
                    $0["x"].row(0).transposed.times($0[dh].row(0))
                },
            ]
        ) { $0["x"].transposed.times($0[dh]) },
        Quantity(
            "db", ["bias_gradient"], "(17)", shape: ["M"], of: [dh], mistakes: sumMistakes { $0[dh] }
        ) { $0[dh].sum(over: .rows) },
    ]
}

/// What a sum over the rows of the batch becomes by the usual mistakes: the gradient of a bias, of beta or of gamma.
func sumMistakes(of summand: @escaping @Sendable (Values) -> Grid) -> [Mistake] {
    [
        Mistake(
            "mean_not_sum", "the mean over the rows is taken, not the sum; the loss alone divides by N"
        ) { summand($0).mean(over: .rows) },
        Mistake("wrong_axis", "the sum is over axis 1, of each row, instead of axis 0") {
            summand($0).sum(over: .columns)
        },
        Mistake("over_all", "the sum is over all elements: axis=0 is missing") { summand($0).sum(over: .all) },
        Mistake(.biasFromOneRow, "it is that of the first row alone: the sum over the rows is missing") {
            summand($0).row(0)
        },
        Mistake("last_row", "it is that of the last row alone: = stands for += in the loop over the rows") {
            summand($0).row(summand($0).rows - 1)
        },
        Mistake("not_summed", "the sum over the rows (axis=0) is missing") { summand($0) },
    ]
}

extension Input {
    static let x = Input("x", ["inputs", "input", "h", "linear"], shape: ["N", "D"])
    static let weight = Input("w", ["weight", "weights"], shape: ["D", "M"])
    static let bias = Input("b", ["bias"], shape: ["M"], standard: 0)
    static let outputGradient = Input(
        "dout", ["upstream", "output_gradient", "da", "dl_da", "grad_out"], shape: ["N", "M"])

    /// The same input as a batch whose rows may have several dimensions.
    func flattening() -> Input {
        Input(name, otherNames, shape: ["N", "D..."], standard: standard, range: range, classesOf: classesOf)
    }

    func optional(shape: [String]? = nil) -> Input {
        Input(name, otherNames, shape: shape ?? self.shape, isOptional: true)
    }
}

extension CheckedOperation {
    static let affine = CheckedOperation(
        "affine", "x w + b and its gradients",
        inputs: [.x.flattening(), .weight, .bias, .outputGradient.optional()],
        [affineForward(to: "out", ["h", "linear", "scores", "y", "a"])] + affineBackward(from: "dout")
    ) { arrays in
        arrays.normal("x", [10, 2, 3])
        arrays.normal("w", [6, 5])
        arrays.normal("b", [5])
        arrays.normal("dout", [10, 5])
    }
}
