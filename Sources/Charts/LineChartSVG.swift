extension LineChart {
    private static let left = 68.0, right = 20.0, titleLine = 20.0, legendLine = 20.0

    /// Returns the chart as the text of an SVG file.
    package func svg() -> String { LineChart.svg([self], width: 720, plotHeight: 300) }

    /// Returns charts of equal width in one SVG file, in rows of `columns` charts, or in one row.
    package static func svg(_ charts: [LineChart], width: Double, plotHeight: Double, columns: Int? = nil) -> String {
        let columns = max(1, columns ?? charts.count), panel = width / Double(columns)
        var body: [String] = [], y = 0.0
        for start in stride(from: 0, to: charts.count, by: columns) {
            let row = charts[start..<min(charts.count, start + columns)].map { ($0, Layout($0, width: panel)) }
            let top = row.map(\.1.top).max() ?? 0, bottom = row.map(\.1.bottom).max() ?? 0
            for (index, (chart, layout)) in row.enumerated() {
                let x = panel * Double(index)
                let plot = Frame(
                    left: x + layout.left, right: x + panel - layout.right, top: y + top, bottom: y + top + plotHeight)
                body += chart.drawing(plot, layout, at: x, y)
            }
            y += top + plotHeight + bottom
        }
        return SVG.document(width: width, height: y, body)
    }

    /// The rectangle of a plot, in pixels.
    private struct Frame {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double
    }

    /// The axes, title, legend and labels around the plot of a chart, and the room that they take.
    private struct Layout {
        let x: Axis
        let y: Axis
        let title: [String]
        let yLabel: [String]
        let legend: [[String]]
        let legendColumns: Int
        let legendColumnWidth: Double
        let left: Double
        let right = LineChart.right
        let top: Double
        let bottom: Double

        init(_ chart: LineChart, width: Double) {
            let x = chart.xAxis, y = chart.yAxis
            (self.x, self.y) = (x, y)
            yLabel = chart.yLabel.wrapped(to: 40)
            let tickWidth = Double(y.ticks.map { y.label($0).displayWidth }.max() ?? 0) * SVG.columnWidth
            let narrow = max(LineChart.left, 24 + 16 * Double(yLabel.count) + tickWidth)
            let labels = HorizontalLabels(
                Layout.xLabels(x, from: narrow, to: width - LineChart.right), areNames: !chart.xCategories.isEmpty)
            // A long name below the first place may reach further than the labels of the y axis.
            left = max(narrow, labels.overhang - (labels.shown.first?.x ?? 0) + narrow + 8)
            bottom = labels.height + 36
            let plotWidth = width - left - LineChart.right
            title = chart.title.wrapped(to: Int(plotWidth / (1.25 * SVG.columnWidth)))
            let widest = Double(chart.series.map(\.name.displayWidth).max() ?? 0) * SVG.columnWidth
            legendColumns = max(1, min(chart.series.count, Int((plotWidth + 16) / (28 + widest + 16))))
            legendColumnWidth = min(plotWidth / Double(legendColumns), 28 + widest + 40)
            let nameWidth = Int((plotWidth / Double(legendColumns) - 28) / SVG.columnWidth)
            legend = chart.series.map { $0.name.wrapped(to: max(4, nameWidth)) }
            let rows = Layout.legendRows(legend, legendColumns)
            top = 28 + LineChart.titleLine * Double(title.count) + LineChart.legendLine * Double(rows.reduce(0, +))
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

    /// Returns the chart as pieces of an SVG file.
    private func drawing(_ plot: Frame, _ layout: Layout, at left: Double, _ top: Double) -> [String] {
        let x = layout.x, y = layout.y
        func px(_ value: Double) -> Double { plot.left + x.fraction(value) * (plot.right - plot.left) }
        func py(_ value: Double) -> Double { plot.bottom - y.clampedFraction(value) * (plot.bottom - plot.top) }

        var lines = SVG.title(layout.title, plot.left, top + 28)
        lines += legend(plot, layout, top: top + 30 + LineChart.titleLine * Double(layout.title.count))
        for tick in y.ticks {
            lines.append(SVG.line(plot.left, py(tick), plot.right, py(tick), "stroke=\"#ddd\""))
            lines.append(SVG.text(y.label(tick), plot.left - 8, py(tick) + 4, "text-anchor=\"end\""))
        }
        if xCategories.isEmpty {
            lines += x.ticks.map { SVG.line(px($0), plot.top, px($0), plot.bottom, "stroke=\"#ddd\"") }
        }
        let labels = HorizontalLabels(
            Layout.xLabels(x, from: plot.left, to: plot.right), areNames: !xCategories.isEmpty)
        lines += labels.drawing(below: plot.bottom)
        lines.append(
            SVG.rectangle(
                plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top, "fill=\"none\" stroke=\"#ddd\""))
        lines.append(
            SVG.text(xLabel, (plot.left + plot.right) / 2, plot.bottom + layout.bottom - 14, "text-anchor=\"middle\""))
        let middle = (plot.top + plot.bottom) / 2
        lines += SVG.verticalLabel(layout.yLabel, left + 16, middle)
        if hasNothingToDraw {
            lines.append(SVG.text("no data", (plot.left + plot.right) / 2, middle, "text-anchor=\"middle\""))
        }

        // Areas lie below all lines, so that none of these is dimmed by another's.
        let pixels = series.map {
            stretches(of: $0).map {
                $0.map { Point(x: px($0.x), y: py($0.y), band: $0.band.map { (py($0.low), py($0.high)) }) }
            }
        }
        for (index, stretches) in pixels.enumerated() where series[index].mark == .line {
            lines += stretches.flatMap { areas($0, index) }
        }
        for (index, stretches) in pixels.enumerated() { lines += stretches.flatMap { curve($0, index) } }
        return lines
    }

    /// Returns the legend as pieces of an SVG file.
    private func legend(_ plot: Frame, _ layout: Layout, top: Double) -> [String] {
        var lines: [String] = []
        let rows = Layout.legendRows(layout.legend, layout.legendColumns)
        for (index, name) in layout.legend.enumerated() {
            let column = Double(index % layout.legendColumns),
                above = rows[..<(index / layout.legendColumns)].reduce(0, +)
            let x = plot.left + column * layout.legendColumnWidth, y = top + LineChart.legendLine * Double(above)
            if series[index].mark != .points {
                lines.append(SVG.line(x, y, x + 22, y, "\(stroke(index)) stroke-width=\"2.5\""))
            }
            if series[index].mark != .line { lines.append(marker(x + 11, y, index)) }
            lines += SVG.lines(name, x + 28, y + 4, spacing: LineChart.legendLine)
        }
        return lines
    }

    /// Returns the areas around a stretch, in pixels: one for each part of it that has a band.
    private func areas(_ stretch: [Point], _ index: Int) -> [String] {
        stretch.split { $0.band == nil }.map { part in
            let upper = part.map { (x: $0.x, y: $0.band?.high ?? $0.y) },
                lower = part.reversed().map { (x: $0.x, y: $0.band?.low ?? $0.y) }
            return "<path d=\"M\(SVG.points(upper + lower))Z\" fill=\"\(color(index))\" fill-opacity=\"0.18\"/>"
        }
    }

    /// Returns the line, the markers and the error bars of a stretch, in pixels.
    private func curve(_ stretch: [Point], _ index: Int) -> [String] {
        var lines: [String] = []
        let mark = series[index].mark
        if mark != .points {
            lines.append(
                "<polyline points=\"\(SVG.points(stretch.map { ($0.x, $0.y) }))\" fill=\"none\" \(stroke(index)) "
                    + "stroke-width=\"2\" "
                    + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>")
        }
        if mark != .line {
            for point in stretch {
                if let band = point.band {
                    lines.append(
                        SVG.line(
                            point.x, band.low, point.x, band.high, "stroke=\"\(color(index))\" stroke-width=\"1.5\""))
                    for end in [band.low, band.high] {
                        lines.append(
                            SVG.line(
                                point.x - 4, end, point.x + 4, end, "stroke=\"\(color(index))\" stroke-width=\"1.5\""))
                    }
                }
                lines.append(marker(point.x, point.y, index))
            }
        }
        return lines
    }

    private func color(_ index: Int) -> String { Palette.series[index % Palette.series.count].hex }

    /// Returns the attributes of a line; series beyond the number of colours repeat these with dashes.
    private func stroke(_ index: Int) -> String {
        let dashes = ["", "6 4", "2 4", "8 3 2 3"][index / Palette.series.count % 4]
        return "stroke=\"\(color(index))\"" + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")
    }

    /// Returns the marker of a series at a point; markers have different shapes, for print without colours.
    private func marker(_ x: Double, _ y: Double, _ index: Int) -> String {
        let fill = "fill=\"\(color(index))\""
        switch index % 4 {
        case 0: return "<circle cx=\"\(SVG.number(x))\" cy=\"\(SVG.number(y))\" r=\"4\" \(fill)/>"
        case 1: return SVG.rectangle(x - 3.7, y - 3.7, 7.4, 7.4, fill)
        case 2: return "<path d=\"M\(SVG.points([(x, y - 5), (x + 4.7, y + 3.6), (x - 4.7, y + 3.6)]))Z\" \(fill)/>"
        default:
            return "<path d=\"M\(SVG.points([(x, y - 5.2), (x + 5.2, y), (x, y + 5.2), (x - 5.2, y)]))Z\" \(fill)/>"
        }
    }
}
