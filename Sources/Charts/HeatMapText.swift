extension HeatMap {
    /// Returns the heat map for a terminal of `width` columns, with a line for each row.
    ///
    /// Cells are coloured or, without colours, shaded (░▒▓█ from low to high); numbers are written in them where all
    /// have room, and without colours beside the shades or, where these have no room, alone. Where there are more
    /// columns than fit, every second, third, ... is shown, and a line says so.
    package func text(width: Int, color: TerminalColor) -> String {
        let axis = axis
        let gutter = (rows.map(\.displayWidth).max() ?? 0) + 1, room = max(1, width - gutter)
        let step = max(1, (columns.count + room - 1) / room),
            shown = Array(stride(from: 0, to: columns.count, by: step))
        // A shade, a space, and the number; where there are colours, a space on both sides of it.
        let numberWidth = writesNumbers ? widestText + 2 : 2
        let cellWidth = max(1, min(numberWidth + 1, room / max(1, shown.count)))
        let hasNumbers = writesNumbers && hasRoomForNumbers(width: width)
        let total = max(gutter + cellWidth * shown.count, width)
        let title = self.title.isEmpty ? [] : [self.title.cutInMiddle(to: total)]
        let yLines = yLabel.isEmpty ? [] : yLabel.wrapped(to: total),
            xLines = xLabel.isEmpty ? [] : xLabel.wrapped(to: total)
        let head = title.count + yLines.count, foot = 1 + xLines.count + (step > 1 ? 1 : 0)
        let scaleLines =
            (valueLabel + (scale == .logarithmic ? ", logarithmic" : "") + (marks.isIncomplete ? ", · missing" : ""))
            .wrapped(
                to: total)

        var grid = TextGrid(
            width: total, height: head + rows.count + foot + (showsScale ? 2 + scaleLines.count : 0))
        for (row, line) in title.enumerated() { grid.put(line, row, 0, isBold: true) }
        for (row, line) in yLines.enumerated() { grid.put(line, title.count + row, 0) }
        for (row, name) in rows.enumerated() {
            grid.put(name, head + row, gutter - 1 - name.displayWidth)
            for (place, column) in shown.enumerated() {
                let value = values[row][column], number = hasNumbers ? text(value) : ""
                put(value, number, axis, &grid, head + row, gutter + place * cellWidth, cellWidth, color)
            }
        }
        func start(_ label: CellLabels.Label) -> Int {
            let free = Double(cellWidth) * (label.place + 0.5) - Double(label.text.displayWidth) / 2
            return max(0, min(total - label.text.displayWidth, gutter + Int(free)))
        }
        let labels = CellLabels.chosen(shown.map { columns[$0] }) { labels in
            zip(labels, labels.dropFirst()).allSatisfy { start($0) + $0.text.displayWidth < start($1) }
        }
        for label in labels { grid.put(label.text, head + rows.count, start(label)) }
        for (row, line) in xLines.enumerated() {
            let column = gutter + (cellWidth * shown.count - line.displayWidth) / 2
            grid.put(line, head + rows.count + 1 + row, max(0, min(total - line.displayWidth, column)))
        }
        if step > 1 { grid.put("one of \(step) columns is shown", head + rows.count + foot - 1, 0) }
        guard showsScale else { return grid.text(color) }
        putScale(axis, &grid, head + rows.count + foot + 1, color)
        for (row, line) in scaleLines.enumerated() { grid.put(line, head + rows.count + foot + 2 + row, 0) }
        return grid.text(color)
    }

    /// Whether the numbers of all cells have room in a terminal of so many columns.
    func hasRoomForNumbers(width: Int) -> Bool {
        let gutter = (rows.map(\.displayWidth).max() ?? 0) + 1
        return columns.count * (widestText + 1) <= max(1, width - gutter)
    }

    /// Writes one cell with its colour or shade and, if it is not empty, its number.
    private func put(
        _ value: Double, _ number: String, _ axis: Axis, _ grid: inout TextGrid, _ row: Int, _ column: Int,
        _ width: Int, _ color: TerminalColor
    ) {
        let space = String(repeating: " ", count: width - number.displayWidth)
        guard scale.canShow(value) else {
            grid.put(
                number.isEmpty ? String(repeating: " ", count: (width - 1) / 2) + "·" : space + number, row, column)
            return
        }
        let fraction = axis.clampedFraction(value)
        if color != .none {
            let background = Palette.viridis(fraction)
            let before = (width - number.displayWidth) / 2
            grid.put(
                space.prefix(before) + number + space.dropFirst(before), row, column, background.contrast,
                on: background)
        } else if number.isEmpty {
            grid.put(String(repeating: HeatMap.shade(fraction), count: width), row, column)
        } else {
            // Where some cell has room for no more than its number, the numbers must do.
            grid.put(
                width > widestText + 2 ? " " + HeatMap.shade(fraction) + space.dropFirst(2) + number : space + number,
                row, column)
        }
    }

    /// Writes the scale of the colours or shades, between its lowest and its highest number.
    private func putScale(_ axis: Axis, _ grid: inout TextGrid, _ row: Int, _ color: TerminalColor) {
        guard colorRange != nil || values.joined().contains(where: scale.canShow) else {
            return grid.put("no data", row, 0)
        }
        let marks = marks
        let start = axis.label(axis.ends.lowerBound) + " " + (marks.isBelow ? "◀" : ""), count = color == .none ? 4 : 16
        grid.put(start, row, 0)
        for place in 0..<count {
            let fraction = (Double(place) + 0.5) / Double(count)
            if color == .none {
                grid.put(HeatMap.shade(fraction), row, start.displayWidth + place)
            } else {
                grid.put(" ", row, start.displayWidth + place, on: Palette.viridis(fraction))
            }
        }
        grid.put((marks.isAbove ? "▶" : "") + " " + axis.label(axis.ends.upperBound), row, start.displayWidth + count)
    }

    private static func shade(_ fraction: Double) -> String { ["░", "▒", "▓", "█"][min(3, max(0, Int(fraction * 4)))] }
}
