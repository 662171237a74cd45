/// Moments and extremes of all finite values of a matrix.
package struct Distribution: Equatable, Sendable {
    package var count = 0
    /// Values that are not-a-number or infinite; everything else here leaves them out.
    package var nonfiniteCount = 0
    package var mean = 0.0
    /// Over all values, ddof 0.
    package var standardDeviation = 0.0
    package var minimum = Double.infinity
    package var maximum = -Double.infinity
    package var zeroCount = 0

    /// Two passes in Double: the mean, then the squared distances from it.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package init<S: Scalar>(_ matrix: Matrix<S>) {
        let values = matrix.elements
        var sum = 0.0
        for value in values {
            guard value.isFinite else {
                nonfiniteCount += 1
                continue
            }
            let value = Double(value)
            sum += value
            minimum = Swift.min(minimum, value)
            maximum = Swift.max(maximum, value)
            if value == 0 { zeroCount += 1 }
        }
        count = values.count - nonfiniteCount
        guard count > 0 else { return }
        mean = sum / Double(count)
        var squares = 0.0
        for value in values where value.isFinite {
            let difference = Double(value) - mean
            squares += difference * difference
        }
        standardDeviation = (squares / Double(count)).squareRoot()
    }
}

/// Exact percentiles (0 to 100) of all finite values, linearly interpolated between order statistics, as numpy's default does.
///
/// Empty input gives no percentiles. The order statistics are selected without sorting everything; see `OrderStatistics`.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func percentiles<S: Scalar>(_ asked: [Double], of matrix: Matrix<S>) -> [Double] {
    var selection = OrderStatistics(matrix)
    guard selection.count > 0 else { return [] }
    return asked.map { percentile in
        let position = percentile / 100 * Double(selection.count - 1)
        let below = Int(position)
        let low = selection.value(rank: below)
        let fraction = position - Double(below)
        return fraction == 0 ? low : low + fraction * (selection.value(rank: below + 1) - low)
    }
}

/// Order statistics of a set of values, found by counting values in equal-width buckets and looking further only into the bucket asked.
private struct OrderStatistics {
    private let values: [Double]
    private let minimum: Double
    private let scale: Double
    private var firstRanks: [Int]
    private var sortedBuckets: [Int: [Double]] = [:]

    var count: Int { values.count }

    init<S: Scalar>(_ matrix: Matrix<S>) {
        var values: [Double] = []
        values.reserveCapacity(matrix.count)
        for value in matrix.elements where value.isFinite { values.append(Double(value)) }
        self.init(values)
    }

    private init(_ values: [Double]) {
        self.values = values
        var low = Double.infinity, high = -Double.infinity
        for value in values {
            low = Swift.min(low, value)
            high = Swift.max(high, value)
        }
        minimum = low
        let bucketCount = Swift.max(1, Swift.min(1024, values.count))
        // Halved before subtracting, so that the width of the widest range does not overflow.
        let scale = Double(bucketCount) / (high / 2 - low / 2)
        self.scale = scale.isFinite ? scale : 0  // equal values share one bucket
        firstRanks = Array(repeating: 0, count: bucketCount + 1)
        for value in values { firstRanks[bucket(of: value) + 1] += 1 }
        for index in 1...bucketCount { firstRanks[index] += firstRanks[index - 1] }
    }

    /// Monotone in `value`, so that every value of a bucket is below every value of the next.
    private func bucket(of value: Double) -> Int {
        Swift.min(firstRanks.count - 2, Int((value / 2 - minimum / 2) * scale))
    }

    mutating func value(rank: Int) -> Double {
        var low = 0, high = firstRanks.count - 1  // firstRanks[low] <= rank < firstRanks[high]
        while high - low > 1 {
            let middle = (low + high) / 2
            if firstRanks[middle] <= rank { low = middle } else { high = middle }
        }
        let index = low
        if sortedBuckets[index] == nil {
            sortedBuckets[index] = values.filter { bucket(of: $0) == index }.sorted()
        }
        return sortedBuckets[index, default: []][rank - firstRanks[index]]
    }
}
