/// The moments and extremes of all finite values of a matrix.
package struct Distribution: Equatable, Sendable {
    package var count = 0
    /// The number of values that are not-a-number or infinite; everything else here leaves them out.
    package var nonfiniteCount = 0
    package var mean = 0.0
    /// The standard deviation over all values (ddof 0).
    package var standardDeviation = 0.0
    package var minimum = Double.infinity
    package var maximum = -Double.infinity
    package var zeroCount = 0

    /// Measures a matrix in two passes in Double, each in eight independent sums: the mean, then the squared distances
    /// from it.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package init<S: Scalar>(_ matrix: Matrix<S>) {
        let values = matrix.base, all = matrix.count
        guard all > 0 else { return }
        let total = sum(count: all) { Double(values[$0]) }
        // A sum is finite only if every value is.
        guard total.isFinite else {
            measureFinite(matrix)
            return
        }
        let ends = S.extremes(values, count: all)
        count = all
        zeroCount = ends.zeroCount
        (minimum, maximum) = (Double(ends.minimum), Double(ends.maximum))
        let mean = total / Double(all)
        self.mean = mean
        standardDeviation = (sumOfSquares(count: all) { Double(values[$0]) - mean } / Double(all)).squareRoot()
    }

    /// Measures the finite values among others that are not, value by value.
    private mutating func measureFinite<S: Scalar>(_ matrix: Matrix<S>) {
        let finite = matrix.elements.filter(\.isFinite).map { Double($0) }
        nonfiniteCount = matrix.count - finite.count
        count = finite.count
        guard count > 0 else { return }
        for value in finite {
            minimum = Swift.min(minimum, value)
            maximum = Swift.max(maximum, value)
            if value == 0 { zeroCount += 1 }
        }
        mean = finite.reduce(0) { $0 + $1 / Double(count) }
        standardDeviation = (finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / Double(count) }).squareRoot()
    }
}
