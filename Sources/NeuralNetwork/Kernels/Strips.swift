/// Divides a range into strips of as equal a number of vectors as possible, at most `most`, and calls `body` with each.
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
