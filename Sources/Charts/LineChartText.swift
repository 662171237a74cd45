extension LineChart {
    /// Returns the chart for a terminal.
    ///
    /// It has `width` columns and `height` lines, or more lines where title, legend and labels leave less than five of
    /// them for the plot. Lines consist of braille dots, bands of their sparsely dotted edges. Where colours cannot
    /// tell the series apart, letters along the lines do.
    package func text(width: Int, height: Int, color: TerminalColor) -> String {
        let x = xAxis, y = yAxis
        let gutter = y.ticks.map { y.label($0).displayWidth }.max() ?? 0
        let left = gutter + 2, plotWidth = max(10, width - left), total = left + plotWidth
        let hasLetters = hasLetters(color)
        let title = self.title.isEmpty ? [] : [self.title.cutInMiddle(to: total)]
        let legend = isSharing.legend ? [] : legendPlaces(width: total)
        let legendHeight = legend.last.map { $0.row + 1 } ?? 0
        let yLines = yLabel.isEmpty || isSharing.yLabel ? [] : yLabel.wrapped(to: total),
            xLines = xLabel.isEmpty || isSharing.xLabel ? [] : xLabel.wrapped(to: total)
        let head = title.count + legendHeight + yLines.count
        let dots = BrailleDots(width: plotWidth, height: 1)
        let tickLabels = placed(
            x.ticks.map { (dots.column(x.fraction($0)) / 2, x.label($0)) }, left: left, width: total)
        let foot = 2 + (tickLabels.map(\.row).max() ?? 0) + xLines.count
        let plotHeight = max(5, height - head - foot)

        var grid = TextGrid(width: total, height: head + plotHeight + foot)
        for (row, line) in title.enumerated() { grid.put(line, row, 0, isBold: true) }
        put(legend, &grid, below: title.count, hasLetters)
        for (row, line) in yLines.enumerated() {
            grid.put(line, title.count + legendHeight + row, max(0, min(left - 1, total - line.displayWidth)))
        }

        var canvas = BrailleDots(width: plotWidth, height: plotHeight)
        for row in 0..<plotHeight { grid.put("│", head + row, left - 1) }
        // Every tick, or every second, third, ..., so that each has a line of its own.
        let tickRows = y.ticks.map { canvas.row(y.fraction($0)) / 4 }
        let step = (1...y.ticks.count).first { step in
            let chosen = stride(from: 0, to: tickRows.count, by: step).map { tickRows[$0] }
            return Set(chosen).count == chosen.count
        }
        for index in stride(from: 0, to: y.ticks.count, by: step ?? 1) {
            let label = y.label(y.ticks[index])
            grid.put(
                String(repeating: " ", count: gutter - label.displayWidth) + label + " ┤", head + tickRows[index], 0)
        }
        grid.put("└" + String(repeating: "─", count: plotWidth), head + plotHeight, left - 1)
        for label in tickLabels {
            grid.put("┬", head + plotHeight, left + label.tick)
            grid.put(label.text, head + plotHeight + 1 + label.row, label.column)
        }
        for (row, line) in xLines.enumerated() {
            let column = min(total - line.displayWidth, left + (plotWidth - line.displayWidth) / 2)
            grid.put(line, head + plotHeight + foot - xLines.count + row, max(0, column))
        }

        var signs: [(row: Int, column: Int, series: Int, isHollow: Bool)] = []
        for index in series.indices { drawBand(index, &canvas, x, y) }
        for index in series.indices { signs += drawCurve(index, &canvas, x, y, hasLetters) }
        for row in 0..<plotHeight {
            for column in 0..<plotWidth {
                guard let character = canvas.character(row, column) else { continue }
                grid.put(character, head + row, left + column, canvas.owner(row, column).map(seriesColor))
            }
        }
        for place in signs where (0..<plotHeight).contains(place.row) && (0..<plotWidth).contains(place.column) {
            grid.put(
                place.isHollow && !hasLetters ? "○" : sign(place.series, hasLetters, isMarker: true), head + place.row,
                left + place.column, seriesColor(place.series))
        }
        for (index, series) in series.enumerated() where series.isDiverged {
            guard let end = series.points.last(where: isDrawable), (0...1).contains(y.boundedFraction(end.y)) else {
                continue
            }
            grid.put(
                "×", head + canvas.row(y.boundedFraction(end.y)) / 4, left + canvas.column(x.fraction(end.x)) / 2,
                seriesColor(index), isBold: true)
        }
        for place in placesBeyond(canvas, x, y) {
            grid.put(
                place.isAbove ? "▲" : "▼", head + (place.isAbove ? 0 : plotHeight - 1), left + place.column,
                seriesColor(place.series), isBold: true)
        }
        if hasNothingToDraw { grid.put("no data", head + plotHeight / 2, left + max(0, plotWidth / 2 - 4)) }
        return grid.text(color)
    }

    /// Returns the legend alone, for charts that share it.
    fileprivate func legendText(width: Int, color: TerminalColor) -> String {
        let places = legendPlaces(width: width)
        var grid = TextGrid(width: width, height: places.last.map { $0.row + 1 } ?? 0)
        put(places, &grid, below: 0, hasLetters(color))
        return grid.text(color)
    }

    /// Whether lines have letters, which colours are too few for.
    private func hasLetters(_ color: TerminalColor) -> Bool {
        series.count > (color == .none ? 1 : Palette.terminalSeries.count)
    }

    private func put(
        _ legend: [(row: Int, column: Int, text: String, series: Int?)], _ grid: inout TextGrid, below row: Int,
        _ hasLetters: Bool
    ) {
        for place in legend {
            if let index = place.series {
                grid.put(sign(index, hasLetters), row + place.row, place.column, seriesColor(index))
            }
            grid.put(place.text, row + place.row, place.column + 3)
        }
    }

    /// Returns the columns in which a series lies beyond an end of the y axis.
    private func placesBeyond(_ canvas: BrailleDots, _ x: Axis, _ y: Axis) -> [(
        column: Int, series: Int, isAbove: Bool
    )] {
        guard isLimited else { return [] }
        return series.indices.flatMap { index in
            let points = stretches(of: series[index]).joined()
            return [true, false].flatMap { isAbove in
                let beyond = points.filter { isAbove ? $0.y > y.ends.upperBound : $0.y < y.ends.lowerBound }
                return Set(beyond.map { canvas.column(x.fraction($0.x)) / 2 }).map { ($0, index, isAbove) }
            }
        }
    }

    /// Draws the edges of the band around a line, or the error bars of markers.
    private func drawBand(_ index: Int, _ canvas: inout BrailleDots, _ x: Axis, _ y: Axis) {
        func place(_ point: Point, _ value: Double) -> (x: Int, y: Int) {
            (canvas.column(x.fraction(point.x)), canvas.row(y.clampedFraction(value)))
        }
        for stretch in stretches(of: series[index]) {
            if series[index].mark == .line {
                for (from, to) in zip(stretch, stretch.dropFirst()) {
                    guard let a = from.band, let b = to.band else { continue }
                    canvas.line(place(from, a.low), place(to, b.low), index, spacing: 4, isBand: true)
                    canvas.line(place(from, a.high), place(to, b.high), index, spacing: 4, isBand: true)
                }
            } else {
                for point in stretch {
                    guard let band = point.band else { continue }
                    canvas.line(place(point, band.low), place(point, band.high), index, isBand: true)
                }
            }
        }
    }

    /// Draws the line of a series.
    ///
    /// - Returns: the cells of its markers and letters.
    private func drawCurve(_ index: Int, _ canvas: inout BrailleDots, _ x: Axis, _ y: Axis, _ hasLetters: Bool) -> [(
        row: Int, column: Int, series: Int, isHollow: Bool
    )] {
        let mark = series[index].mark
        var markers: [(row: Int, column: Int, series: Int, isHollow: Bool)] = [], rowOfColumn: [Int: Int] = [:]
        for stretch in stretches(of: series[index]) {
            let places = stretch.map {
                (x: canvas.column(x.fraction($0.x)), y: canvas.row(min(20, max(-20, y.fraction($0.y)))))
            }
            if mark != .line { markers += zip(places, stretch).map { ($0.y / 4, $0.x / 2, index, $1.isHollow) } }
            if mark == .points { continue }
            for (from, to) in zip(places, places.dropFirst() + places.suffix(1)) {
                canvas.line(from, to, index)
                for column in from.x / 2...max(from.x, to.x) / 2 {
                    let share = to.x > from.x ? min(1, max(0, Double(2 * column - from.x) / Double(to.x - from.x))) : 0
                    rowOfColumn[column] =
                        rowOfColumn[column] ?? (from.y + Int((share * Double(to.y - from.y)).rounded())) / 4
                }
            }
        }
        guard hasLetters && mark == .line else { return markers }
        // Each series has columns of its own for its letters, so that no letter hides another's.
        let spacing = max(12, 2 * series.count)
        let offset = 2 + index * spacing / series.count
        let columns = rowOfColumn.keys.filter { $0 % spacing == offset % spacing }
        let chosen = columns.isEmpty ? Array(rowOfColumn.keys.sorted().suffix(1)) : columns
        return chosen.compactMap { column in rowOfColumn[column].map { ($0, column, index, false) } }
    }

    private func seriesColor(_ index: Int) -> RGB {
        series[index].color(index, of: Palette.terminalSeries, behind: RGB(0x000000))
    }

    /// Returns the sign of a series in the legend and along its line.
    private func sign(_ index: Int, _ hasLetters: Bool, isMarker: Bool = false) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        if hasLetters { return String(letters[index % letters.count]) }
        return isMarker || series[index].mark == .points ? "●" : "━━"
    }

    /// Returns the places of the parts of the legend; the sign of a series is three columns before its name.
    private func legendPlaces(width: Int) -> [(row: Int, column: Int, text: String, series: Int?)] {
        var places: [(row: Int, column: Int, text: String, series: Int?)] = [], row = 0, column = 0
        for (index, series) in series.enumerated() where !series.name.isEmpty {
            let lines = series.legendName.wrapped(to: max(4, width - 3))
            if column > 0 && (lines.count > 1 || column + 3 + lines[0].displayWidth > width) {
                (row, column) = (row + 1, 0)
            }
            for (number, line) in lines.enumerated() {
                places.append((row, column, line, number == 0 ? index : nil))
                if number < lines.count - 1 { row += 1 }
            }
            column += 3 + lines[lines.count - 1].displayWidth + 3
        }
        return places
    }

    /// Returns labels centred at their ticks: numbers that do not fit are left out, names are moved to a line below.
    private func placed(_ labels: [(tick: Int, text: String)], left: Int, width: Int) -> [(
        tick: Int, text: String, row: Int, column: Int
    )] {
        var ends: [Int] = [-1], result: [(tick: Int, text: String, row: Int, column: Int)] = []
        for (tick, text) in labels {
            let column = max(0, min(width - text.displayWidth, left + tick - text.displayWidth / 2))
            var row = ends.firstIndex { $0 < column }
            if row == nil && !xCategories.isEmpty {
                ends.append(-1)
                row = ends.count - 1
            }
            guard let row else { continue }
            ends[row] = column + text.displayWidth
            result.append((tick, text, row, column))
        }
        return result
    }
}

extension LineChart.Panels {
    /// Returns what stands above the charts in a terminal: the common title and the legend.
    func headText(width: Int, color: TerminalColor) -> String {
        var grid = TextGrid(width: width, height: title.isEmpty ? 0 : 1)
        grid.put(title.cutInMiddle(to: width), 0, 0, isBold: true)
        return grid.text(color) + (legend?.legendText(width: width, color: color) ?? "")
    }
}
