// Rows of which most values are 0, such as images of digits: products with them skip the zeros.
//
// A product that skips them has the bits of the dense one: each element is the same chain of multiply-adds in the same
// order, and adding 0 times a finite number changes nothing.

/// A value that is not 0 and where it stands: its column in a row, or its row in a column.
package struct SparseEntry<S: Scalar>: BitwiseCopyable, Sendable {
    package var index: Int32
    package var value: S

    package init(index: Int32, value: S) {
        self.index = index
        self.value = value
    }
}

/// N rows of D values, of each row only those that are not 0, columns ascending.
///
/// Nothing changes it after it was made.
package final class SparseRows<S: Scalar>: @unchecked Sendable {
    /// As many columns that a product looks at together, so that their rows of W stay in the first cache.
    static var blockColumns: Int { 64 }
    /// Positions within a row are kept in 16 bits.
    package static var largestColumnCount: Int { Int(UInt16.max) }

    let columnCount: Int
    let blockCount: Int
    fileprivate let largestRowCount: Int
    /// Where each row's entries begin; N + 1.
    private let starts: UnsafeMutablePointer<Int>
    /// Where each block of columns begins among its row's entries, and the row's end; N x (blocks + 1).
    private let blockStarts: UnsafeMutablePointer<UInt16>
    private let entries: UnsafeMutablePointer<SparseEntry<S>>

    /// - Parameter fill: writes the entries of row `i` and returns how many there are.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package init(
        rows: Int, columns: Int, entryCount: Int,
        fill: (_ i: Int, _ target: UnsafeMutablePointer<SparseEntry<S>>) -> Int
    ) {
        precondition(columns <= Self.largestColumnCount, "too many columns for a sparse form")
        columnCount = columns
        blockCount = (columns + Self.blockColumns - 1) / Self.blockColumns
        starts = .allocate(capacity: rows + 1)
        blockStarts = .allocate(capacity: rows * (blockCount + 1))
        entries = allocateAligned(SparseEntry<S>.self, count: entryCount)
        starts[0] = 0
        var largest = 0
        for i in 0..<rows {
            let row = entries + starts[i], count = fill(i, row), boundaries = blockStarts + i * (blockCount + 1)
            starts[i + 1] = starts[i] + count
            largest = max(largest, count)
            precondition(starts[i + 1] <= entryCount, "more entries than were announced")
            var position = 0
            for block in 0..<blockCount {
                boundaries[block] = UInt16(position)
                while position < count, Int(row[position].index) < (block + 1) * Self.blockColumns { position += 1 }
            }
            boundaries[blockCount] = UInt16(count)
        }
        largestRowCount = largest
    }

    deinit {
        starts.deallocate()
        blockStarts.deallocate()
        entries.deallocate()
    }

    /// Row `i`, valid as long as this object is.
    @inline(__always)
    fileprivate func row(_ i: Int) -> SparseList<S> {
        SparseList(entries: UnsafePointer(entries + starts[i]), count: starts[i + 1] - starts[i])
    }

    /// The positions in row `i` where each block of columns begins, and the row's end.
    @inline(__always)
    fileprivate func blockStarts(ofRow i: Int) -> UnsafePointer<UInt16> {
        UnsafePointer(blockStarts + i * (blockCount + 1))
    }
}

/// Entries one after another.
struct SparseList<S: Scalar> {
    var entries: UnsafePointer<SparseEntry<S>>
    var count: Int
}

