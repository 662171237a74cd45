import NeuralNetwork

extension NormalizationFormulas {
    /// (8) to (15), of dL/dy to dL/dh, by the staged way as the course derives it; the closed form is another route.
    ///
    /// - Parameter suffix: of the names, for a second backward pass beside the first: `_alt`.
    func backward(from dy: String, to dh: String, _ otherNames: [String]) -> [Quantity] {
        gradients(from: dy) + staged(from: dy) + [inputGradient(dh, otherNames, from: dy)]
    }

    /// dL/dbeta (8) and dL/dgamma (9), which sum over the rows also where the statistics are of each row.
    func gradients(from dy: String, suffix: String = "", _ betaNames: [String] = [], _ gammaNames: [String] = [])
        -> [Quantity]
    {
        let h = input
        return [
            Quantity(
                "dbeta" + suffix, betaNames, "(8)", shape: [columns], of: [dy], mistakes: sumMistakes { $0[dy] }
            ) { $0[dy].sum(over: .rows) },
            Quantity(
                "dgamma" + suffix, gammaNames, "(9)", shape: [columns], of: [dy, "x_hat"],
                mistakes: [
                    Mistake(.gammaFromSum, "the normalized values are left out: it is the sum of dout alone") {
                        $0[dy].sum(over: .rows)
                    },
                    Mistake("times_input", "dout is multiplied by x, not by x-hat") {
                        ($0[dy] * $0[h]).sum(over: .rows)
                    },
                    Mistake("not_scaled", "dout is multiplied by x - mean, not by x-hat") {
                        ($0[dy] * $0["centered"]).sum(over: .rows)
                    },
                    Mistake("times_gamma", "gamma is a factor, which it is of dx only") {
                        $0["gamma"] * ($0[dy] * $0["x_hat"]).sum(over: .rows)
                    },
                    Mistake("times_output", "dout is multiplied by the output, not by x-hat") {
                        ($0[dy] * ($0["gamma"] * $0["x_hat"] + $0["beta"])).sum(over: .rows)
                    },
                ] + sumMistakes { $0[dy] * $0["x_hat"] }
            ) { ($0[dy] * $0["x_hat"]).sum(over: .rows) },
        ]
    }

    private func staged(from dy: String) -> [Quantity] {
        let axis = axis, statistic = [axis == .rows ? columns : "N"]
        return [
            Quantity(
                "dx_hat", ["dxhat", "dx_norm", "dxnorm", "dx_normalized", "dnormalized", "dnorm"], "(10)",
                shape: ["N", columns], of: [dy, "gamma"], mistakes: [Mistake(.forgetGamma) { $0[dy] }]
            ) { $0[dy] * $0["gamma"] },
            Quantity(
                "dinverse", ["divar", "dinv_std", "distd", "dinv_var"], "staged", shape: statistic,
                of: ["dx_hat", "centered"],
                mistakes: [
                    Mistake("times_normalized", "it is of x-hat, not of x - mean") {
                        ($0["dx_hat"] * $0["x_hat"]).sum(over: axis)
                    }
                ]
            ) { ($0["dx_hat"] * $0["centered"]).sum(over: axis) },
            Quantity(
                "dstandard_deviation", ["dstd", "dsqrt", "dsqrtvar", "dsqrt_var", "dsigma", "dsd"], "staged",
                shape: statistic, of: ["dinverse", "inverse"],
                mistakes: [
                    Mistake("variance_term_sign", "the sign of the way through the variance is wrong") {
                        $0["dinverse"] * $0["inverse"].squared
                    },
                    Mistake("power", "the power of the standard deviation is -1, not -2") {
                        -$0["dinverse"] * $0["inverse"]
                    },
                ]
            ) { -$0["dinverse"] * $0["inverse"].squared },
            Quantity(
                "dvariance", ["dvar", "dsample_var", "dsigma2", "dv"], "staged", shape: statistic,
                of: ["dstandard_deviation", "inverse"],
                mistakes: [
                    Mistake(.dropVarianceTerm) { $0["dstandard_deviation"].filled(with: 0) },
                    Mistake("variance_term_sign", "the sign of the way through the variance is wrong") {
                        -0.5 * $0["dstandard_deviation"] * $0["inverse"]
                    },
                    Mistake("variance_term_doubled", "the 1/2 of the root's derivative is left out") {
                        $0["dstandard_deviation"] * $0["inverse"]
                    },
                    Mistake("power", "the power of variance + epsilon is not -3/2: a factor 1/std is missing") {
                        0.5 * $0["dstandard_deviation"]
                    },
                ]
            ) { 0.5 * $0["dstandard_deviation"] * $0["inverse"] },
            Quantity(
                "dmean", ["dmu", "dsample_mean"], "staged", shape: statistic,
                of: ["dx_hat", "inverse", "dvariance", "centered"],
                mistakes: [
                    Mistake(.dropMeanTerm) { $0["inverse"].filled(with: 0) },
                    Mistake("mean_term_sign", "the sign of the way through the mean is wrong") {
                        ($0["dx_hat"] * $0["inverse"]).sum(over: axis)
                    },
                ]
            ) {
                -($0["dx_hat"] * $0["inverse"]).sum(over: axis) - 2 * $0["dvariance"] * $0["centered"].mean(over: axis)
            },
        ]
    }

