import NeuralNetwork

/// Targets that a random multilayer perceptron, the teacher, gives to normal inputs x ~ N(0, I).
///
/// h_0 = x, h_l = max(0, W_l h_(l-1)) with W_l ~ N(0, 2 / fan-in), and o = W h_L with W ~ N(0, 1 / fan-in); biases are
/// 0. Each output is standardized, by its mean and its standard deviation over 4,096 inputs that are in no split, and
/// noise * z is added. The label is the number of the largest output, the values are the outputs themselves. Classes
/// are about, not exactly, equally frequent. A student of at least the teacher's size can represent the targets.
///
/// Source: Saad & Solla, "On-line learning in soft committee machines", Physical Review E 52, 1995, for the setting;
/// He et al. 2015, equation 10, for the weights.
package struct Teacher: SyntheticRecipe {
    package static let kind = "teacher"
    package let featureCount: Int
    package let targets: SyntheticTargets
    private let width: Int
    private let depth: Int
    private let noise: Double
    /// The weights of each layer, a row for each of its outputs.
    private let layers: [[[Double]]]
    private var mean: [Double]
    private var inverseDeviation: [Double]

    /// - Parameters:
    ///   - targets: labels of that many classes, or that many values.
    ///   - width: the units of each of `depth` hidden layers; a teacher of depth 0 is linear.
    package init(
        features: Int, targets: SyntheticTargets, width: Int, depth: Int, noise: Double, seed: UInt64
    ) {
        featureCount = features
        (self.targets, self.width, self.depth, self.noise) = (targets, width, depth, noise)
        let outputCount: Int
        switch targets {
        case .classes(let count), .values(let count): outputCount = count
        }
        let sizes = [features] + Array(repeating: width, count: depth) + [outputCount]
        var stream = SyntheticStream.parameters(seed: seed)
        layers = (1..<sizes.count).map { layer in
            let scale = ((layer == sizes.count - 1 ? 1 : 2) / Double(sizes[layer - 1])).squareRoot()
            return (0..<sizes[layer]).map { _ in stream.normals(sizes[layer - 1]).map { scale * $0 } }
        }
        mean = Array(repeating: 0, count: outputCount)
        inverseDeviation = Array(repeating: 1, count: outputCount)
        let probed = (0..<4096).map { row in
            var stream = SyntheticStream.row(row, split: 3, seed: seed)
            return outputs(of: stream.normals(features))
        }
        for output in 0..<outputCount {
            let values = probed.map { $0[output] }, count = Double(values.count)
            let center = values.reduce(0, +) / count
            let variance = values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / count
            mean[output] = center
            inverseDeviation[output] = variance > 0 ? 1 / variance.squareRoot() : 1
        }
    }

    package var options: [(name: String, value: AttributeValue)] {
        let count: Int, areValues: Bool
        switch targets {
        case .classes(let classes): (count, areValues) = (classes, false)
        case .values(let values): (count, areValues) = (values, true)
        }
        return [
            ("features", .integer(Int64(featureCount))), ("classes", .integer(Int64(count))),
            ("values", .integer(areValues ? 1 : 0)), ("width", .integer(Int64(width))),
            ("depth", .integer(Int64(depth))), ("noise", .real(noise)),
        ]
    }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        inputs = stream.normals(featureCount)
        // The student sees inputs that are rounded to float32; so does the teacher.
        for index in inputs.indices { inputs[index] = Double(Float(inputs[index])) }
        var outputs = outputs(of: inputs)
        for index in outputs.indices { outputs[index] = (outputs[index] - mean[index]) * inverseDeviation[index] }
        stream.addNormals(noise, to: &outputs)
        if case .values = targets { return .values(outputs) }
        return .label(outputs.indices.max { outputs[$0] < outputs[$1] } ?? 0)
    }

    private func outputs(of inputs: [Double]) -> [Double] {
        var values = inputs
        for (index, weights) in layers.enumerated() {
            let isHidden = index < layers.count - 1
            values = weights.map { row in
                let sum = dot(row, values)
                return isHidden ? max(0, sum) : sum
            }
        }
        return values
    }
}

/// Returns the sum of the products of two lists of the same length.
func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in 0..<min(a.count, b.count) { sum += a[index] * b[index] }
    return sum
}
