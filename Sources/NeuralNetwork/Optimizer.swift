/// How gradients become updates.
///
/// The equations are PyTorch's.
package struct Optimizer: Equatable, Sendable {
    package enum Rule: Equatable, Sendable {
        /// v = momentum v + g;  p -= rate v, or with Nesterov's form p -= rate (g + momentum v).
        ///
        /// v starts at 0. Source: Sutskever et al., "On the importance of initialization and momentum in deep
        /// learning", 2013, in PyTorch's form.
        case sgd(momentum: Double, nesterov: Bool)
        /// s = decay s + (1 - decay) g^2;  d = g / (sqrt(s) + epsilon);  p -= rate d, or with momentum v = momentum v +
        /// d;  p -= rate v.
        ///
        /// Source: Tieleman & Hinton, Coursera lecture 6.5, 2012.
        case rmsprop(decay: Double, epsilon: Double, momentum: Double)
        /// m = beta1 m + (1 - beta1) g;  s = beta2 s + (1 - beta2) g^2; p -= rate / (1 - beta1^t) m / (sqrt(s) / sqrt(1
        /// - beta2^t) + epsilon), t = 1 at the first update.
        ///
        /// Source: Kingma & Ba 2015, algorithm 1.
        case adam(beta1: Double, beta2: Double, epsilon: Double)
        /// s = s + g^2;  p -= rate / (1 + (t - 1) rateDecay) g / (sqrt(s) + epsilon).
        ///
        /// Source: Duchi, Hazan & Singer 2011, "Adaptive subgradient methods", in PyTorch's form.
        case adagrad(rateDecay: Double, epsilon: Double)

        /// How many values are kept for each parameter value between updates.
        package var stateCount: Int {
            switch self {
            case .sgd(let momentum, _): momentum == 0 ? 0 : 1
            case .rmsprop(_, _, let momentum): momentum == 0 ? 1 : 2
            case .adam: 2
            case .adagrad: 1
            }
        }
    }
    package var rule: Rule
    /// lambda: the gradient becomes g + lambda p; where it is decoupled, p is first multiplied by 1 - rate lambda.
    ///
    /// Source of the decoupled form: Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2.
    package var weightDecay: Double
    package var isDecayDecoupled: Bool
    package var decayExcluded: Set<ParameterKind>
    /// All gradients are multiplied by min(1, clip / (norm + 1e-6)), norm that of all of them together.
    ///
    /// Source: Pascanu, Mikolov & Bengio 2013, "On the difficulty of training recurrent neural networks", section 3.2.
    package var clipGradientNorm: Double?

    package init(
        _ rule: Rule = .sgd(momentum: 0, nesterov: false), weightDecay: Double = 0, isDecayDecoupled: Bool = false,
        decayExcluded: Set<ParameterKind> = [], clipGradientNorm: Double? = nil
    ) {
        self.rule = rule
        self.weightDecay = weightDecay
        self.isDecayDecoupled = isDecayDecoupled
        self.decayExcluded = decayExcluded
        self.clipGradientNorm = clipGradientNorm
    }

    package var stateCount: Int { rule.stateCount }

    /// The factor that clipping multiplies gradients by, whose norm together is `norm`.
    func clipFactor(norm: Double) -> Double {
        guard let clipGradientNorm else { return 1 }
        return min(1, clipGradientNorm / (norm + 1e-6))
    }
}

/// Update number `t` (from 1), ready to be applied to any values of any parameter.
struct Update<S: Scalar> {
    private let optimizer: Optimizer
    private let rate: Double
    private let gradientFactor: S
    /// Factors of this rule at this step; see `Optimizer.Rule`.
    private let stepSize: S
    private let rootCorrection: S

