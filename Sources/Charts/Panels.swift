extension LineChart {
    /// The parts of a chart that stand once around it and its neighbours.
    struct Sharing {
        var legend = false
        var xLabel = false
        var yLabel = false
    }

    /// What a legend says of a series.
    private struct Entry: Equatable {
        var name: String
        var color: RGB
        var dashes: [Double]
        var mark: Series.Mark
    }

    private var entries: [Entry] {
        series.indices.map {
            let stroke = stroke($0)
            return Entry(name: series[$0].legendName, color: stroke.color, dashes: stroke.dashes, mark: series[$0].mark)
        }
    }

    /// The charts of a figure without what all of them would repeat, and this.
    struct Panels {
        var charts: [LineChart]
        /// The beginning that all titles have, up to a comma.
        var title = ""
        /// A chart whose legend is that of all; nil where each has its own.
        var legend: LineChart?
        var xLabel: String?
        var yLabel: String?

        init(_ charts: [LineChart]) {
            self.charts = charts
            guard charts.count > 1, let first = charts.first else { return }
            let richest = charts.max { $0.series.count < $1.series.count } ?? first, entries = richest.entries
            if !entries.isEmpty && charts.allSatisfy({ entries.starts(with: $0.entries) }) { legend = richest }
            if charts.allSatisfy({ $0.xLabel == first.xLabel }) { xLabel = first.xLabel }
            if charts.allSatisfy({ $0.yLabel == first.yLabel }) { yLabel = first.yLabel }
            title = Panels.commonTitle(charts.map(\.title))
            let sharing = Sharing(legend: legend != nil, xLabel: xLabel != nil, yLabel: yLabel != nil)
            for place in charts.indices {
                self.charts[place].isSharing = sharing
                if !title.isEmpty { self.charts[place].title.removeFirst(title.count + 2) }
            }
        }

        /// Returns the parts of titles before their last commas, as far as all titles begin with them.
        static func commonTitle(_ titles: [String]) -> String {
            let parts = titles.map { $0.split(separator: ", ", omittingEmptySubsequences: false) }
            guard let first = parts.first, let least = parts.map(\.count).min() else { return "" }
            let count = (0..<least - 1).prefix { place in parts.allSatisfy { $0[place] == first[place] } }.count
            return first.prefix(count).joined(separator: ", ")
        }
    }

    /// The names of the series in columns, and the room that they take.
    struct Legend {
        static let line = 20.0

        let names: [[String]]
        let columns: Int
        let columnWidth: Double
        /// The length of the piece of each line that is shown: where lines have dashes, so long that these are seen.
        let sample: Double

        /// Makes the legend of a chart whose lines of names have this room.
        init(_ chart: LineChart, width: Double) {
            let names = chart.series.map(\.legendName)
            let sample = chart.series.indices.contains { !chart.stroke($0).dashes.isEmpty } ? 46.0 : 22
            self.sample = sample
            let widest = Double(names.map(\.displayWidth).max() ?? 0) * SVG.columnWidth
            columns = max(1, min(names.count, Int((width + 16) / (sample + 6 + widest + 16))))
            columnWidth = min(width / Double(columns), sample + 6 + widest + 40)
            let room = Int((width / Double(columns) - sample - 6) / SVG.columnWidth)
            self.names = names.map { $0.wrapped(to: max(4, room)) }
        }

        /// The number of lines that each row takes.
        private var rows: [Int] {
            stride(from: 0, to: names.count, by: columns).map {
                names[$0..<min(names.count, $0 + columns)].map(\.count).max() ?? 0
            }
        }

        var height: Double { Legend.line * Double(rows.reduce(0, +)) }

        /// The places of the names, to the right of and below the corner of the legend.
        var places: [Place] {
            let rows = rows
            return names.indices.map {
                Place(
                    x: Double($0 % columns) * columnWidth, y: Legend.line * Double(rows[..<($0 / columns)].reduce(0, +))
                )
            }
        }
    }
}
