/// Returns what an axis has a place for so that values which lie far beyond all others do not flatten these; nil where
/// the axis has room for all values.
///
/// `usual` are the values of runs that are steady, which neither diverged nor rose above five times their first loss;
/// of all runs if none is. With p the 99th percentile of these: where the greatest of them is beyond 10 p, a linear
/// axis has a place for those up to 1.25 p; of n sorted values the percentile is the one with n / 100 values above it,
/// rounded down but at least one, and of less than 20 values the greatest. This is the range, if an axis that has a
/// place for all values would leave less than half of it to those in the range.
///
/// Resources/data.js of Pages has the same rule, since a page changes what is shown.
///
/// - Parameters:
///   - usual: the values that count, in all panels with this axis.
///   - ends: those and the ends of the areas around them.
///   - all: the axis of everything in these panels.
///   - axis: returns the axis that has a place for values.
func readableRange(of usual: [Double], ends: [Double], among all: Axis, axis: ([Double]) -> Axis) -> ClosedRange<
    Double
>? {
    guard var low = ends.min(), var high = ends.max() else { return nil }
    if all.scale == .linear, let limit = endBeforeFew(of: usual) { (low, high) = (min(low, limit), limit) }
    return all.length > 2 * axis([low, high]).length ? low...high : nil
}

/// Returns 1.25 times the 99th percentile of values if the greatest of them is beyond 10 times it; else nil.
package func endBeforeFew(of values: [Double]) -> Double? {
    let sorted = values.sorted(), count = sorted.count
    guard let greatest = sorted.last else { return nil }
    let percentile = count < 20 ? greatest : sorted[count - 1 - max(1, count / 100)]
    return percentile > 0 && greatest > 10 * percentile ? 1.25 * percentile : nil
}

extension LineChart {
    /// The values of the points that are drawn, and those with the ends of their bands: of steady runs, or of all.
    fileprivate func values(ofSteadyRuns isSteadyOnly: Bool) -> (values: [Double], ends: [Double]) {
        var values: [Double] = [], ends: [Double] = []
        for series in series {
            for (place, point) in series.points.enumerated() where isDrawable(point) {
                if isSteadyOnly && !series.leaves.isEmpty && series.leaves[place] { continue }
                values.append(point.y)
                guard !series.band.isEmpty else { continue }
                ends += [series.band[place].low, series.band[place].high].filter(yScale.canShow)
            }
        }
        return (values, values + ends)
    }
}

extension Figure {
    /// Returns the figure with y axes that end where most values do; what lies beyond is marked at the edge, and told
    /// by `notes`.
    package func withReadableAxes() -> Figure {
        guard case .lines(var charts) = self else { return self }
        for place in charts.indices where charts[place].yLimits.high == nil {
            // Charts with a common axis were given the same range.
            let own = charts[place], range = own.yRange
            let group = range == nil ? [own] : charts.filter { $0.yRange == range }
            let steady = group.map { $0.values(ofSteadyRuns: true) }
            let found = steady.contains { !$0.values.isEmpty } ? steady : group.map { $0.values(ofSteadyRuns: false) }
            charts[place].readableRange = readableRange(
                of: found.flatMap(\.values), ends: found.flatMap(\.ends), among: own.axis(of: own.yValues),
                axis: own.axis(of:))
        }
        return .lines(charts)
    }

    /// What the figure does not show of its values, for its reader.
    package var notes: [String] {
        var beyond: [(limit: String, remedy: String?, count: Int)] = []
        func count(_ number: Int, _ side: String, _ limit: Double, _ remedy: String?) {
            guard number > 0 else { return }
            let limit = "\(side) \(Axis.text(limit, digits: 3))"
            if let place = beyond.firstIndex(where: { $0.limit == limit }) {
                beyond[place].count += number
            } else {
                beyond.append((limit, remedy, number))
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
                guard chart.isLimited else { continue }
                let ends = chart.yAxis.ends, values = chart.series.flatMap { chart.drawnValues(of: $0) }
                let remedy = chart.readableRange.map { _ in "--y-max all" }
                count(values.count { $0 > ends.upperBound }, "above", ends.upperBound, remedy)
                count(
                    values.count { $0 < ends.lowerBound }, "below", ends.lowerBound,
                    chart.yLimits.low == nil ? remedy : nil)
            }
        case .heatMaps(let maps):
            for map in maps {
                for note in map.notes where !others.contains(note) { others.append(note) }
                let ends = map.axis.ends, values = map.colorLimits.isNone ? [] : Array(map.values.joined())
                let shown = values.filter(map.scale.canShow)
                count(shown.count { $0 > ends.upperBound }, "above", ends.upperBound, nil)
                count(shown.count { $0 < ends.lowerBound }, "below", ends.lowerBound, nil)
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
        let isMap = if case .heatMaps = self { true } else { false }
        let limits = beyond.compactMap { limit, remedy, count in
            isMap
                ? told(count, "\(limit) has the colour of the end", "\(limit) have the colour of the end")
                : told(
                    count, "\(limit) is not shown\(remedy.map { "; \($0) shows it" } ?? "")",
                    "\(limit) are not shown\(remedy.map { "; \($0) shows them" } ?? "")")
        }
        return limits + others
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
