import Keys
import Support

/// Sharpness-aware minimization: the gradient that the rule is given is taken at p + e, e = rho T^2 g / norm(T g), with
/// g the gradient at p.
///
/// T is the identity, or with `isAdaptive` |p| + eta for each value of a weight, gain, gamma or other factor, and 1 for
/// biases and betas, as in the authors' code. norm is over all trained parameters together, with 1e-12 added. Sources:
/// Foret et al. 2021, "Sharpness-aware minimization for efficiently improving generalization", equation 2; Kwon et al.
/// 2021, "ASAM: adaptive sharpness-aware minimization", equation 7.
package struct SharpnessAware: Keyed, Equatable {
    static let documentation =
        "Takes the gradient of each step where the loss is near its largest within `rho` (Foret et al. 2021)."
    let rho: Double
    let isAdaptive: Bool
    let eta: Double

    package init(rho: Double = 0.05, isAdaptive: Bool = false, eta: Double = 0.01) {
        self.rho = rho
        self.isAdaptive = isAdaptive
        self.eta = eta
    }

    package init(_ keys: KeyReader) throws(ConfigError) {
        rho = try keys("rho", .number(.positive), 0.05, "Distance to where the gradient is taken.")
        isAdaptive = try keys(
            "adaptive", .boolean, false, "Whether distances are relative to parameters (ASAM, Kwon et al. 2021).")
        eta = try keys("eta", .number(.natural), 0.01, "With `adaptive`: added to the size of a parameter.")
        try keys.require(
            isAdaptive || eta == 0.01, "eta",
            "found \(eta), but adaptive is false, which does not use it; set adaptive to true, or leave eta out")
    }

    /// Whether T of a parameter is |p| + eta.
    private func adapts(to kind: ParameterKind) -> Bool { isAdaptive && kind != .bias && kind != .beta }

    /// Returns the sum of the squares of T g over a parameter.
    fileprivate func sumOfSquares<S: Scalar>(_ parameter: Parameter<S>) -> Double {
        let p = parameter.value.base, g = parameter.gradient.base, eta = S(eta)
        guard adapts(to: parameter.kind) else {
            return NeuralNetwork.sumOfSquares(count: parameter.value.count) { Double(g[$0]) }
        }
        return NeuralNetwork.sumOfSquares(count: parameter.value.count) { Double((p[$0].magnitude + eta) * g[$0]) }
    }

    /// Adds `scale` T^2 g to a parameter.
    fileprivate func climb<S: Scalar>(_ parameter: Parameter<S>, scale: Double) {
        let p = parameter.value.base, g = parameter.gradient.base, scale = S(scale), eta = S(eta)
        guard adapts(to: parameter.kind) else {
            for i in 0..<parameter.value.count { p[i] += scale * g[i] }
            return
        }
        for i in 0..<parameter.value.count {
            let t = p[i].magnitude + eta
            p[i] += scale * t * t * g[i]
        }
    }
}

extension Network {
    /// Overwrites the gradients of the workspace's batch at the parameters with those at p + e; the parameters are the
    /// same bits afterwards.
    ///
    /// The second passes have the masks of dropout and the noise of `step`. They leave running statistics alone.
    func differentiate(_ workspace: Workspace<S>, step: Int, at place: SharpnessAware) {
        func forEachTrained(_ body: (_ parameter: Parameter<S>, _ saved: Matrix<S>) -> Void) {
            for layer in layers {
                for parameter in layer.parameters where layer.trains(parameter) {
                    if let saved = parameter.scratch.last { body(parameter, saved) }
                }
            }
        }
        var squares = 0.0
        forEachTrained { parameter, _ in squares += place.sumOfSquares(parameter) }
        let scale = place.rho / (squares.squareRoot() + 1e-12)
        forEachTrained { parameter, saved in
            saved.copy(from: parameter.value)
            place.climb(parameter, scale: scale)
        }
        let measuresGradientNorms = workspace.measuresGradientNorms
        workspace.measuresGradientNorms = false
        _ = forward(workspace, .training(step: step))
        backward(workspace)
        workspace.measuresGradientNorms = measuresGradientNorms
        forEachTrained { parameter, saved in parameter.value.copy(from: saved) }
    }
}
