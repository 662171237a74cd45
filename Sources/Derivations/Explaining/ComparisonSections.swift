// All routes to dL/dh beside each other, and the network's own numbers beside these.

extension ExplanationWriter {
    /// dL/dh by every route, in the order of the table.
    var routes: [(name: String, label: Formula, values: [Double])] {
        [
            ("closed_form", #"\text{(15)}"#, unit.inputGradient), ("jacobian", #"\text{(13)}"#, jacobianGradient),
            ("staged", #"\text{staged}"#, staged.inputGradient), ("paper", #"\text{(22)}"#, paper.inputGradient),
            ("alternative", #"\text{(23)}"#, alternative.inputGradient),
        ]
    }

    /// The largest difference between two routes in one row.
    var largestDifference: Double {
        largest(
            (0..<rowCount).map { row in
                let values = routes.compactMap { row < $0.values.count ? $0.values[row] : nil }
                return (values.max() ?? 0) - (values.min() ?? 0)
            })
    }

    /// The largest difference between a numeric derivative and (15), and how many rows have one.
    var numericDifference: (largest: Double, count: Int) {
        let differences = zip(numericGradient, unit.inputGradient).compactMap { numeric, exact in
            numeric.map { $0 - exact }
        }
        return (largest(differences), differences.count)
    }

    var comparisonSections: [Explanation.Section] {
        let size = largest(unit.inputGradient), numeric = numericDifference
        var parts: [Explanation.Part] = [
            rowTable(routes.map(\.label) + [#"\text{numeric}"#]) { row in
                routes.map { .number($0.values[row]) } + [.init(numericGradient[row])]
            },
            .text(
                "The largest difference between two routes is \(largestDifference.display), "
                    + "\(relative(largestDifference, to: size).display) of the largest dL/dh: rounding, in float64."),
        ]
        parts.append(
            .text(
                "The five-point differences of the loss differ from (15) by \(numeric.largest.display) at most"
                    + (numeric.count < shownCount
                        ? "; \(shownCount - numeric.count) of the rows shown are too near a kink for any." : ".")))
        var sections = [Explanation.Section("", "every route to dL/dh", parts)]
        if let network = layer.network {
            sections.append(
                .init(
                    "", "the network's own numbers",
                    [
                        .text(
                            "The network computes in \(network.precision), this explanation in float64 from the same "
                                + "X, W, b, γ, β and dL/da."),
                        .table(
                            FormulaTable(
                                columns: [
                                    #"\text{quantity}"#, #"\text{largest}"#, #"\text{largest difference}"#,
                                    #"\text{relative}"#,
                                ],
                                rows: layer.networkDifferences().map {
                                    [
                                        .words($0.quantity.formula.text), .number($0.largest),
                                        .number($0.largestDifference),
                                        .number($0.relative),
                                    ]
                                })),
                        .text(
                            "The largest relative difference is \(layer.largestRelativeDifference.display), where "
                                + "relative is to the sizes of the terms that are summed."),
                    ]))
        }
        return sections
    }
}
