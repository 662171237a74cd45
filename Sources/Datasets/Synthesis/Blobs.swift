import NeuralNetwork

/// Gaussian clusters, one a class: x = c_k + noise * z with z ~ N(0, I).
///
/// The centres are c_k ~ N(0, s^2 / 2D * I), so that the root mean square distance of two of them is the separation s,
/// for every number of features D. With s = 6 and noise 1 two clusters at that distance share a tail of 3 standard
/// deviations, 0.13 % of each.
///
/// Source: a mixture of Gaussians with one component a class; Bishop, "Pattern Recognition and Machine Learning", 2006,
/// section 2.3.9.
package struct Blobs: SyntheticRecipe {
    package static let kind = "blobs"
    package let featureCount: Int
    private let classCount: Int
    private let separation: Double
    private let noise: Double
    private let centres: [[Double]]

    package init(features: Int, classes: Int, separation: Double, noise: Double, seed: UInt64) {
        (featureCount, classCount, self.separation, self.noise) = (features, classes, separation, noise)
        var stream = SyntheticStream.parameters(seed: seed)
        let scale = separation / (2 * Double(features)).squareRoot()
        centres = (0..<classes).map { _ in stream.normals(features).map { scale * $0 } }
    }

    package var targets: SyntheticTargets { .classes(classCount) }
    package var options: [(name: String, value: AttributeValue)] {
        [
            ("features", .integer(Int64(featureCount))), ("classes", .integer(Int64(classCount))),
            ("separation", .real(separation)), ("noise", .real(noise)),
        ]
    }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        let label = row % classCount
        inputs = centres[label]
        stream.addNormals(noise, to: &inputs)
        return .label(label)
    }
}
