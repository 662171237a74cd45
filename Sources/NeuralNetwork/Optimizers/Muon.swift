import Keys
import Support

/// Muon: m = momentum m + (1 - momentum) g; u = m, or with Nesterov's form (1 - momentum) g + momentum m;
/// W -= rate r O(u), with O the orthogonalization of `NewtonSchulz` and decoupled weight decay.
///
/// W are the matrices of hidden layers; every other parameter is updated by AdamW with a learning rate of its own. m
/// starts at 0. r is sqrt(max(1, H / D)) for a D x H weight, or 0.2 sqrt(max(D, H)). Source: Jordan et al. 2024, "Muon:
/// an optimizer for hidden layers in neural networks", in the form of PyTorch's `torch.optim.Muon`, which rounds to
/// bfloat16 on the way; this does not.
package struct Muon: OptimizerRule, Equatable {
    /// How the learning rate of a matrix depends on its shape.
    package enum Adjustment: String, CaseIterable, Sendable {
        /// The rate is multiplied by sqrt(max(1, H / D)); Jordan et al. 2024.
        case original
        /// The rate is multiplied by 0.2 sqrt(max(D, H)), so that updates are as large as AdamW's; Liu et al. 2025,
        /// "Muon is scalable for LLM training", equation 4.
        case matchAdamW = "match_rms_adamw"
    }

    /// The weights that Muon updates.
    package enum Matrices: String, CaseIterable, Sendable {
        /// Those between two hidden layers: neither the first layer's nor the last one's.
        case hidden
        case all
    }

    package static let kind = "muon"
    package static let documentation = "Orthogonalized momentum for matrices, AdamW for the rest (Jordan et al. 2024)."
    package static let standardLearningRate = 0.02
    package static let standardWeightDecay = 0.1
    package static let weightDecayForm = WeightDecayForm.decoupled
    let momentum: Double
    let nesterov: Bool
    let iteration: NewtonSchulz
    let adjustment: Adjustment
    let matrices: Matrices
    let adamW: AdamWOfRest

    package init(
        momentum: Double = 0.95, nesterov: Bool = true, adjustment: Adjustment = .original,
        matrices: Matrices = .hidden
    ) {
        self.momentum = momentum
        self.nesterov = nesterov
        self.adjustment = adjustment
        self.matrices = matrices
        iteration = NewtonSchulz()
        adamW = AdamWOfRest()
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        momentum = try keys("momentum", .number(.fraction), 0.95, "Weight of the OLD mean of gradients.")
        nesterov = try keys("nesterov", .boolean, true, "Whether momentum looks ahead.")
        let coefficients = try keys(
            "newton_schulz_coefficients", .list(of: .number(.any)), [3.4445, -4.775, 2.0315],
            "a, b, c of the iteration X <- a X + b (X X^T) X + c (X X^T)^2 X.")
        try keys.require(
            coefficients.count == 3, "newton_schulz_coefficients",
            "found a list of \(coefficients.count), expected the three coefficients a, b, c")
        var iteration = NewtonSchulz()
        if coefficients.count == 3 {
            (iteration.a, iteration.b, iteration.c) = (coefficients[0], coefficients[1], coefficients[2])
        }
        iteration.steps = try keys("newton_schulz_steps", .integer(1...99), 5, "Steps of that iteration.")
        iteration.epsilon = try keys(
            "epsilon", .number(.positive), 1e-7, "Least norm that a matrix is divided by before the iteration.")
        self.iteration = iteration
        adjustment = try keys(
            "learning_rate_adjustment", .choice, "original",
            "How the rate of a matrix follows from its shape; PyTorch's `adjust_lr_fn`.")
        matrices = try keys(
            "matrices", .choice, "hidden",
            "Weights that are orthogonalized: those between hidden layers, or `all`. AdamW updates the rest.")
        adamW = try keys("adamw", .object, .emptyObject, "AdamW for the parameters that are not orthogonalized.")
    }

    package var stateCount: Int { adamW.adam.stateCount }

    package func stateCount(of place: ParameterPlace) -> Int { orthogonalizes(place) ? 1 : stateCount }

    package func scratchShapes(of place: ParameterPlace) -> [(rows: Int, columns: Int)] {
        orthogonalizes(place)
            ? [(place.rows, place.columns)] + NewtonSchulz.scratchShapes(rows: place.rows, columns: place.columns) : []
    }

    package func learningRate(of place: ParameterPlace) -> Double? { orthogonalizes(place) ? nil : adamW.learningRate }

    package func problem(layerCount: Int) -> (key: String, message: String)? {
        guard matrices == .hidden, layerCount < 3 else { return nil }
        return (
            "matrices",
            "muon orthogonalizes the weights between two hidden layers (matrices \"hidden\"), and this network has no "
                + "weight between two hidden layers; set matrices to \"all\", give model.hidden two layers or more, or "
                + "take kind \"adamw\""
        )
    }

    package func needsWhole(_ place: ParameterPlace) -> Bool { orthogonalizes(place) }

    /// Moves the mean of gradients, and leaves O(u) for `update`.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func prepare<S: Scalar>(_ values: UpdatedValues<S>, t: Int, _ multiplier: Multiplier<S>) -> Double {
        let g = values.g, m = values.state(0), scratch = values.scratch, u = scratch[0]
        let keep = S(momentum), new = S(1 - momentum)
        for i in 0..<values.count {
            m[i] = keep * m[i] + new * g[i]
            u.base[i] = nesterov ? new * g[i] + keep * m[i] : m[i]
        }
        iteration.orthogonalize(u, scratch: scratch[1...3], multiplier)
        let inputs = Double(values.place.rows), outputs = Double(values.place.columns)
        switch adjustment {
        case .original: return max(1, outputs / inputs).squareRoot()
        case .matchAdamW: return 0.2 * max(inputs, outputs).squareRoot()
        }
    }

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func update<S: Scalar>(_ values: UpdatedValues<S>, rate: Double, t: Int) {
        guard orthogonalizes(values.place) else { return adamW.adam.update(values, rate: rate, t: t) }
        let p = values.p, direction = values.prepared(0), rate = S(rate)
        for i in 0..<values.count { p[i] -= rate * direction[i] }
    }

    private func orthogonalizes(_ place: ParameterPlace) -> Bool {
        place.kind == .weight && (matrices == .all || place.layer > 0 && place.layer < place.layerCount - 1)
    }

    /// The object `adamw`.
    struct AdamWOfRest: Keyed, Equatable {
        let learningRate: Double
        let adam: Adam

        init(learningRate: Double = AdamW.standardLearningRate, _ adam: Adam = Adam()) {
            self.learningRate = learningRate
            self.adam = adam
        }

        init(_ keys: KeyReader) throws(ConfigError) {
            learningRate = try keys(
                "learning_rate", .number(.positive), JSON(.number(AdamW.standardLearningRate)),
                "Size of their updates; a schedule moves it with that of matrices.")
            adam = try Adam(keys)
        }
    }
}
