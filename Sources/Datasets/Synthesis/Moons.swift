import Foundation
import NeuralNetwork

/// Two half circles of radius 1 that interlock, one a class.
///
/// Class 0 is (cos t, sin t), class 1 is (1 - cos t, 1/2 - sin t), with t uniform in [0, pi), and noise * z, z ~ N(0,
/// I), is added.
///
/// Source: `make_moons` of scikit-learn 1.x, whose curves these are.
package struct Moons: SyntheticRecipe {
    package static let kind = "moons"
    private let noise: Double

    package init(noise: Double) { self.noise = noise }

    package var featureCount: Int { 2 }
    package var targets: SyntheticTargets { .classes(2) }
    package var options: [(name: String, value: AttributeValue)] { [("noise", .real(noise))] }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        let label = row % 2, angle = Double.pi * stream.nextUniform()
        inputs = label == 0 ? [cos(angle), sin(angle)] : [1 - cos(angle), 0.5 - sin(angle)]
        stream.addNormals(noise, to: &inputs)
        return .label(label)
    }
}
