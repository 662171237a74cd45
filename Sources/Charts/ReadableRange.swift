/// Returns where a linear axis ends so that values which lie far beyond all others do not flatten these; nil where the
/// axis has room for all values.
///
/// With p the 99th percentile of `usual`: where the largest of `all` is beyond 10 p, the axis ends at 1.25 p. Of n sorted
/// values the percentile is the one with n / 100 values above it, rounded down but at least one; of less than 20 values
/// it is the largest.
///
/// - Parameters:
///   - usual: the values of lines whose runs did not diverge, in all panels with this axis; of all lines if all diverged.
///   - all: the values of all lines in these panels.
package func readableHigh(of usual: [Double], among all: [Double]) -> Double? {
    let sorted = usual.sorted(), count = sorted.count
    guard let greatest = all.max(), let last = sorted.last else { return nil }
    let percentile = count < 20 ? last : sorted[count - 1 - max(1, count / 100)]
    return percentile > 0 && greatest > 10 * percentile ? 1.25 * percentile : nil
}

extension Figure {
    /// Returns the figure with linear y axes that end where most values do; what lies beyond is marked at the edge, and
    /// told by `notes`.
    package func withReadableAxes() -> Figure {
        guard case .lines(var charts) = self else { return self }
        for place in charts.indices where charts[place].yScale == .linear && charts[place].yLimits.high == nil {
            // Charts with a common axis were given the same range.
            let range = charts[place].yRange, own = charts[place]
            let group = range == nil ? [own] : charts.filter { $0.yRange == range }
            let series = group.flatMap { chart in chart.series.map { ($0.isDiverged, chart.drawnValues(of: $0)) } }
            let all = series.flatMap { $0.1 }, usual = series.filter { !$0.0 }.flatMap { $0.1 }
            charts[place].readableHigh = readableHigh(of: usual.isEmpty ? all : usual, among: all)
        }
        return .lines(charts)
    }

    /// What the figure does not show of its values, for its reader.
    package var notes: [String] {
        var beyond: [(limit: String, count: Int)] = []
        func count(_ number: Int, above limit: Double) {
            let limit = Axis.text(limit, digits: 3)
            if let place = beyond.firstIndex(where: { $0.limit == limit }) {
                beyond[place].count += number
            } else {
                beyond.append((limit, number))
            }
        }
        var infinite = 0, unplaced = 0, uncoloured = 0, others: [String] = []
        switch self {
        case .lines(let charts):
            for chart in charts {
                for note in chart.notes where !others.contains(note) { others.append(note) }
                for point in chart.series.flatMap(\.points) where !point.x.isNaN && !point.y.isNaN {
                    if [point.x, point.y].contains(where: { !AxisScale.linear.canShow($0) }) {
                        infinite += 1
                    } else if !chart.isDrawable(point) {
                        unplaced += 1
                    }
                }
                if let limit = chart.readableHigh {
                    count(chart.series.flatMap { chart.drawnValues(of: $0) }.count { $0 > limit }, above: limit)
                }
            }
        case .heatMaps(let maps):
            for map in maps {
                for value in map.values.joined() where !value.isNaN {
                    if !AxisScale.linear.canShow(value) {
                        infinite += 1
                    } else if !map.scale.canShow(value) {
                        uncoloured += 1
                    }
                }
            }
        }
        func told(_ count: Int, _ one: String, _ many: String) -> String? {
            count == 0 ? nil : count == 1 ? "1 value \(one)" : "\(count) values \(many)"
        }
        return beyond.compactMap {
            told(
                $0.count, "above \($0.limit) is not shown; --y-max all shows it",
                "above \($0.limit) are not shown; --y-max all shows them")
        } + others
            + [
                told(
                    infinite, "that is infinite or beyond 1e300 is left out",
                    "that are infinite or beyond 1e300 are left out"),
                told(
                    unplaced, "that is not positive is left out of a logarithmic axis",
                    "that are not positive are left out of a logarithmic axis"),
                told(
                    uncoloured, "that is not positive has no colour on a logarithmic scale",
                    "that are not positive have no colour on a logarithmic scale"),
            ].compactMap { $0 }
    }
}
