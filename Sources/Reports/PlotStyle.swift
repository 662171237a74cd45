import Charts

/// What a plot looks like, apart from what it shows.
package struct PlotStyle: Sendable {
    package var xScale = AxisScale.linear
    package var yScale = AxisScale.linear
    /// Of a heat map.
    package var colorScale = AxisScale.linear
    /// nil for what the plot is of, as the two that follow.
    package var title: String?
    package var xLabel: String?
    package var yLabel: String?

    package init() {}
}
