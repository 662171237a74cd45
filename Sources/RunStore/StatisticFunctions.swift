import GRDB
import Support

/// The aggregate functions that SQL lacks, for every statement on a results file.
///
/// NULL is left out; a value that is no number is an error. Without enough values the result is NULL.
enum StatisticFunctions {
    static func add(to database: Database) {
        database.add(function: DatabaseFunction("stddev", argumentCount: 1, pure: true, aggregate: Deviation.self))
        database.add(function: DatabaseFunction("median", argumentCount: 1, pure: true, aggregate: Median.self))
        database.add(function: DatabaseFunction("quantile", argumentCount: 2, pure: true, aggregate: Quantile.self))
        database.add(function: DatabaseFunction("corr", argumentCount: 2, pure: true, aggregate: Correlation.self))
    }
}

/// `stddev(x)`: sqrt(sum (x - mean)^2 / (n - 1)), NULL for less than two values.
///
/// Source: B. P. Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
private struct Deviation: DatabaseAggregate {
    private var count = 0.0
    private var mean = 0.0
    private var squares = 0.0

    mutating func step(_ values: [DatabaseValue]) throws {
        guard let x = try number(values[0], of: "stddev") else { return }
        count += 1
        let difference = x - mean
        mean += difference / count
        squares += difference * (x - mean)
    }

    func finalize() -> (any DatabaseValueConvertible)? { count > 1 ? (squares / (count - 1)).squareRoot() : nil }
}

/// `median(x)`: `quantile(x, 0.5)`.
private struct Median: DatabaseAggregate {
    private var values: [Double] = []

    mutating func step(_ values: [DatabaseValue]) throws {
        if let x = try number(values[0], of: "median") { self.values.append(x) }
    }

    func finalize() -> (any DatabaseValueConvertible)? { quantile(values, 0.5) }
}

/// `quantile(x, q)`: the value at the place q (n - 1) of the sorted values, between two of them on the line through both.
private struct Quantile: DatabaseAggregate {
    private var values: [Double] = []
    private var fraction: Double?

    mutating func step(_ values: [DatabaseValue]) throws {
        guard let q = try number(values[1], of: "quantile"), (0...1).contains(q), fraction == nil || fraction == q
        else {
            throw DatabaseError(
                message: "quantile(x, q): q is \(values[1]); expected one number from 0 to 1, the same for every row")
        }
        fraction = q
        if let x = try number(values[0], of: "quantile") { self.values.append(x) }
    }

    func finalize() -> (any DatabaseValueConvertible)? { fraction.flatMap { quantile(values, $0) } }
}

/// `corr(x, y)`: Pearson's correlation of the rows that have both, NULL where one of them does not vary.
private struct Correlation: DatabaseAggregate {
    private var count = 0.0
    private var means = (x: 0.0, y: 0.0)
    private var squares = (x: 0.0, y: 0.0)
    private var products = 0.0

    mutating func step(_ values: [DatabaseValue]) throws {
        guard let x = try number(values[0], of: "corr"), let y = try number(values[1], of: "corr") else { return }
        count += 1
        let (dx, dy) = (x - means.x, y - means.y)
        means.x += dx / count
        means.y += dy / count
        squares.x += dx * (x - means.x)
        squares.y += dy * (y - means.y)
        products += dx * (y - means.y)
    }

    func finalize() -> (any DatabaseValueConvertible)? {
        guard squares.x > 0, squares.y > 0 else { return nil }
        return max(-1, min(1, products / squares.x.squareRoot() / squares.y.squareRoot()))
    }
}

private func quantile(_ values: [Double], _ fraction: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted(), place = fraction * Double(sorted.count - 1)
    let below = min(Int(place), sorted.count - 1), weight = place - Double(below)
    guard weight > 0, below + 1 < sorted.count, sorted[below] != sorted[below + 1] else { return sorted[below] }
    // From the nearer of the two, as numpy has it.
    let difference = sorted[below + 1] - sorted[below]
    return weight < 0.5 ? sorted[below] + difference * weight : sorted[below + 1] - difference * (1 - weight)
}

/// Returns a number; nil for NULL.
private func number(_ value: DatabaseValue, of function: String) throws -> Double? {
    switch value.storage {
    case .null: return nil
    case .int64(let number): return Double(number)
    case .double(let number): return number
    case .string, .blob:
        throw DatabaseError(message: "\(function) takes numbers; found \(value)")
    }
}
