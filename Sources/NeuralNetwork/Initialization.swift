import Matrices

/// How weights (D x H) start: normal with mean 0 and the standard deviation below, untruncated. Biases start at 0.
package enum Initialization: Equatable, Sendable {
    /// sqrt(2 / D). Source: He et al. 2015, equation 10.
    case he
    /// sqrt(2 / (D + H)). Source: Glorot & Bengio 2010, equation 12.
    case xavier
    /// sqrt(1 / D). Source: LeCun et al., "Efficient BackProp", 1998, equation 16.
    case lecun
    case normal(standardDeviation: Double)
    case zeros

    package func standardDeviation(inputs: Int, outputs: Int) -> Double {
        switch self {
        case .he: (2 / Double(inputs)).squareRoot()
        case .xavier: (2 / Double(inputs + outputs)).squareRoot()
        case .lecun: (1 / Double(inputs)).squareRoot()
        case .normal(let standardDeviation): standardDeviation
        case .zeros: 0
        }
    }

    /// Fills the weight of layer `layer`. Values are drawn in Double and rounded, so that both precisions start from one network.
    func fill<S: Scalar>(_ weight: Matrix<S>, seed: UInt64, layer: Int) {
        let deviation = standardDeviation(inputs: weight.rows, outputs: weight.columns)
        guard deviation > 0 else { return }
        var stream = RandomStream(seed: seed, purpose: .initialization, index: layer)
        let values = weight.elements
        var i = 0
        while i < values.count {
            let (first, second) = stream.nextNormalPair()
            values[i] = S(deviation * first)
            if i + 1 < values.count { values[i + 1] = S(deviation * second) }
            i += 2
        }
    }
}
