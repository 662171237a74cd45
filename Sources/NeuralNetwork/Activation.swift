import Foundation

/// An activation function, applied to every element of a layer's preactivation y (N x H): a = f(y).
package enum Activation: String, CaseIterable, Sendable {
    case identity
    case relu
    case leakyReLU = "leaky_relu"
    case sigmoid
    case tanh
    case elu
    case gelu
    case geluTanh = "gelu_tanh"
    case silu
    case selu

    /// Scaled ELU's scale lambda and, below, its alpha: the values under which mean 0 and variance 1 are a fixed point
    /// of wide layers with `lecun` weights.
    ///
    /// Source: Klambauer et al. 2017, "Self-normalizing neural networks", equation 2; all digits as in the authors'
    /// code.
    static let seluScale = 1.0507009873554804934193349852946
    static let seluAlpha = 1.6732632423543772848170429916717

    /// Leaky ReLU has this slope where y <= 0.
    ///
    /// Source: Maas, Hannun & Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013; PyTorch's
    /// default.
    static let leakySlope = 0.01

    /// The outputs outside of which the function is flat: sigmoid outside 0.05 to 0.95, tanh outside -0.9 to 0.9, ReLU
    /// at 0, the rest of the ReLU family below 0.
    ///
    /// It is nil for the identity, which is flat nowhere.
    package var unsaturatedRange: (low: Double, high: Double)? {
        switch self {
        case .identity: nil
        case .relu: (Double(Float.leastNonzeroMagnitude), .infinity)
        case .leakyReLU, .elu, .gelu, .geluTanh, .silu, .selu: (0, .infinity)
        case .sigmoid: (0.05, 0.95)
        case .tanh: (-0.9, 0.9)
        }
    }

    /// Whether f(c y) = c f(y) for all c > 0.
    var isHomogeneous: Bool {
        switch self {
        case .identity, .relu, .leakyReLU: true
        case .sigmoid, .tanh, .elu, .selu, .gelu, .geluTanh, .silu: false
        }
    }

    /// The preactivation at which the first or second derivative jumps, if there is one.
    package var kink: Double? {
        switch self {
        case .relu, .leakyReLU, .elu, .selu: 0
        case .identity, .sigmoid, .tanh, .gelu, .geluTanh, .silu: nil
        }
    }
}

/// Overwrites a with the activation function of y, a = f(y): equation (6) of docs/batch-norm-gradient.md.
///
/// y and a are N x H.
func activate<S: Scalar>(_ activation: Activation, _ y: MatrixBlock<S>, into a: MatrixBlock<S>) {
    precondition(y.hasShape(of: a))
    switch activation {
    case .identity: mapElements(y, a) { $0 }
    case .relu: mapElements(y, a) { S.keep($0, if: !($0 <= 0)) }  // so written that not-a-number stays
    case .leakyReLU:
        let slope = S(Activation.leakySlope)
        mapElements(y, a) { $0 > 0 ? $0 : slope * $0 }
    case .sigmoid: mapElements(y, a) { S.sigmoid($0) }
    case .tanh: mapElements(y, a) { S.hyperbolicTangent($0) }
    case .elu: mapElements(y, a) { $0 > 0 ? $0 : S.exponentialMinusOne($0) }
    case .gelu: mapElements(y, a) { $0 * normalDistribution($0) }
    case .geluTanh: mapElements(y, a) { $0 * (1 + S.hyperbolicTangent(geluArgument($0))) / 2 }
    case .silu: mapElements(y, a) { $0 * S.sigmoid($0) }
    case .selu:
        let scale = S(Activation.seluScale), negative = S(Activation.seluScale * Activation.seluAlpha)
        mapElements(y, a) { $0 > 0 ? scale * $0 : negative * S.exponentialMinusOne($0) }
    }
}

