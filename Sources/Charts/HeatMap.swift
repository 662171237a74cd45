/// A value for each pair of two axes, drawn as coloured cells: an SVG file that reads on light and dark pages and in
/// print, or text for a terminal.
package struct HeatMap: Sendable {
    package var title: String
    package var xLabel: String
    package var yLabel: String
    /// What the colours mean.
    package var valueLabel: String
    /// From left to right.
    package var columns: [String]
    /// From top to bottom.
    package var rows: [String]
    /// A list for each row.
    ///
    /// What is not finite is missing; what is not positive has no colour on a logarithmic scale, but still its number.
    package var values: [[Double]]
    package var scale: AxisScale

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

    /// The axis of the colours.
    var axis: Axis { Axis(values.joined().filter(scale.canShow), scale) }

    var isIncomplete: Bool { !values.joined().allSatisfy(scale.canShow) }

    var columnsAreNames: Bool { !columns.allSatisfy { Double($0) != nil } }

    /// What stands in a cell; empty for a missing value.
    func text(_ value: Double) -> String { value.isFinite ? Axis.text(value, digits: 3) : "" }

    var widestText: Int { values.joined().map { text($0).displayWidth }.max() ?? 0 }
}
