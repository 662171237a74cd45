// Equations (11) to (13), and the products of the Jacobian.

extension ExplanationWriter {
    var jacobianSections: [Explanation.Section] {
        let s = unit.inverseStandardDeviation, x = unit.normalized
        let ones = [Double](repeating: 1, count: rowCount)
        let slope = 2 / count * unit.centered[0]
        let shown = Array(0..<shownCount), scaled = alternative.normalizedGradient
        return [
            .init(
                "(11), (12)", "mean and variance, by one element",
                [
                    .formula(#"\frac{d\mu_l}{dh_{ij}} = \frac{1}{N} \, \delta_{jl}"#),
                    .formula(#"\frac{d\sigma_l^2}{dh_{ij}} = \frac{2}{N} (h_{il} - \mu_l) \, \delta_{jl}"#),
                    .formula(
                        #"""
                        \frac{d\mu_j}{dh_{1j}} = \frac{1}{\#(rowCount)} = \#(tex(1 / count)), \qquad \#
                        \frac{d\sigma_j^2}{dh_{1j}} = \frac{2}{\#(rowCount)} \cdot \#(factor(unit.centered[0])) = \#
                        \#(tex(slope))
                        """#),
                ]),
            .init(
                "(13)", "the Jacobian",
                [
                    .formula(
                        #"""
                        J_{ki} = \frac{d\hat x_{kj}}{dh_{ij}} = s \left( \delta_{ki} - \frac{1}{N} \#
                        - \frac{\hat x_k \, \hat x_i}{N} \right)
                        """#),
                    .formula(
                        #"""
                        J_{11} = \#(tex(s)) \, (1 - \frac{1}{\#(rowCount)} \#
                        - \frac{1}{\#(rowCount)} \cdot \#(factor(x[0]))^2) = \#
                        \#(tex(jacobian[0, 0]))
                        """#),
                    .table(
                        FormulaTable(
                            columns: ["k"] + shown.map { Formula("i = \($0 + 1)") },
                            rows: shown.map { k in
                                [.count(k + 1)] + shown.map { .number(jacobian[k, $0]) }
                            })),
                ]),
            .init(
                "(10)", "the chain rule",
                [
                    .formula(
                        #"""
                        \frac{dL}{dh_{ij}} = \sum_{k,l} \frac{dL}{dy_{kl}} \, \frac{dy_{kl}}{d\hat x_{kl}} \, \#
                        \frac{d\hat x_{kl}}{dh_{ij}}, \qquad \frac{dy_{kl}}{d\hat x_{kl}} = \gamma_l
                        """#),
                    .formula(
                        #"""
                        \frac{dL}{dh_{1j}} = \sum_k \gamma \frac{dL}{dy_{kj}} J_{k1} = \#
                        \#(total(scaled, times: (0..<rowCount).map { jacobian[$0, 0] })) = \#
                        \#(tex(jacobianGradient[0]))
                        """#),
                    .formula(
                        #"""
                        \frac{dL}{dh} = J^\top \left( \gamma \, \frac{dL}{dy} \right), \qquad J \mathbf{1} = 0, \#
                        \qquad J \hat x = s \, \frac{\varepsilon}{\sigma^2 + \varepsilon} \, \hat x
                        """#),
                    rowTable(
                        [
                            #"\gamma \frac{dL}{dy}"#, #"\frac{dL}{dh}"#, #"J \mathbf{1}"#, #"J \hat x"#,
                            #"s \frac{\varepsilon}{\sigma^2 + \varepsilon} \hat x"#,
                        ]
                    ) { row in
                        [
                            .number(scaled[row]), .number(jacobianGradient[row]),
                            .number(jacobian.product(row: row, ones)), .number(jacobian.product(row: row, x)),
                            .number(jacobian.eigenvalueOfNormalized * x[row]),
                        ]
                    },
                    .text(
                        "Two directions go to 0: ones, since a shift of the column changes no x̂, and up to epsilon x̂ "
                            + "itself, since stretching the column changes none either."),
                ]),
        ]
    }
}
