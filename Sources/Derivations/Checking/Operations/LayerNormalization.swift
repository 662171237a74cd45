// Layer normalization, `layernorm` in the course: each row over its columns, (L1) to (L4); (5) and (8) to (10) are
// those of batch normalization.

extension CheckedOperation {
    private static let overColumns = NormalizationFormulas(
        input: "x", columns: "D", axis: .columns, equations: ["(2)": "(L1)", "(3)": "(L2)", "(4)": "(L3)"])

    static let layerNormalization = CheckedOperation(
        "layernorm", "layer normalization and its gradients",
        inputs: [.x, .gamma, .beta, .epsilon, .outputGradient.optional(shape: ["N", "D"])],
        overColumns.statistics + overColumns.output(to: "out", ["y", "a_norm", "preactivation"])
            + overColumns.backward(from: "dout", to: "dx", [])
    ) { arrays in
        arrays.normal("x", [4, 5], times: 5, plus: 12)
        arrays.normal("gamma", [5])
        arrays.normal("beta", [5])
        arrays.normal("dout", [4, 5])
    }
}
