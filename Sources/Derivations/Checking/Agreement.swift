/// How close a student's array must come to ours.
///
/// An element agrees if |x - y| <= tolerance max(1e-8, |x| + |y|) + slack. The quotient is the course's relative error;
/// the slack is what rounding of everything on the way could change, so that elements that cancel to almost 0 in
/// float32 are not taken for wrong.
struct Agreement {
    let tolerance: Double
    var slack: Double = 0

    /// Whether two arrays of one shape agree; not-a-number agrees with itself.
    func holds(_ a: Grid, _ b: Grid) -> Bool {
        a.hasShape(of: b)
            && zip(a.values, b.values).allSatisfy { x, y in
                x == y || x.isNaN && y.isNaN || abs(x - y) <= tolerance * max(1e-8, abs(x) + abs(y)) + slack
            }
    }

    /// The course's maximum relative error, max |x - y| / max(1e-8, |x| + |y|); not-a-number where one of two numbers
    /// is.
    static func relativeError(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { largest, pair in
            let (x, y) = pair
            if x == y || x.isNaN && y.isNaN { return largest }
            let error = abs(x - y) / max(1e-8, abs(x) + abs(y))
            return largest.isNaN || error.isNaN ? .nan : max(largest, error)
        }
    }
}

/// The precision of the numbers in a file, the coarsest of its floating types.
enum Precision: Int, Comparable {
    case double, single, half

    init?(type: String) {
        switch type {
        case "float64": self = .double
        case "float32": self = .single
        case "float16": self = .half
        default: return nil
        }
    }

    static func < (a: Precision, b: Precision) -> Bool { a.rawValue < b.rawValue }

    /// The largest relative error of rounding.
    var unit: Double {
        switch self {
        case .double: 0x1p-53
        case .single: 0x1p-24
        case .half: 0x1p-11
        }
    }

    /// The largest relative error that passes.
    var tolerance: Double {
        switch self {
        case .double: 1e-8
        case .single: 1e-5
        case .half: 1e-2
        }
    }
}
