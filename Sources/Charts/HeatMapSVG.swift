extension HeatMap {
    /// Returns the heat map as the text of an SVG file.
    package func svg() -> String {
        let drawing = drawing()
        return SVG.document(width: drawing.width, height: drawing.height, drawing.body)
    }

    /// Returns heat maps in one SVG file, two beside each other.
    static func svg(_ maps: [HeatMap]) -> String {
        var body: [String] = [], width = 0.0, y = 0.0
        for start in stride(from: 0, to: maps.count, by: 2) {
            var x = 0.0, height = 0.0
            for map in maps[start..<min(maps.count, start + 2)] {
                let drawing = map.drawing()
                body.append("<g transform=\"translate(\(SVG.number(x)) \(SVG.number(y)))\">")
                body += drawing.body + ["</g>"]
                (x, height) = (x + drawing.width, max(height, drawing.height))
            }
            (width, y) = (max(width, x), y + height)
        }
        return SVG.document(width: width, height: y, body)
    }

    /// Returns the heat map as pieces of an SVG file, and its size.
    private func drawing() -> (width: Double, height: Double, body: [String]) {
        let axis = axis
        let yLabel = self.yLabel.wrapped(to: 40)
        let cellHeight = rows.count > 40 ? 720 / Double(rows.count) : min(44, max(20, 300 / Double(max(1, rows.count))))
        let height = cellHeight * Double(rows.count)
        let barLabels = axis.ticks.map(axis.label),
            barWidth = Double(barLabels.map(\.displayWidth).max() ?? 0) * SVG.columnWidth
        let valueLabel = self.valueLabel.wrapped(to: max(12, Int(height / SVG.columnWidth)))
        let right = 24 + 16 + 8 + barWidth + 12 + 16 * Double(valueLabel.count)
        let rowWidth = Double(rows.map(\.displayWidth).max() ?? 0) * SVG.columnWidth
        var left = 24 + 16 * Double(yLabel.count) + rowWidth
        let cellWidth = min(96, max(240, 720 - left - right) / Double(max(1, columns.count)))
        func columnLabels() -> HorizontalLabels {
            HorizontalLabels(
                columns.enumerated().map { (left + (Double($0) + 0.5) * cellWidth, $1) }, areNames: columnsAreNames)
        }
        left = max(left, columnLabels().overhang - cellWidth / 2 + 8)
        let labels = columnLabels(), width = cellWidth * Double(columns.count)
        let title = self.title.wrapped(to: Int((width + right) / (1.25 * SVG.columnWidth)))
        let top = 28 + 20 * Double(title.count)
        let total = (width: left + width + right, height: top + height + labels.height + 36)

        var lines = isIncomplete ? [HeatMap.hatching] : []
        lines += SVG.title(title, left, 28)
        lines += cells(axis, left: left, top: top, cellWidth: cellWidth, cellHeight: cellHeight)
        lines += labels.drawing(below: top + height)
        let rowStep = Int((14 / cellHeight).rounded(.up))
        for (row, name) in rows.enumerated() where row % rowStep == 0 {
            lines.append(SVG.text(name, left - 8, top + (Double(row) + 0.5) * cellHeight + 4, "text-anchor=\"end\""))
        }
        lines.append(SVG.text(xLabel, left + width / 2, top + height + labels.height + 22, "text-anchor=\"middle\""))
        lines += SVG.verticalLabel(yLabel, 16, top + height / 2)
        lines += bar(axis, left: left + width + 24, top: top, height: height, labelWidth: barWidth, valueLabel)
        return (total.width, total.height, lines)
    }

    /// Returns the coloured cells and, where all have room, their numbers.
    private func cells(_ axis: Axis, left: Double, top: Double, cellWidth: Double, cellHeight: Double) -> [String] {
        // Ends rounded as they are written, so that neighbours touch.
        func x(_ column: Int) -> Double { ((left + Double(column) * cellWidth) * 10).rounded() / 10 }
        func y(_ row: Int) -> Double { ((top + Double(row) * cellHeight) * 10).rounded() / 10 }
        // The largest of the usual sizes at which every number has room.
        let size = [13.0, 12, 11, 10, 9].first {
            Double(widestText) * SVG.columnWidth * $0 / 13 + 4 <= cellWidth && $0 + 3 <= cellHeight
        }
        var lines = ["<g shape-rendering=\"crispEdges\">"], numbers: [String] = []
        for (row, values) in values.enumerated() {
            for (column, value) in values.enumerated() {
                let color = scale.canShow(value) ? Palette.viridis(axis.fraction(value)) : nil
                lines.append(
                    SVG.rectangle(
                        x(column), y(row), x(column + 1) - x(column), y(row + 1) - y(row),
                        "fill=\"\(color?.hex ?? "url(#missing)")\""))
                guard let size, value.isFinite else { continue }
                numbers.append(
                    SVG.text(
                        text(value), left + (Double(column) + 0.5) * cellWidth,
                        top + (Double(row) + 0.5) * cellHeight + size * 0.36,
                        "text-anchor=\"middle\" font-size=\"\(SVG.number(size))\" "
                            + "fill=\"\((color?.contrast ?? RGB(0x333333)).hex)\""
                    ))
            }
        }
        return lines + ["</g>"] + numbers
    }

    /// Returns the colour bar with its ticks and label.
    private func bar(_ axis: Axis, left: Double, top: Double, height: Double, labelWidth: Double, _ label: [String])
        -> [String]
    {
        let stops = (0...16).map { index in
            "<stop offset=\"\(Double(index) / 16)\" stop-color=\"\(Palette.viridis(Double(index) / 16).hex)\"/>"
        }
        var lines = [
            "<linearGradient id=\"scale\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">" + stops.joined() + "</linearGradient>"
        ]
        lines.append(SVG.rectangle(left, top, 16, height, "fill=\"url(#scale)\""))
        var above = Double.infinity
        for tick in axis.ticks {
            let y = top + (1 - axis.fraction(tick)) * height
            guard above - y >= 14 else { continue }
            above = y
            lines.append(SVG.line(left + 16, y, left + 20, y, "stroke=\"#333\""))
            lines.append(SVG.text(axis.label(tick), left + 24, y + 4))
        }
        return lines + SVG.verticalLabel(label, left + 24 + labelWidth + 16, top + height / 2)
    }

    /// The pattern that missing cells are filled with.
    private static let hatching = """
        <pattern id="missing" width="6" height="6" patternUnits="userSpaceOnUse">\
        <rect width="6" height="6" fill="#f4f4f4"/><path d="M-1,1l2,-2M0,6l6,-6M5,7l2,-2" stroke="#bbb"/></pattern>
        """
}
