// Counts and extremes. The compiler vectorizes neither comparisons that count nor minima of its own accord, and sixteen
// lanes written out only for a concrete type: so Float, in which networks are measured by the thousand, has forms of
// its own.

/// The smallest and the largest of some finite values, and the number of values that are exactly 0.
package struct Extremes<S: Scalar> {
    var minimum: S
    var maximum: S
    var zeroCount = 0

    mutating func add(_ value: S) {
        minimum = Swift.min(minimum, value)
        maximum = Swift.max(maximum, value)
        if value == 0 { zeroCount += 1 }
    }
}

extension Scalar {
    package static func extremes(_ values: UnsafePointer<Self>, count: Int) -> Extremes<Self> {
        var result = Extremes(minimum: values[0], maximum: values[0])
        for i in 0..<count { result.add(values[i]) }
        return result
    }

    package static func countOutside(_ values: UnsafePointer<Self>, count: Int, low: Self, high: Self) -> Int {
        var outside = 0
        for i in 0..<count where values[i] < low || values[i] > high { outside += 1 }
        return outside
    }
}

extension Float {
    package static func extremes(_ values: UnsafePointer<Float>, count: Int) -> Extremes<Float> {
        var low = SIMD16<Float>(repeating: values[0]), high = low, zeros = SIMD16<Int32>.zero
        let one = SIMD16<Int32>(repeating: 1)
        var i = 0
        while i + 16 <= count {
            let block = UnsafeRawPointer(values + i).loadUnaligned(as: SIMD16<Float>.self)
            low.replace(with: block, where: block .< low)
            high.replace(with: block, where: block .> high)
            zeros &+= SIMD16<Int32>.zero.replacing(with: one, where: block .== 0)
            i += 16
        }
        var result = Extremes(minimum: low.min(), maximum: high.max(), zeroCount: Int(zeros.wrappedSum()))
        while i < count {
            result.add(values[i])
            i += 1
        }
        return result
    }

    package static func countOutside(_ values: UnsafePointer<Float>, count: Int, low: Float, high: Float) -> Int {
        var outside = SIMD16<Int32>.zero
        let one = SIMD16<Int32>(repeating: 1), lows = SIMD16<Float>(repeating: low),
            highs = SIMD16<Float>(repeating: high)
        var i = 0
        while i + 16 <= count {
            let block = UnsafeRawPointer(values + i).loadUnaligned(as: SIMD16<Float>.self)
            outside &+= SIMD16<Int32>.zero.replacing(with: one, where: (block .< lows) .| (block .> highs))
            i += 16
        }
        var total = Int(outside.wrappedSum())
        while i < count {
            if values[i] < low || values[i] > high { total += 1 }
            i += 1
        }
        return total
    }
}

/// Returns how many values of a matrix lie below `low` or above `high`; what is not a number does neither.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func countOutside<S: Scalar>(_ matrix: Matrix<S>, low: S, high: S) -> Int {
    S.countOutside(matrix.base, count: matrix.count, low: low, high: high)
}
