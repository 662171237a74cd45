import Foundation
import NeuralNetwork

// The update rules of the course: `sgd` (G1), `sgd_momentum` (M1) and (M2), `rmsprop` (R1) and (R2), `adam` (A1) to
// (A4). Arrays whose name begins with next_ are those after the update.

private let weight = Input("w", ["weight", "p", "param"], shape: ["*"])
private let gradient = Input("dw", ["grad", "gradient", "weight_gradient", "g"], shape: ["*"])

private func rate(_ standard: Double) -> Input {
    Input("learning_rate", ["lr", "alpha", "eta", "rate"], standard: Grid(standard))
}

private func state(_ name: String, _ otherNames: [String]) -> Input {
    Input(name, otherNames, shape: ["*"], standard: 0)
}

private func after(_ name: String, _ further: [String] = []) -> [String] {
    ["\(name)_next", "new_\(name)", "\(name)_new", "\(name)_after", "updated_\(name)"] + further
}

private func decay(_ name: String, _ otherNames: [String], _ standard: Double) -> Input {
    Input(name, otherNames, standard: Grid(standard), range: 0...1)
}

/// The weight after an update that is subtracted.
private func nextWeight(
    _ equation: String, of sources: [String], mistakes: [Mistake], _ update: @escaping @Sendable (Values) -> Grid
) -> Quantity {
    Quantity(
        "next_w", after("w"), equation, shape: ["*"], of: ["w", "learning_rate"] + sources,
        mistakes: mistakes + [
            Mistake("ascent", "the update is added, not subtracted") { $0["w"] + update($0) },
            Mistake("forget_rate", "the learning rate is left out") { $0["w"] - update($0) / $0["learning_rate"] },
            Mistake("update_only", "it is the update, without the weight") { -update($0) },
            Mistake("not_updated", "it is still the old weight") { $0["w"] },
        ]
    ) { $0["w"] - update($0) }
}

extension CheckedOperation {
    static let sgd = CheckedOperation(
        "sgd", "gradient descent", inputs: [weight, gradient, rate(1e-2)],
        [nextWeight("(G1)", of: ["dw"], mistakes: []) { $0["learning_rate"] * $0["dw"] }],
        template: { updateCell(&$0) })

    static let momentum = CheckedOperation(
        "sgd_momentum", "gradient descent with momentum, v the velocity",
        inputs: [
            weight, gradient, rate(1e-2), decay("momentum", ["mu"], 0.9),
            state("v", ["velocity", "old_v", "v_old", "v_before"]),
        ],
        [
            Quantity(
                "next_v", after("v", ["next_velocity", "velocity"]), "(M1)", shape: ["*"],
                of: ["momentum", "v", "learning_rate", "dw"],
                mistakes: [
                    Mistake("momentum_sign", "the gradient is added to the velocity, not subtracted") {
                        $0["momentum"] * $0["v"] + $0["learning_rate"] * $0["dw"]
                    },
                    Mistake("velocity_sign", "the old velocity is subtracted") {
                        -$0["momentum"] * $0["v"] - $0["learning_rate"] * $0["dw"]
                    },
                    Mistake("pytorch_convention", "it is PyTorch's: the gradient without the learning rate, and added")
                    {
                        $0["momentum"] * $0["v"] + $0["dw"]
                    },
                    Mistake("forget_rate", "the learning rate is left out") { $0["momentum"] * $0["v"] - $0["dw"] },
                    Mistake("forget_momentum", "the old velocity is not multiplied by momentum") {
                        $0["v"] - $0["learning_rate"] * $0["dw"]
                    },
                    Mistake("new_value_weighed", "the gradient is multiplied by 1 - momentum too") {
                        $0["momentum"] * $0["v"] - (1 - $0["momentum"]) * $0["learning_rate"] * $0["dw"]
                    },
                    Mistake("momentum_swapped", "momentum and 1 - momentum have changed places") {
                        (1 - $0["momentum"]) * $0["v"] - $0["learning_rate"] * $0["dw"]
                    },
                    Mistake("not_updated", "it is still the old velocity") { $0["v"] },
                ]
            ) { $0["momentum"] * $0["v"] - $0["learning_rate"] * $0["dw"] },
            Quantity(
                "next_w", after("w"), "(M2)", shape: ["*"], of: ["w", "next_v"],
                mistakes: [
                    Mistake("momentum_sign", "the velocity is subtracted, not added") { $0["w"] - $0["next_v"] },
                    Mistake("old_velocity", "the weight moves by the old velocity") { $0["w"] + $0["v"] },
                    Mistake("rate_twice", "the velocity, which has the learning rate in it, is multiplied by it again")
                    {
                        $0["w"] + $0["learning_rate"] * $0["next_v"]
                    },
                    Mistake("nesterov", "it is Nesterov's momentum, which looks ahead") {
                        $0["w"] - $0["momentum"] * $0["v"] + (1 + $0["momentum"]) * $0["next_v"]
                    },
                    Mistake("pytorch_convention", "it is PyTorch's: w - learning_rate (momentum v + dw)") {
                        $0["w"] - $0["learning_rate"] * ($0["momentum"] * $0["v"] + $0["dw"])
                    },
                    Mistake("no_momentum", "there is no momentum: it is plain gradient descent") {
                        $0["w"] - $0["learning_rate"] * $0["dw"]
                    },
                    Mistake("not_updated", "it is still the old weight") { $0["w"] },
                ]
            ) { $0["w"] + $0["next_v"] },
        ]
    ) { arrays in
        updateCell(&arrays)
        arrays.linear("v", [4, 5], from: 0.6, to: 0.9)
        arrays.set("learning_rate", [], 1e-3)
    }

