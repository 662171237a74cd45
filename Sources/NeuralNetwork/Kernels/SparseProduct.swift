// The two products of a first layer whose inputs are given without their zeros. N batch rows, D inputs, H units: X is N
// x D, W is D x H, G (a gradient) is N x H. Both add up rows of a matrix, each times a value, in registers.

/// Overwrites columns `part` of h = X W.
///
/// X is N x D, W is D x H, h is N x H.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiply<S: Scalar>(_ x: SparseBatch<S>, _ w: Matrix<S>, into h: Matrix<S>, part columns: Range<Int>) {
    precondition(
        x.source.columnCount == w.rows && h.rows == x.rowCount && h.columns == w.columns, "X W: shapes do not fit")
    forEachStrip(of: S.self, in: columns, most: widestStrip) { start, vectors in
        for block in 0..<x.source.blockCount {
            sumRows(
                of: w, start: start, vectors: vectors, end: columns.upperBound, lists: 0..<x.rowCount,
                accumulates: block > 0
            ) {
                (x.rowEntries($0, block: block), h.base + $0 * h.columns)
            }
        }
    }
}

/// Computes rows `part` of dL/dW = X^T G, as `multiplyTransposedLeft` of dense inputs does.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func multiplyTransposedLeft<S: Scalar>(
    _ x: SparseBatch<S>, _ g: Matrix<S>, into result: Matrix<S>?, part rows: Range<Int>, scratch: ProductScratch<S>,
    each body: (Range<Int>, UnsafeMutablePointer<S>) -> Void = { _, _ in }
) {
    precondition(x.rowCount == g.rows, "X^T G: shapes do not fit")
    precondition(
        result.map { $0.rows == x.source.columnCount && $0.columns == g.columns } ?? true,
        "X^T G: the result does not fit")
    forEachRowBlock(
        rows, columns: g.columns, result, scratch,
        { block, target in
            forEachStrip(of: S.self, in: 0..<g.columns, most: widestStrip) { start, vectors in
                sumRows(of: g, start: start, vectors: vectors, end: g.columns, lists: block, accumulates: false) {
                    (x.columnEntries($0), target + ($0 - block.lowerBound) * g.columns)
                }
            }
        }, then: body)
}

/// The number of sums that the registers hold beside a value.
private let widestStrip = 13

/// Computes, for each list of entries, the sum of value times row `index` of a matrix, in the order of the entries.
///
/// The sum is some columns of a row of the result, which is overwritten; with `accumulates` the sum begins with what
/// was there.
@inline(__always)
private func sumRows<S: Scalar>(
    of matrix: Matrix<S>, start: Int, vectors: Int, end: Int, lists: Range<Int>, accumulates: Bool,
    _ list: (Int) -> (SparseList<S>, UnsafeMutablePointer<S>)
) {
    typealias One = VectorSum<S>
    typealias Two = Joined<One, One>
    typealias Four = Joined<Two, Two>
    typealias Eight = Joined<Four, Four>
    switch vectors {
    case 1: sumRows(One.self, matrix, start, end, lists, accumulates, list)
    case 2: sumRows(Two.self, matrix, start, end, lists, accumulates, list)
    case 3: sumRows(Joined<Two, One>.self, matrix, start, end, lists, accumulates, list)
    case 4: sumRows(Four.self, matrix, start, end, lists, accumulates, list)
    case 5: sumRows(Joined<Four, One>.self, matrix, start, end, lists, accumulates, list)
    case 6: sumRows(Joined<Four, Two>.self, matrix, start, end, lists, accumulates, list)
    case 7: sumRows(Joined<Four, Joined<Two, One>>.self, matrix, start, end, lists, accumulates, list)
    case 8: sumRows(Eight.self, matrix, start, end, lists, accumulates, list)
    case 9: sumRows(Joined<Eight, One>.self, matrix, start, end, lists, accumulates, list)
    case 10: sumRows(Joined<Eight, Two>.self, matrix, start, end, lists, accumulates, list)
    case 11: sumRows(Joined<Eight, Joined<Two, One>>.self, matrix, start, end, lists, accumulates, list)
    case 12: sumRows(Joined<Eight, Four>.self, matrix, start, end, lists, accumulates, list)
    default: sumRows(Joined<Eight, Joined<Four, One>>.self, matrix, start, end, lists, accumulates, list)
    }
}

@inline(__always)
private func sumRows<S: Scalar, Sums: RowSums>(
    _: Sums.Type, _ matrix: Matrix<S>, _ start: Int, _ end: Int, _ lists: Range<Int>, _ accumulates: Bool,
    _ list: (Int) -> (SparseList<S>, UnsafeMutablePointer<S>)
) where Sums.S == S {
    let source = matrix.base + start, stride = matrix.columns, columns = end - start
    // The last vector ends with the columns, and may overlap the one before.
    let shift = columns < S.laneCount ? 0 : min(0, columns - Sums.vectors * S.laneCount)
    for i in lists {
        let (entries, result) = list(i), target = result + start
        if accumulates && entries.count == 0 { continue }
        var sums = Sums()
        if accumulates { sums.load(target, shift: shift) }
        for position in 0..<entries.count {
            let entry = entries.entries[position]
            sums.add(S.Lanes(repeating: entry.value), times: source + Int(entry.index) &* stride, shift: shift)
        }
        sums.store(target, shift: shift, count: min(columns, S.laneCount))
    }
}