/// Turns dL/da into dL/dy = dL/da f'(y) in place, equation (7): `gradient` holds dL/da before and dL/dy after.
///
/// The other arguments are y and a = f(y); all are N x H.
///
/// ReLU's derivative at 0 is taken as 0, as PyTorch does.
func activateBackward<S: Scalar>(
    _ activation: Activation, y: MatrixBlock<S>, a: MatrixBlock<S>, gradient: MatrixBlock<S>
) {
    precondition(y.hasShape(of: gradient) && a.hasShape(of: gradient))
    switch activation {
    case .identity: break
    case .relu: updateElements(gradient, a) { g, a in S.keep(g, if: a > 0) }
    case .leakyReLU:
        let slope = S(Activation.leakySlope)
        // The slope is positive, so a > 0 exactly where y > 0.
        updateElements(gradient, a) { g, a in a > 0 ? g : slope * g }
    case .sigmoid: updateElements(gradient, a) { g, a in g * a * (1 - a) }
    case .tanh: updateElements(gradient, a) { g, a in g * (1 - a * a) }
    case .elu: updateElements(gradient, a) { g, a in a > 0 ? g : g * (a + 1) }
    case .gelu: updateElements(gradient, y) { g, y in g * (normalDistribution(y) + y * normalDensity(y)) }
    case .geluTanh:
        updateElements(gradient, y) { g, y in
            let t = S.hyperbolicTangent(geluArgument(y))
            let slope = geluScale() * (1 + 3 * geluCubic() * y * y)
            return g * ((1 + t) / 2 + y * (1 - t * t) * slope / 2)
        }
    case .silu:
        updateElements(gradient, y) { g, y in
            let s = S.sigmoid(y)
            return g * s * (1 + y * (1 - s))
        }
    case .selu:
        let scale = S(Activation.seluScale), negative = S(Activation.seluScale * Activation.seluAlpha)
        updateElements(gradient, a) { g, a in a > 0 ? scale * g : g * (a + negative) }
    }
}

/// Adds what the curvature of the activation function adds to the derivative of (7) along a direction: `target` +=
/// dL/da f''(y) R y.
///
/// `gradient` is dL/da and `tangent` R y; all are N x H. Where the function has a kink f'' is taken as 0.
func addCurvature<S: Scalar>(
    _ activation: Activation, y: MatrixBlock<S>, a: MatrixBlock<S>, gradient: MatrixBlock<S>, tangent: MatrixBlock<S>,
    to target: MatrixBlock<S>
) {
    precondition(y.hasShape(of: target) && a.hasShape(of: target))
    precondition(gradient.hasShape(of: target) && tangent.hasShape(of: target))
    func add(_ values: MatrixBlock<S>, _ curvature: (S) -> S) {
        target.forEachRun { offset, count in
            let x = values.base + offset, g = gradient.base + offset, r = tangent.base + offset
            let sum = target.base + offset
            for index in 0..<count { sum[index] += g[index] * curvature(x[index]) * r[index] }
        }
    }
    switch activation {
    case .identity, .relu, .leakyReLU: break
    case .sigmoid: add(a) { a in a * (1 - a) * (1 - 2 * a) }
    case .tanh: add(a) { a in -2 * a * (1 - a * a) }
    case .elu: add(a) { a in a > 0 ? 0 : a + 1 }
    case .gelu: add(y) { y in normalDensity(y) * (2 - y * y) }
    case .geluTanh:
        add(y) { y in
            let t = S.hyperbolicTangent(geluArgument(y))
            let slope = geluScale() * (1 + 3 * geluCubic() * y * y), bend = 6 * geluScale() * geluCubic() * y
            return (1 - t * t) * (slope + y * (bend / 2 - t * slope * slope))
        }
    case .silu:
        add(y) { y in
            let s = S.sigmoid(y)
            return s * (1 - s) * (2 + y * (1 - 2 * s))
        }
    case .selu:
        let negative = S(Activation.seluScale * Activation.seluAlpha)
        add(a) { a in a > 0 ? 0 : a + negative }
    }
}

// GELU. Source: Hendrycks & Gimpel 2016, "Gaussian error linear units", section 2: y Phi(y), and the approximation
// y (1 + tanh(sqrt(2 / pi) (y + 0.044715 y^3))) / 2.

/// Phi(y), the standard normal distribution function.
private func normalDistribution<S: Scalar>(_ y: S) -> S { S(erfc(-Double(y) * 0.5.squareRoot()) / 2) }
/// The standard normal density.
private func normalDensity<S: Scalar>(_ y: S) -> S { S.exponential(-y * y / 2) * S(1 / (2 * Double.pi).squareRoot()) }
private func geluScale<S: Scalar>() -> S { S((2 / Double.pi).squareRoot()) }
private func geluCubic<S: Scalar>() -> S { S(0.044715) }
private func geluArgument<S: Scalar>(_ y: S) -> S { geluScale() * (y + geluCubic() * y * y * y) }
