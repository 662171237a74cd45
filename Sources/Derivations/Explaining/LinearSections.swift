import Support

// Equations (16) to (18), back through the linear layer.

extension ExplanationWriter {
    var linearSections: [Explanation.Section] {
        let dh = unit.inputGradient, inputs = layer.x.columns
        let weightGradient = layer.weightGradient(dh)
        // Of many inputs the first that are not 0 throughout the batch, as the borders of images are.
        let most = 6
        let used =
            inputs <= most ? Array(0..<inputs) : Array((0..<inputs).filter { weightGradient[$0] != 0 }.prefix(most))
        let first = used.first ?? 0
        let column = (0..<rowCount).map { layer.x[$0, first] }
        let more =
            inputs > used.count
            ? [
                Explanation.Part.text(
                    "Shown are \(used.count) of \(counted(inputs, "input")); --json has dL/dW of all.")
            ] : []
        return [
            .init(
                "(16)", "the gradient of W",
                [
                    .formula(#"\frac{dL}{dW} = X^\top \frac{dL}{dh}"#),
                    .formula(
                        #"""
                        \frac{dL}{dw_{\#(first + 1)j}} = \#(total(column, times: dh)) \#
                        = \#(tex(weightGradient[first]))
                        """#
                    ),
                    .table(
                        FormulaTable(
                            columns: ["d", #"\text{W}"#, #"\frac{dL}{dW}"#],
                            rows: used.map {
                                [.count($0 + 1), .number(layer.weight[$0]), .number(weightGradient[$0])]
                            })),
                ] + more),
            .init(
                "(17)", "the gradient of b",
                [
                    .formula(#"\frac{dL}{db_j} = \sum_k \frac{dL}{dh_{kj}}"#),
                    .formula(#"\frac{dL}{db_j} = \#(total(dh)) = \#(tex(dh.sum))"#),
                    .text("Before batch normalization it is 0, up to rounding: a bias has no effect there."),
                ]),
            .init(
                "(18)", "the gradient of X",
                [
                    .formula(#"\frac{dL}{dX} = \frac{dL}{dh} \, W^\top"#),
                    .formula(
                        #"""
                        \frac{dL}{dx_{1\#(first + 1)}} = \#(factor(dh[0])) \cdot \#(factor(layer.weight[first])) = \#
                        \#(tex(dh[0] * layer.weight[first]))
                        """#),
                    rowTable(used.map { Formula("d = \($0 + 1)") }) { row in
                        let share = layer.inputShare(row: row, dh)
                        return used.map { .number(share[$0]) }
                    },
                    .text("This is the part of unit j; the layer below receives the sum over all units."),
                ]),
        ]
    }
}
