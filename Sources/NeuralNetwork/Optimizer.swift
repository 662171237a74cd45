import Matrices

/// How gradients become updates. The equations are PyTorch's.
package struct Optimizer: Equatable, Sendable {
    package enum Rule: Equatable, Sendable {
        /// v = momentum v + g;  p -= rate v, or with Nesterov's form p -= rate (g + momentum v). v starts at 0.
        /// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, in PyTorch's form.
        case sgd(momentum: Double, nesterov: Bool)
        /// s = decay s + (1 - decay) g^2;  d = g / (sqrt(s) + epsilon);  p -= rate d, or with momentum v = momentum v + d;  p -= rate v.
        /// Source: Tieleman & Hinton, Coursera lecture 6.5, 2012.
        case rmsprop(decay: Double, epsilon: Double, momentum: Double)
        /// m = beta1 m + (1 - beta1) g;  s = beta2 s + (1 - beta2) g^2;
        /// p -= rate / (1 - beta1^t) m / (sqrt(s) / sqrt(1 - beta2^t) + epsilon), t = 1 at the first update.
        /// Source: Kingma & Ba 2015, algorithm 1.
        case adam(beta1: Double, beta2: Double, epsilon: Double)
        /// s = s + g^2;  p -= rate / (1 + (t - 1) rateDecay) g / (sqrt(s) + epsilon).
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
    /// Source of the decoupled form: Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2.
    package var weightDecay: Double
    package var isDecayDecoupled: Bool
    package var decayExcluded: Set<ParameterKind>
    /// All gradients are multiplied by min(1, clip / (norm + 1e-6)), norm that of all of them together.
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

    /// Applies update number `t` (from 1) to one parameter in place, its gradient times `gradientFactor`. With clipping or weight decay the
    /// gradient is overwritten with the one applied; the optimizer's state is updated.
    func update<S: Scalar>(_ parameter: Parameter<S>, rate: Double, t: Int, gradientFactor: Double = 1) {
        let count = parameter.value.count
        let p = parameter.value.base, g = parameter.gradient.base
        if gradientFactor != 1 {
            let factor = S(gradientFactor)
            for i in 0..<count { g[i] *= factor }
        }
        if weightDecay != 0, !decayExcluded.contains(parameter.kind) {
            if isDecayDecoupled {
                let kept = S(1 - rate * weightDecay)
                for i in 0..<count { p[i] *= kept }
            } else {
                let decay = S(weightDecay)
                for i in 0..<count { g[i] += decay * p[i] }
            }
        }
        apply(parameter, rate: rate, t: t)
    }

    private func apply<S: Scalar>(_ parameter: Parameter<S>, rate fullRate: Double, t: Int) {
        let count = parameter.value.count
        let p = parameter.value.base, g = parameter.gradient.base
        let rate = S(fullRate)
        switch rule {
        case .sgd(let momentum, let nesterov):
            guard let v = parameter.state.first?.base else {
                for i in 0..<count { p[i] -= rate * g[i] }
                return
            }
            let momentum = S(momentum)
            if nesterov {
                for i in 0..<count {
                    v[i] = momentum * v[i] + g[i]
                    p[i] -= rate * (g[i] + momentum * v[i])
                }
            } else {
                for i in 0..<count {
                    v[i] = momentum * v[i] + g[i]
                    p[i] -= rate * v[i]
                }
            }
        case .rmsprop(let decay, let epsilon, let momentum):
            let s = parameter.state[0].base
            let new = S(1 - decay), decay = S(decay), epsilon = S(epsilon)  // 1 - decay is exact enough in Double only
            guard momentum != 0 else {
                for i in 0..<count {
                    s[i] = decay * s[i] + new * g[i] * g[i]
                    p[i] -= rate * (g[i] / (s[i].squareRoot() + epsilon))
                }
                return
            }
            let v = parameter.state[1].base
            let keep = S(momentum)
            for i in 0..<count {
                s[i] = decay * s[i] + new * g[i] * g[i]
                v[i] = keep * v[i] + g[i] / (s[i].squareRoot() + epsilon)
                p[i] -= rate * v[i]
            }
        case .adam(let beta1, let beta2, let epsilon):
            let m = parameter.state[0].base, s = parameter.state[1].base
            let stepSize = rate / S(1 - power(beta1, t))
            let rootCorrection = 1 / S((1 - power(beta2, t)).squareRoot())
            let new1 = S(1 - beta1), new2 = S(1 - beta2), beta1 = S(beta1), beta2 = S(beta2), epsilon = S(epsilon)
            for i in 0..<count {
                m[i] = beta1 * m[i] + new1 * g[i]
                s[i] = beta2 * s[i] + new2 * g[i] * g[i]
                p[i] -= stepSize * m[i] / (s[i].squareRoot() * rootCorrection + epsilon)
            }
        case .adagrad(let rateDecay, let epsilon):
            let s = parameter.state[0].base
            let decayed = S(fullRate / (1 + Double(t - 1) * rateDecay)), epsilon = S(epsilon)
            for i in 0..<count {
                s[i] += g[i] * g[i]
                p[i] -= decayed * (g[i] / (s[i].squareRoot() + epsilon))
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
}
