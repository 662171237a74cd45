/// A drawing for one SVG file or one print in a terminal.
package enum Figure: Sendable {
    /// Line charts, beside each other in a file and below each other in a terminal.
    case lines([LineChart])
    case heatMap(HeatMap)

    /// Returns the figure as the text of an SVG file.
    package func svg() -> String {
        switch self {
        case .lines(let charts) where charts.count == 1: charts[0].svg()
        case .lines(let charts):
            LineChart.svg(charts, width: charts.count == 2 ? 960 : 1200, plotHeight: 260, columns: min(3, charts.count))
        case .heatMap(let map): map.svg()
        }
    }

    /// Returns the figure for a terminal.
    ///
    /// - Parameter height: the number of lines of each chart; a heat map always has a line for each row.
    package func text(width: Int, height: Int, color: TerminalColor) -> String {
        switch self {
        case .lines(let charts):
            charts.map { $0.text(width: width, height: height, color: color) }.joined(separator: "\n")
        case .heatMap(let map): map.text(width: width, color: color)
        }
    }
}
