extension LineChart {
    /// Returns the stretches of a series with as many points as their picture needs.
    ///
    /// Beyond four points in a column of the picture the first, the lowest, the highest and the last of them are kept,
    /// which cover the same dots, and the band around them becomes that of all. Gaps that are narrower than a column
    /// are closed.
    ///
    /// - Parameters:
    ///   - stretches: points whose places are units of the picture, ordered by x, apart by gaps.
    ///   - column: the width of a column.
    static func thinned(_ stretches: [[Point]], column: Double) -> [[Point]] {
        func place(_ point: Point) -> Int { Int((point.x / column).rounded(.down)) }
        let pointCount = stretches.reduce(0) { $0 + $1.count }
        guard pointCount > 8, let first = stretches.first?.first, let last = stretches.last?.last,
            pointCount > 4 * (place(last) - place(first) + 1)
        else { return stretches }
        var joined: [[Point]] = []
        for stretch in stretches {
            if let end = joined.last?.last, let start = stretch.first, place(end) == place(start) {
                joined[joined.count - 1] += stretch
            } else {
                joined.append(stretch)
            }
        }
        return joined.map { stretch in
            var kept: [Point] = [], start = 0
            while start < stretch.count {
                let end = stretch[start...].firstIndex { place($0) != place(stretch[start]) } ?? stretch.count
                kept += extremes(stretch[start..<end])
                start = end
            }
            return kept
        }
    }

    /// Returns the first, the lowest, the highest and the last of points, in their order.
    private static func extremes(_ points: ArraySlice<Point>) -> [Point] {
        guard points.count > 4 else { return Array(points) }
        var lowest = points.startIndex, highest = points.startIndex
        for index in points.indices {
            if points[index].y < points[lowest].y { lowest = index }
            if points[index].y > points[highest].y { highest = index }
        }
        let ends = points.compactMap(\.band).flatMap { [$0.low, $0.high] }
        return Set([points.startIndex, lowest, highest, points.endIndex - 1]).sorted().map { index in
            var point = points[index]
            if let least = ends.min(), let greatest = ends.max() {
                // Pixels grow downwards, so that the low end of a band is the greater number.
                point.band = (greatest, least)
            }
            return point
        }
    }
}
