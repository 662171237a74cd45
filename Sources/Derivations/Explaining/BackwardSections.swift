// Equations (7) to (9), (14) and (15).

extension ExplanationWriter {
    var backwardSections: [Explanation.Section] {
        let dy = unit.outputGradient
        return [
            .init(
                "(7)", "back through the activation",
                [
                    .formula(#"\frac{dL}{dy_{ij}} = \frac{dL}{da_{ij}} \, \#(unit.activation.slopeFormula)"#),
                    .formula(
                        #"""
                        \frac{dL}{dy_{1j}} = \#(factor(unit.activationGradient[0])) \cdot \#(factor(unit.slope[0])) \#
                        = \#(tex(dy[0]))
                        """#),
                ] + (unit.activation.slopeRemark.map { [.text($0)] } ?? [])),
            .init(
                "(8)", "the gradient of beta",
                [
                    .formula(#"\frac{dL}{d\beta_j} = \sum_k \frac{dL}{dy_{kj}}"#),
                    .formula(#"\frac{dL}{d\beta_j} = \#(total(dy)) = \#(tex(unit.betaGradient))"#),
                ]),
            .init(
                "(9)", "the gradient of gamma",
                [
                    .formula(#"\frac{dL}{d\gamma_j} = \sum_k \frac{dL}{dy_{kj}} \, \hat x_{kj}"#),
                    .formula(
                        #"""
                        \frac{dL}{d\gamma_j} = \#(total(dy, times: unit.normalized)) = \#(tex(unit.gammaGradient))
                        """#),
                    numbers([
                        (#"\frac{dL}{da}"#, unit.activationGradient), ("f'(y)", unit.slope), (#"\frac{dL}{dy}"#, dy),
                        (#"\frac{dL}{dy} \, \hat x"#, zip(dy, unit.normalized).map { $0 * $1 }),
                    ]),
                ]
                    + (layer.hasGamma && layer.hasBeta
                        ? [] : [.text("(15) needs both sums, also where the layer trains no gamma or beta.")])),
            unsimplified, closedForm,
        ]
    }

    /// (14), with deviations in the place of normalized values.
    private var unsimplified: Explanation.Section {
        let dy = unit.outputGradient, products = dy.dot(unit.centered)
        let power = 1 / (unit.variance + unit.epsilon)
        return .init(
            "(14)", "the closed form, in deviations",
            [
                .formula(
                    #"""
                    \frac{dL}{dh_{ij}} = \frac{1}{N} \gamma_j (\sigma_j^2 + \varepsilon)^{-1/2} \#
                    \left( N \frac{dL}{dy_{ij}} - \sum_k \frac{dL}{dy_{kj}} \#
                    - (h_{ij} - \mu_j)(\sigma_j^2 + \varepsilon)^{-1} \#
                    \sum_k \frac{dL}{dy_{kj}} (h_{kj} - \mu_j) \right)
                    """#),
                .formula(
                    #"""
                    \sum_k \frac{dL}{dy_{kj}} (h_{kj} - \mu_j) \#
                    = \#(total(dy, times: unit.centered)) = \#(tex(products))
                    """#
                ),
                .formula(
                    #"""
                    \frac{dL}{dh_{1j}} = \#(tex(unit.factor)) \, \#
                    (\#(rowCount) \cdot \#(factor(dy[0])) - \#(factor(unit.betaGradient)) \#
                    - \#(factor(unit.centered[0])) \cdot \#(factor(power)) \cdot \#(factor(products))) \#
                    = \#(tex(unit.inputGradient[0]))
                    """#),
            ])
    }

    private var closedForm: Explanation.Section {
        let terms = unit.terms, x = unit.normalized
        let s = unit.inverseStandardDeviation
        let product = zip(terms, x).reduce(0) { $0 + $1.0.sum * $1.1 }
        // N - sum of x-hat squared is N epsilon / (variance + epsilon).
        let expected = unit.gammaGradient * count * unit.epsilon * s * s
        return .init(
            "(15)", "the closed form",
            [
                .formula(
                    #"""
                    \frac{dL}{dh_{ij}} = \frac{\gamma_j}{N} \, s_j \left( N \frac{dL}{dy_{ij}} \#
                    - \frac{dL}{d\beta_j} - \hat x_{ij} \, \frac{dL}{d\gamma_j} \right)
                    """#),
                .formula(
                    #"""
                    \frac{\gamma_j}{N} \, s_j = \frac{\#(tex(unit.gamma))}{\#(rowCount)} \cdot \#(tex(s)) \#
                    = \#(tex(unit.factor))
                    """#
                ),
                .formula(
                    #"""
                    \frac{dL}{dh_{1j}} = \#(tex(unit.factor)) \, \#
                    (\#(total([terms[0].direct, terms[0].throughMean, terms[0].throughVariance]))) = \#
                    \#(tex(unit.inputGradient[0]))
                    """#),
                .text("The terms of the bracket: directly, through the mean, through the variance."),
                numbers([
                    (#"N \frac{dL}{dy}"#, terms.map(\.direct)), (#"-\frac{dL}{d\beta}"#, terms.map(\.throughMean)),
                    (#"-\hat x \frac{dL}{d\gamma}"#, terms.map(\.throughVariance)),
                    (#"\text{bracket}"#, terms.map(\.sum)), (#"\frac{dL}{dh}"#, unit.inputGradient),
                ]),
                .text("What must hold, up to rounding:"),
                .table(
                    FormulaTable(
                        columns: [#"\text{sum over all rows}"#, #"\text{is}"#, #"\text{must be}"#],
                        rows: [
                            [.words("bracket"), .number(terms.map(\.sum).sum), .number(0)],
                            [.words("bracket · x̂"), .number(product), .number(expected)],
                            [.words("dL/dh"), .number(unit.inputGradient.sum), .number(0)],
                        ])),
                .text(
                    "The second would be 0 without epsilon: it is dL/dγ N ε/(σ² + ε), since the squares of x̂ sum to "
                        + "N σ²/(σ² + ε)."),
            ])
    }
}
