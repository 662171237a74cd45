import GRDB
import GRDBSQLite
import Support

/// The aggregate functions that SQL lacks, for every statement on a results file; with `OVER` they are window
/// functions.
///
/// NULL is left out, and so is not-a-number, which SQLite keeps as NULL; a value that is no number is an error. Without
/// enough values the result is NULL.
enum StatisticFunctions {
    static func add(to database: Database) throws {
        try database.add("stddev", argumentCount: 1) { Deviation() }
        try database.add("median", argumentCount: 1) { Quantile(isMedian: true) }
        try database.add("quantile", argumentCount: 2) { Quantile(isMedian: false) }
        try database.add("corr", argumentCount: 2) { Correlation() }
    }
}

/// What a function knows of the rows of a group, or of a window that moves over the rows.
private protocol WindowStatistic: AnyObject {
    /// Takes a row in; nil stands for NULL.
    func add(_ values: [Double?]) throws(ResultsError)
    /// Takes the oldest row out that is in.
    func removeOldest(_ values: [Double?])
    var value: Double? { get }
}

/// `stddev(x)`: sqrt(sum (x - mean)^2 / (n - 1)), NULL for less than two values.
private final class Deviation: WindowStatistic {
    private var window = MomentWindow()

    func add(_ values: [Double?]) { if let x = values[0] { window.add(x, 0) } }
    func removeOldest(_ values: [Double?]) { if values[0] != nil { window.removeOldest() } }

    var value: Double? {
        let moments = window.moments
        guard moments.count > 1 else { return nil }
        return (moments.x.squares / (moments.count - 1)).squareRoot() * moments.x.scale
    }
}

/// `corr(x, y)`: Pearson's correlation of the rows that have both, NULL where one of them does not vary.
private final class Correlation: WindowStatistic {
    private var window = MomentWindow()

    func add(_ values: [Double?]) { if let x = values[0], let y = values[1] { window.add(x, y) } }
    func removeOldest(_ values: [Double?]) { if values[0] != nil && values[1] != nil { window.removeOldest() } }

    var value: Double? {
        let moments = window.moments
        guard moments.x.squares > 0, moments.y.squares > 0 else { return nil }
        let ratio = moments.products / moments.x.squares.squareRoot() / moments.y.squares.squareRoot()
        return ratio.isNaN ? nil : max(-1, min(1, ratio))
    }
}

/// `quantile(x, q)`: the value at the place q (n - 1) of the sorted values, between two of them on the line through
/// both; and `median(x)`, which is `quantile(x, 0.5)`.
private final class Quantile: WindowStatistic {
    private let isMedian: Bool
    private var fraction: Double?
    private var sorted: [Double] = []
    /// What has come since the values were sorted.
    private var unsorted: [Double] = []

    init(isMedian: Bool) {
        self.isMedian = isMedian
        if isMedian { fraction = 0.5 }
    }

    func add(_ values: [Double?]) throws(ResultsError) {
        if !isMedian {
            guard let q = values[1], (0...1).contains(q), fraction == nil || fraction == q else {
                throw ResultsError(
                    "quantile(x, q): q is \(values[1].map { "\($0)" } ?? "NULL"); expected one number from 0 to 1, the "
                        + "same for every row", cause: .request)
            }
            fraction = q
        }
        if let x = values[0] { unsorted.append(x) }
    }

    func removeOldest(_ values: [Double?]) {
        guard let x = values[0] else { return }
        sort()
        sorted.remove(at: place(of: x))
    }

    var value: Double? {
        sort()
        guard !sorted.isEmpty, let fraction else { return nil }
        let place = fraction * Double(sorted.count - 1)
        let below = min(Int(place), sorted.count - 1), weight = place - Double(below)
        guard weight > 0, below + 1 < sorted.count, sorted[below] != sorted[below + 1] else { return sorted[below] }
        // From the nearer of the two, as numpy has it.
        let (a, b) = (sorted[below], sorted[below + 1]), difference = b - a
        guard difference.isFinite else { return a * (1 - weight) + b * weight }
        return weight < 0.5 ? a + difference * weight : b - difference * (1 - weight)
    }