    static let rmsProp = CheckedOperation(
        "rmsprop", "RMSProp, cache the mean square",
        inputs: [
            weight, gradient, rate(1e-2), decay("decay_rate", ["decay", "rho"], 0.99), .ruleEpsilon,
            state("cache", ["old_cache", "cache_old", "s", "square_avg"]),
        ],
        [
            Quantity(
                "next_cache", after("cache", ["next_s"]), "(R1)", shape: ["*"], of: ["decay_rate", "cache", "dw"],
                mistakes: [
                    Mistake("decay_swapped", "decay_rate and 1 - decay_rate have changed places") {
                        (1 - $0["decay_rate"]) * $0["cache"] + $0["decay_rate"] * $0["dw"].squared
                    },
                    Mistake("not_squared", "the gradient is not squared") {
                        $0["decay_rate"] * $0["cache"] + (1 - $0["decay_rate"]) * $0["dw"]
                    },
                    Mistake("adagrad", "squares are summed, as in Adagrad, without decay_rate") {
                        $0["cache"] + $0["dw"].squared
                    },
                    Mistake("new_value_not_weighed", "the square is added without its weight 1 - decay_rate") {
                        $0["decay_rate"] * $0["cache"] + $0["dw"].squared
                    },
                    Mistake("not_updated", "it is still the old mean square") { $0["cache"] },
                ]
            ) { $0["decay_rate"] * $0["cache"] + (1 - $0["decay_rate"]) * $0["dw"].squared },
            nextWeight(
                "(R2)", of: ["dw", "next_cache", "epsilon"],
                mistakes: rootMistakes(of: { $0["learning_rate"] * $0["dw"] }, "next_cache") + [
                    Mistake("old_state", "it is divided by the root of the old mean square") {
                        $0["w"] - $0["learning_rate"] * $0["dw"] / ($0["cache"].root + $0["epsilon"])
                    }
                ]
            ) { $0["learning_rate"] * $0["dw"] / ($0["next_cache"].root + $0["epsilon"]) },
        ]
    ) { arrays in
        updateCell(&arrays)
        arrays.linear("cache", [4, 5], from: 0.6, to: 0.9)
        arrays.set("learning_rate", [], 1e-2)
    }

    static let adam = CheckedOperation(
        "adam", "Adam, m and v the moments, t the number of updates before this one",
        inputs: [
            weight, gradient, rate(1e-3), decay("beta1", [], 0.9), decay("beta2", [], 0.999), .ruleEpsilon,
            state("m", ["old_m", "m_old", "exp_avg"]), state("v", ["old_v", "v_old", "exp_avg_sq"]),
            Input("t", ["step", "iteration"], standard: 0, range: 0...1e9),
        ],
        [
            Quantity(
                "next_t", after("t"), "(A1)", shape: [], of: ["t"],
                mistakes: [
                    Mistake("t_not_raised", "t is not raised by 1 before it is used") { $0["t"] },
                    Mistake("t_raised_twice", "t is raised by 2") { $0["t"] + 2 },
                ]
            ) { $0["t"] + 1 },
            moment("m", "(A2)", decay: "beta1", squares: false),
            moment("v", "(A3)", decay: "beta2", squares: true),
            corrected("m", ["mt", "mhat", "m_corrected", "m_unbias"], decay: "beta1"),
            corrected("v", ["vt", "vhat", "v_corrected", "v_unbias"], decay: "beta2"),
            nextWeight(
                "(A4)", of: ["m_hat", "v_hat", "epsilon"],
                mistakes: rootMistakes(of: { $0["learning_rate"] * $0["m_hat"] }, "v_hat") + [
                    Mistake("correction_of_rate_only", "epsilon is added before the second moment's bias is corrected")
                    { v in
                        let rootCorrection = (1 - v["beta2"].combined(with: v["next_t"], pow)).root
                        return v["w"] - v["learning_rate"] * v["m_hat"] * rootCorrection
                            / (v["next_v"].root + v["epsilon"])
                    },
                    Mistake("gradient_for_moment", "the gradient stands in the place of the first moment") {
                        $0["w"] - $0["learning_rate"] * $0["dw"] / ($0["v_hat"].root + $0["epsilon"])
                    },
                    Mistake("old_state", "the moments are those before the update") { v in
                        let m = v["m"] / bias(v, "beta1"), s = v["v"] / bias(v, "beta2")
                        return v["w"] - v["learning_rate"] * m / (s.root + v["epsilon"])
                    },
                ]
            ) { $0["learning_rate"] * $0["m_hat"] / ($0["v_hat"].root + $0["epsilon"]) },
        ]
    ) { arrays in
        updateCell(&arrays)
        arrays.linear("m", [4, 5], from: 0.6, to: 0.9)
        arrays.linear("v", [4, 5], from: 0.7, to: 0.5)
        arrays.set("learning_rate", [], 1e-2)
        arrays.set("t", [], 5, isInteger: true)
    }

