import Foundation

/// How far and along what one `Network.update` changes each parameter p, by layer and parameter.
package final class UpdateNorms<S: Scalar> {
    /// The L2 norms of the changes d.
    package private(set) var norms: [[Double]]
    /// The inner products of d and p before the update, as vectors.
    package private(set) var products: [[Double]]
    /// Room for some values before their update: few enough to stay in the first cache until the update is made, or all
    /// of a parameter where weights are projected as a whole.
    private let previous: Matrix<S>

    package init(_ network: Network<S>) {
        norms = network.layers.map { $0.parameters.map { _ in 0 } }
        products = norms
        let counts = network.projects ? network.layers.map(\.weight.value.count) : []
        previous = Matrix(rows: 1, columns: max(2048, counts.max() ?? 0))
    }

    /// Has `update` change a parameter, some values at a time, and measures by how much.
    func measure(_ parameter: Parameter<S>, layer: Int, position: Int, _ update: (Range<Int>) -> Void) {
        let count = parameter.value.count, old = previous.base
        var squares = LaneSums(), products = LaneSums(), start = 0
        while start < count {
            let range = start..<min(start + previous.columns, count), new = parameter.value.base + start
            old.update(from: new, count: range.count)
            update(range)
            squares.addSquares(count: range.count) { Double(new[$0]) - Double(old[$0]) }
            products.add(count: range.count) { (Double(new[$0]) - Double(old[$0])) * Double(old[$0]) }
            start = range.upperBound
        }
        norms[layer][position] = squares.total.squareRoot()
        self.products[layer][position] = products.total
    }
}

/// Returns the angle between p and p + d as vectors, in radians; nil where one of them is 0 or not finite.
///
/// It is that of the part of d across p to what lies along p, so that small angles keep their digits.
///
/// - Parameters:
///   - norm: of p.
///   - changeNorm: of d.
///   - product: the inner product of d and p.
package func angularUpdate(norm: Double, changeNorm: Double, product: Double) -> Double? {
    guard norm > 0, norm.isFinite, changeNorm.isFinite else { return nil }
    let parallel = product / norm
    let across = max(0, changeNorm * changeNorm - parallel * parallel).squareRoot(), along = norm + parallel
    return across == 0 && along == 0 ? nil : atan2(across, along)
}
