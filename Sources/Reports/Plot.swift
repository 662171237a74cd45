import Charts

/// A figure, and notes for the reader about what it leaves out.
package struct Plot: Sendable {
    package var figure: Figure
    package var notes: [String] = []

    /// Returns one plot of the panels of plots of one kind, with each note once.
    package static func panels(_ plots: [Plot]) -> Plot {
        var charts: [LineChart] = [], maps: [HeatMap] = [], notes: [String] = []
        for plot in plots {
            switch plot.figure {
            case .lines(let found): charts += found
            case .heatMaps(let found): maps += found
            }
            for note in plot.notes where !notes.contains(note) { notes.append(note) }
        }
        return Plot(figure: maps.isEmpty ? .lines(charts) : .heatMaps(maps), notes: notes)
    }
}