    private static func bias(_ v: Values, _ decay: String) -> Grid { 1 - v[decay].combined(with: v["next_t"], pow) }

    private static func moment(_ name: String, _ equation: String, decay: String, squares: Bool) -> Quantity {
        @Sendable func new(_ v: Values) -> Grid { squares ? v["dw"].squared : v["dw"] }
        return Quantity(
            "next_\(name)", after(name), equation, shape: ["*"], of: [decay, name, "dw"],
            mistakes: [
                Mistake("decay_swapped", "\(decay) and 1 - \(decay) have changed places") {
                    (1 - $0[decay]) * $0[name] + $0[decay] * new($0)
                },
                Mistake("betas_swapped", "beta1 and beta2 have changed places") { v in
                    let other = v[decay == "beta1" ? "beta2" : "beta1"]
                    return other * v[name] + (1 - other) * new(v)
                },
                Mistake("new_value_not_weighed", "the new value is added without its weight 1 - \(decay)") {
                    $0[decay] * $0[name] + new($0)
                },
                Mistake("corrected_state", "the bias-corrected moment is kept in the moment's place") {
                    ($0[decay] * $0[name] + (1 - $0[decay]) * new($0)) / bias($0, decay)
                },
                Mistake("not_updated", "it is still the old moment") { $0[name] },
            ] + (squares ? [notSquared] : [])
        ) { $0[decay] * $0[name] + (1 - $0[decay]) * new($0) }
    }

    private static let notSquared = Mistake("not_squared", "the gradient is not squared") {
        $0["beta2"] * $0["v"] + (1 - $0["beta2"]) * $0["dw"]
    }

    private static func corrected(_ name: String, _ otherNames: [String], decay: String) -> Quantity {
        let next = "next_\(name)"
        return Quantity(
            "\(name)_hat", otherNames, "(A4)", shape: ["*"], of: [next, decay, "next_t"],
            mistakes: [
                Mistake(
                    "no_bias_correction", "the bias of the moments is not corrected",
                    also: name == "m" ? ["v_hat": { $0["next_v"] }] : [:]
                ) { $0[next] },
                Mistake(
                    "no_bias_correction",
                    "the bias of \(name == "m" ? "the first" : "the second") moment is not corrected"
                ) { $0[next] },
                Mistake("bias_multiplied", "the moment is multiplied by 1 - \(decay)^t, not divided") {
                    $0[next] * bias($0, decay)
                },
                Mistake("bias_without_power", "it is divided by 1 - \(decay), without the power t") {
                    $0[next] / (1 - $0[decay])
                },
            ]
        ) { $0[next] / bias($0, decay) }
    }

    /// What a division by root + epsilon becomes.
    private static func rootMistakes(
        of numerator: @escaping @Sendable (Values) -> Grid, _ square: String
    ) -> [Mistake] {
        [
            Mistake("epsilon_in_root", "epsilon is inside the root") {
                $0["w"] - numerator($0) / ($0[square] + $0["epsilon"]).root
            },
            Mistake("drop_epsilon", "epsilon is left out") { $0["w"] - numerator($0) / $0[square].root },
            Mistake("no_root", "the root is missing") { $0["w"] - numerator($0) / ($0[square] + $0["epsilon"]) },
            Mistake("not_divided", "it is not divided by the root") { $0["w"] - numerator($0) },
        ]
    }

    /// The arrays that the notebook's cells for all rules begin with.
    private static func updateCell(_ arrays: inout NotebookArrays) {
        arrays.linear("w", [4, 5], from: -0.4, to: 0.6)
        arrays.linear("dw", [4, 5], from: -0.6, to: 0.4)
    }
}

extension Input {
    fileprivate static let ruleEpsilon = Input(
        "epsilon", ["eps"], standard: 1e-8, range: 0...(.greatestFiniteMagnitude))
}
