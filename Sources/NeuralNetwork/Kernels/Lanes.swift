import CPUGuard

// Vectors of the width that one instruction handles, for the kernels that the compiler does not vectorize of its own
// accord.

extension Scalar {
    /// How many values `Lanes` holds.
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

/// The same for two rows at a time.
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

/// Divides a range into strips of as equal a number of vectors as can be, at most `most`.
///
/// The last vector may reach beyond the range.
@inline(__always)
func forEachStrip<S: Scalar>(
    of _: S.Type, in range: Range<Int>, most: Int, _ body: (_ start: Int, _ vectors: Int) -> Void
) {
    let vectors = (range.count + S.laneCount - 1) / S.laneCount, strips = (vectors + most - 1) / most
    for strip in 0..<strips {
        let first = vectors * strip / strips, end = vectors * (strip + 1) / strips
        body(range.lowerBound + first * S.laneCount, end - first)
    }
}

/// A number of vectors as a type: kernels are specialized for each, so that their loops decide nothing.
protocol StripWidth { static var vectors: Int { get } }
enum Vectors1: StripWidth { static var vectors: Int { 1 } }
enum Vectors2: StripWidth { static var vectors: Int { 2 } }
enum Vectors3: StripWidth { static var vectors: Int { 3 } }
enum Vectors4: StripWidth { static var vectors: Int { 4 } }

/// a b + c lane by lane, rounded once where the processor fuses the two operations and twice where it does not; a
/// binary does the one or the other everywhere, so that all ways to one result agree bit for bit.
@inline(__always)
package func multiplyAdd<Lanes: SIMD>(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes where Lanes.Scalar: Scalar {
    bnexp_fuses_multiply_add() ? c.addingProduct(a, b) : a * b + c
}
