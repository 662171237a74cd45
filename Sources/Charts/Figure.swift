/// A drawing for one SVG file, one print in a terminal, or one place of a page.
package enum Figure: Sendable {
    /// Line charts, beside each other in a file and below each other in a terminal.
    case lines([LineChart])
    /// Heat maps, beside each other in a file and below each other in a terminal.
    case heatMaps([HeatMap])

    /// Returns the figure as the text of an SVG file.
    package func svg() -> String {
        switch self {
        case .lines(let charts) where charts.count == 1: charts[0].svg()
        case .lines(let charts):
            LineChart.svg(charts, width: charts.count == 2 ? 960 : 1200, plotHeight: 260, columns: min(3, charts.count))
        case .heatMaps(let maps): HeatMap.svg(maps)
        }
    }

    /// Returns the figure for a terminal.
    ///
    /// - Parameter height: the number of lines of each chart; a heat map always has a line for each row.
    package func text(width: Int, height: Int, color: TerminalColor) -> String {
        switch self {
        case .lines(let charts):
            charts.map { $0.text(width: width, height: height, color: color) }.joined(separator: "\n")
        case .heatMaps(let maps): maps.map { $0.text(width: width, color: color) }.joined(separator: "\n")
        }
    }

    /// Returns the figure with one y axis for all charts, or one scale of colours for all maps.
    package func withSharedScale() -> Figure {
        switch self {
        case .lines(let charts):
            let ends = charts.filter { !$0.hasNothingToDraw }.map(\.yAxis.ends)
            guard let low = ends.map(\.lowerBound).min(), let high = ends.map(\.upperBound).max() else { return self }
            return .lines(
                charts.map {
                    var chart = $0
                    chart.yRange = low...high
                    return chart
                })
        case .heatMaps(let maps):
            let values = maps.flatMap { map in map.values.joined().filter(map.scale.canShow) }
            guard let low = values.min(), let high = values.max() else { return self }
            return .heatMaps(
                maps.map {
                    var map = $0
                    map.colorRange = low...high
                    return map
                })
        }
    }
}
