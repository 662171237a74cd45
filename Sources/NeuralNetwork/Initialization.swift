import Keys
import Support

/// How weights (D inputs x H outputs) start, drawn from the seed.
///
/// Biases start at 0 in all kinds but PyTorch's.
package struct Initialization: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// Normal with standard deviation sqrt(2 / D).
        ///
        /// Source: He et al. 2015, equation 10.
        case he
        /// Uniform with the same standard deviation: within sqrt(6 / D).
        case heUniform
        /// Normal with standard deviation sqrt(2 / (D + H)).
        ///
        /// Source: Glorot & Bengio 2010, equation 12.
        case xavier
        /// Uniform with the same standard deviation, within sqrt(6 / (D + H)): equation 16 there.
        case glorotUniform
        /// Normal with standard deviation sqrt(1 / D).
        ///
        /// Source: LeCun et al., "Efficient BackProp", 1998, equation 16.
        case lecun
        /// Uniform within sqrt(1 / D), weights and biases, which makes the standard deviation sqrt(1 / (3 D)).
        ///
        /// What PyTorch's `Linear` starts with.
        case pytorch
        case normal(standardDeviation: Double)
        /// Orthonormal columns, or rows where D < H.
        ///
        /// Source: Saxe, McClelland & Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in deep
        /// linear neural networks".
        case orthogonal
        case zeros
    }
    package var kind: Kind
    /// What multiplies the weights, of all layers or of each with the output layer; nil is 1.
    package var gain: PerLayer<Double>?

    package init(_ kind: Kind, gain: PerLayer<Double>? = nil) {
        self.kind = kind
        self.gain = gain
    }

    package static let he = Initialization(.he)
    package static let xavier = Initialization(.xavier)
    package static let lecun = Initialization(.lecun)
    package static let orthogonal = Initialization(.orthogonal)
    package static let zeros = Initialization(.zeros)
    package static func normal(standardDeviation: Double) -> Initialization {
        Initialization(.normal(standardDeviation: standardDeviation))
    }

    /// The standard deviation of the weights before the gain; 1 stands for orthonormal ones.
    package func standardDeviation(inputs: Int, outputs: Int) -> Double {
        switch kind {
        case .he, .heUniform: (2 / Double(inputs)).squareRoot()
        case .xavier, .glorotUniform: (2 / Double(inputs + outputs)).squareRoot()
        case .lecun: (1 / Double(inputs)).squareRoot()
        case .pytorch: (1 / Double(3 * inputs)).squareRoot()
        case .normal(let standardDeviation): standardDeviation
        case .orthogonal: 1
        case .zeros: 0
        }
    }

    /// Fills the weight and the bias of layer `layer`, which are 0 before.
    ///
    /// Values are computed in Double and rounded, so that both precisions start from one network.
    /// - Parameter scale: what multiplies both beside the gain.
    func fill<S: Scalar>(_ weight: Matrix<S>, bias: Matrix<S>?, seed: UInt64, layer: Int, scale: Double) {
        let gain = scale * (self.gain.map { $0.values(layer + 1)[layer] } ?? 1)
        let deviation = standardDeviation(inputs: weight.rows, outputs: weight.columns)
        var stream = RandomStream(seed: seed, purpose: .initialization, index: layer)
        switch kind {
        case .zeros: break
        case .orthogonal: fillOrthogonal(weight, gain: gain, &stream)
        case .he, .xavier, .lecun, .normal: fillNormal(weight, deviation: gain * deviation, &stream)
        case .heUniform, .glorotUniform, .pytorch:
            // Uniform within b has the standard deviation b / sqrt(3).
            fillUniform(weight, bound: gain * deviation * 3.0.squareRoot(), &stream)
            if kind == .pytorch, let bias { fillUniform(bias, bound: scale * deviation * 3.0.squareRoot(), &stream) }
        }
    }
}

extension Initialization {
    package static let form: Form<Initialization> = .kinds([
        kind("he", "Normal, standard deviation sqrt(2 / inputs).", .he),
        kind("he_uniform", "Uniform within sqrt(6 / inputs).", .heUniform),
        kind("xavier", "Normal, standard deviation sqrt(2 / (inputs + outputs)).", .xavier),
        kind("glorot_uniform", "Uniform within sqrt(6 / (inputs + outputs)).", .glorotUniform),
        kind("lecun", "Normal, standard deviation sqrt(1 / inputs).", .lecun),
        kind("pytorch", "Uniform within sqrt(1 / inputs), weights and biases, as PyTorch's Linear.", .pytorch),
        KindForm("normal", "A standard deviation of your own.") { keys throws(ConfigError) in
            .normal(
                standardDeviation: try keys.required("standard_deviation", .number(.positive), "Of every weight."))
        },
        kind("orthogonal", "Orthonormal columns or rows (Saxe et al. 2014).", .orthogonal),
        KindForm("zeros", "All weights 0.") { _ in .zeros },
    ])

    private static func kind(_ name: String, _ documentation: String, _ kind: Kind) -> KindForm<Initialization> {
        KindForm(name, documentation) { keys throws(ConfigError) in
            Initialization(
                kind,
                gain: try keys.optional(
                    "gain", PerLayer.form(.number(.positive)), "1",
                    "What multiplies the weights; one, or one per layer with the output layer."))
        }
    }
}

private func fillNormal<S: Scalar>(_ weight: Matrix<S>, deviation: Double, _ stream: inout RandomStream) {
    let values = weight.elements
    var i = 0
    while i < values.count {
        let (first, second) = stream.nextNormalPair()
        values[i] = S(deviation * first)
        if i + 1 < values.count { values[i + 1] = S(deviation * second) }
        i += 2
    }
}

private func fillUniform<S: Scalar>(_ values: Matrix<S>, bound: Double, _ stream: inout RandomStream) {
    for i in 0..<values.count { values.base[i] = S(bound * (2 * stream.nextUniform() - 1)) }
}

/// Orthonormalizes normal vectors, the columns or rows of `weight`, whichever are fewer, by Gram & Schmidt, twice for
/// rounding, and multiplies them by the gain.
private func fillOrthogonal<S: Scalar>(_ weight: Matrix<S>, gain: Double, _ stream: inout RandomStream) {
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
            let value = S(gain * vector[j])
            if areColumns { weight[j, i] = value } else { weight[i, j] = value }
        }
    }
}
