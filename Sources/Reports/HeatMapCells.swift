import Charts
import RunStore

/// A value at two places, before cells are arranged in rows and columns.
struct HeatMapCell {
    var x: SQLValue
    var y: SQLValue
    var value: Double
}

/// Arranges cells as a heat map.
///
/// Numbers grow to the right and upwards; other values keep their order of appearance, from left to right and from the
/// top. Of several cells at one place the last counts.
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
