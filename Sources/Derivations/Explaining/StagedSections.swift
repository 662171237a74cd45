// The graph of nine small steps, forward and backward.

extension ExplanationWriter {
    private static let steps: [(name: String, forward: String, backward: String)] = [
        ("mean", #"\mathrm{mean}_j = \frac{1}{N} \sum_k h_{kj}"#, #"dh_{ij} += \frac{1}{N} \mathrm{dmean}_j"#),
        (
            "centered", #"\mathrm{centered}_{ij} = h_{ij} - \mathrm{mean}_j"#,
            #"dh_{ij} = \mathrm{dcentered}_{ij}, \qquad \mathrm{dmean}_j = -\sum_k \mathrm{dcentered}_{kj}"#
        ),
        (
            "squared", #"\mathrm{squared}_{ij} = \mathrm{centered}_{ij}^2"#,
            #"\mathrm{dcentered}_{ij} += 2 \, \mathrm{centered}_{ij} \, \mathrm{dsquared}_{ij}"#
        ),
        (
            "variance", #"\mathrm{variance}_j = \frac{1}{N} \sum_k \mathrm{squared}_{kj}"#,
            #"\mathrm{dsquared}_{ij} = \frac{1}{N} \mathrm{dvariance}_j"#
        ),
        (
            "sqrt", #"\mathrm{sqrt}_j = (\mathrm{variance}_j + \varepsilon)^{1/2}"#,
            #"\mathrm{dvariance}_j = \frac{\mathrm{dsqrt}_j}{2 \, \mathrm{sqrt}_j}"#
        ),
        (
            "inverse", #"\mathrm{inverse}_j = \frac{1}{\mathrm{sqrt}_j}"#,
            #"\mathrm{dsqrt}_j = -\frac{\mathrm{dinverse}_j}{\mathrm{sqrt}_j^2}"#
        ),
        (
            "normalized", #"\hat x_{ij} = \mathrm{centered}_{ij} \, \mathrm{inverse}_j"#,
            #"\mathrm{dcentered}_{ij} = d\hat x_{ij} \, \mathrm{inverse}_j, \qquad "#
                + #"\mathrm{dinverse}_j = \sum_k d\hat x_{kj} \, \mathrm{centered}_{kj}"#
        ),
        (
            "scaled", #"\mathrm{scaled}_{ij} = \gamma_j \, \hat x_{ij}"#,
            #"""
            d\hat x_{ij} = \gamma_j \, \mathrm{dscaled}_{ij}, \qquad \#
            d\gamma_j = \sum_k \mathrm{dscaled}_{kj} \, \hat x_{kj}
            """#
        ),
        (
            "shifted", #"y_{ij} = \mathrm{scaled}_{ij} + \beta_j"#,
            #"\mathrm{dscaled}_{ij} = dy_{ij}, \qquad d\beta_j = \sum_k dy_{kj}"#
        ),
    ]

    var stagedSections: [Explanation.Section] {
        let values: [(String, Double, Double)] = [
            ("mean", staged.mean, staged.meanGradient), ("variance", staged.variance, staged.varianceGradient),
            ("sqrt", staged.root, staged.rootGradient), ("inverse", staged.inverse, staged.inverseGradient),
        ]
        return [
            .init(
                "", "the graph of nine steps, forward",
                Self.steps.map { .formula(#"\#($0.forward)"#) } + [
                    numbers([
                        (#"\mathrm{centered}"#, staged.centered), (#"\mathrm{squared}"#, staged.squared),
                        (#"\hat x"#, staged.normalized), (#"\mathrm{scaled}"#, staged.scaled), ("y", staged.shifted),
                    ])
                ]),
            .init(
                "", "the graph of nine steps, backward",
                [.text("dz is short for dL/dz, and += adds to what a later step has left.")]
                    + Self.steps.reversed().map { .formula(#"\#($0.backward)"#) } + [
                        numbers([
                            ("dy", staged.shiftedGradient), (#"\mathrm{dscaled}"#, staged.scaledGradient),
                            (#"d\hat x"#, staged.normalizedGradient),
                            (#"\text{dcentered by x̂}"#, staged.centeredGradientDirect),
                            (#"\mathrm{dcentered}"#, staged.centeredGradient), ("dh", staged.inputGradient),
                        ]),
                        .table(
                            FormulaTable(
                                columns: [#"\text{step}"#, #"\text{value}"#, #"\text{gradient}"#],
                                rows: values.map { [.words($0.0), .number($0.1), .number($0.2)] }
                                    + [[.words("squared, each row"), .nothing, .number(staged.squaredGradient)]])),
                    ]),
        ]
    }
}
