import NeuralNetwork

/// Whether an even or an odd number of the first bits of a row is 1; XOR is 2 bits.
///
/// Every feature is a bit b in {0, 1}, stored as 2b - 1 + noise * z with z ~ N(0, I); the label is the sum of the first
/// `bits` of them, modulo 2. No feature alone, and no smaller set of them, tells anything of the label. Features behind
/// the bits are distractors.
///
/// Source: Minsky & Papert, "Perceptrons", 1969, chapter 3; learned by Rumelhart, Hinton & Williams 1986.
package struct Parity: SyntheticRecipe {
    package static let kind = "parity"
    package let featureCount: Int
    private let bitCount: Int
    private let noise: Double

    /// - Parameter bits: at most `features`.
    package init(features: Int, bits: Int, noise: Double) {
        precondition(bits <= features, "\(bits) bits do not fit into \(features) features")
        (featureCount, bitCount, self.noise) = (features, bits, noise)
    }

    package var targets: SyntheticTargets { .classes(2) }
    package var options: [(name: String, value: AttributeValue)] {
        [
            ("features", .integer(Int64(featureCount))), ("bits", .integer(Int64(bitCount))), ("noise", .real(noise)),
        ]
    }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        var sum = 0
        for index in 0..<featureCount {
            var bit = Int(stream.nextWord() >> 31)
            // The last bit makes the label that of the row's turn, so that both are equally frequent.
            if index == bitCount - 1 { bit = (sum + row) % 2 }
            if index < bitCount { sum += bit }
            inputs[index] = Double(2 * bit - 1)
        }
        stream.addNormals(noise, to: &inputs)
        return .label(sum % 2)
    }
}
