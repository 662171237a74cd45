import Foundation

/// What was found in the values of a dataset, which are read block by block.
package struct ValueSummary: Codable, Sendable {
    /// A value of a dataset that may hold labels, and in how many rows it is.
    package struct ClassCount: Codable, Equatable, Sendable {
        /// The number, the string, or the name that an enumeration gives to the number.
        package let name: String
        package let count: Int
    }

    /// The least and the greatest of the finite numbers; nil for strings, and where none is finite.
    package fileprivate(set) var minimum: ExactNumber?
    package fileprivate(set) var maximum: ExactNumber?
    /// Of the finite numbers; the standard deviation is that of N, not of N - 1.
    package fileprivate(set) var mean: Double?
    package fileprivate(set) var standardDeviation: Double?
    package fileprivate(set) var nanCount = 0
    package fileprivate(set) var infiniteCount = 0
    /// NaN and infinite numbers together.
    package fileprivate(set) var nonfiniteCount = 0
    /// How many different values there are; nil if there are more than 1,000 numbers, or 100,000 strings.
    package fileprivate(set) var distinctCount: Int?
    /// D, the numbers of a row; nil for strings.
    package fileprivate(set) var columnCount: Int?
    /// How many of them are the same in all of several rows.
    package fileprivate(set) var constantColumnCount: Int?
    /// The characters of the longest string; nil for numbers.
    package fileprivate(set) var longestLength: Int?
    /// The values with their counts, of what may be labels: one whole number, boolean or string a row, at most 1,000
    /// different ones.
    package fileprivate(set) var classes: [ClassCount]?

    enum CodingKeys: String, CodingKey {
        case minimum, maximum, mean, standardDeviation = "standard_deviation", nanCount = "nan_count"
        case infiniteCount = "infinite_count", nonfiniteCount = "nonfinite_count", distinctCount = "distinct_count"
        case columnCount = "column_count", constantColumnCount = "constant_column_count"
        case longestLength = "longest_length", classes
    }

    /// Reads all values of a dataset.
    ///
    /// - Parameter extendPatience: called before each block.
    /// - Returns: nil for what holds neither numbers nor strings.
    /// - Throws: an error if values are missing in the file, outside of it, or cannot be read.
    init?(of dataset: HDF5Dataset, in file: HDF5File, extendPatience: () -> Void) throws(DataError) {
        guard dataset.elementType != nil || dataset.valueType.isText else { return nil }
        var notes: [String] = []
        try dataset.requireWhole(in: file, HDF5Permissions(), &notes)
        if dataset.valueType.isText {
            try summarizeStrings(dataset, extendPatience)
        } else {
            try summarizeNumbers(dataset, extendPatience)
        }
    }

    private mutating func summarizeNumbers(_ dataset: HDF5Dataset, _ extendPatience: () -> Void) throws(DataError) {
        let width = dataset.rowWidth
        var sums = Moments(), distinct = DistinctValues(), columns = ConstantColumns(), areWhole = true
        var signed: ClosedRange<Int64>?, unsigned: ClosedRange<UInt64>?
        func add(_ values: [Double]) {
            sums.add(values)
            columns.add(values, width: width)
        }
        try dataset.forEachBlock { rows throws(DataError) in
            extendPatience()
            switch dataset.wideKind {
            case .signed:
                let values = try dataset.values(Int64.self, inRows: rows)
                add(values.map { Double($0) })
                signed = range(of: values, and: signed)
                distinct.add(whole: values.lazy.map { UInt64(bitPattern: $0) })
            case .unsigned:
                let values = try dataset.values(UInt64.self, inRows: rows)
                add(values.map { Double($0) })
                unsigned = range(of: values, and: unsigned)
                distinct.add(whole: values)
            default:
                let values = try dataset.numbers(inRows: rows)
                add(values)
                guard !distinct.isOverfull else { return }
                for value in values where value.isFinite {
                    distinct.add(value)
                    areWhole = areWhole && value == value.rounded()
                    if distinct.isOverfull { return }
                }
            }
        }
        (nanCount, infiniteCount) = (sums.nanCount, sums.infiniteCount)
        nonfiniteCount = nanCount + infiniteCount
        if sums.count > 0 {
            minimum =
                signed.map { .init($0.lowerBound) } ?? unsigned.map { .init($0.lowerBound) } ?? .init(sums.minimum)
            maximum =
                signed.map { .init($0.upperBound) } ?? unsigned.map { .init($0.upperBound) } ?? .init(sums.maximum)
            // Numbers near the largest have sums that are not finite.
            mean = sums.mean.isFinite ? sums.mean : nil
            standardDeviation = sums.standardDeviation.isFinite ? sums.standardDeviation : nil
        }
        columnCount = width
        constantColumnCount = columns.count
        distinctCount = distinct.isOverfull ? nil : distinct.count
        let rowCount = dataset.shape.first ?? 1
        guard width == 1, rowCount > 1, areWhole, nonfiniteCount == 0, !distinct.isOverfull else { return }
        let names = dataset.valueType.names
        func name(_ number: Int64) -> String { names[Int(number)] ?? String(number) }
        let counts = distinct.counts
        switch dataset.wideKind {
        case .signed:
            classes = counts.map { (Int64(bitPattern: $0.key), $0.count) }.sorted { $0.0 < $1.0 }
                .map { ClassCount(name: name($0), count: $1) }
        case .unsigned:
            classes = counts.sorted { $0.key < $1.key }.map { key, count in
                ClassCount(name: Int64(exactly: key).map(name) ?? String(key), count: count)
            }
        default:
            classes = counts.map { (Double(bitPattern: $0.key), $0.count) }.sorted { $0.0 < $1.0 }.map { value, count in
                ClassCount(name: Int64(exactly: value).map(name) ?? "\(value)", count: count)
            }
        }
    }

    private mutating func summarizeStrings(_ dataset: HDF5Dataset, _ extendPatience: () -> Void) throws(DataError) {
        var counts: [String: Int] = [:], longest = 0, isOverfull = false, byteCount = 8
        // Strings of variable length are pieces of memory of their own.
        if case .strings(let count) = dataset.valueType.form { byteCount = count ?? 64 }
        try dataset.forEachBlock(bytesEach: byteCount) { rows throws(DataError) in
            extendPatience()
            for string in try dataset.strings(inRows: rows) {
                longest = max(longest, string.count)
                if isOverfull && counts[string] == nil { continue }
                counts[string, default: 0] += 1
                isOverfull = counts.count > 100_000
            }
        }
        longestLength = longest
        distinctCount = isOverfull ? nil : counts.count
        if dataset.rowWidth == 1, dataset.shape.first ?? 1 > 1, counts.count <= DistinctValues.limit {
            classes = counts.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
                ClassCount(name: $0.key, count: $0.value)
            }
        }
    }
}

