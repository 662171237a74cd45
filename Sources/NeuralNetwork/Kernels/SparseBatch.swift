/// Some rows of a `SparseRows`, in the two orders that products need.
///
/// Only its initializer allocates.
package final class SparseBatch<S: Scalar> {
    let source: SparseRows<S>
    private(set) var rowCount = 0
    private let capacity: Int
    /// The entries block by block of columns, in each block row by row.
    ///
    /// The start of row i in block b is at index b * capacity + i; the last start is the end of all.
    private let blocks: (starts: UnsafeMutablePointer<Int>, entries: UnsafeMutablePointer<SparseEntry<S>>)
    /// The entries column by column: those of column d from d * capacity on, up to its end.
    ///
    /// They are absent where no gradient is needed.
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

    /// Loads the given rows of the source, in their order.
    package func load(_ indices: ArraySlice<UInt32>) {
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

    /// Overwrites `target` with the rows, zeros included.
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

    /// Returns the entries of row `i` in one block of columns.
    @inline(__always)
    func rowEntries(_ i: Int, block: Int) -> SparseList<S> {
        let starts = blocks.starts + (block * capacity + i)
        return SparseList(entries: UnsafePointer(blocks.entries + starts[0]), count: starts[1] - starts[0])
    }

    /// Returns the entries of column `d`; their indices are rows.
    @inline(__always)
    func columnEntries(_ d: Int) -> SparseList<S> {
        guard let columns else { preconditionFailure("this batch is for evaluation only") }
        let start = columns.entries + d * capacity
        return SparseList(entries: UnsafePointer(start), count: columns.ends[d] - start)
    }
}