/// Some rows of a `SparseRows` in the two orders that products need.
///
/// It allocates nothing after it was made.
package final class SparseBatch<S: Scalar> {
    let source: SparseRows<S>
    private(set) var rowCount = 0
    private let capacity: Int
    /// Block by block of columns, in each block row by row; the starts of row i in block b at b * capacity + i, and the
    /// end of all.
    private let blocks: (starts: UnsafeMutablePointer<Int>, entries: UnsafeMutablePointer<SparseEntry<S>>)
    /// Column by column; the entries of column d from d * capacity on, up to its end.
    ///
    /// Absent where no gradient is needed.
    private let columns:
        (
            ends: UnsafeMutablePointer<UnsafeMutablePointer<SparseEntry<S>>>,
            entries: UnsafeMutablePointer<SparseEntry<S>>
        )?

    package init(_ source: SparseRows<S>, capacity: Int, forTraining: Bool) {
        self.source = source
        self.capacity = capacity
        blocks = (
            .allocate(capacity: source.blockCount * capacity + 1),
            .allocate(capacity: max(1, source.largestRowCount * capacity))
        )
        columns =
            forTraining
            ? (.allocate(capacity: source.columnCount), .allocate(capacity: max(1, source.columnCount * capacity)))
            : nil
    }

    deinit {
        blocks.starts.deallocate()
        blocks.entries.deallocate()
        columns?.ends.deallocate()
        columns?.entries.deallocate()
    }

    /// Takes the given rows of the source, in their order.
    package func load(_ indices: ArraySlice<Int32>) {
        precondition(indices.count <= capacity)
        rowCount = indices.count
        var next = 0
        for block in 0..<source.blockCount {
            for (i, index) in indices.enumerated() {
                let boundaries = source.blockStarts(ofRow: Int(index)) + block
                blocks.starts[block * capacity + i] = next
                next += Int(boundaries[1] &- boundaries[0])
            }
            blocks.starts[block * capacity + rowCount] = next
        }
        for (i, index) in indices.enumerated() {
            // Rows lie anywhere in memory: the one after the next is asked for early.
            if i + 2 < rowCount {
                let later = source.row(Int(indices[indices.startIndex + i + 2]))
                prefetch(later.entries, byteCount: later.count * MemoryLayout<SparseEntry<S>>.stride)
            }
            let row = source.row(Int(index)).entries, boundaries = source.blockStarts(ofRow: Int(index))
            for block in 0..<source.blockCount {
                let first = Int(boundaries[block]), count = Int(boundaries[block + 1]) - first
                (blocks.entries + blocks.starts[block * capacity + i]).update(from: row + first, count: count)
            }
        }
        guard let columns else { return }
        for d in 0..<source.columnCount { columns.ends[d] = columns.entries + d * capacity }
        for block in 0..<source.blockCount {
            for i in 0..<rowCount {
                let list = rowEntries(i, block: block)
                append(list.entries, list.count, row: Int32(truncatingIfNeeded: i), to: columns.ends)
            }
        }
    }

    /// Appends entries of a row to the columns that they stand in.
    @inline(__always)
    private func append(
        _ entries: UnsafePointer<SparseEntry<S>>, _ count: Int, row: Int32,
        to ends: UnsafeMutablePointer<UnsafeMutablePointer<SparseEntry<S>>>
    ) {
        for position in 0..<count {
            let column = Int(entries[position].index), end = ends[column]
            end.pointee = SparseEntry(index: row, value: entries[position].value)
            ends[column] = end + 1
        }
    }

    /// The rows with their zeros, overwritten.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func expand(into target: Matrix<S>) {
        precondition(target.rows == rowCount && target.columns == source.columnCount)
        target.elements.update(repeating: 0)
        for block in 0..<source.blockCount {
            for i in 0..<rowCount {
                let list = rowEntries(i, block: block)
                for position in 0..<list.count {
                    target.base[i * target.columns + Int(list.entries[position].index)] = list.entries[position].value
                }
            }
        }
    }

    /// The entries of row `i` in one block of columns.
    @inline(__always)
    func rowEntries(_ i: Int, block: Int) -> SparseList<S> {
        let starts = blocks.starts + (block * capacity + i)
        return SparseList(entries: UnsafePointer(blocks.entries + starts[0]), count: starts[1] - starts[0])
    }

    /// The entries of column `d`; their indices are rows.
    @inline(__always)
    func columnEntries(_ d: Int) -> SparseList<S> {
        guard let columns else { preconditionFailure("this batch is for evaluation only") }
        let start = columns.entries + d * capacity
        return SparseList(entries: UnsafePointer(start), count: columns.ends[d] - start)
    }
}
