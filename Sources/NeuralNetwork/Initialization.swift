import Keys
import Support

/// How weights (D x H) start.
///
/// All but the orthogonal ones are normal with mean 0 and the standard deviation below, untruncated. Biases start at 0.
package enum Initialization: Equatable, Sendable {
    /// sqrt(2 / D).
    ///
    /// Source: He et al. 2015, equation 10.
    case he
    /// sqrt(2 / (D + H)).
    ///
    /// Source: Glorot & Bengio 2010, equation 12.
    case xavier
    /// sqrt(1 / D).
    ///
    /// Source: LeCun et al., "Efficient BackProp", 1998, equation 16.
    case lecun
    case normal(standardDeviation: Double)
    /// Orthonormal columns, or rows where D < H.
    ///
    /// Source: Saxe, McClelland & Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear
    /// neural networks".
    case orthogonal
    case zeros

    package func standardDeviation(inputs: Int, outputs: Int) -> Double {
        switch self {
        case .he: (2 / Double(inputs)).squareRoot()
        case .xavier: (2 / Double(inputs + outputs)).squareRoot()
        case .lecun: (1 / Double(inputs)).squareRoot()
        case .normal(let standardDeviation): standardDeviation
        case .orthogonal: 1
        case .zeros: 0
        }
    }

    /// Fills the weight of layer `layer`.
    ///
    /// Values are computed in Double and rounded, so that both precisions start from one network.
    func fill<S: Scalar>(_ weight: Matrix<S>, seed: UInt64, layer: Int) {
        let deviation = standardDeviation(inputs: weight.rows, outputs: weight.columns)
        guard deviation > 0 else { return }
        var stream = RandomStream(seed: seed, purpose: .initialization, index: layer)
        if self == .orthogonal { return fillOrthogonal(weight, &stream) }
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

extension Initialization {
    package static let form: Form<Initialization> = .kinds([
        KindForm("he", "Standard deviation sqrt(2 / inputs).") { _ in .he },
        KindForm("xavier", "Standard deviation sqrt(2 / (inputs + outputs)).") { _ in .xavier },
        KindForm("lecun", "Standard deviation sqrt(1 / inputs).") { _ in .lecun },
        KindForm("normal", "A standard deviation of your own.") { keys throws(ConfigError) in
            .normal(
                standardDeviation: try keys.required("standard_deviation", .number(.positive), "Of every weight."))
        },
        KindForm("orthogonal", "Orthonormal columns or rows (Saxe et al. 2014).") { _ in .orthogonal },
        KindForm("zeros", "All weights 0.") { _ in .zeros },
    ])
}

/// Orthonormalizes normal vectors, the columns or rows of `weight`, whichever are fewer, by Gram & Schmidt, twice for
/// rounding.
private func fillOrthogonal<S: Scalar>(_ weight: Matrix<S>, _ stream: inout RandomStream) {
    let areColumns = weight.columns <= weight.rows
    let count = min(weight.rows, weight.columns), length = max(weight.rows, weight.columns)
    let vectors = Matrix<Double>(rows: count, columns: length)
    for i in 0..<count {
        let vector = vectors.base + i * length
        for j in 0..<length { vector[j] = stream.nextNormalPair().0 }
        for _ in 0..<2 {
            for k in 0..<i {
                let other = vectors.base + k * length
                let projection = sum(count: length) { vector[$0] * other[$0] }
                for j in 0..<length { vector[j] -= projection * other[j] }
            }
        }
        let scale = 1 / sumOfSquares(count: length) { vector[$0] }.squareRoot()
        for j in 0..<length { vector[j] *= scale }
        for j in 0..<length {
            if areColumns { weight[j, i] = S(vector[j]) } else { weight[i, j] = S(vector[j]) }
        }
    }
}
