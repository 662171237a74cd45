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

    /// Returns the place of a value along the axis, from 0.
    func place(_ value: SQLValue) -> Int? { places[value.key] }
}
