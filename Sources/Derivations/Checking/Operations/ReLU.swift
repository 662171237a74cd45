import NeuralNetwork

// The activation function of the course: (6) and (7).

/// a = max(0, y) (6).
func reLUForward(of y: String, to a: String, _ otherNames: [String], shape: [String]) -> Quantity {
    Quantity(
        a, otherNames, "(6)", shape: shape, of: [y],
        mistakes: [
            Mistake("not_applied", "ReLU is not applied") { $0[y] },
            Mistake("absolute_value", "it is the absolute value") { $0[y].map(abs) },
            Mistake("mask_only", "it is the mask y > 0, not y where that holds") { $0[y].isPositive },
            Mistake("minimum", "it is min(0, y)") { $0[y].map { min(0, $0) } },
            Mistake("leaky", "negative values are multiplied by 0.01, as leaky ReLU does") {
                $0[y].map { $0 > 0 ? $0 : 0.01 * $0 }
            },
        ]
    ) { $0[y].map { $0 > 0 || $0.isNaN ? $0 : 0 } }
}

/// dL/dy = dL/da where y > 0 (7).
func reLUBackward(
    of y: String, from da: String, to dy: String, _ otherNames: [String], shape: [String]
) -> Quantity {
    Quantity(
        dy, otherNames, "(7)", shape: shape, of: [da, y],
        mistakes: [
            Mistake(.forgetActivation, "the gradient is not masked by ReLU's slope, y > 0") { $0[da] },
            Mistake(
                "mask_not_strict", "the mask is y >= 0 instead of y > 0: a value of exactly 0 lets the gradient through"
            ) {
                $0[da] * $0[y].map { $0 >= 0 ? 1 : 0 }
            },
            Mistake("mask_of_gradient", "the mask is of the gradient itself, dout > 0, not of ReLU's input") {
                $0[da] * $0[da].isPositive
            },
            Mistake("mask_inverted", "the mask is the wrong way round, y < 0") {
                $0[da] * $0[y].map { $0 < 0 ? 1 : 0 }
            },
            Mistake("times_output", "the gradient is multiplied by ReLU's output, not by its slope") {
                $0[da] * $0[y].map { max(0, $0) }
            },
            Mistake("mask_only", "it is the slope alone, without the gradient") { $0[y].isPositive },
        ]
    ) { $0[da] * $0[y].isPositive }
}

extension CheckedOperation {
    static let reLU = CheckedOperation(
        "relu", "max(0, x) and its gradient",
        inputs: [
            Input("x", ["y", "preactivation", "inputs"], shape: ["*"]), .outputGradient.optional(shape: ["*"]),
        ],
        [
            reLUForward(of: "x", to: "out", ["a", "activation"], shape: ["*"]),
            reLUBackward(of: "x", from: "dout", to: "dx", ["dy"], shape: ["*"]),
        ]
    ) { arrays in
        arrays.normal("x", [10, 10])
        arrays.normal("dout", [10, 10])
    }

    static let affineReLU = CheckedOperation(
        "affine_relu", "affine, then relu",
        inputs: [.x.flattening(), .weight, .bias, .outputGradient.optional()],
        [
            affineForward(to: "h", ["fc_out", "affine_out", "linear", "preactivation"]),
            reLUForward(of: "h", to: "out", ["a", "activation"], shape: ["N", "M"]),
            reLUBackward(of: "h", from: "dout", to: "dh", ["drelu", "da"], shape: ["N", "M"]),
        ] + affineBackward(from: "dh")
    ) { arrays in
        arrays.normal("x", [2, 3, 4])
        arrays.normal("w", [12, 10])
        arrays.normal("b", [10])
        arrays.normal("dout", [2, 10])
    }
}
