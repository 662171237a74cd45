import Foundation
import NeuralNetwork

/// Correlated normal inputs whose covariance has a given condition number, with a linear target.
///
/// x = m + Q diag(sqrt(l)) z with z ~ N(0, I): the covariance is Q diag(l) Q^T, whose eigenvalues l_i = c^(-i / (D -
/// 1)), i = 0 ... D - 1, go from 1 down to 1 / c, so that c is its condition number. Q is a random rotation: the
/// orthonormal columns that modified Gram-Schmidt makes of D normal vectors. The target is y = w^T (x - m) + noise * z'
/// with w ~ N(0, I) scaled so that w^T (x - m) has the variance 1. The Hessian of the mean squared error of a linear
/// model is the covariance plus m m^T: c and the mean decide how slowly gradient descent learns.
///
/// Source: LeCun, Kanter & Solla, "Eigenvalues of covariance matrices", Physical Review Letters 66, 1991.
package struct CorrelatedGaussian: SyntheticRecipe {
    package static let kind = "gaussian"
    package let featureCount: Int
    private let condition: Double
    private let mean: Double
    private let noise: Double
    /// Row j is the part that feature j has of each of D independent values.
    private let factors: [[Double]]
    private let weights: [Double]

    /// - Parameters:
    ///   - condition: the ratio of the largest to the smallest eigenvalue, at least 1.
    ///   - mean: that of every feature.
    package init(features: Int, condition: Double, mean: Double, noise: Double, seed: UInt64) {
        (featureCount, self.condition, self.mean, self.noise) = (features, condition, mean, noise)
        var stream = SyntheticStream.parameters(seed: seed)
        var basis: [[Double]] = []
        for _ in 0..<features {
            var vector = stream.normals(features)
            for other in basis {
                let share = dot(vector, other)
                for index in 0..<features { vector[index] -= share * other[index] }
            }
            let length = dot(vector, vector).squareRoot()
            basis.append(vector.map { $0 / length })
        }
        let deviations = (0..<features).map { pow(condition, -0.5 * Double($0) / Double(max(1, features - 1))) }
        factors = (0..<features).map { j in (0..<features).map { basis[$0][j] * deviations[$0] } }
        let direction = stream.normals(features)
        // The variance of w^T x is |w^T Q diag(sqrt(l))|^2.
        var projected = [Double](repeating: 0, count: features)
        for (weight, row) in zip(direction, factors) {
            for index in 0..<features { projected[index] += weight * row[index] }
        }
        let scale = 1 / dot(projected, projected).squareRoot()
        weights = direction.map { scale * $0 }
    }

    package var targets: SyntheticTargets { .values(1) }
    package var options: [(name: String, value: AttributeValue)] {
        [
            ("features", .integer(Int64(featureCount))), ("condition", .real(condition)), ("mean", .real(mean)),
            ("noise", .real(noise)),
        ]
    }

    package func draw(row: Int, _ stream: inout RandomStream, into inputs: inout [Double]) -> SyntheticTarget {
        let independent = stream.normals(featureCount)
        for index in 0..<featureCount { inputs[index] = dot(factors[index], independent) }
        var target = [dot(weights, inputs)]
        stream.addNormals(noise, to: &target)
        for index in 0..<featureCount { inputs[index] += mean }
        return .values(target)
    }
}
