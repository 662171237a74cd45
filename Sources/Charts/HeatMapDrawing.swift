extension HeatMap {
    /// The most cells that a drawing has.
    ///
    /// Of more cells only those of each second, third or later column are drawn, and the label of the axis says so.
    private static let cellBudget = 12_000

    /// Returns the heat map as the text of an SVG file.
    package func svg() -> String { SVG.document(HeatMap.drawing([self])) }

    /// Draws heat maps, two beside each other.
    static func drawing(_ maps: [HeatMap], notes: [String] = []) -> Drawing {
        let panels = Panels(maps, columns: 2), maps = panels.maps
        let layouts = maps.map { Layout($0, budget: cellBudget / maps.count) }
        let numbers = numberSize(maps, layouts)
        var drawing = Drawing(width: 0, height: 0)
        drawing.add(
            title: panels.title, left: layouts.first?.left ?? 0, width: layouts.prefix(2).reduce(0) { $0 + $1.width })
        for start in stride(from: 0, to: maps.count, by: 2) {
            var x = 0.0, height = 0.0
            for place in start..<min(maps.count, start + 2) {
                let layout = layouts[place]
                drawing.shapes += maps[place].drawing(layout, numbers).shapes(movedBy: x, drawing.height)
                (x, height) = (x + layout.width, max(height, layout.height))
            }
            drawing.width = max(drawing.width, x)
            drawing.height += height
        }
        drawing.add(Notes(notes, left: 16, width: drawing.width))
        return drawing
    }

    /// Draws heat maps in rows of `columns` maps, which have this size together.
    ///
    /// - Throws: the size that they need, if it is more.
    static func drawing(_ maps: [HeatMap], width: Double, height: Double, columns: Int, notes: [String] = [])
        throws(TooSmall) -> Drawing
    {
        let columns = max(1, columns), rows = (maps.count + columns - 1) / columns
        let panels = Panels(maps, columns: columns), maps = panels.maps
        let notes = Notes(notes, left: 16, width: width)
        var drawing = Drawing(width: width, height: 0)
        drawing.add(title: panels.title, left: 16, width: width)
        let top = drawing.height
        let size = (width: width / Double(columns), height: (height - top - notes.height) / Double(max(1, rows)))
        drawing.height = height - notes.height
        let layouts = maps.map { Layout($0, budget: cellBudget / maps.count, size: size) }
        let numbers = numberSize(maps, layouts)
        for (index, map) in maps.enumerated() {
            let layout = layouts[index]
            let cells = (
                width: layout.cellWidth * Double(layout.shown.count), height: layout.cellHeight * Double(map.rows.count)
            )
            guard cells.width >= 40, cells.height >= 40 else {
                // A map without a colour bar keeps the room of one beside it, which its layout does not count.
                throw TooSmall(
                    width: max(
                        width + max(0, 40 - cells.width) * Double(columns),
                        (layout.width - cells.width + 40) * Double(columns)),
                    height: max(
                        height + max(0, 40 - cells.height) * Double(rows),
                        top + (layout.height - cells.height + 40) * Double(rows) + notes.height))
            }
            drawing.shapes += map.drawing(layout, numbers).shapes(
                movedBy: size.width * Double(index % columns), top + size.height * Double(index / columns))
        }
        drawing.add(notes)
        return drawing
    }

    /// Returns the largest of the usual sizes at which the numbers of all maps have room in their cells; nil if none
    /// does.
    private static func numberSize(_ maps: [HeatMap], _ layouts: [Layout]) -> Double? {
        let written = zip(maps, layouts).filter { $0.0.writesNumbers }
        return [13.0, 12, 11, 10, 9].first { size in
            written.allSatisfy { map, layout in
                Double(map.widestText) * SVG.columnWidth * size / 13 + 4 <= layout.cellWidth
                    && size + 3 <= layout.cellHeight
            }
        }
    }

    /// The room that the parts of a heat map take.
    private struct Layout {
        let axis: Axis
        /// The places of the columns that are drawn.
        let shown: [Int]
        let title: [String]
        let yLabel: [String]
        let valueLabel: [String]
        let labels: HorizontalLabels
        let left: Double
        let top: Double
        let cellWidth: Double
        let cellHeight: Double
        let barWidth: Double
        let width: Double
        let height: Double

        /// - Parameters:
        ///   - budget: how many cells are drawn at most.
        ///   - size: the size of the whole; nil for cells of a usual size.
        init(_ map: HeatMap, budget: Int, size: (width: Double, height: Double)? = nil) {
            let axis = map.axis
            self.axis = axis
            let step = max(1, (map.columns.count * map.rows.count + budget - 1) / max(1, budget))
            let shown = Array(stride(from: 0, to: map.columns.count, by: step))
            self.shown = shown
            let rowCount = Double(max(1, map.rows.count)), columnCount = Double(max(1, shown.count))
            barWidth = Double(axis.ticks.map { axis.label($0).displayWidth }.max() ?? 0) * SVG.columnWidth
            let usualHeight = map.rows.count > 40 ? 720 / rowCount : min(44, max(20, 300 / rowCount))
            // About what is left of the height, by which labels at the sides are wrapped.
            let guess = size.map { max(40, $0.height - 110) } ?? usualHeight * rowCount
            yLabel = map.yLabel.wrapped(to: size == nil ? 40 : max(12, Int(guess / SVG.columnWidth)))
            valueLabel = map.valueLabel.wrapped(to: max(12, Int(guess / SVG.columnWidth)))
            let right = 24 + 16 + 8 + barWidth + 12 + 16 * Double(valueLabel.count)
            let rowWidth = Double(map.rows.map(\.displayWidth).max() ?? 0) * SVG.columnWidth
            let narrow = 24 + 16 * Double(yLabel.count) + rowWidth
            func cellWidth(_ left: Double) -> Double {
                guard let size else { return min(96, max(240, 720 - narrow - right) / columnCount) }
                return max(0, size.width - left - right) / columnCount
            }
            func labels(_ left: Double) -> HorizontalLabels {
                let names = shown.map { map.columns[$0] }, cell = cellWidth(left)
                func x(_ place: Double) -> Double { left + (place + 0.5) * cell }
                if map.columnsAreNames {
                    return HorizontalLabels(names.enumerated().map { (x(Double($0)), $1) }, areNames: true)
                }
                let chosen = CellLabels.chosen(names) { labels in
                    zip(labels, labels.dropFirst()).allSatisfy { a, b in
                        let widths = Double(a.text.displayWidth + b.text.displayWidth) * SVG.columnWidth
                        return (b.place - a.place) * cell >= widths / 2 + 4
                    }
                }
                return HorizontalLabels(chosen.map { (x($0.place), $0.text) }, areNames: false)
            }
            let left = max(narrow, labels(narrow).overhang - cellWidth(narrow) / 2 + 8)
            self.left = left
            self.cellWidth = cellWidth(left)
            self.labels = labels(left)
            let inner = self.cellWidth * columnCount
            title = map.title.wrapped(to: max(1, Int((inner + right) / (1.25 * SVG.columnWidth))))
            top = 28 + 20 * Double(title.count)
            let around = top + self.labels.height + 36
            cellHeight = size.map { max(0, $0.height - around) / rowCount } ?? usualHeight
            // Maps in a row have cells of the same width, and only one of them the scale of all.
            width = left + inner + (map.showsScale ? right : 24)
            height = around + cellHeight * Double(map.rows.count)
        }
    }

    private func drawing(_ layout: Layout, _ numberSize: Double?) -> Drawing {
        let inner = Frame(
            left: layout.left, right: layout.left + layout.cellWidth * Double(layout.shown.count), top: layout.top,
            bottom: layout.top + layout.cellHeight * Double(rows.count))
        func text(_ text: String, _ x: Double, _ y: Double, _ anchor: Lettering.Anchor) -> Shape {
            .text(Lettering(text: text, place: Place(x: x, y: y), anchor: anchor))
        }
        var shapes = Shape.title(layout.title, layout.left, 28)
        shapes += cells(layout, writesNumbers ? numberSize : nil)
        shapes += layout.labels.shapes(below: inner.bottom)
        let names = CellLabels.chosen(rows) { labels in
            zip(labels, labels.dropFirst()).allSatisfy { ($1.place - $0.place) * layout.cellHeight >= 14 }
        }
        for name in names {
            shapes.append(
                text(name.text, layout.left - 8, layout.top + (name.place + 0.5) * layout.cellHeight + 4, .end))
        }
        let step = layout.shown.count > 1 ? layout.shown[1] : 1
        let note = step > 1 ? " (one of \(step) columns is shown)" : ""
        shapes.append(text(xLabel + note, inner.middle.x, inner.bottom + layout.labels.height + 22, .middle))
        shapes += Shape.verticalLabel(layout.yLabel, 16, inner.middle.y)
        if showsScale {
            let box = Frame(left: inner.right + 24, right: inner.right + 40, top: inner.top, bottom: inner.bottom)
            shapes += bar(layout.axis, box)
            shapes += Shape.verticalLabel(layout.valueLabel, inner.right + 48 + layout.barWidth + 16, inner.middle.y)
        }
        return Drawing(width: layout.width, height: layout.height, shapes: shapes)
    }

    /// Returns the coloured cells and, where all have room, their numbers in a size.
    private func cells(_ layout: Layout, _ size: Double?) -> [Shape] {
        // Ends rounded as they are written, so that neighbours touch.
        func x(_ column: Int) -> Double { ((layout.left + Double(column) * layout.cellWidth) * 10).rounded() / 10 }
        func y(_ row: Int) -> Double { ((layout.top + Double(row) * layout.cellHeight) * 10).rounded() / 10 }
        var cells: [(frame: Frame, color: RGB?)] = [], numbers: [Shape] = []
        for (row, values) in values.enumerated() {
            for (place, column) in layout.shown.enumerated() {
                let value = values[column]
                let color = scale.canShow(value) ? Palette.viridis(layout.axis.clampedFraction(value)) : nil
                let frame = Frame(left: x(place), right: x(place + 1), top: y(row), bottom: y(row + 1))
                cells.append((frame, color))
                guard let size, value.isFinite else { continue }
                let middle = Place(
                    x: layout.left + (Double(place) + 0.5) * layout.cellWidth,
                    y: layout.top + (Double(row) + 0.5) * layout.cellHeight + size * 0.36)
                numbers.append(
                    .text(
                        Lettering(
                            text: text(value), place: middle, size: size, anchor: .middle,
                            color: color?.contrast ?? RGB(0x333333))))
            }
        }
        return [.cells(cells)] + numbers
    }

    /// Returns the colour bar with its ticks, and an arrow at an end beyond which values lie.
    private func bar(_ axis: Axis, _ box: Frame) -> [Shape] {
        var shapes: [Shape] = [.ramp(box)]
        for (isBeyond, y, tip, fraction) in [
            (marks.isAbove, box.top - 1, -9.0, 1.0), (marks.isBelow, box.bottom + 1, 9.0, 0.0),
        ] where isBeyond {
            let corners = [(box.left, y), (box.right, y), ((box.left + box.right) / 2, y + tip)]
            shapes.append(.area(corners.map { Place(x: $0.0, y: $0.1) }, Palette.viridis(fraction), opacity: 1))
        }
        var above = Double.infinity
        for tick in axis.ticks {
            let y = box.top + (1 - axis.fraction(tick)) * box.height
            guard above - y >= 14 else { continue }
            above = y
            shapes.append(
                .segment(Place(x: box.right, y: y), Place(x: box.right + 4, y: y), Stroke(color: RGB(0x333333))))
            shapes.append(.text(Lettering(text: axis.label(tick), place: Place(x: box.right + 8, y: y + 4))))
        }
        return shapes
    }
}
