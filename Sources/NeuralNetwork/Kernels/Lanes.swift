// Vectors of the width that one instruction handles, for the kernels that the compiler does not vectorize of its own
// accord.

extension Scalar {
    /// The number of values that `Lanes` holds.
    @inline(__always)
    package static var laneCount: Int { Lanes.scalarCount }

    @inline(__always)
    static func load(_ source: UnsafePointer<Self>) -> Lanes {
        UnsafeRawPointer(source).loadUnaligned(as: Lanes.self)
    }

    @inline(__always)
    static func store(_ lanes: Lanes, _ target: UnsafeMutablePointer<Self>) {
        UnsafeMutableRawPointer(target).storeBytes(of: lanes, as: Lanes.self)
    }

    /// Stores the first `count` lanes, at most all of them.
    @inline(__always)
    static func store(_ lanes: Lanes, _ target: UnsafeMutablePointer<Self>, count: Int) {
        if count == laneCount { return store(lanes, target) }
        for lane in 0..<count { target[lane] = lanes[lane] }
    }
}

/// Overwrites the elements `range` of a row with `value`, a vector for each start.
///
/// The last vector ends with the range and may overlap the one before; it is computed first, so that `value` may read
/// what is overwritten. Storage of a matrix may be read beyond by one vector.
@inline(__always)
func assign<S: Scalar>(
    _ target: UnsafeMutablePointer<S>, _ range: Range<Int>, _ value: (_ start: Int) -> S.Lanes
) {
    guard range.count >= S.laneCount else {
        return S.store(value(range.lowerBound), target + range.lowerBound, count: range.count)
    }
    let last = range.upperBound &- S.laneCount, tail = value(last)
    var start = range.lowerBound
    while start < last {
        S.store(value(start), target + start)
        start &+= S.laneCount
    }
    S.store(tail, target + last)
}

/// Overwrites the elements `range` of two rows with the two parts of `values`, a vector of each for each start.
///
/// Otherwise it does what `assign` of one row does.
@inline(__always)
func assign<S: Scalar>(
    _ first: UnsafeMutablePointer<S>, _ second: UnsafeMutablePointer<S>, _ range: Range<Int>,
    _ values: (_ start: Int) -> (S.Lanes, S.Lanes)
) {
    guard range.count >= S.laneCount else {
        let (a, b) = values(range.lowerBound)
        S.store(a, first + range.lowerBound, count: range.count)
        return S.store(b, second + range.lowerBound, count: range.count)
    }
    let last = range.upperBound &- S.laneCount, tail = values(last)
    var start = range.lowerBound
    while start < last {
        let (a, b) = values(start)
        S.store(a, first + start)
        S.store(b, second + start)
        start &+= S.laneCount
    }
    S.store(tail.0, first + last)
    S.store(tail.1, second + last)
}
