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
            LineChart.drawing(charts, width: 720, plotHeight: 300, columns: 1, notes: notes)
        case .lines(let charts):
            LineChart.drawing(
                charts, width: [2, 4].contains(charts.count) ? 960 : 1200, plotHeight: 260,
                columns: charts.count == 4 ? 2 : max(1, min(3, charts.count)), notes: notes)
        case .heatMaps(let maps): HeatMap.drawing(maps, notes: notes)
        }
    }

    /// Returns the figure for a terminal.
    ///
    /// - Parameter height: the number of lines of each chart; a heat map always has a line for each row.
    package func text(width: Int, height: Int, color: TerminalColor) -> String {
        switch self {
        case .lines(let charts):
            var panels = LineChart.Panels(charts)
            // Below each other the first has the label of the y axis, and the last that of the x axis.
            if !charts.isEmpty {
                panels.charts[0].isSharing.yLabel = false
                panels.charts[charts.count - 1].isSharing.xLabel = false
            }
            let head = panels.headText(width: width, color: color)
            return
                ((head.isEmpty ? [] : [head])
                + panels.charts.map { $0.text(width: width, height: height, color: color) })
                .joined(separator: "\n")
        case .heatMaps(let maps):
            var panels = HeatMap.Panels(maps, columns: 1)
            if !panels.maps.allSatisfy({ $0.hasRoomForNumbers(width: width) || !$0.writesNumbers }) {
                panels.leaveOutNumbers()
            }
            var grid = TextGrid(width: width, height: panels.title.isEmpty ? 0 : 1)
            grid.put(panels.title.cutInMiddle(to: width), 0, 0, isBold: true)
            return
                ((panels.title.isEmpty ? [] : [grid.text(color)])
                + panels.maps.map { $0.text(width: width, color: color) })
                .joined(separator: "\n")
        }
    }

    /// Returns the figure with one x axis and one y axis for all charts, or one scale of colours for all maps.
    package func withSharedScale() -> Figure {
        switch self {
        case .lines(let charts):
            let drawn = charts.filter { !$0.hasNothingToDraw }
            let x = range(drawn.filter(\.xCategories.isEmpty).flatMap(\.xValues)), y = range(drawn.flatMap(\.yValues))
            return .lines(
                charts.map {
                    var chart = $0
                    (chart.xRange, chart.yRange) = (x, y)
                    return chart
                })
        case .heatMaps(let maps):
            let values = maps.flatMap { map in map.values.joined().filter(map.scale.canShow) }
            guard let range = range(values) else { return self }
            return .heatMaps(
                maps.map {
                    var map = $0
                    map.colorRange = range
                    return map
                })
        }
    }

    private func range(_ values: [Double]) -> ClosedRange<Double>? {
        guard let low = values.min(), let high = values.max() else { return nil }
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
