extension LineChart {
    /// The axes, title, legend and labels around the plot of a chart, and the room that they take.
    struct Layout {
        static let right = 20.0, titleLine = 20.0, legendLine = 20.0
        private static let narrowestLeft = 68.0

        let x: Axis
        let y: Axis
        let title: [String]
        let yLabel: [String]
        let legend: [[String]]
        let legendColumns: Int
        let legendColumnWidth: Double
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
            bottom = labels.height + 36
            let plotWidth = max(1, width - left - Layout.right)
            self.plotWidth = plotWidth
            title = chart.title.wrapped(to: max(1, Int(plotWidth / (1.25 * SVG.columnWidth))))
            let names = chart.series.map(\.legendName)
            let widest = Double(names.map(\.displayWidth).max() ?? 0) * SVG.columnWidth
            legendColumns = max(1, min(chart.series.count, Int((plotWidth + 16) / (28 + widest + 16))))
            legendColumnWidth = min(plotWidth / Double(legendColumns), 28 + widest + 40)
            let nameWidth = Int((plotWidth / Double(legendColumns) - 28) / SVG.columnWidth)
            legend = names.map { $0.wrapped(to: max(4, nameWidth)) }
            let rows = Layout.legendRows(legend, legendColumns)
            top = 28 + Layout.titleLine * Double(title.count) + Layout.legendLine * Double(rows.reduce(0, +))
        }

        /// Returns the number of lines that each row of a legend takes.
        static func legendRows(_ legend: [[String]], _ columns: Int) -> [Int] {
            stride(from: 0, to: legend.count, by: columns).map {
                legend[$0..<min(legend.count, $0 + columns)].map(\.count).max() ?? 0
            }
        }

        /// Returns the places and texts of the labels of the x axis.
        static func xLabels(_ axis: Axis, from left: Double, to right: Double) -> [(x: Double, text: String)] {
            axis.ticks.map { (left + axis.fraction($0) * (right - left), axis.label($0)) }
        }
    }
}
