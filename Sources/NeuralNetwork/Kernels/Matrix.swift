/// A dense row-major matrix whose storage lives at one address from construction to deinitialization.
///
/// It has reference semantics on purpose: buffers are allocated when a network is built and then only written to, so a
/// training step neither allocates nor checks for unique ownership. Rows are contiguous; `row(i)` is the unit that
/// kernels loop over.
package final class Matrix<S: Scalar>: @unchecked Sendable {
    // Sound because whoever shares a matrix between threads gives each of them rows or columns of its own (see
    // `WorkerPool`).

    /// The number of rows that are allocated.
    package let capacity: Int
    /// The number of rows in use, at most `capacity`.
    package private(set) var rows: Int
    package let columns: Int
    package let base: UnsafeMutablePointer<S>

    /// Allocates a matrix of zeros.
    ///
    /// The storage is aligned to 64 bytes, and one vector longer than the elements, so that kernels may load whole
    /// vectors also at the end of the last row.
    package init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot have \(rows) x \(columns) elements")
        capacity = rows
        self.rows = rows
        self.columns = columns
        let storageCount = rows * columns + S.laneCount
        base = allocateAligned(S.self, count: storageCount)
        // Zeros of either type are zero bytes, and filling with bytes is fast without specialization.
        UnsafeMutableRawPointer(base).initializeMemory(
            as: UInt8.self, repeating: 0, count: storageCount * MemoryLayout<S>.stride)
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

    package var count: Int { rows * columns }

    /// Returns row `i`, valid as long as the matrix is.
    package func row(_ i: Int) -> UnsafeMutableBufferPointer<S> {
        assert(i >= 0 && i < rows)
        return UnsafeMutableBufferPointer(start: base + i * columns, count: columns)
    }

    /// All elements in use, row by row, valid as long as the matrix is: hold it in a variable or parameter, never in a
    /// temporary.
    package var elements: UnsafeMutableBufferPointer<S> {
        UnsafeMutableBufferPointer(start: base, count: count)
    }

    /// Overwrites this matrix with another of the same shape.
    package func copy(from other: Matrix<S>) {
        precondition(
            rows == other.rows && columns == other.columns,
            "cannot copy \(other.rows) x \(other.columns) to \(rows) x \(columns)")
        base.update(from: other.base, count: count)
    }

    package subscript(i: Int, j: Int) -> S {
        get { row(i)[j] }
        set { row(i)[j] = newValue }
    }
}
