/// A heat map: a value for each pair of two axes, drawn as coloured cells.
///
/// As an SVG file it is readable on light and dark pages and in print; as text it fits into a terminal.
package struct HeatMap: Sendable {
    package var title: String
    package var xLabel: String
    package var yLabel: String
    /// The label of the colours.
    package var valueLabel: String
    /// The names of the columns, from left to right.
    package var columns: [String]
    /// The names of the rows, from top to bottom.
    package var rows: [String]
    /// The values of the cells, a list for each row.
    ///
    /// A value that is not finite is missing. A value that is not positive has no colour on a logarithmic scale, but
    /// its number is still written.
    package var values: [[Double]]
    package var scale: AxisScale
    /// Whether cells have their numbers, where all have room.
    package var writesNumbers = true
    /// Whether the scale of colours stands beside this map; else it is that of another.
    var showsScale = true
    /// What the scale that stands beside this map says of all maps that it is for; nil for this map alone.
    var scaleMarks: ScaleMarks?
    /// What the map does not show, for its reader, beside what `Figure.notes` finds.
    package var notes: [String] = []
    /// The run whose values these are; nil where they are of none, or of several.
    package var run: Int?
    /// Values that the colours reach to beside those of the cells, such as those of another map.
    package var colorRange: ClosedRange<Double>?
    /// Where the scale of colours ends; what lies beyond has the colour of the end.
    package var colorLimits = AxisLimits()

    package init(
        title: String, xLabel: String, yLabel: String, valueLabel: String, columns: [String], rows: [String],
        values: [[Double]],
        scale: AxisScale = .linear
    ) {
        precondition(
            values.count == rows.count && values.allSatisfy { $0.count == columns.count },
            "a heat map has a value for each row and column")
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.valueLabel = valueLabel
        self.columns = columns
        self.rows = rows
        self.values = values
        self.scale = scale
    }

    /// The axis of the colours, from the lowest value to the highest or further.
    var axis: Axis {
        let range = colorRange.map { [$0.lowerBound, $0.upperBound] } ?? []
        return Axis((range + values.joined()).filter(scale.canShow), scale, colorLimits)
    }

    /// What a scale of colours says beside its numbers: whether some cell has no colour, or lies beyond an end.
    struct ScaleMarks: Equatable {
        var isIncomplete: Bool
        var isBelow: Bool
        var isAbove: Bool
    }

    private var ownMarks: ScaleMarks {
        let ends = axis.ends, shown = values.joined().filter(scale.canShow)
        return ScaleMarks(
            isIncomplete: isIncomplete, isBelow: shown.contains { $0 < ends.lowerBound },
            isAbove: shown.contains { $0 > ends.upperBound })
    }

    var marks: ScaleMarks { scaleMarks ?? ownMarks }

    /// The maps of a figure without what all of them would repeat, and this.
    struct Panels {
        var maps: [HeatMap]
        /// The beginning that all titles have, up to a comma.
        var title = ""

        /// - Parameter columns: how many stand beside each other. One scale of colours stands at the end of the first
        ///   row of the maps that have it, or in one column below the last of them.
        init(_ maps: [HeatMap], columns: Int) {
            self.maps = maps
            var start = 0
            while start < maps.count {
                let first = maps[start]
                let end = maps[start...].firstIndex { !$0.hasScale(of: first) } ?? maps.count
                let last = columns == 1 ? end - 1 : min(end - 1, start + columns - 1 - start % columns)
                let marks = maps[start..<end].map(\.marks)
                for place in start..<end { self.maps[place].showsScale = place == last }
                self.maps[last].scaleMarks = ScaleMarks(
                    isIncomplete: marks.contains(where: \.isIncomplete), isBelow: marks.contains(where: \.isBelow),
                    isAbove: marks.contains(where: \.isAbove))
                start = end
            }
            guard maps.count > 1 else { return }
            title = LineChart.Panels.commonTitle(maps.map(\.title))
            guard !title.isEmpty else { return }
            for place in maps.indices { self.maps[place].title.removeFirst(title.count + 2) }
        }

        /// Leaves the numbers out of all cells, as where some have no room.
        mutating func leaveOutNumbers() {
            for place in maps.indices { maps[place].writesNumbers = false }
        }
    }

    private func hasScale(of other: HeatMap) -> Bool {
        axis.ends == other.axis.ends && scale == other.scale && valueLabel == other.valueLabel
    }

    /// Whether a cell has no colour.
    var isIncomplete: Bool { !values.joined().allSatisfy(scale.canShow) }

    /// Whether the columns are not all numbers.
    var columnsAreNames: Bool { !columns.allSatisfy { Double($0) != nil } }

    /// Returns the text in a cell; empty for a missing value.
    func text(_ value: Double) -> String { value.isFinite ? Axis.text(value, digits: 3) : "" }

    /// The width of the widest text in a cell, in columns.
    var widestText: Int { values.joined().map { text($0).displayWidth }.max() ?? 0 }
}
