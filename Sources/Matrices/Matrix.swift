/// A dense row-major matrix whose storage lives at one address from construction to deinitialization.
///
/// It has reference semantics on purpose: buffers are allocated when a network is built and then only written to, so a training
/// step neither allocates nor checks for unique ownership. Rows are contiguous; `row(i)` is the unit that kernels loop over.
@usableFromInline
package final class Matrix<S: Scalar>: @unchecked Sendable {
    // Sound because whoever shares a matrix between threads gives each of them rows or columns of its own (see `WorkerPool`).

    /// The number of rows that are allocated.
    package let capacity: Int
    /// The number of rows in use, at most `capacity`.
    @usableFromInline package private(set) var rows: Int
    @usableFromInline package let columns: Int
    @usableFromInline package let base: UnsafeMutablePointer<S>

    /// A matrix of zeros. The storage is aligned to 64 bytes.
    package init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) x \(columns) elements")
        capacity = rows
        self.rows = rows
        self.columns = columns
        let byteCount = max(1, rows * columns) * MemoryLayout<S>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        base = memory.bindMemory(to: S.self, capacity: max(1, rows * columns))
        base.initialize(repeating: 0, count: max(1, rows * columns))
    }

    package convenience init(rows: Int, columns: Int, _ elements: [S]) {
        self.init(rows: rows, columns: columns)
        precondition(elements.count == rows * columns, "\(elements.count) elements given for \(rows) x \(columns)")
        for (index, element) in elements.enumerated() { base[index] = element }
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// Uses the first `count` rows from now on, so that a smaller last batch fits the same buffer.
    package func useRows(_ count: Int) {
        precondition(count >= 0 && count <= capacity, "\(count) rows asked of a matrix of \(capacity)")
        rows = count
    }

    @inlinable package var count: Int { rows * columns }

    /// Row `i`, valid as long as the matrix is.
    @inlinable package func row(_ i: Int) -> UnsafeMutableBufferPointer<S> {
        assert(i >= 0 && i < rows)
        return UnsafeMutableBufferPointer(start: base + i * columns, count: columns)
    }

    /// All elements in use, row by row, valid as long as the matrix is: hold it in a variable or parameter, never in a temporary.
    @inlinable package var elements: UnsafeMutableBufferPointer<S> {
        UnsafeMutableBufferPointer(start: base, count: count)
    }

    /// Overwrites this matrix with another of the same shape.
    package func copy(from other: Matrix<S>) {
        precondition(rows == other.rows && columns == other.columns, "cannot copy \(other.rows) x \(other.columns) to \(rows) x \(columns)")
        base.update(from: other.base, count: count)
    }

    package subscript(i: Int, j: Int) -> S {
        get { row(i)[j] }
        set { row(i)[j] = newValue }
    }
}

/// Some consecutive rows of a matrix, or all of them: what kernels over groups of rows work on. Valid as long as the matrix is.
@usableFromInline
package struct MatrixRows<S: Scalar> {
    @usableFromInline package let base: UnsafeMutablePointer<S>
    /// The number of rows.
    @usableFromInline package let count: Int
    @usableFromInline package let columns: Int

    @usableFromInline
    init(base: UnsafeMutablePointer<S>, count: Int, columns: Int) {
        self.base = base
        self.count = count
        self.columns = columns
    }
}

extension Matrix {
    @inlinable package subscript(rows range: Range<Int>) -> MatrixRows<S> {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows)
        return MatrixRows(base: base + range.lowerBound * columns, count: range.count, columns: columns)
    }

    @inlinable package var allRows: MatrixRows<S> { MatrixRows(base: base, count: rows, columns: columns) }
}
