import Charts
import RunStore

struct HeatMapCell {
    var x: SQLValue
    var y: SQLValue
    var value: Double
}

/// Numbers grow to the right and upwards; other values stand in their order of appearance, from left to right and from
/// the top.
///
/// The last of several cells at one place counts.
func heatMap(
    _ cells: [HeatMapCell], title: String, xLabel: String, yLabel: String, valueLabel: String, scale: AxisScale
) -> HeatMap {
    let columns = AxisValues(cells.map(\.x)), rows = AxisValues(cells.map(\.y))
    var values = Array(repeating: Array(repeating: Double.nan, count: columns.names.count), count: rows.names.count)
    for cell in cells {
        guard let column = columns.place(cell.x), let row = rows.place(cell.y) else { continue }
        values[rows.areNumbers ? rows.names.count - 1 - row : row][column] = cell.value
    }
    return HeatMap(
        title: title, xLabel: xLabel, yLabel: yLabel, valueLabel: valueLabel, columns: columns.names,
        rows: rows.areNumbers ? rows.names.reversed() : rows.names, values: values, scale: scale)
}

/// The different values along an axis: in order of size where all are numbers, else of appearance.
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

    func place(_ value: SQLValue) -> Int? { places[value.key] }
}

extension SQLValue {
    /// The same for 1 and 1.0.
    var key: String { double.map { "\($0)" } ?? exact }
}
