import Support

// Equations (1) to (6).

extension ExplanationWriter {
    var forwardSections: [Explanation.Section] {
        [
            linear,
            .init(
                "(2)", "the mean",
                [
                    .formula(#"\mu_j = \frac{1}{N} \sum_p h_{pj}"#),
                    .formula(#"\mu_j = \frac{1}{\#(rowCount)} (\#(total(unit.h))) = \#(tex(unit.mean))"#),
                ]),
            .init(
                "(3)", "the variance",
                [
                    .formula(#"\sigma_j^2 = \frac{1}{N} \sum_p (h_{pj} - \mu_j)^2"#),
                    .formula(
                        #"""
                        \sigma_j^2 = \frac{1}{\#(rowCount)} (\#(total(unit.centered.map { "\(factor($0))^2" }))) = \#
                        \#(tex(unit.variance))
                        """#),
                    .text("It is the biased one, over N."),
                ]),
            .init(
                "(4)", "the normalized value",
                [
                    .formula(
                        #"\hat x_{ij} = (h_{ij} - \mu_j) \, s_j, \qquad s_j = (\sigma_j^2 + \varepsilon)^{-1/2}"#),
                    .formula(
                        #"""
                        s_j = (\#(tex(unit.variance)) + \#(tex(unit.epsilon)))^{-1/2} = \#
                        \#(tex(unit.inverseStandardDeviation))
                        """#),
                    .formula(
                        #"""
                        \hat x_{1j} = (\#(tex(unit.h[0])) - \#(factor(unit.mean))) \cdot \#
                        \#(tex(unit.inverseStandardDeviation)) = \#(tex(unit.normalized[0]))
                        """#),
                ]),
            .init(
                "(5)", "scale and shift",
                [
                    .formula(#"y_{ij} = \gamma_j \, \hat x_{ij} + \beta_j"#),
                    .formula(
                        #"""
                        y_{1j} = \#(factor(unit.gamma)) \cdot \#(factor(unit.normalized[0])) + \#(factor(unit.beta)) \#
                        = \#(tex(unit.y[0]))
                        """#),
                ] + untrained),
            .init(
                "(6)", "the activation",
                [.formula(#"a_{ij} = \#(unit.activation.formula)"#)]
                    + (unit.activation.remark.map { [.text($0)] } ?? [])
                    + [
                        numbers([
                            ("h", unit.h), (#"h - \mu"#, unit.centered), (#"\hat x"#, unit.normalized), ("y", unit.y),
                            ("a", unit.a),
                        ])
                    ] + (leftOut.map { [.text($0)] } ?? [])),
        ]
    }

    private var linear: Explanation.Section {
        let inputs = layer.x.columns, row = layer.x.row(0)
        // Of many inputs those that are not 0.
        let used = inputs > 6 ? row.indices.filter { row[$0] != 0 } : Array(row.indices)
        let products = used.map { #"\#(factor(row[$0])) \cdot \#(factor(layer.weight[$0]))"# }
        let sum = total((products.isEmpty ? ["0"] : products) + (layer.bias.map { [tex($0)] } ?? []))
        var parts: [Explanation.Part] = [
            .formula(
                layer.bias == nil
                    ? #"h = X W, \qquad h_{ij} = \sum_d x_{id} \, w_{dj}"#
                    : #"h = X W + b, \qquad h_{ij} = \sum_d x_{id} \, w_{dj} + b_j"#),
            .formula(#"h_{1j} = \#(sum) = \#(tex(unit.h[0]))"#),
        ]
        if used.count < row.count {
            parts.append(
                .text(
                    "Row 1 has \(counted(inputs, "input")), of which \(row.count - used.count) "
                        + "\(row.count - used.count == 1 ? "is" : "are") 0."))
        }
        if layer.bias == nil { parts.append(.text("There is no bias, since (4) would subtract it again.")) }
        return .init("(1)", "the linear layer", parts)
    }

    private var untrained: [Explanation.Part] {
        let names = (layer.hasGamma ? [] : ["γ is 1"]) + (layer.hasBeta ? [] : ["β is 0"])
        return names.isEmpty
            ? [] : [.text("\(names.joined(separator: ", and ")): the layer trains none (`scale`, `shift`).")]
    }
}
