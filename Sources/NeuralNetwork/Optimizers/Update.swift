/// Some consecutive values of a parameter that are being updated.
package struct UpdatedValues<S: Scalar> {
    let count: Int
    /// The values p.
    let p: UnsafeMutablePointer<S>
    /// Their gradients g.
    let g: UnsafeMutablePointer<S>
    /// The weight decay lambda that the rule's own equation has; see `WeightDecayForm.ofRule`.
    let decay: Double
    fileprivate let parameter: Parameter<S>
    fileprivate let start: Int

    var place: ParameterPlace { parameter.place }

    /// What the rule keeps for these values, by its number.
    @inline(__always)
    func state(_ number: Int) -> UnsafeMutablePointer<S> { parameter.state[number].base + start }

    /// What `prepare` left for these values in an array of the parameter's shape, by its number.
    @inline(__always)
    func prepared(_ number: Int) -> UnsafeMutablePointer<S> { parameter.scratch[number].base + start }

    /// The arrays that the rule works in, of the shapes that it asked for.
    var scratch: [Matrix<S>] { parameter.scratch }
}

/// An update after the other, each ready, once it has begun, to be applied to any values of any parameter.
///
/// It is an object, so that passing it on copies no optimizer.
final class Update<S: Scalar> {
    private let optimizer: Optimizer
    private var rate = 0.0
    private var t = 0
    private var gradientFactor: S = 1

    init(_ optimizer: Optimizer) { self.optimizer = optimizer }

    /// Begins update number `t` (from 1), for which all gradients are multiplied by `gradientFactor` first.
    func begin(rate: Double, t: Int, gradientFactor: Double = 1) {
        self.rate = rate
        self.t = t
        self.gradientFactor = S(gradientFactor)
    }

    /// Shows a whole parameter to the rule, before any of its values is updated, where the rule needs that.
    ///
    /// - Returns: the factor of the learning rate that `apply` is to be given; nil where none is needed.
    func prepare(_ parameter: Parameter<S>, _ multiplier: Multiplier<S>) -> Double? {
        guard optimizer.rule.needsWhole(parameter.place) else { return nil }
        let values = values(of: parameter, 0..<parameter.value.count, gradient: parameter.gradient.base)
        adjustGradients(values)
        return optimizer.rule.prepare(values, t: t, multiplier)
    }

    /// Updates the values of `range` in place; their gradients are `gradient`, the first one that of the first value.
    ///
    /// With clipping or weight decay the gradients are overwritten with those applied.
    /// - Parameter prepared: what `prepare` returned, if the rule needs whole parameters.
    func apply(
        to parameter: Parameter<S>, _ range: Range<Int>, gradient g: UnsafeMutablePointer<S>, prepared: Double? = nil
    ) {
        let values = values(of: parameter, range, gradient: g), rate = rate * parameter.rateFactor
        if prepared == nil { adjustGradients(values) }
        if decays(parameter), type(of: optimizer.rule).weightDecayForm == .decoupled {
            let kept = S(1 - rate * optimizer.weightDecay)
            for i in 0..<values.count { values.p[i] *= kept }
        }
        optimizer.rule.update(values, rate: rate * (prepared ?? 1), t: t)
    }

    /// The diagonal that this update divides a parameter's values by; see `OptimizerRule.preconditioner`.
    ///
    /// Factors of the learning rate are in it. The parameter and its gradient stay as they are.
    func preconditioner(of parameter: Parameter<S>, _ multiplier: Multiplier<S>) -> [Double] {
        let gradient = Matrix<S>(rows: parameter.value.rows, columns: parameter.value.columns)
        gradient.copy(from: parameter.gradient)
        let values = values(of: parameter, 0..<gradient.count, gradient: gradient.base)
        return withExtendedLifetime(gradient) {
            adjustGradients(values)
            let isWhole = optimizer.rule.needsWhole(parameter.place)
            let factor = parameter.rateFactor * (isWhole ? optimizer.rule.prepare(values, t: t, multiplier) : 1)
            return optimizer.rule.preconditioner(values, t: t).map { $0 / factor }
        }
    }

    private func values(
        of parameter: Parameter<S>, _ range: Range<Int>, gradient g: UnsafeMutablePointer<S>
    ) -> UpdatedValues<S> {
        let isOfRule = type(of: optimizer.rule).weightDecayForm == .ofRule
        return UpdatedValues(
            count: range.count, p: parameter.value.base + range.lowerBound, g: g,
            decay: isOfRule && decays(parameter) ? optimizer.weightDecay : 0, parameter: parameter,
            start: range.lowerBound)
    }

    /// Turns gradients into those that the rule is given: clipped, with the weight decay that is coupled.
    private func adjustGradients(_ values: UpdatedValues<S>) {
        let p = values.p, g = values.g
        if gradientFactor != 1 {
            for i in 0..<values.count { g[i] *= gradientFactor }
        }
        if decays(values.parameter), type(of: optimizer.rule).weightDecayForm == .coupled {
            let decay = S(optimizer.weightDecay)
            for i in 0..<values.count { g[i] += decay * p[i] }
        }
    }

    private func decays(_ parameter: Parameter<S>) -> Bool {
        optimizer.weightDecay != 0 && !optimizer.decayExcluded.contains(parameter.kind)
    }
}
