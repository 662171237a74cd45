import NeuralNetwork

// Inverted dropout, `dropout` in the course, where p is the probability of KEEPING a value: (D1) to (D3). bnexp's own
// `model.dropout` is that of dropping one.

extension Input {
    private static let probabilityRange = 0.0...1.0
    static let keepProbability = Input("p", ["keep_prob", "p_keep", "keep", "dropout"], range: probabilityRange)
}

extension CheckedOperation {
    static let dropout = CheckedOperation(
        "dropout", mode: "train", "inverted dropout, p the probability of keeping, and its gradient",
        inputs: [
            Input("x", ["inputs"], shape: ["*"]), .keepProbability,
            Input("seed", isOptional: true, range: 0...Double(UInt32.max)),
            .outputGradient.optional(shape: ["*"]),
        ],
        [
            Quantity(
                "mask", ["dropout_mask"], "(D1)", shape: ["*"], of: ["kept", "p"],
                variants: [Mistake("undivided_mask", "holds 0 and 1, without the division by p") { $0["kept"] }],
                mistakes: dropoutMistakes { _ in 1 }
            ) { $0["kept"] / $0["p"] },
            Quantity(
                "out", ["y", "a"], "(D2)", shape: ["*"], of: ["x", "mask"],
                mistakes: dropoutMistakes { $0["x"] } + [
                    Mistake("divided_twice", "it is divided by p twice") { $0["x"] * $0["mask"] / $0["p"] },
                    Mistake("not_applied", "nothing is dropped: it is x") { $0["x"] },
                ]
            ) { $0["x"] * $0["mask"] },
            Quantity(
                "dx", [], "(D3)", shape: ["*"], of: ["dout", "mask"],
                mistakes: [
                    Mistake("not_masked", "the gradient is not masked") { $0["dout"] },
                    Mistake("divided_twice", "it is divided by p twice") { $0["dout"] * $0["mask"] / $0["p"] },
                ] + dropoutMistakes { $0["dout"] }
            ) { $0["dout"] * $0["mask"] },
        ],
        prepare: { values, saved in
            guard let x = values.grids["x"] else { return }
            values.grids["uniform"] = uniformNumbers(values, like: x)
            // What was kept is what the seed says, or else what the student's arrays show.
            let shown = saved["mask"] ?? saved["out"] ?? saved["dx"]
            values.grids["kept"] =
                values.grids["uniform"]?.combined(with: values["p"]) { $0 < $1 ? 1 : 0 }
                ?? shown.flatMap { $0.hasShape(of: x) ? $0.map { $0 == 0 ? 0 : 1 } : nil }
        }
    ) { arrays in
        arrays.normal("x", [10, 10], plus: 10)
        arrays.normal("dout", [10, 10])
        arrays.set("p", [], 0.2)
        arrays.set("seed", [], 123, isInteger: true)
    }

    static let dropoutTest = CheckedOperation(
        "dropout", mode: "test", "dropout that lets everything through",
        inputs: [
            Input("x", ["inputs"], shape: ["*"]), .keepProbability, Input("seed", isOptional: true),
            .outputGradient.optional(shape: ["*"]),
        ],
        [
            Quantity(
                "out", ["y", "a"], "(D2)", shape: ["*"], of: ["x"],
                mistakes: [
                    Mistake(
                        "scaled_at_test", "it is multiplied by p, which the division by p in training makes needless"
                    ) {
                        $0["x"] * $0["p"]
                    },
                    Mistake("scaled_at_test", "it is divided by p, as in training") { $0["x"] / $0["p"] },
                    Mistake("dropped_at_test", "values are dropped, as in training") { v in
                        v.grids["kept"].map { v["x"] * $0 / v["p"] }
                    },
                    Mistake("dropped_at_test", "values are dropped, as in training, and not divided by p") { v in
                        v.grids["kept"].map { v["x"] * $0 }
                    },
                ]
            ) { $0["x"] },
            Quantity(
                "dx", [], "(D3)", shape: ["*"], of: ["dout"],
                mistakes: [Mistake("scaled_at_test", "it is multiplied by p") { $0["dout"] * $0["p"] }]
            ) { $0["dout"] },
        ],
        prepare: { values, saved in
            guard let x = values.grids["x"], let out = saved["out"], out.hasShape(of: x) else { return }
            if out.values.contains(0) { values.grids["kept"] = out.map { $0 == 0 ? 0 : 1 } }
        }
    ) { arrays in
        arrays.normal("x", [10, 10], plus: 10)
        arrays.normal("dout", [10, 10])
        arrays.set("p", [], 0.2)
    }

    /// `numpy.random.seed(seed)`, then `numpy.random.rand(*x.shape)`.
    private static func uniformNumbers(_ values: Values, like x: Grid) -> Grid? {
        guard let seed = values.grids["seed"].flatMap({ UInt32(exactly: $0.number) }) else { return nil }
        var stream = NumpyLegacyStream(seed: seed)
        return x.map { _ in stream.nextUniform() }
    }

    /// Masks that are wrong, times what is masked.
    private static func dropoutMistakes(of masked: @escaping @Sendable (Values) -> Grid) -> [Mistake] {
        /// The mask where p is taken for the probability of dropping, by either way to draw it.
        @Sendable func dropping(_ v: Values, _ drops: @escaping (Double, Double) -> Bool, _ divisor: Grid) -> Grid? {
            v.grids["uniform"].map { uniform in
                masked(v) * uniform.combined(with: v["p"]) { drops($0, $1) ? 0 : 1 } / divisor
            }
        }
        let asDropping = "p is taken for the probability of dropping; in the course it is that of keeping"
        return [
            Mistake("forget_division", "it is not divided by p") { masked($0) * $0["kept"] },
            Mistake(
                "divided_by_dropping",
                "it is divided by 1 - p, as if p were the probability of dropping; in the course it is that of keeping"
            ) {
                masked($0) * $0["kept"] / (1 - $0["p"])
            },
            Mistake("multiplied_by_p", "it is multiplied by p, not divided") { masked($0) * $0["kept"] * $0["p"] },
            Mistake("p_of_dropping", asDropping) { v in dropping(v, { $0 < $1 }, 1 - v["p"]) },
            Mistake("p_of_dropping", asDropping) { v in dropping(v, { $0 >= 1 - $1 }, 1 - v["p"]) },
            Mistake("p_of_dropping", asDropping + ", and it is divided by p") { v in dropping(v, { $0 < $1 }, v["p"]) },
            Mistake("p_of_dropping", asDropping + ", and it is divided by p") { v in
                dropping(v, { $0 >= 1 - $1 }, v["p"])
            },
            Mistake("p_of_dropping", asDropping + ", and it is not divided") { v in dropping(v, { $0 < $1 }, 1) },
            Mistake("p_of_dropping", asDropping + ", and it is not divided") { v in dropping(v, { $0 >= 1 - $1 }, 1) },
        ]
    }
}
