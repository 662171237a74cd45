/// The L2 norms of the changes that one `Network.update` makes, by layer and parameter.
package final class UpdateNorms<S: Scalar> {
    package private(set) var norms: [[Double]]
    /// Room for some values before their update, few enough to stay in the first cache until the update is made.
    private let previous = Matrix<S>(rows: 1, columns: 2048)

    package init(_ network: Network<S>) { norms = network.layers.map { $0.parameters.map { _ in 0 } } }

    /// Has `update` change a parameter, some values at a time, and measures by how much.
    func measure(_ parameter: Parameter<S>, layer: Int, position: Int, _ update: (Range<Int>) -> Void) {
        let count = parameter.value.count, old = previous.base
        var sums = LaneSums(), start = 0
        while start < count {
            let range = start..<min(start + previous.columns, count), new = parameter.value.base + start
            old.update(from: new, count: range.count)
            update(range)
            sums.addSquares(count: range.count) { Double(new[$0]) - Double(old[$0]) }
            start = range.upperBound
        }
        norms[layer][position] = sums.total.squareRoot()
    }
}
