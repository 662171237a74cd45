extension LineChart {
    /// The axes, title, legend and labels around the plot of a chart, and the room that they take.
    struct Layout {
        static let right = 20.0, titleLine = 20.0
        private static let narrowestLeft = 68.0

        let x: Axis
        let y: Axis
        let title: [String]
        let yLabel: [String]
        /// The legend above the plot; nil where it stands elsewhere.
        let legend: Legend?
        let left: Double
        let top: Double
        let bottom: Double
        let plotWidth: Double

        init(_ chart: LineChart, width: Double, plotHeight: Double?) {
            let x = chart.xAxis, y = chart.yAxis
            (self.x, self.y) = (x, y)
            yLabel = chart.yLabel.wrapped(to: plotHeight.map { max(12, Int($0 / SVG.columnWidth)) } ?? 40)
            let tickWidth = Double(y.ticks.map { y.label($0).displayWidth }.max() ?? 0) * SVG.columnWidth
            let narrow = max(Layout.narrowestLeft, 24 + 16 * Double(yLabel.count) + tickWidth)
            let labels = HorizontalLabels(
                Layout.xLabels(x, from: narrow, to: width - Layout.right), areNames: !chart.xCategories.isEmpty)
            // A long name below the first place may reach further than the labels of the y axis.
            left = max(narrow, labels.overhang - (labels.shown.first?.x ?? 0) + narrow + 8)
            bottom = labels.height + (chart.isSharing.xLabel ? 16 : 36)
            let plotWidth = max(1, width - left - Layout.right)
            self.plotWidth = plotWidth
            title = chart.title.wrapped(to: max(1, Int(plotWidth / (1.25 * SVG.columnWidth))))
            legend = chart.isSharing.legend ? nil : Legend(chart, width: plotWidth)
            top = 28 + Layout.titleLine * Double(title.count) + (legend?.height ?? 0)
        }

        /// Returns the places and texts of the labels of the x axis.
        static func xLabels(_ axis: Axis, from left: Double, to right: Double) -> [(x: Double, text: String)] {
            axis.ticks.map { (left + axis.fraction($0) * (right - left), axis.label($0)) }
        }
    }
}
