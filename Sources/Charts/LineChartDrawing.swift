extension LineChart {
    /// How many points all lines of a drawing have at most, about; a million points make a file of 300 KB with it.
    private static let pointBudget = 20_000.0

    /// Returns the chart as the text of an SVG file.
    package func svg() -> String { LineChart.svg([self], width: 720, plotHeight: 300) }

    /// Returns charts of equal width in one SVG file, in rows of `columns` charts, or in one row.
    package static func svg(_ charts: [LineChart], width: Double, plotHeight: Double, columns: Int? = nil) -> String {
        SVG.document(drawing(charts, width: width, plotHeight: plotHeight, columns: columns ?? charts.count))
    }

    /// Draws charts of equal width in rows of `columns` charts.
    static func drawing(_ charts: [LineChart], width: Double, plotHeight: Double, columns: Int) -> Drawing {
        drawing(charts, rows: rows(charts, width: width, columns: columns, plotHeight: nil), width, plotHeight, columns)
    }

    /// Draws charts of equal width in rows of `columns` charts, so high that all have this height together.
    ///
    /// - Throws: the height that they need, if it is more.
    static func drawing(_ charts: [LineChart], width: Double, height: Double, columns: Int) throws(TooSmall) -> Drawing
    {
        let count = Double((charts.count + max(1, columns) - 1) / max(1, columns))
        // Labels at the side are as long as the plots are high, for which the rest of a first layout is a good guess.
        let guess = rows(charts, width: width, columns: columns, plotHeight: nil).map(\.around).reduce(0, +)
        let rows = rows(charts, width: width, columns: columns, plotHeight: max(40, (height - guess) / count))
        let around = rows.map(\.around).reduce(0, +), plotHeight = (height - around) / count
        let narrowest = rows.flatMap(\.layouts).map(\.plotWidth).min() ?? width
        guard plotHeight >= 40, narrowest >= 60 else {
            throw TooSmall(width: width + max(0, 60 - narrowest) * Double(columns), height: around + 40 * count)
        }
        return drawing(charts, rows: rows, width, plotHeight, columns)
    }

    /// A row of charts, and the room above and below their plots.
    private struct Row {
        var layouts: [Layout]
        var top: Double { layouts.map(\.top).max() ?? 0 }
        var bottom: Double { layouts.map(\.bottom).max() ?? 0 }
        var around: Double { top + bottom }
    }

    private static func rows(_ charts: [LineChart], width: Double, columns: Int, plotHeight: Double?) -> [Row] {
        let columns = max(1, columns)
        return stride(from: 0, to: charts.count, by: columns).map { start in
            Row(
                layouts: charts[start..<min(charts.count, start + columns)].map {
                    Layout($0, width: width / Double(columns), plotHeight: plotHeight)
                })
        }
    }

    private static func drawing(
        _ charts: [LineChart], rows: [Row], _ width: Double, _ plotHeight: Double, _ columns: Int
    ) -> Drawing {
        let panel = width / Double(max(1, columns))
        var drawing = Drawing(width: width, height: 0)
        for (number, row) in rows.enumerated() {
            for (index, layout) in row.layouts.enumerated() {
                let x = panel * Double(index), top = drawing.height + row.top
                let plot = Frame(
                    left: x + layout.left, right: x + panel - Layout.right, top: top, bottom: top + plotHeight)
                drawing.shapes += charts[number * columns + index].shapes(
                    plot, layout, at: Place(x: x, y: drawing.height), pointBudget / Double(charts.count))
            }
            drawing.height += row.around + plotHeight
        }
        return drawing
    }

    /// Returns the shapes of the chart, whose upper left corner is at a place.
    private func shapes(_ plot: Frame, _ layout: Layout, at corner: Place, _ pointBudget: Double) -> [Shape] {
        let x = layout.x, y = layout.y, grey = Stroke(color: RGB(0xDDDDDD))
        func px(_ value: Double) -> Double { plot.left + x.boundedFraction(value) * plot.width }
        func py(_ value: Double) -> Double { plot.bottom - y.boundedFraction(value) * plot.height }
        func text(_ text: String, _ x: Double, _ y: Double, _ anchor: Lettering.Anchor) -> Shape {
            .text(Lettering(text: text, place: Place(x: x, y: y), anchor: anchor))
        }

        var shapes = Shape.title(layout.title, plot.left, corner.y + 28)
        shapes += legend(plot, layout, top: corner.y + 30 + Layout.titleLine * Double(layout.title.count))
        for tick in y.ticks {
            shapes.append(.segment(Place(x: plot.left, y: py(tick)), Place(x: plot.right, y: py(tick)), grey))
        }
        // Labels of every one of the ticks, or every second, third, ..., so that they keep apart.
        let distance = y.ticks.count > 1 ? abs(py(y.ticks[1]) - py(y.ticks[0])) : 14
        for tick in stride(from: 0, to: y.ticks.count, by: max(1, Int((14 / max(0.1, distance)).rounded(.up)))) {
            shapes.append(text(y.label(y.ticks[tick]), plot.left - 8, py(y.ticks[tick]) + 4, .end))
        }
        if xCategories.isEmpty {
            shapes += x.ticks.map { .segment(Place(x: px($0), y: plot.top), Place(x: px($0), y: plot.bottom), grey) }
        }
        let labels = HorizontalLabels(
            Layout.xLabels(x, from: plot.left, to: plot.right), areNames: !xCategories.isEmpty)
        shapes += labels.shapes(below: plot.bottom)
        shapes.append(.outline(plot, grey))
        shapes.append(text(xLabel, plot.middle.x, plot.bottom + layout.bottom - 14, .middle))
        shapes += Shape.verticalLabel(layout.yLabel, corner.x + 16, plot.middle.y)
        if hasNothingToDraw { shapes.append(text("no data", plot.middle.x, plot.middle.y, .middle)) }

        // The ends of bands and error bars are points too.
        let pointsEach = series.map { $0.mark == .line ? $0.band.isEmpty ? 4.0 : 12 : $0.band.isEmpty ? 16 : 120 }
            .reduce(0, +)
        let column = max(1, plot.width * pointsEach / pointBudget)
        let stretches = series.map { series in
            let stretches = self.stretches(of: series).map {
                $0.map { Point(x: px($0.x), y: py($0.y), band: $0.band.map { (py($0.low), py($0.high)) }) }
            }
            return LineChart.thinned(stretches, column: column)
        }
        // Areas lie below all lines, so that none of these is dimmed by another's.
        var curves: [Shape] = []
        for (index, stretches) in stretches.enumerated() where series[index].mark == .line {
            curves += stretches.flatMap { areas($0, index) }
        }
        for (index, stretches) in stretches.enumerated() { curves += self.curves(stretches, index) }
        return shapes + (yLimits.isNone ? curves : [.clipped(plot, curves)])
    }

    private func legend(_ plot: Frame, _ layout: Layout, top: Double) -> [Shape] {
        var shapes: [Shape] = []
        let rows = Layout.legendRows(layout.legend, layout.legendColumns)
        for (index, name) in layout.legend.enumerated() {
            let column = Double(index % layout.legendColumns),
                above = rows[..<(index / layout.legendColumns)].reduce(0, +)
            let x = plot.left + column * layout.legendColumnWidth, y = top + Layout.legendLine * Double(above)
            if series[index].mark != .points {
                var stroke = stroke(index)
                stroke.width = 2.5
                shapes.append(.segment(Place(x: x, y: y), Place(x: x + 22, y: y), stroke))
            }
            if series[index].mark != .line || printsInGrey { shapes.append(marker(Place(x: x + 11, y: y), index)) }
            shapes += Shape.lines(
                name, Lettering(text: "", place: Place(x: x + 28, y: y + 4)), spacing: Layout.legendLine)
        }
        return shapes
    }

    /// Returns the areas around a stretch: one for each part of it that has a band.
    private func areas(_ stretch: [Point], _ index: Int) -> [Shape] {
        stretch.split { $0.band == nil }.map { part in
            let upper = part.map { Place(x: $0.x, y: $0.band?.high ?? $0.y) },
                lower = part.reversed().map { Place(x: $0.x, y: $0.band?.low ?? $0.y) }
            return .area(upper + lower, color(index), opacity: 0.18)
        }
    }

    /// Returns the lines, the markers and the error bars of a series, and the mark of its divergence.
    private func curves(_ stretches: [[Point]], _ index: Int) -> [Shape] {
        var shapes: [Shape] = []
        let mark = series[index].mark
        for stretch in stretches {
            if mark != .points {
                if stretch.count > 1 {
                    shapes.append(.polyline(stretch.map { Place(x: $0.x, y: $0.y) }, stroke(index)))
                } else if mark == .line, let point = stretch.first {
                    shapes.append(.disc(Place(x: point.x, y: point.y), radius: 2.5, color(index)))
                }
            }
            guard mark != .line else { continue }
            for point in stretch {
                if let band = point.band {
                    let stroke = Stroke(color: color(index), width: 1.5)
                    shapes.append(.segment(Place(x: point.x, y: band.low), Place(x: point.x, y: band.high), stroke))
                    for end in [band.low, band.high] {
                        shapes.append(.segment(Place(x: point.x - 4, y: end), Place(x: point.x + 4, y: end), stroke))
                    }
                }
                shapes.append(marker(Place(x: point.x, y: point.y), index))
            }
        }
        if mark == .line && printsInGrey {
            // Eight markers along each line, a little apart from those of other lines.
            let points = stretches.flatMap { $0 }, step = max(1, points.count / 8)
            shapes += stride(
                from: min(points.count - 1, index * step / max(1, series.count)), to: points.count, by: step
            )
            .filter { $0 >= 0 }.map { marker(Place(x: points[$0].x, y: points[$0].y), index) }
        }
        if series[index].isDiverged, let end = stretches.last?.last {
            let stroke = Stroke(color: color(index), width: 2.5)
            for side in [-1.0, 1] {
                shapes.append(
                    .segment(
                        Place(x: end.x - 5, y: end.y - 5 * side), Place(x: end.x + 5, y: end.y + 5 * side), stroke))
            }
        }
        return shapes
    }

    private func color(_ index: Int) -> RGB { series[index].color(index, of: Palette.series, behind: RGB(0xFFFFFF)) }

    /// Returns the stroke of a line; series beyond the number of colours repeat these with dashes.
    private func stroke(_ index: Int) -> Stroke {
        let dashes: [[Double]] = [[], [6, 4], [2, 4], [8, 3, 2, 3]]
        let hue = series[index].hue ?? index
        let kind = printsInGrey ? hue : hue / Palette.series.count
        return Stroke(color: color(index), width: 2, dashes: dashes[kind % dashes.count])
    }

    /// Returns the marker of a series at a place; markers have different shapes, for print without colours.
    private func marker(_ place: Place, _ index: Int) -> Shape {
        func shape(_ corners: [(Double, Double)]) -> Shape {
            .area(corners.map { Place(x: place.x + $0.0, y: place.y + $0.1) }, color(index), opacity: 1)
        }
        switch (series[index].hue ?? index) % 4 {
        case 0: return .disc(place, radius: 4, color(index))
        case 1: return shape([(-3.7, -3.7), (3.7, -3.7), (3.7, 3.7), (-3.7, 3.7)])
        case 2: return shape([(0, -5), (4.7, 3.6), (-4.7, 3.6)])
        default: return shape([(0, -5.2), (5.2, 0), (0, 5.2), (-5.2, 0)])
        }
    }
}
