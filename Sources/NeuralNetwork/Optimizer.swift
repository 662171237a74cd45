import Matrices

/// A rule that turns gradients into updates. The equations are PyTorch's.
package enum Optimizer: Equatable, Sendable {
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

    /// How many values are kept for each parameter value between updates.
    package var stateCount: Int {
        switch self {
        case .sgd(let momentum, _): momentum == 0 ? 0 : 1
        case .rmsprop(_, _, let momentum): momentum == 0 ? 1 : 2
        case .adam: 2
        }
    }

    /// Applies update number `t` (from 1) to one parameter in place. Its gradient is read, its state updated.
    func update<S: Scalar>(_ parameter: Parameter<S>, rate: Double, t: Int) {
        let count = parameter.value.count
        let p = parameter.value.base, g = parameter.gradient.base
        let rate = S(rate)
        switch self {
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
            let decay = S(decay), epsilon = S(epsilon), new = 1 - decay
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
            let beta1 = S(beta1), beta2 = S(beta2), epsilon = S(epsilon), new1 = 1 - beta1, new2 = 1 - beta2
            for i in 0..<count {
                m[i] = beta1 * m[i] + new1 * g[i]
                s[i] = beta2 * s[i] + new2 * g[i] * g[i]
                p[i] -= stepSize * m[i] / (s[i].squareRoot() * rootCorrection + epsilon)
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
