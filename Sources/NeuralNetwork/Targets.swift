/// The targets of a batch of N rows: a class for each row, or K values.
package final class Targets<S: Scalar> {
    package private(set) var rows: Int
    /// The classes of the rows in use, each in 0 ..< K; meaningless where the targets are values.
    package let labels: UnsafeMutablePointer<Int32>
    /// The values of the rows in use (N x K), absent where the targets are classes.
    package let values: Matrix<S>?
    private let capacity: Int

    init(rows: Int, valueCount: Int?) {
        self.rows = rows
        capacity = rows
        labels = .allocate(capacity: max(1, rows))
        labels.initialize(repeating: 0, count: max(1, rows))
        values = valueCount.map { Matrix(rows: rows, columns: $0) }
    }

    deinit { labels.deallocate() }

    var areValues: Bool { values != nil }
    package var labelBuffer: UnsafeMutableBufferPointer<Int32> {
        UnsafeMutableBufferPointer(start: labels, count: rows)
    }

    /// Overwrites the rows in use with as many of another batch.
    func copyRows(_ range: Range<Int>, from other: Targets<S>) {
        precondition(rows == range.count && range.upperBound <= other.rows)
        labels.update(from: other.labels + range.lowerBound, count: rows)
        if let values, let others = other.values {
            values.base.update(from: others.base + range.lowerBound * others.columns, count: values.count)
        }
    }

    func useRows(_ count: Int) {
        precondition(count >= 0 && count <= capacity)
        rows = count
        values?.useRows(count)
    }
}