    /// dL/dh (15), or (L4).
    func inputGradient(_ dh: String, _ otherNames: [String], from dy: String, suffix: String = "") -> Quantity {
        let axis = axis, h = input
        /// The closed form with other values in the place of x-hat and of s.
        @Sendable func closed(_ gradient: Grid, _ normalized: Grid, _ inverse: Grid, over axis: Grid.Axis) -> Grid {
            let count = Grid(gradient.count(over: axis))
            let bracket =
                count * gradient - gradient.sum(over: axis)
                - normalized * (gradient * normalized).sum(over: axis)
            return inverse / count * bracket
        }
        @Sendable func closed(_ v: Values, inverse: Grid, rescales: Bool) -> Grid {
            closed(v["dx_hat"], rescales ? v["centered"] * inverse : v["x_hat"], inverse, over: axis)
        }
        /// The three ways, each times a factor.
        @Sendable func staged(_ v: Values, variance: Double = 1, mean: Double = 1) -> Grid {
            let count = Grid(v[h].count(over: axis))
            let deviations = 2 * v["centered"] / count
            return v["dx_hat"] * v["inverse"] + Grid(variance) * v["dvariance"] * deviations + Grid(mean) * v["dmean"]
                / count
        }
        @Sendable func count(_ v: Values) -> Double { v[h].count(over: axis) }
        @Sendable func inverse(_ v: Values, factor: Double, epsilon: Grid) -> Grid {
            1 / ((1 / v["inverse"].squared - v["eps"]) * Grid(factor) + epsilon).root
        }
        @Sendable func unbiased(_ v: Values, rescales: Bool) -> Grid? {
            let n = count(v)
            return n > 1
                ? closed(v, inverse: inverse(v, factor: n / (n - 1), epsilon: v["eps"]), rescales: rescales) : nil
        }
        var routes = [
            Quantity.Route(sources: ["dx_hat", "x_hat", "inverse"]) {
                closed($0, inverse: $0["inverse"], rescales: false)
            }
        ]
        if axis == .rows {
            // With the sums that are (8) and (9).
            let dbeta = "dbeta" + suffix, dgamma = "dgamma" + suffix
            routes.append(
                Quantity.Route(sources: ["gamma", "inverse", dy, dbeta, dgamma, "x_hat"]) { v in
                    let count = Grid(v[dy].count(over: axis))
                    return v["gamma"] * v["inverse"] / count * (count * v[dy] - v[dbeta] - v["x_hat"] * v[dgamma])
                })
        }
        return Quantity(
            dh, otherNames, axis == .rows ? "(15)" : "(L4)", shape: ["N", columns],
            of: ["dx_hat", "inverse", "dvariance", "centered", "dmean"], routes: routes,
            mistakes: [
                Mistake("constant_statistics", "mean and variance are taken for constants, as in test mode") {
                    $0["dx_hat"] * $0["inverse"]
                },
                Mistake(.dropMeanTerm) { staged($0, mean: 0) },
                Mistake(.dropVarianceTerm) { staged($0, variance: 0) },
                Mistake(.forgetGamma) { closed($0[dy], $0["x_hat"], $0["inverse"], over: axis) },
                Mistake("mean_term_sign", "the sign of the way through the mean is wrong") { staged($0, mean: -1) },
                Mistake("variance_term_sign", "the sign of the way through the variance is wrong") {
                    staged($0, variance: -1)
                },
                Mistake("variance_term_doubled", "the 1/2 of the root's derivative is left out") {
                    staged($0, variance: 2)
                },
                Mistake(.dropEpsilon) {
                    closed($0, inverse: inverse($0, factor: 1, epsilon: 0), rescales: false)
                },
                Mistake(.dropEpsilon) { closed($0, inverse: inverse($0, factor: 1, epsilon: 0), rescales: true) },
                Mistake(.unbiasedVariance) { unbiased($0, rescales: false) },
                Mistake(.unbiasedVariance) { unbiased($0, rescales: true) },
                Mistake("wrong_axis", "the sums are over the wrong axis") {
                    closed($0["dx_hat"], $0["x_hat"], $0["inverse"], over: axis.other)
                },
                Mistake(
                    "one_letter", "one index for two rows: x - mean is inside the sum over the rows, and squared there"
                ) {
                    v in
                    let count = Grid(count(v)), s = v["inverse"]
                    let through = (v["dx_hat"] * v["x_hat"].squared).sum(over: axis)
                    return s * (v["dx_hat"] - v["dx_hat"].mean(over: axis) - through / count)
                },
                Mistake("variance_term_halved", "the 2 of the square's derivative is left out") {
                    staged($0, variance: 0.5)
                },
                Mistake("variance_term_not_divided", "the way through the variance is not divided by N") {
                    staged($0, variance: count($0))
                },
                Mistake("mean_term_not_divided", "the way through the mean is not divided by N") {
                    staged($0, mean: count($0))
                },
                Mistake("through_sum_only", "the last sum is of dout, not of dout times x-hat") { v in
                    let sum = v["dx_hat"].sum(over: axis), count = Grid(count(v))
                    return v["inverse"] / count * (count * v["dx_hat"] - sum - v["x_hat"] * sum)
                },
                Mistake("not_scaled", "the factor 1 / std before the bracket is missing") {
                    closed($0["dx_hat"], $0["x_hat"], 1, over: axis)
                },
                Mistake("power", "the factor 1 / std before the bracket is there twice: std and variance confused") {
                    closed($0["dx_hat"], $0["x_hat"], $0["inverse"].squared, over: axis)
                },
                Mistake("gamma_twice", "gamma is there twice") {
                    closed($0["dx_hat"] * $0["gamma"], $0["x_hat"], $0["inverse"], over: axis)
                },
            ]
        ) { staged($0) }
    }
}
