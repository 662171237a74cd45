import Foundation
import NeuralNetwork

/// K circles around the origin, one a class: class k has the radius (k + 1) / K.
///
/// x = r_k * (cos a, sin a) + noise * z with a uniform in [0, 2 pi) and z ~ N(0, I). No line separates two classes, and
/// the mean of each is the same.
///
/// Source: `make_circles` of scikit-learn 1.x, for K = 2 with the factor 1/2.
package struct Circles: SyntheticRecipe {
    package static let kind = "circles"
    private let classCount: Int
    private let noise: Double

    package init(classes: Int, noise: Double) { (classCount, self.noise) = (classes, noise) }

    package var featureCount: Int { 2 }
    package var targets: SyntheticTargets { .classes(classCount) }
    package var options: [(name: String, value: AttributeValue)] {
        [("classes", .integer(Int64(classCount))), ("noise", .real(noise))]
    }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        let label = row % classCount, radius = Double(label + 1) / Double(classCount)
        let angle = 2 * Double.pi * stream.nextUniform()
        inputs = [radius * cos(angle), radius * sin(angle)]
        stream.addNormals(noise, to: &inputs)
        return .label(label)
    }
}
