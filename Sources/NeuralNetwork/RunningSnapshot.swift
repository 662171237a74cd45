/// Copies of all running statistics, which can take the place of the present ones for a while.
package final class RunningSnapshot<S: Scalar> {
    private let pairs: [(live: Matrix<S>, saved: Matrix<S>)]
    private let scratch: [Matrix<S>]

    package init(_ network: Network<S>) {
        let live = network.layers.compactMap(\.running).flatMap {
            [$0.mean, $0.spread, $0.whitening].compactMap { $0 }
        }
        pairs = live.map { ($0, Matrix(rows: $0.rows, columns: $0.columns)) }
        scratch = live.map { Matrix(rows: $0.rows, columns: $0.columns) }
    }

    package func save() { for pair in pairs { pair.saved.copy(from: pair.live) } }

    /// Exchanges the saved statistics and the present ones; twice leaves everything as it was.
    package func exchange() {
        for (pair, scratch) in zip(pairs, scratch) {
            scratch.copy(from: pair.live)
            pair.live.copy(from: pair.saved)
            pair.saved.copy(from: scratch)
        }
    }
}
