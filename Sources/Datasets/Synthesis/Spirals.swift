import Foundation
import NeuralNetwork

/// K interleaved arms of a spiral in the plane, one a class.
///
/// x = t * (cos a, sin a) + noise * z with a = 2 pi * (turns * t + k / K), t uniform in [0.05, 1) and z ~ N(0, I). Arms
/// are 1 / (K * turns) apart along a ray.
///
/// Source: Lang & Witbrock, "Learning to tell two spirals apart", Connectionist Models Summer School 1988, for K = 2.
package struct Spirals: SyntheticRecipe {
    package static let kind = "spirals"
    private let classCount: Int
    private let turns: Double
    private let noise: Double

    package init(classes: Int, turns: Double, noise: Double) {
        (classCount, self.turns, self.noise) = (classes, turns, noise)
    }

    package var featureCount: Int { 2 }
    package var targets: SyntheticTargets { .classes(classCount) }
    package var options: [(name: String, value: AttributeValue)] {
        [("classes", .integer(Int64(classCount))), ("turns", .real(turns)), ("noise", .real(noise))]
    }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        let label = row % classCount, radius = 0.05 + 0.95 * stream.nextUniform()
        let angle = 2 * Double.pi * (turns * radius + Double(label) / Double(classCount))
        inputs = [radius * cos(angle), radius * sin(angle)]
        stream.addNormals(noise, to: &inputs)
        return .label(label)
    }
}
