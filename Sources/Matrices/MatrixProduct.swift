// The three products of a linear layer. N batch rows, D inputs, H units: X is N x D, W is D x H, G (a gradient) is N x H.
//
// Each product is cut into panels of the result by its shape alone, and each panel is one call of the BLAS on one thread: the
// same bits whatever the number of threads.

/// h = X W, overwritten. X is N x D, W is D x H, h is N x H.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiply<S: Scalar>(_ x: Matrix<S>, _ w: Matrix<S>, into h: Matrix<S>, pool: WorkerPool) {
    precondition(x.columns == w.rows && h.rows == x.rows && h.columns == w.columns, "X W: shapes do not fit")
    let panels = Panels(extent: h.columns, work: x.rows * x.columns * w.columns)
    pool.run(parts: panels.count) { part in
        let columns = panels.range(part)
        S.product(
            false, false, m: x.rows, n: columns.count, k: x.columns, a: x.base, aStride: x.columns,
            b: w.base + columns.lowerBound, bStride: w.columns, c: h.base + columns.lowerBound, cStride: h.columns)
    }
}

/// dL/dW = X^T G, overwritten. X is N x D, G is N x H, the result D x H.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiplyTransposedLeft<S: Scalar>(_ x: Matrix<S>, _ g: Matrix<S>, into result: Matrix<S>, pool: WorkerPool) {
    precondition(x.rows == g.rows && result.rows == x.columns && result.columns == g.columns, "X^T G: shapes do not fit")
    let panels = Panels(extent: result.rows, work: x.rows * x.columns * g.columns)
    pool.run(parts: panels.count) { part in
        let rows = panels.range(part)
        S.product(
            true, false, m: rows.count, n: g.columns, k: x.rows, a: x.base + rows.lowerBound, aStride: x.columns,
            b: g.base, bStride: g.columns, c: result.base + rows.lowerBound * result.columns, cStride: result.columns)
    }
}

/// dL/dX = G W^T, overwritten. G is N x H, W is D x H, the result N x D.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiplyTransposedRight<S: Scalar>(_ g: Matrix<S>, _ w: Matrix<S>, into result: Matrix<S>, pool: WorkerPool) {
    precondition(g.columns == w.columns && result.rows == g.rows && result.columns == w.rows, "G W^T: shapes do not fit")
    let panels = Panels(extent: result.columns, work: g.rows * g.columns * w.rows)
    pool.run(parts: panels.count) { part in
        let columns = panels.range(part)
        S.product(
            false, true, m: g.rows, n: columns.count, k: g.columns, a: g.base, aStride: g.columns,
            b: w.base + columns.lowerBound * w.columns, bStride: w.columns, c: result.base + columns.lowerBound, cStride: result.columns)
    }
}

/// A division of one extent of a product into 1 to 8 panels, at boundaries that are multiples of 16.
struct Panels {
    let extent: Int
    let count: Int

    /// `work` counts multiply-adds: a panel has at least 4 million, about 100 microseconds, so that handing it over costs little.
    init(extent: Int, work: Int) {
        self.extent = extent
        count = max(1, min(8, work / 4_000_000, extent / 16))
    }

    func range(_ part: Int) -> Range<Int> {
        func boundary(_ index: Int) -> Int { index == count ? extent : extent * index / count / 16 * 16 }
        return boundary(part)..<boundary(part + 1)
    }
}
