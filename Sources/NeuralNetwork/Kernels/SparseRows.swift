// Rows of which most values are 0, such as images of digits: products with them skip the zeros.
//
// A product that skips them has the bits of the dense one: each element is the same chain of multiply-adds in the same
// order, and adding 0 times a finite number changes nothing.

/// A value that is not 0, and its place: its column in a row, or its row in a column.
package struct SparseEntry<S: Scalar>: BitwiseCopyable, Sendable {
    package var index: Int32
    package var value: S

    package init(index: Int32, value: S) {
        self.index = index
        self.value = value
    }
}

/// N rows of D values, of which only those that are not 0 are kept, columns ascending.
///
/// It never changes.
package final class SparseRows<S: Scalar>: @unchecked Sendable {
    /// The number of columns that a product looks at together, so that their rows of W stay in the first cache.
    static var blockColumns: Int { 64 }
    /// The largest number of columns, since positions within a row are kept in 16 bits.
    package static var largestColumnCount: Int { Int(UInt16.max) }

    let columnCount: Int
    let blockCount: Int
    let largestRowCount: Int
    /// The place where each row's entries begin; N + 1 places.
    private let starts: UnsafeMutablePointer<Int>
    /// The places where each block of columns begins among its row's entries, and the row's end; N x (blocks + 1)
    /// places.
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

    /// Returns row `i`, valid as long as this object is.
    @inline(__always)
    func row(_ i: Int) -> SparseList<S> {
        SparseList(entries: UnsafePointer(entries + starts[i]), count: starts[i + 1] - starts[i])
    }

    /// Returns the positions in row `i` where each block of columns begins, and the row's end.
    @inline(__always)
    func blockStarts(ofRow i: Int) -> UnsafePointer<UInt16> {
        UnsafePointer(blockStarts + i * (blockCount + 1))
    }
}

/// A list of entries, one after another in memory.
struct SparseList<S: Scalar> {
    var entries: UnsafePointer<SparseEntry<S>>
    var count: Int
}