/// The range of the values and of those that came before.
private func range<Value: FixedWidthInteger>(of values: [Value], and earlier: ClosedRange<Value>?) -> ClosedRange<
    Value
>? {
    guard let low = values.min(), let high = values.max() else { return earlier }
    guard let earlier else { return low...high }
    return min(low, earlier.lowerBound)...max(high, earlier.upperBound)
}

/// Count, range, mean and spread of numbers that come in blocks.
///
/// A block is summed in two passes, and blocks are joined by the pairwise update of Chan, Golub & LeVeque, "Algorithms
/// for computing the sample variance", American Statistician 37, 1983, equation 2.1, which does not cancel.
private struct Moments {
    private(set) var count = 0
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    private(set) var mean = 0.0
    private(set) var nanCount = 0
    private(set) var infiniteCount = 0
    private var squares = 0.0

    var standardDeviation: Double { minimum == maximum ? 0 : (squares / Double(max(1, count))).squareRoot() }

    mutating func add(_ values: [Double]) {
        var sum = 0.0, finiteCount = 0
        for value in values {
            guard value.isFinite else {
                if value.isNaN { nanCount += 1 } else { infiniteCount += 1 }
                continue
            }
            sum += value
            finiteCount += 1
            minimum = min(minimum, value)
            maximum = max(maximum, value)
        }
        guard finiteCount > 0 else { return }
        let center = sum / Double(finiteCount)
        var spread = 0.0
        for value in values where value.isFinite { spread += (value - center) * (value - center) }
        let total = Double(count + finiteCount), difference = center - mean
        squares += spread + difference * difference * Double(count) * (Double(finiteCount) / total)
        // Equal numbers have themselves as their mean, to the last digit.
        mean = minimum == maximum ? minimum : mean + difference * (Double(finiteCount) / total)
        count += finiteCount
    }
}

/// Counts the columns whose numbers are the same in every row.
private struct ConstantColumns {
    /// The numbers of the first row; NaN where a later one differs.
    private var first: [Double] = []
    private var rowCount = 0

    /// nil where there are fewer than two rows.
    var count: Int? { rowCount > 1 ? first.count { !$0.isNaN } : nil }

    mutating func add(_ values: [Double], width: Int) {
        guard width > 0 else { return }
        if first.isEmpty { first = Array(values.prefix(width)) }
        var start = 0
        while start < values.count {
            for column in 0..<width where values[start + column] != first[column] { first[column] = .nan }
            start += width
            rowCount += 1
        }
    }
}
