import Foundation

/// What measures how far a perturbed row x + d is from the row x of D features: norm(d) <= epsilon.
package enum PerturbationNorm: String, CaseIterable, Sendable {
    /// The largest |d_j|.
    case largest = "linf"
    /// sqrt(sum_j d_j^2).
    case euclidean = "l2"

    /// Adds to row x the d of this length along which the loss with the gradient g grows fastest.
    ///
    /// d = size sign(g), or size g / norm(g); where g is 0 the row stays.
    @inline(__always)
    func step<S: Scalar>(
        _ x: UnsafeMutablePointer<S>, along g: UnsafeMutablePointer<S>, size: Double, count: Int
    ) {
        switch self {
        case .largest:
            let size = S(size)
            for j in 0..<count { x[j] += g[j] > 0 ? size : g[j] < 0 ? -size : 0 }
        case .euclidean:
            let length = euclideanNorm(count) { Double(g[$0]) }
            guard length > 0, length.isFinite else { return }
            for j in 0..<count { x[j] += S(size * (Double(g[j]) / length)) }
        }
    }

    /// Does the same for every row of x along its row of g, both N x D.
    @inline(__always)
    func step<S: Scalar>(_ x: Matrix<S>, along g: Matrix<S>, size: Double) {
        for i in 0..<x.rows {
            step(x.base + i * x.columns, along: g.base + i * x.columns, size: size, count: x.columns)
        }
    }

    /// Moves row x to the point of the ball of this radius around `center` that is nearest to it.
    @inline(__always)
    func project<S: Scalar>(
        _ x: UnsafeMutablePointer<S>, around center: UnsafeMutablePointer<S>, radius: Double, count: Int
    ) {
        switch self {
        case .largest:
            let radius = S(radius)
            for j in 0..<count { x[j] = min(max(x[j], center[j] - radius), center[j] + radius) }
        case .euclidean:
            let length = euclideanNorm(count) { Double(x[$0]) - Double(center[$0]) }
            guard length > radius else { return }
            for j in 0..<count {
                x[j] = S(Double(center[j]) + (Double(x[j]) - Double(center[j])) * (radius / length))
            }
        }
    }

    /// Adds to row x a point drawn uniformly from the ball of this radius around 0.
    @inline(__always)
    func addUniform<S: Scalar>(_ x: UnsafeMutablePointer<S>, radius: Double, count: Int, _ stream: inout RandomStream) {
        switch self {
        case .largest:
            for j in 0..<count { x[j] += S(radius * (2 * stream.nextUniform() - 1)) }
        case .euclidean:
            // A direction of normal values, and the distance r with the probability r^D of being within it.
            var direction = [Double](repeating: 0, count: count)
            for j in 0..<count { direction[j] = stream.nextNormalPair().0 }
            let length = euclideanNorm(count) { direction[$0] }
            let distance = radius * pow(stream.nextUniform(), 1 / Double(count))
            for j in 0..<count { x[j] += S(distance * direction[j] / length) }
        }
    }
}

@inline(__always)
private func euclideanNorm(_ count: Int, _ value: (Int) -> Double) -> Double {
    var sum = 0.0
    for j in 0..<count { sum += value(j) * value(j) }
    return sum.squareRoot()
}
