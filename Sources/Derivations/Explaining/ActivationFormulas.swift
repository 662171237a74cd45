import NeuralNetwork

extension Activation {
    /// Equation (6): the function of y_ij.
    var formula: String {
        switch self {
        case .identity: "y_{ij}"
        case .relu: #"\max(0, y_{ij})"#
        case .leakyReLU: #"y_{ij} \, ([\, y_{ij} > 0 \,] + 0.01 \, [\, y_{ij} \le 0 \,])"#
        case .sigmoid: "1 / (1 + e^{-y_{ij}})"
        case .tanh: #"\tanh(y_{ij})"#
        case .elu: #"y_{ij} \, [\, y_{ij} > 0 \,] + (e^{y_{ij}} - 1) \, [\, y_{ij} \le 0 \,]"#
        case .gelu: #"y_{ij} \, \Phi(y_{ij})"#
        case .geluTanh:
            #"\frac{1}{2} y_{ij} \, (1 + \tanh((2/\pi)^{1/2} (y_{ij} + 0.044715 \, y_{ij}^3)))"#
        case .silu: "y_{ij} / (1 + e^{-y_{ij}})"
        case .selu: #"\lambda \, (y_{ij} \, [\, y_{ij} > 0 \,] + \alpha (e^{y_{ij}} - 1) \, [\, y_{ij} \le 0 \,])"#
        }
    }

    /// The slope of (6), which (7) multiplies dL/da_ij by.
    var slopeFormula: String {
        switch self {
        case .identity: #"\cdot 1"#
        case .relu: #"[\, y_{ij} > 0 \,]"#
        case .leakyReLU: #"([\, y_{ij} > 0 \,] + 0.01 \, [\, y_{ij} \le 0 \,])"#
        case .sigmoid: #"a_{ij} \, (1 - a_{ij})"#
        case .tanh: "(1 - a_{ij}^2)"
        case .elu: #"([\, y_{ij} > 0 \,] + (a_{ij} + 1) \, [\, y_{ij} \le 0 \,])"#
        case .gelu: #"(\Phi(y_{ij}) + y_{ij} \, \varphi(y_{ij}))"#
        case .geluTanh: "f'(y_{ij})"
        case .silu: #"\sigma(y_{ij}) (1 + y_{ij} (1 - \sigma(y_{ij})))"#
        case .selu: #"(\lambda \, [\, y_{ij} > 0 \,] + (a_{ij} + \lambda \alpha) \, [\, y_{ij} \le 0 \,])"#
        }
    }

    /// What letters of the two formulas mean, and what is taken at a kink.
    var remark: String? {
        switch self {
        case .leakyReLU, .elu:
            "The bracket is 1 where it is true, else 0; at 0 itself the slope is that of y ≤ 0."
        case .gelu: "Φ is the standard normal distribution function, φ its density."
        case .silu: "σ(y) = 1 / (1 + e^(-y)) is the logistic function here."
        case .selu:
            "The bracket is 1 where it is true, else 0; at 0 itself the slope is that of y ≤ 0. λ = 1.0507 and α = "
                + "1.6733."
        case .identity: "There is no activation function."
        case .relu, .sigmoid, .tanh, .geluTanh: nil
        }
    }

    /// What the slope's formula means where (6) has not said it.
    var slopeRemark: String? {
        self == .relu ? "The bracket is 1 where it is true, else 0; at 0 itself the slope is 0." : nil
    }
}
