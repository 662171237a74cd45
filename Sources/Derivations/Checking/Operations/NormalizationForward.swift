import NeuralNetwork

/// Normalization of an array h over an axis, for the layers that have it: batch normalization over the rows, of which
/// (2) to (5) and (8) to (15) tell, layer normalization over the columns.
///
/// N counts the elements of one sum: rows for the one, columns for the other.
struct NormalizationFormulas: Sendable {
    /// The name of h, N x D.
    let input: String
    /// The letter of h's columns.
    let columns: String
    /// Where the two statistics come from.
    var mean = "mean"
    var variance = "variance"
    let axis: Grid.Axis
    /// The equations that are other ones for this layer.
    var equations: [String: String] = [:]

    private var shape: [String] { ["N", columns] }
    private var statistic: [String] { [axis == .rows ? columns : "N"] }
    private func equation(_ number: String) -> String { equations[number] ?? number }

    /// (2) and (3), with the squares of the deviations on the way.
    var statistics: [Quantity] {
        let h = input, axis = axis, other = axis.other
        let axes =
            axis == .rows ? "axis 1, of each row, instead of axis 0" : "axis 0, of each column, instead of axis 1"
        @Sendable func deviationSquares(_ v: Values, _ axis: Grid.Axis) -> Grid {
            (v[h] - v[h].mean(over: axis)).squared
        }
        return [
            Quantity(
                "mean", ["mu", "sample_mean", "batch_mean", "x_mean", "mean_x", "h_mean"], equation("(2)"),
                shape: statistic, of: [h],
                mistakes: [
                    Mistake(
                        "wrong_axis", "mean and variance are over \(axes)",
                        also: ["variance": { deviationSquares($0, other).mean(over: other) }]
                    ) { $0[h].mean(over: other) },
                    Mistake(
                        "over_all", "mean and variance are of all elements: axis=\(axis == .rows ? 0 : 1) is missing",
                        also: ["variance": { deviationSquares($0, .all).mean(over: .all) }]
                    ) { $0[h].mean(over: .all) },
                    Mistake("not_divided", "the sum is not divided by N") { $0[h].sum(over: axis) },
                ]
            ) { $0[h].mean(over: axis) },
            centered(equation("(3)")),
            Quantity(
                "squared", ["sq", "xsq", "centered_squared"], equation("(3)"), shape: shape, of: ["centered"]
            ) { $0["centered"].squared },
            Quantity(
                "variance", ["var", "sample_var", "sample_variance", "batch_var", "batch_variance", "x_var", "sigma2"],
                equation("(3)"), shape: statistic, of: ["squared"],
                variants: [
                    Mistake("variance_with_epsilon", "holds the variance with epsilon added") {
                        $0["squared"].mean(over: axis) + $0["eps"]
                    }
                ],
                mistakes: [
                    Mistake(.unbiasedVariance, "the variance divides by N - 1 instead of N (ddof=1)") { v in
                        let count = v[h].count(over: axis)
                        return count > 1 ? v["squared"].sum(over: axis) / Grid(count - 1) : nil
                    },
                    Mistake("wrong_axis", "the variance is over \(axes)") {
                        deviationSquares($0, other).mean(over: other)
                    },
                    Mistake("over_all", "the variance is of all elements: axis=\(axis == .rows ? 0 : 1) is missing") {
                        deviationSquares($0, .all).mean(over: .all)
                    },
                    Mistake("not_divided", "the sum of squares is not divided by N") { $0["squared"].sum(over: axis) },
                    Mistake("not_centered", "it is the mean of the squares: the mean is not subtracted first") {
                        $0[h].squared.mean(over: axis)
                    },
                    Mistake("standard_deviation", "the standard deviation stands in the variance's place (numpy.std)") {
                        $0["squared"].mean(over: axis).root
                    },
                ]
            ) { $0["squared"].mean(over: axis) },
        ]
    }

    func centered(_ equation: String) -> Quantity {
        let h = input, mean = mean
        return Quantity(
            "centered", ["xmu", "x_mu", "x_minus_mean", "x_centered", "xc", "deviation"], equation, shape: shape,
            of: [h, mean],
            mistakes: [
                Mistake("not_centered", "the mean is not subtracted") { $0[h] },
                Mistake("mean_added", "the mean is added, not subtracted") { $0[h] + $0[mean] },
            ]
        ) { $0[h] - $0[mean] }
    }

    /// (4) and (5), to an array y.
    func output(to y: String, _ otherNames: [String], standardized: String = "(4)") -> [Quantity] {
        let variance = variance, equation4 = equation(standardized)
        return [
            Quantity(
                "standard_deviation",
                ["std", "sample_std", "batch_std", "sqrt", "sqrtvar", "sqrt_var", "sigma", "stddev", "sd"],
                equation4, shape: statistic, of: [variance, "eps"],
                variants: [
                    Mistake("without_epsilon", "holds the standard deviation without epsilon") { $0[variance].root }
                ],
                mistakes: [
                    Mistake(.dropEpsilon, "epsilon is left out") { $0[variance].root },
                    Mistake("epsilon_outside_root", "epsilon is added to the standard deviation, not inside the root") {
                        $0[variance].root + $0["eps"]
                    },
                    Mistake("no_root", "the root is missing: it is divided by variance + epsilon") {
                        $0[variance] + $0["eps"]
                    },
                ]
            ) { ($0[variance] + $0["eps"]).root },
            Quantity(
                "inverse",
                ["inv_std", "ivar", "istd", "rstd", "inverse_std", "inverse_standard_deviation", "inv_sigma"],
                equation4, shape: statistic, of: ["standard_deviation"],
                variants: [
                    Mistake("inverse_variance", "holds 1 / (variance + epsilon)") {
                        1 / $0["standard_deviation"].squared
                    }
                ]
            ) { 1 / $0["standard_deviation"] },
            Quantity(
                "x_hat", ["xhat", "x_norm", "xnorm", "x_normalized", "x_normed", "normalized", "norm"], equation4,
                shape: shape, of: ["centered", "inverse"],
                mistakes: [
                    Mistake("not_scaled", "it is not divided by the standard deviation") { $0["centered"] },
                    Mistake("times_deviation", "it is multiplied by the standard deviation, not divided") {
                        $0["centered"] / $0["inverse"]
                    },
                ]
            ) { $0["centered"] * $0["inverse"] },
            Quantity(
                "scaled", ["gammax", "gamma_x", "gamma_x_hat"], equation("(5)"), shape: shape, of: ["gamma", "x_hat"],
                mistakes: [Mistake(.forgetGamma, "gamma is left out") { $0["x_hat"] }]
            ) { $0["gamma"] * $0["x_hat"] },
            Quantity(
                y, otherNames, equation("(5)"), shape: shape, of: ["scaled", "beta"],
                mistakes: [
                    Mistake("forget_beta", "beta is left out") { $0["scaled"] },
                    Mistake("not_affine", "gamma and beta are left out") { $0["x_hat"] },
                    Mistake("gamma_and_beta_swapped", "gamma and beta have changed places") {
                        $0["beta"] * $0["x_hat"] + $0["gamma"]
                    },
                    Mistake("beta_subtracted", "beta is subtracted") { $0["scaled"] - $0["beta"] },
                ]
            ) { $0["scaled"] + $0["beta"] },
        ]
    }
}
