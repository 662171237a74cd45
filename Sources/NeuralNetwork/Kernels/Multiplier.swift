/// Computes matrix products on the threads of a pool.
package final class Multiplier<S: Scalar> {
    private let pool: WorkerPool
    private let scratch: [ProductScratch<S>]

    package init(pool: WorkerPool) {
        self.pool = pool
        scratch = (0..<pool.threadCount).map { _ in ProductScratch() }
    }

    /// Divides `extent` columns or rows among the threads, at multiples of 16, where `work` (multiply-adds in all) is
    /// worth it.
    ///
    /// Each call of `body` has a scratch of its own. Where `body` captures nothing it does not allocate: what it needs
    /// is the context.
    package func divide<Context>(
        _ extent: Int, work: Int, _ context: Context, _ body: @escaping (Context, Range<Int>, ProductScratch<S>) -> Void
    ) {
        let parts = max(1, min(pool.threadCount, work / 100_000, extent / 16))
        guard parts > 1 else { return body(context, 0..<extent, scratch[0]) }
        pool.run(parts: parts, Division(extent: extent, parts: parts, scratch: scratch, context: context, body: body)) {
            division, part in
            division.body(division.context, division.range(part), division.scratch[part])
        }
    }

    private struct Division<Context> {
        let extent: Int
        let parts: Int
        let scratch: [ProductScratch<S>]
        let context: Context
        let body: (Context, Range<Int>, ProductScratch<S>) -> Void

        func range(_ part: Int) -> Range<Int> {
            func boundary(_ part: Int) -> Int { part == parts ? extent : extent * part / parts / 16 * 16 }
            return boundary(part)..<boundary(part + 1)
        }
    }

    /// Overwrites h = X W.
    package func multiply(_ x: Matrix<S>, _ w: Matrix<S>, into h: Matrix<S>) {
        divide(h.columns, work: x.count * h.columns, (x, w, h)) {
            NeuralNetwork.multiply($0.0, $0.1, into: $0.2, part: $1, scratch: $2)
        }
    }

    /// Overwrites dL/dX = G W^T.
    package func multiplyTransposedRight(_ g: Matrix<S>, _ w: Matrix<S>, into result: Matrix<S>) {
        divide(result.columns, work: g.count * result.columns, (g, w, result)) {
            NeuralNetwork.multiplyTransposedRight($0.0, $0.1, into: $0.2, part: $1, scratch: $2)
        }
    }

    /// Overwrites dL/dW = X^T G.
    package func multiplyTransposedLeft(_ x: Matrix<S>, _ g: Matrix<S>, into result: Matrix<S>) {
        divide(result.rows, work: x.count * g.columns, (x, g, result)) {
            NeuralNetwork.multiplyTransposedLeft($0.0, $0.1, into: $0.2, part: $1, scratch: $2)
        }
    }
}