    /// All gradients are multiplied by `gradientFactor` first.
    init(_ optimizer: Optimizer, rate: Double, t: Int, gradientFactor: Double = 1) {
        self.optimizer = optimizer
        self.rate = rate
        self.gradientFactor = S(gradientFactor)
        switch optimizer.rule {
        case .adam(let beta1, let beta2, _):
            stepSize = S(rate) / S(1 - power(beta1, t))
            rootCorrection = 1 / S((1 - power(beta2, t)).squareRoot())
        case .adagrad(let rateDecay, _):
            stepSize = S(rate / (1 + Double(t - 1) * rateDecay))
            rootCorrection = 1
        case .sgd, .rmsprop:
            stepSize = S(rate)
            rootCorrection = 1
        }
    }

    /// Updates the values of `range` in place; their gradients are `gradient`, the first one that of the first value.
    ///
    /// With clipping or weight decay the gradients are overwritten with those applied. Every value's update is the same
    /// bits however they are divided.
    func apply(to parameter: Parameter<S>, _ range: Range<Int>, gradient g: UnsafeMutablePointer<S>) {
        let count = range.count, p = parameter.value.base + range.lowerBound
        if gradientFactor != 1 {
            for i in 0..<count { g[i] *= gradientFactor }
        }
        if optimizer.weightDecay != 0, !optimizer.decayExcluded.contains(parameter.kind) {
            if optimizer.isDecayDecoupled {
                let kept = S(1 - rate * optimizer.weightDecay)
                for i in 0..<count { p[i] *= kept }
            } else {
                let decay = S(optimizer.weightDecay)
                for i in 0..<count { g[i] += decay * p[i] }
            }
        }
        applyRule(p, g, count, state: { parameter.state[$0].base + range.lowerBound })
    }

    @inline(__always)
    private func applyRule(
        _ p: UnsafeMutablePointer<S>, _ g: UnsafeMutablePointer<S>, _ count: Int,
        state: (Int) -> UnsafeMutablePointer<S>
    ) {
        let stepSize = stepSize
        switch optimizer.rule {
        case .sgd(let momentum, let nesterov):
            guard momentum != 0 else {
                for i in 0..<count { p[i] -= stepSize * g[i] }
                return
            }
            let v = state(0), momentum = S(momentum)
            if nesterov {
                for i in 0..<count {
                    v[i] = momentum * v[i] + g[i]
                    p[i] -= stepSize * (g[i] + momentum * v[i])
                }
            } else {
                for i in 0..<count {
                    v[i] = momentum * v[i] + g[i]
                    p[i] -= stepSize * v[i]
                }
            }
        case .rmsprop(let decay, let epsilon, let momentum):
            let s = state(0)
            let new = S(1 - decay), decay = S(decay), epsilon = S(epsilon)  // 1 - decay is exact enough in Double only
            guard momentum != 0 else {
                for i in 0..<count {
                    s[i] = decay * s[i] + new * g[i] * g[i]
                    p[i] -= stepSize * (g[i] / (S.root(s[i]) + epsilon))
                }
                return
            }
            let v = state(1), keep = S(momentum)
            for i in 0..<count {
                s[i] = decay * s[i] + new * g[i] * g[i]
                v[i] = keep * v[i] + g[i] / (S.root(s[i]) + epsilon)
                p[i] -= stepSize * v[i]
            }
        case .adam(let beta1, let beta2, let epsilon):
            let m = state(0), s = state(1), rootCorrection = rootCorrection
            let new1 = S(1 - beta1), new2 = S(1 - beta2), beta1 = S(beta1), beta2 = S(beta2), epsilon = S(epsilon)
            for i in 0..<count {
                m[i] = beta1 * m[i] + new1 * g[i]
                s[i] = beta2 * s[i] + new2 * g[i] * g[i]
                p[i] -= stepSize * m[i] / (S.root(s[i]) * rootCorrection + epsilon)
            }
        case .adagrad(_, let epsilon):
            let s = state(0), epsilon = S(epsilon)
            for i in 0..<count {
                s[i] += g[i] * g[i]
                p[i] -= stepSize * (g[i] / (S.root(s[i]) + epsilon))
            }
        }
    }
}

/// base^exponent by repeated squaring: the same bits on every machine.
private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0, square = base, rest = exponent
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}
