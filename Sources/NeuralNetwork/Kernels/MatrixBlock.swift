import CPUGuard

/// Some consecutive rows and columns of a matrix: what kernels work on, so that groups of rows and parts of the columns
/// are all alike to them.
///
/// A block is valid as long as the matrix is. Rows are counted from the block's first, columns as in the matrix;
/// vectors that belong to the columns, such as their means, are indexed by the same numbers.
package struct MatrixBlock<S: Scalar> {
    /// The address of the matrix's column 0 in the block's first row.
    let base: UnsafeMutablePointer<S>
    /// The number of rows.
    let count: Int
    let columns: Range<Int>
    /// The distance from one row to the next, in elements.
    let stride: Int

    subscript(rows range: Range<Int>) -> MatrixBlock<S> {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return MatrixBlock(base: base + range.lowerBound * stride, count: range.count, columns: columns, stride: stride)
    }

    func hasShape(of other: MatrixBlock<S>) -> Bool {
        count == other.count && columns == other.columns
    }

    /// Calls `body` with each row, for work whose order makes no difference.
    ///
    /// Threads with neighbouring columns share a cache line in every row; each starts at another row, so that they do
    /// not write it at once.
    @inline(__always)
    func forEachRow(_ body: (Int) -> Void) {
        let start = count * columns.lowerBound / max(1, stride)
        for i in start..<count { body(i) }
        for i in 0..<start { body(i) }
    }

    /// Asks for the cache lines that a row some way ahead of row `i` shares with other threads' columns, before they
    /// are written.
    @inline(__always)
    func claimSharedLines(aheadOf i: Int) {
        let ahead = i + 8
        guard columns.count < stride, ahead < count else { return }
        bnexp_prefetch_for_writing(base + ahead * stride + columns.lowerBound)
        bnexp_prefetch_for_writing(base + ahead * stride + columns.upperBound - 1)
    }

    /// Calls `body` with the offset and the length of each stretch of contiguous elements: all of them at once where
    /// the block is whole rows.
    @inline(__always)
    func forEachRun(_ body: (_ offset: Int, _ count: Int) -> Void) {
        if columns.count == stride { return body(0, count * stride) }
        forEachRow { i in
            claimSharedLines(aheadOf: i)
            body(i * stride + columns.lowerBound, columns.count)
        }
    }
}

extension Matrix {
    subscript(columns range: Range<Int>) -> MatrixBlock<S> {
        precondition(range.lowerBound >= 0 && range.upperBound <= columns)
        return MatrixBlock(base: base, count: rows, columns: range, stride: columns)
    }

    package var all: MatrixBlock<S> { self[columns: 0..<columns] }
}
