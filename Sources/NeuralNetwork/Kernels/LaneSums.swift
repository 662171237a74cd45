/// Returns the sum of `count` values, computed in eight independent sums.
package func sum(count: Int, _ value: (Int) -> Double) -> Double {
    var sums = LaneSums()
    sums.add(count: count, value)
    return sums.total
}

/// Returns the sum of the squares of `count` values, computed in eight independent sums.
package func sumOfSquares(count: Int, _ value: (Int) -> Double) -> Double {
    var sums = LaneSums()
    sums.addSquares(count: count, value)
    return sums.total
}

/// Eight independent sums, of which a kernel keeps adding to one vector.
///
/// Values that come in parts have the sum of all at once, bit for bit, where all parts but the last are multiples of 8.
package struct LaneSums {
    var lanes = SIMD8<Double>()
    /// The sum of the last part's values beyond a multiple of 8.
    var rest = 0.0

    package init() {}

    @inline(__always)
    package mutating func add(count: Int, _ value: (Int) -> Double) {
        add(count: count, value, lanes: { $0 }, single: { $0 })
    }

    @inline(__always)
    package mutating func addSquares(count: Int, _ value: (Int) -> Double) {
        add(count: count, value, lanes: { $0 * $0 }, single: { $0 * $0 })
    }

    @inline(__always)
    mutating func add(
        count: Int, _ value: (Int) -> Double, lanes term: (SIMD8<Double>) -> SIMD8<Double>, single: (Double) -> Double
    ) {
        var sums = lanes
        var i = 0
        while i + 8 <= count {
            var lane = SIMD8<Double>()
            for k in 0..<8 { lane[k] = value(i + k) }
            sums += term(lane)
            i += 8
        }
        lanes = sums
        while i < count {
            rest += single(value(i))
            i += 1
        }
    }

    package var total: Double { lanes.sum() + rest }
}