    /// Few values that come to many are put into their places, which a moving window makes of every row.
    private func sort() {
        if unsorted.count * 16 < sorted.count {
            for x in unsorted { sorted.insert(x, at: place(of: x)) }
        } else if !unsorted.isEmpty {
            sorted += unsorted
            sorted.sort()
        }
        unsorted.removeAll(keepingCapacity: true)
    }

    /// The place of the first value that is not less.
    private func place(of x: Double) -> Int {
        var low = 0, high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < x { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// The mean of one variable and its squares around that, in units of a power of two that no value exceeds, so that no
/// square overflows and none that counts vanishes.
private struct Spread {
    var scale = 0.0
    var mean = 0.0
    var squares = 0.0

    /// What a number in units of the scale is in those of a larger one.
    func ratio(to other: Double) -> Double { scale == other ? 1 : scale / other }
}

/// Count, means, squares and products of pairs.
///
/// Two of them give those of all their pairs.
/// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
/// variances", 1979; for one pair it is B. P. Welford's of 1962.
private struct Moments {
    var count = 0.0
    var x = Spread()
    var y = Spread()
    var products = 0.0

    init() {}

    init(_ x: Double, _ y: Double) {
        count = 1
        self.x = Moments.single(x)
        self.y = Moments.single(y)
    }

    private static func single(_ x: Double) -> Spread {
        guard x != 0, x.isFinite else { return Spread(scale: x == 0 ? 0 : 1, mean: x) }
        let scale = Double(sign: .plus, exponent: x.exponent, significand: 1)
        return Spread(scale: scale, mean: x / scale)
    }

    mutating func add(_ other: Moments) {
        guard count > 0 else {
            self = other
            return
        }
        guard other.count > 0 else { return }
        let all = count + other.count, weight = count * other.count / all
        func joined(_ a: Spread, _ b: Spread) -> (Spread, difference: Double, ratios: (Double, Double)) {
            let scale = max(a.scale, b.scale)
            guard scale > 0 else { return (a, 0, (1, 1)) }
            let (p, q) = (a.ratio(to: scale), b.ratio(to: scale)), difference = b.mean * q - a.mean * p
            return (
                Spread(
                    scale: scale, mean: a.mean * p + difference * (other.count / all),
                    squares: a.squares * p * p + b.squares * q * q + difference * difference * weight),
                difference, (p, q)
            )
        }
        let (newX, dx, (px, qx)) = joined(x, other.x), (newY, dy, (py, qy)) = joined(y, other.y)
        products = products * px * py + other.products * qx * qy + dx * dy * weight
        (x, y, count) = (newX, newY, all)
    }
}

/// The moments of the pairs in a window from which the oldest go: a queue of two stacks, so that nothing is subtracted
/// and a pair costs the same however many there are.
private struct MomentWindow {
    /// The pairs that came last, and their moments.
    private var newPairs: [(x: Double, y: Double)] = []
    private var new = Moments()
    /// Of the older pairs, the oldest last: the moments of each with all that are newer among these.
    private var old: [Moments] = []

    mutating func add(_ x: Double, _ y: Double) {
        newPairs.append((x, y))
        new.add(Moments(x, y))
    }

    mutating func removeOldest() {
        if old.isEmpty {
            var moments = Moments()
            for pair in newPairs.reversed() {
                moments.add(Moments(pair.x, pair.y))
                old.append(moments)
            }
            newPairs.removeAll(keepingCapacity: true)
            new = Moments()
        }
        old.removeLast()
    }

    var moments: Moments {
        var all = old.last ?? Moments()
        all.add(new)
        return all
    }
}

/// What SQLite keeps for a function: its name, and what makes a statistic for a group or a window.
private final class Registration {
    let name: String
    let make: () -> any WindowStatistic

    init(_ name: String, _ make: @escaping () -> any WindowStatistic) { (self.name, self.make) = (name, make) }

    /// - Parameter context: one of a call of a function that `Database.add` has made.
    static func of(_ context: OpaquePointer?) -> Registration {
        guard let data = sqlite3_user_data(context) else { preconditionFailure("every function was given its own") }
        // The function's own, which SQLite keeps until it destroys the function.
        return Unmanaged<Registration>.fromOpaque(data).takeUnretainedValue()
    }

    /// Returns the statistic of the group that a call is about.
    ///
    /// - Parameter isMade: whether one is made where there is none yet.
    static func statistic(_ context: OpaquePointer?, isMade: Bool) -> Box? {
        let size = isMade ? Int32(MemoryLayout<UnsafeMutableRawPointer?>.size) : 0
        guard let memory = sqlite3_aggregate_context(context, size) else { return nil }
        // SQLite fills new memory with zeros, which are nil, and aligns it for pointers.
        let place = memory.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        if let known = place.pointee { return Unmanaged<Box>.fromOpaque(known).takeUnretainedValue() }
        guard isMade else { return nil }
        let box = Box(of(context).make())
        place.pointee = Unmanaged.passRetained(box).toOpaque()
        return box
    }

    /// Ends the statistic of a group.
    static func release(_ context: OpaquePointer?) {
        guard let memory = sqlite3_aggregate_context(context, 0) else { return }
        let place = memory.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        if let known = place.pointee { Unmanaged<Box>.fromOpaque(known).release() }
        place.pointee = nil
    }
}

private final class Box {
    let statistic: any WindowStatistic

    init(_ statistic: any WindowStatistic) { self.statistic = statistic }
}

/// Returns the arguments of a call as numbers; nil for NULL.
/// - Throws: `ResultsError` for one that is a text or a blob.
private func numbers(
    _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?, of context: OpaquePointer?
) throws(ResultsError) -> [Double?] {
    var numbers: [Double?] = []
    for index in 0..<Int(count) {
        let value = values?[index]
        switch sqlite3_value_type(value) {
        case SQLITE_NULL: numbers.append(nil)
        case SQLITE_INTEGER, SQLITE_FLOAT: numbers.append(sqlite3_value_double(value))
        default:
            let name = Registration.of(context).name
            let isText = sqlite3_value_type(value) == SQLITE_TEXT
            let found = isText ? "\"\(sqlite3_value_text(value).map { String(cString: $0) } ?? "")\"" : "a blob"
            throw ResultsError("\(name) takes numbers; found \(found)", cause: .request)
        }
    }
    return numbers
}

private func giveResult(_ context: OpaquePointer?) {
    if let value = Registration.statistic(context, isMade: false)?.statistic.value {
        sqlite3_result_double(context, value)
    } else {
        sqlite3_result_null(context)
    }
}

extension Database {
    /// Adds an aggregate function that is a window function too, which GRDB has no way to add.
    fileprivate func add(
        _ name: String, argumentCount: Int32, _ make: @escaping () -> any WindowStatistic
    ) throws {
        let registration = Unmanaged.passRetained(Registration(name, make)).toOpaque()
        let code = sqlite3_create_window_function(
            sqliteConnection, name, argumentCount, SQLITE_UTF8 | SQLITE_DETERMINISTIC, registration,
            { context, count, values in
                do {
                    let row = try numbers(count, values, of: context)
                    guard let box = Registration.statistic(context, isMade: true) else {
                        return sqlite3_result_error_nomem(context)
                    }
                    try box.statistic.add(row)
                } catch {
                    sqlite3_result_error(context, (error as? ResultsError)?.message ?? "\(error)", -1)
                }
            },
            { context in
                giveResult(context)
                Registration.release(context)
            },
            { context in giveResult(context) },
            { context, count, values in
                // Rows that are no numbers were refused when they came.
                guard let box = Registration.statistic(context, isMade: false),
                    let row = try? numbers(count, values, of: context)
                else { return }
                box.statistic.removeOldest(row)
            },
            { registration in
                guard let registration else { return }
                Unmanaged<Registration>.fromOpaque(registration).release()
            })
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }
}
