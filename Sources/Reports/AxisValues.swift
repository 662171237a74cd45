import Charts
import RunStore

/// The distinct values along an axis: in order of size where all are numbers, else in order of appearance.
struct AxisValues {
    let names: [String]
    let areNumbers: Bool
    private let places: [String: Int]

    init(_ values: [SQLValue]) {
        areNumbers = values.allSatisfy { $0.double != nil }
        var distinct: [String: SQLValue] = [:], order: [SQLValue] = []
        for value in values where distinct.updateValue(value, forKey: value.key) == nil { order.append(value) }
        if areNumbers { order.sort { ($0.double ?? 0) < ($1.double ?? 0) } }
        names = order.map(\.display)
        places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1.key, $0) })
    }

    /// The scale that suits the values: logarithmic for positive numbers over two decades and more of which most lie
    /// near the least, as powers of ten do.
    var scale: AxisScale {
        let numbers = names.compactMap(Double.init)
        guard areNumbers, numbers.count == names.count, numbers.count > 2, let low = numbers.first,
            let high = numbers.last, low > 0, high >= 99.99 * low, numbers[numbers.count / 2] < (low + high) / 3
        else { return .linear }
        return .logarithmic
    }

    /// Returns the place of a value along the axis, from 0.
    func place(_ value: SQLValue) -> Int? { places[value.key] }
}
