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
    static func drawing(
        _ charts: [LineChart], width: Double, plotHeight: Double, columns: Int, notes: [String] = []
    ) -> Drawing {
        Sheet(Panels(charts), width: width, columns: columns, plotHeight: nil, notes: notes).drawing(plotHeight)
    }

    /// Draws charts of equal width in rows of `columns` charts, so high that all have this height together.
    ///
    /// - Throws: the height that they need, if it is more.
    static func drawing(_ charts: [LineChart], width: Double, height: Double, columns: Int, notes: [String] = [])
        throws(TooSmall) -> Drawing
    {
        let panels = Panels(charts)
        func sheet(_ plotHeight: Double?) -> Sheet {
            Sheet(panels, width: width, columns: columns, plotHeight: plotHeight, notes: notes)
        }
        // Labels at the side are as long as the plots are high, for which the rest of a first layout is a good guess.
        let guess = sheet(nil), count = Double(guess.rows.count)
        let sheet = sheet(max(40, (height - guess.around) / count))
        let plotHeight = (height - sheet.around) / count
        let narrowest = sheet.rows.flatMap(\.layouts).map(\.plotWidth).min() ?? width
        guard plotHeight >= 40, narrowest >= 60 else {
            throw TooSmall(
                width: width + max(0, 60 - narrowest) * Double(columns), height: max(height, sheet.around + 40 * count))
        }
        return sheet.drawing(plotHeight)
    }

    /// A row of charts, and the room above and below their plots.
    private struct Row {
        var layouts: [Layout]
        var top: Double { layouts.map(\.top).max() ?? 0 }
        var bottom: Double { layouts.map(\.bottom).max() ?? 0 }
        var around: Double { top + bottom }
    }

    /// Rows of charts of equal width, with what they share around them, and notes below.
    private struct Sheet {
        let panels: Panels
        let rows: [Row]
        let title: [String]
        let legend: Legend?
        let notes: Notes
        let width: Double
        let columns: Int

        init(_ panels: Panels, width: Double, columns: Int, plotHeight: Double?, notes: [String]) {
            let columns = max(1, columns), charts = panels.charts
            (self.panels, self.width, self.columns) = (panels, width, columns)
            rows = stride(from: 0, to: charts.count, by: columns).map { start in
                Row(
                    layouts: charts[start..<min(charts.count, start + columns)].map {
                        Layout($0, width: width / Double(columns), plotHeight: plotHeight)
                    })
            }
            let left = rows.first?.layouts.first?.left ?? 0
            let room = max(1, Int((width - left) / (1.25 * SVG.columnWidth)))
            title = panels.title.isEmpty ? [] : panels.title.wrapped(to: room)
            legend = panels.legend.map { Legend($0, width: max(1, width - left - Layout.right)) }
            self.notes = Notes(notes, left: left, width: width)
        }

        private var titleHeight: Double { title.isEmpty ? 0 : Layout.titleLine * Double(title.count) + 8 }
        private var head: Double { titleHeight + (legend.map { $0.height + 8 } ?? 0) }
        /// All of the height but that of the plots.
        var around: Double {
            head + rows.map(\.around).reduce(0, +) + (panels.xLabel == nil ? 0 : 20) + notes.height
        }

        func drawing(_ plotHeight: Double) -> Drawing {
            let panel = width / Double(columns), left = rows.first?.layouts.first?.left ?? 0
            var drawing = Drawing(width: width, height: head)
            drawing.shapes += Shape.title(title, left, 28)
            if let chart = panels.legend, let legend {
                drawing.shapes += chart.shapes(of: legend, Place(x: left, y: titleHeight + 24))
            }
            for (number, row) in rows.enumerated() {
                for (index, layout) in row.layouts.enumerated() {
                    let x = panel * Double(index), top = drawing.height + row.top
                    let plot = Frame(
                        left: x + layout.left, right: x + panel - Layout.right, top: top, bottom: top + plotHeight)
                    drawing.shapes += panels.charts[number * columns + index].shapes(
                        plot, layout, at: Place(x: x, y: drawing.height), pointBudget / Double(panels.charts.count))
                }
                drawing.height += row.around + plotHeight
            }
            if panels.yLabel != nil, let first = rows.first, let last = rows.last {
                let middle = (head + first.top + drawing.height - last.bottom) / 2
                drawing.shapes += Shape.verticalLabel(first.layouts.first?.yLabel ?? [], 16, middle)
            }
            if let label = panels.xLabel {
                let middle = Place(x: (left + width - Layout.right) / 2, y: drawing.height + 6)
                drawing.shapes.append(.text(Lettering(text: label, place: middle, anchor: .middle)))
                drawing.height += 20
            }
            drawing.add(notes)
            return drawing
        }
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
        if let legend = layout.legend {
            let top = corner.y + 30 + Layout.titleLine * Double(layout.title.count)
            shapes += self.shapes(of: legend, Place(x: plot.left, y: top))
        }
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
        if !isSharing.xLabel {
            shapes.append(text(xLabel, plot.middle.x, plot.bottom + layout.bottom - 14, .middle))
        }
        if !isSharing.yLabel { shapes += Shape.verticalLabel(layout.yLabel, corner.x + 16, plot.middle.y) }
        if hasNothingToDraw { shapes.append(text("no data", plot.middle.x, plot.middle.y, .middle)) }

        // The ends of bands and error bars are points too.
        let pointsEach = series.map { $0.mark == .line ? $0.band.isEmpty ? 4.0 : 12 : $0.band.isEmpty ? 16 : 120 }
            .reduce(0, +)
        let column = max(1, plot.width * pointsEach / pointBudget)
        let stretches = series.map { series in
            let stretches = self.stretches(of: series).map {
                $0.map {
                    Point(
                        x: px($0.x), y: py($0.y), band: $0.band.map { (py($0.low), py($0.high)) }, isHollow: $0.isHollow
                    )
                }
            }
            return LineChart.thinned(stretches, column: column)
        }
        // Areas lie below all lines, so that none of these is dimmed by another's.
        var curves: [Shape] = []
        for (index, stretches) in stretches.enumerated() where series[index].mark == .line {
            curves += stretches.flatMap { areas($0, index) }
        }
        let covering = dashesOfCoveringLines(stretches)
        for (index, stretches) in stretches.enumerated() { curves += self.curves(stretches, index, covering[index]) }
        return shapes + (isLimited ? [.clipped(plot, curves)] : curves) + marksBeyond(stretches, plot)
    }

    /// Returns the dashes of lines that lie on earlier ones, through which these are seen.
    private func dashesOfCoveringLines(_ stretches: [[[Point]]]) -> [Int: [Double]] {
        guard !printsInGrey else { return [:] }
        var groups: [[Int]] = []
        let lines = stretches.map { $0.flatMap { $0 } }
        for index in series.indices where series[index].mark != .points && lines[index].count > 1 {
            if let place = groups.firstIndex(where: { LineChart.coincide(lines[$0[0]], lines[index]) }) {
                groups[place].append(index)
            } else {
                groups.append([index])
            }
        }
        // Of each cycle every line of a group has a part of its own.
        var dashes: [Int: [Double]] = [:]
        for group in groups {
            for (place, index) in group.enumerated().dropFirst() {
                dashes[index] = [8 * Double(group.count - place), 8 * Double(place)]
            }
        }
        return dashes
    }

    /// Whether one of two lines hides most of the other, which is for four fifths of its points less than a unit away.
    private static func coincide(_ a: [Point], _ b: [Point]) -> Bool {
        let (long, short) = a.count < b.count ? (b, a) : (a, b)
        var place = 0, near = 0
        for point in short {
            while place < long.count - 2 && long[place + 1].x < point.x { place += 1 }
            let from = long[place], to = long[place + 1]
            guard (from.x - 0.5...to.x + 0.5).contains(point.x) else { continue }
            let share = to.x > from.x ? (point.x - from.x) / (to.x - from.x) : 0
            if abs(from.y + share * (to.y - from.y) - point.y) < 1 { near += 1 }
        }
        return 5 * near >= 4 * short.count
    }

    /// Returns arrows at the edges of the plot for what lies beyond the axis.
    private func marksBeyond(_ stretches: [[[Point]]], _ plot: Frame) -> [Shape] {
        guard isLimited else { return [] }
        return stretches.enumerated().flatMap { index, stretches in
            [(plot.top + 1, 8.0), (plot.bottom - 1, -8.0)].flatMap { tip, length in
                var last = -Double.infinity
                let beyond = stretches.joined().filter {
                    length > 0 ? $0.y < plot.top - 0.01 : $0.y > plot.bottom + 0.01
                }
                return beyond.compactMap { point -> Shape? in
                    guard point.x - last >= 12 else { return nil }
                    last = point.x
                    let corners = [(0.0, 0.0), (5.0, length), (-5.0, length)]
                    return .area(corners.map { Place(x: point.x + $0.0, y: tip + $0.1) }, color(index), opacity: 1)
                }
            }
        }
    }

    /// Returns the legend, whose first line has its middle at the height of a place.
    private func shapes(of legend: Legend, _ corner: Place) -> [Shape] {
        var shapes: [Shape] = []
        for (index, place) in legend.places.enumerated() {
            let x = corner.x + place.x, y = corner.y + place.y
            if series[index].mark != .points {
                var stroke = stroke(index)
                stroke.width = printsInGrey ? stroke.width : 2.5
                shapes.append(.segment(Place(x: x, y: y), Place(x: x + legend.sample, y: y), stroke))
            }
            if series[index].mark != .line || printsInGrey {
                shapes.append(marker(Place(x: x + legend.sample / 2, y: y), index))
            }
            shapes += Shape.lines(
                legend.names[index], Lettering(text: "", place: Place(x: x + legend.sample + 6, y: y + 4)),
                spacing: Legend.line)
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
    ///
    /// - Parameter dashes: those of a line that lies on another; nil for its own.
    private func curves(_ stretches: [[Point]], _ index: Int, _ dashes: [Double]?) -> [Shape] {
        var shapes: [Shape] = [], line = stroke(index)
        line.dashes = dashes ?? line.dashes
        let mark = series[index].mark
        for stretch in stretches {
            if mark != .points {
                if stretch.count > 1 {
                    shapes.append(.polyline(stretch.map { Place(x: $0.x, y: $0.y) }, line))
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
                if point.isHollow {
                    shapes.append(.disc(Place(x: point.x, y: point.y), radius: 2.2, RGB(0xFFFFFF)))
                }
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
    ///
    /// For a print without colours a run has its dashes, and its layers have their markers, of which there are four,
    /// and then widths.
    func stroke(_ index: Int) -> Stroke {
        let dashes: [[Double]] = [[], [6, 4], [2, 4], [8, 3, 2, 3]]
        let hue = series[index].hue ?? index
        let kind = printsInGrey ? hue : hue / Palette.series.count
        let width = printsInGrey ? [2, 1.2, 3.2][placeAmongHue(index) / 4 % 3] : 2
        return Stroke(color: color(index), width: width, dashes: dashes[kind % dashes.count])
    }

    /// Whether series share a hue, as the layers of a run do, in a print without colours.
    private var hasLayers: Bool {
        let hues = series.compactMap(\.hue)
        return printsInGrey && Set(hues).count < hues.count
    }

    /// Returns how many series before one have its hue.
    private func placeAmongHue(_ index: Int) -> Int {
        guard let hue = series[index].hue else { return 0 }
        return series[..<index].count { $0.hue == hue }
    }

    /// Returns the marker of a series at a place; markers have different shapes, for print without colours.
    private func marker(_ place: Place, _ index: Int) -> Shape {
        func shape(_ corners: [(Double, Double)]) -> Shape {
            .area(corners.map { Place(x: place.x + $0.0, y: place.y + $0.1) }, color(index), opacity: 1)
        }
        switch (hasLayers ? placeAmongHue(index) : series[index].hue ?? index) % 4 {
        case 0: return .disc(place, radius: 4, color(index))
        case 1: return shape([(-3.7, -3.7), (3.7, -3.7), (3.7, 3.7), (-3.7, 3.7)])
        case 2: return shape([(0, -5), (4.7, 3.6), (-4.7, 3.6)])
        default: return shape([(0, -5.2), (5.2, 0), (0, 5.2), (-5.2, 0)])
        }
    }
}
