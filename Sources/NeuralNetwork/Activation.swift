import Matrices

/// An activation function, applied to every element of a layer's preactivation y (N x H): a = f(y).
package enum Activation: String, CaseIterable, Sendable {
    case identity
    case relu
    case leakyReLU = "leaky_relu"
    case sigmoid
    case tanh

    /// The slope of leaky ReLU where y <= 0. Source: Maas, Hannun & Ng, "Rectifier nonlinearities improve neural network acoustic
    /// models", 2013; PyTorch's default.
    package static let leakySlope = 0.01

    /// Whether an output lies where the function is flat: sigmoid outside 0.05 to 0.95, tanh outside -0.9 to 0.9, the negative side
    /// of the ReLU family. Nil for the identity, which is flat nowhere.
    package func isSaturated(output: Double) -> Bool? {
        switch self {
        case .identity: nil
        case .relu: output == 0
        case .leakyReLU: output < 0
        case .sigmoid: output < 0.05 || output > 0.95
        case .tanh: output < -0.9 || output > 0.9
        }
    }
}

/// a = f(y), overwritten. y and a are N x H.
func activate<S: Scalar>(_ activation: Activation, _ y: Matrix<S>, into a: Matrix<S>) {
    precondition(y.rows == a.rows && y.columns == a.columns)
    switch activation {
    case .identity: map(y, a) { $0 }
    case .relu: map(y, a) { $0 <= 0 ? 0 : $0 }  // so written that not-a-number stays
    case .leakyReLU:
        let slope = S(Activation.leakySlope)
        map(y, a) { $0 > 0 ? $0 : slope * $0 }
    case .sigmoid: map(y, a) { S.sigmoid($0) }
    case .tanh: map(y, a) { S.hyperbolicTangent($0) }
    }
}

/// dL/dy = dL/da f'(y), in place: `gradient` holds dL/da before and dL/dy after. a = f(y); all are N x H.
///
/// ReLU's derivative at 0 is taken as 0, as PyTorch does.
func activateBackward<S: Scalar>(_ activation: Activation, a: Matrix<S>, gradient: Matrix<S>) {
    precondition(a.rows == gradient.rows && a.columns == gradient.columns)
    switch activation {
    case .identity: break
    case .relu: update(gradient, a) { g, a in a > 0 ? g : 0 }
    case .leakyReLU:
        let slope = S(Activation.leakySlope)
        update(gradient, a) { g, a in a > 0 ? g : slope * g }  // the slope is positive, so a > 0 exactly where y > 0
    case .sigmoid: update(gradient, a) { g, a in g * a * (1 - a) }
    case .tanh: update(gradient, a) { g, a in g * (1 - a * a) }
    }
}

func map<S: Scalar>(_ source: Matrix<S>, _ target: Matrix<S>, _ function: (S) -> S) {
    let x = source.base, y = target.base
    for index in 0..<source.count { y[index] = function(x[index]) }
}

func update<S: Scalar>(_ target: Matrix<S>, _ other: Matrix<S>, _ function: (S, S) -> S) {
    let x = target.base, y = other.base
    for index in 0..<target.count { x[index] = function(x[index], y[index]) }
}
