/// A heat map: a value for each pair of two axes, drawn as coloured cells.
///
/// As an SVG file it is readable on light and dark pages and in print; as text it fits into a terminal.
package struct HeatMap: Sendable {
    package var title: String
    package var xLabel: String
    package var yLabel: String
    /// The label of the colours.
    package var valueLabel: String
    /// The names of the columns, from left to right.
    package var columns: [String]
    /// The names of the rows, from top to bottom.
    package var rows: [String]
    /// The values of the cells, a list for each row.
    ///
    /// A value that is not finite is missing. A value that is not positive has no colour on a logarithmic scale, but
    /// its number is still written.
    package var values: [[Double]]
    package var scale: AxisScale
    /// Whether cells have their numbers, where all have room.
    package var writesNumbers = true
    /// Whether the scale of colours stands beside this map; else it is that of a neighbour.
    var showsScale = true
    /// The run whose values these are; nil where they are of none, or of several.
    package var run: Int?
    /// Values that the colours reach to beside those of the cells, such as those of another map.
    package var colorRange: ClosedRange<Double>?
    /// Where the scale of colours ends; what lies beyond has the colour of the end.
    package var colorLimits = AxisLimits()

    package init(
        title: String, xLabel: String, yLabel: String, valueLabel: String, columns: [String], rows: [String],
        values: [[Double]],
        scale: AxisScale = .linear
    ) {
        precondition(
            values.count == rows.count && values.allSatisfy { $0.count == columns.count },
            "a heat map has a value for each row and column")
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.valueLabel = valueLabel
        self.columns = columns
        self.rows = rows
        self.values = values
        self.scale = scale
    }

    /// The axis of the colours, from the lowest value to the highest or further.
    var axis: Axis {
        let range = colorRange.map { [$0.lowerBound, $0.upperBound] } ?? []
        return Axis((range + values.joined()).filter(scale.canShow), scale, colorLimits)
    }

    /// Returns maps of which only the last of neighbours with the same scale shows it.
    ///
    /// - Parameter columns: how many stand beside each other; neighbours are those in one row, or all if it is 1.
    static func withoutRepeatedScales(_ maps: [HeatMap], columns: Int = 1) -> [HeatMap] {
        var maps = maps
        for place in maps.indices.dropLast() where columns == 1 || place % columns < columns - 1 {
            let (own, next) = (maps[place], maps[place + 1])
            maps[place].showsScale =
                !(own.axis.ends == next.axis.ends && own.scale == next.scale && own.valueLabel == next.valueLabel
                && own.isIncomplete == next.isIncomplete)
        }
        return maps
    }

    /// Whether a cell has no colour.
    var isIncomplete: Bool { !values.joined().allSatisfy(scale.canShow) }

    /// Whether the columns are not all numbers.
    var columnsAreNames: Bool { !columns.allSatisfy { Double($0) != nil } }

    /// Returns the text in a cell; empty for a missing value.
    func text(_ value: Double) -> String { value.isFinite ? Axis.text(value, digits: 3) : "" }

    /// The width of the widest text in a cell, in columns.
    var widestText: Int { values.joined().map { text($0).displayWidth }.max() ?? 0 }
}
