import Charts

/// The scales and texts of a plot that the user chooses.
package struct PlotStyle: Sendable {
    /// The scale of the x axis; nil for the one that suits what the axis shows.
    package var xScale: AxisScale?
    package var yScale = AxisScale.linear
    /// The scale of the colours of a heat map.
    package var colorScale = AxisScale.linear
    /// The title; nil for one that says what the plot shows.
    package var title: String?
    /// The label of the x axis; nil for one that says what the axis shows.
    package var xLabel: String?
    /// The label of the y axis; nil for one that says what the axis shows.
    package var yLabel: String?

    /// Whether a linear y axis begins at zero.
    package var startsAtZero = false
    /// The label of the colours of a heat map; nil for one that says what they show.
    package var valueLabel: String?

    package init() {}
}
