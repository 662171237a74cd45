/// A drawing for one SVG file, one print in a terminal, or one place of a page.
package enum Figure: Sendable {
    /// Line charts, beside each other in a file and below each other in a terminal.
    case lines([LineChart])
    /// Heat maps, beside each other in a file and below each other in a terminal.
    case heatMaps([HeatMap])

    /// Returns the figure as the text of an SVG file that pages scale.
    package func svg() -> String { SVG.document(drawing()) }

    /// Draws the figure in the size that suits it.
    func drawing() -> Drawing {
        switch self {
        case .lines(let charts) where charts.count == 1:
            LineChart.drawing(charts, width: 720, plotHeight: 300, columns: 1)
        case .lines(let charts):
            LineChart.drawing(
                charts, width: charts.count == 2 ? 960 : 1200, plotHeight: 260, columns: max(1, min(3, charts.count)))
        case .heatMaps(let maps): HeatMap.drawing(maps)
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

    /// Returns the figure with one x axis and one y axis for all charts, or one scale of colours for all maps.
    package func withSharedScale() -> Figure {
        switch self {
        case .lines(let charts):
            let drawn = charts.filter { !$0.hasNothingToDraw }
            let x = union(drawn.filter(\.xCategories.isEmpty).map(\.xAxis.ends)), y = union(drawn.map(\.yAxis.ends))
            return .lines(
                charts.map {
                    var chart = $0
                    (chart.xRange, chart.yRange) = (x, y)
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

    private func union(_ ranges: [ClosedRange<Double>]) -> ClosedRange<Double>? {
        guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else { return nil }
        return low...high
    }

    /// Changes each line chart of the figure.
    package func mapCharts(_ change: (inout LineChart) -> Void) -> Figure {
        guard case .lines(let charts) = self else { return self }
        return .lines(
            charts.map {
                var chart = $0
                change(&chart)
                return chart
            })
    }

    /// Changes each heat map of the figure.
    package func mapMaps(_ change: (inout HeatMap) -> Void) -> Figure {
        guard case .heatMaps(let maps) = self else { return self }
        return .heatMaps(
            maps.map {
                var map = $0
                change(&map)
                return map
            })
    }
}
