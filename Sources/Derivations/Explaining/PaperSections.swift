// The paper's own gradients, unsimplified, and the course's alternative: equations (19) to (23).

extension ExplanationWriter {
    var paperSections: [Explanation.Section] {
        let dx = paper.normalizedGradient, s = unit.inverseStandardDeviation
        return [
            .init(
                "(19)", "the paper's route: the normalized value",
                [
                    .formula(#"\frac{dL}{d\hat x_{ij}} = \gamma_j \frac{dL}{dy_{ij}}"#),
                    .formula(
                        #"""
                        \frac{dL}{d\hat x_{1j}} = \#(factor(unit.gamma)) \cdot \#(factor(unit.outputGradient[0])) = \#
                        \#(tex(dx[0]))
                        """#),
                ]),
            .init(
                "(20)", "the paper's route: the variance",
                [
                    .formula(
                        #"""
                        \frac{dL}{d\sigma_j^2} = \sum_k \frac{dL}{d\hat x_{kj}} (h_{kj} - \mu_j) \cdot \#
                        (-\frac{1}{2}) (\sigma_j^2 + \varepsilon)^{-3/2}
                        """#),
                    .formula(
                        #"""
                        \frac{dL}{d\sigma_j^2} = (\#(total(dx, times: unit.centered))) \cdot (-\frac{1}{2}) \cdot \#
                        \#(factor(s * s * s)) = \#(tex(paper.varianceGradient))
                        """#),
                ]),
            .init(
                "(21)", "the paper's route: the mean",
                [
                    .formula(
                        #"""
                        \frac{dL}{d\mu_j} = -s_j \sum_k \frac{dL}{d\hat x_{kj}} + \frac{dL}{d\sigma_j^2} \#
                        \cdot \frac{1}{N} \sum_k -2 (h_{kj} - \mu_j)
                        """#),
                    .formula(
                        #"""
                        \frac{dL}{d\mu_j} = -\#(factor(s)) \cdot (\#(total(dx))) + \#
                        \#(factor(paper.meanGradientThroughVariance)) = \#(tex(paper.meanGradient))
                        """#),
                    .text("The second term is 0, up to rounding: the deviations sum to 0."),
                ]),
            .init(
                "(22)", "the paper's route: h",
                [
                    .formula(
                        #"""
                        \frac{dL}{dh_{ij}} = \frac{dL}{d\hat x_{ij}} s_j + \frac{dL}{d\sigma_j^2} \cdot \#
                        \frac{2 (h_{ij} - \mu_j)}{N} + \frac{dL}{d\mu_j} \cdot \frac{1}{N}
                        """#),
                    .formula(
                        #"""
                        \frac{dL}{dh_{1j}} = \#
                        \#(total([paper.direct[0], paper.throughVariance[0], paper.throughMean])) = \#
                        \#(tex(paper.inputGradient[0]))
                        """#),
                    rowTable([
                        #"\frac{dL}{d\hat x}"#, #"\text{direct}"#, #"\text{by variance}"#, #"\text{by mean}"#,
                        #"\frac{dL}{dh}"#,
                    ]) { row in
                        [
                            .number(dx[row]), .number(paper.direct[row]), .number(paper.throughVariance[row]),
                            .number(paper.throughMean), .number(paper.inputGradient[row]),
                        ]
                    },
                ]),
            .init(
                "(23)", "the closed form in the normalized value's gradient",
                [
                    .formula(
                        #"""
                        \frac{dL}{dh_{ij}} = \frac{s_j}{N} \left( N \frac{dL}{d\hat x_{ij}} \#
                        - \sum_k \frac{dL}{d\hat x_{kj}} \#
                        - \hat x_{ij} \sum_k \frac{dL}{d\hat x_{kj}} \, \hat x_{kj} \right)
                        """#),
                    .formula(
                        #"""
                        \frac{dL}{dh_{1j}} = \frac{\#(tex(s))}{\#(rowCount)} \#
                        (\#(rowCount) \cdot \#(factor(dx[0])) - \#(factor(alternative.sum)) \#
                        - \#(factor(unit.normalized[0])) \cdot \#(factor(alternative.productSum))) \#
                        = \#(tex(alternative.inputGradient[0]))
                        """#),
                ]),
        ]
    }
}
