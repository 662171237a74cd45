/// A line chart: curves over one axis.
///
/// As an SVG file it is readable on light and dark pages and in print; as text it fits into a terminal.
package struct LineChart: Sendable {
    /// One curve of a chart.
    package struct Series: Sendable {
        /// How points are drawn: by a line through them, by a marker at each, or by both.
        package enum Mark: Sendable { case line, points, lineAndPoints }

        package var name: String
        /// The points in the order of x.
        ///
        /// A point that is not finite, or not positive on a logarithmic axis, is left out and breaks the line.
        package var points: [(x: Double, y: Double)]
        /// A range around each point, drawn as an area around a line or as error bars at markers; empty for no ranges.
        ///
        /// An end that is not finite means that the range of that point is not known.
        package var band: [(low: Double, high: Double)]
        package var mark: Mark
        /// The run whose points these are; nil where they are of none, or of several.
        package var run: Int?
        /// Whether the run ended by itself at the last point, since its loss was not finite.
        package var isDiverged = false
        /// Whether each point is of a run that left where it began, so that it may lie beyond the axis of the others;
        /// empty where none does.
        package var leaves: [Bool] = []
        /// Whether each marker is hollow, since the point is the mean of fewer runs than there should be; empty where
        /// none is.
        package var isHollow: [Bool] = []
        /// The place of its colour in the palette, where that is not the place of the series in the chart.
        package var hue: Int?
        /// How much lighter the colour is, from 0 to 1.
        package var lightness = 0.0
        /// The colour as 0xRRGGBB, where it is not one of the palette.
        package var fixedColor: Int?

        package init(
            name: String, points: [(x: Double, y: Double)], band: [(low: Double, high: Double)] = [],
            mark: Mark = .line, run: Int? = nil
        ) {
            precondition(band.isEmpty || band.count == points.count, "a band has a low and a high end for each point")
            self.name = name
            self.points = points
            self.band = band
            self.mark = mark
            self.run = run
        }

        /// The name as legends have it.
        var legendName: String { isDiverged && !name.isEmpty ? "\(name) (× diverged)" : name }

        /// Returns the colour of the series at a place of a chart, of a palette that is seen before a background.
        func color(_ index: Int, of palette: [RGB], behind background: RGB) -> RGB {
            let color = fixedColor.map(RGB.init) ?? palette[max(0, hue ?? index) % palette.count]
            return color.mixed(with: background, 0.65 * lightness)
        }
    }

    package var title: String
    package var xLabel: String
    package var yLabel: String
    package var xScale: AxisScale
    package var yScale: AxisScale
    /// The names of the places x = 0, 1, 2, ...; empty where x is a number.
    package var xCategories: [String]
    package var series: [Series]
    /// Values that the x axis has a place for beside those of the points, such as those of another chart.
    package var xRange: ClosedRange<Double>?
    /// Values that the y axis has a place for beside those of the points, such as those of another chart.
    package var yRange: ClosedRange<Double>?
    /// Where the y axis ends, whatever lies beyond.
    package var yLimits = AxisLimits()
    /// Whether a linear y axis begins at zero, as that of shares does.
    package var startsAtZero = false
    /// What the y axis has a place for where some values, which are marked at the edge, would flatten the others.
    var readableRange: ClosedRange<Double>?
    /// Whether lines have dashes and markers, which tell them apart in a print without colours.
    package var printsInGrey = false
    /// What the chart does not show, for its reader, beside what `Figure.notes` finds.
    package var notes: [String] = []
    /// What stands once around several charts, and not in this one.
    var isSharing = Sharing()

    package init(
        title: String, xLabel: String, yLabel: String, xScale: AxisScale = .linear, yScale: AxisScale = .linear,
        xCategories: [String] = [],
        series: [Series]
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.xScale = xScale
        self.yScale = yScale
        self.xCategories = xCategories
        self.series = series
    }

    /// Whether a point has a place in the chart.
    func isDrawable(_ point: (x: Double, y: Double)) -> Bool { xScale.canShow(point.x) && yScale.canShow(point.y) }

    var hasNothingToDraw: Bool { !series.contains { $0.points.contains(where: isDrawable) } }

    /// The places of the points along x, and the ends of the range that the axis reaches to beside them.
    var xValues: [Double] {
        let range = xRange.map { [$0.lowerBound, $0.upperBound] } ?? []
        return (range + series.flatMap(\.points).filter(isDrawable).map(\.x)).filter(xScale.canShow)
    }

    /// The values of the points and the ends of their bands that the scale can show, and the ends of the range that the
    /// axis reaches to beside them.
    var yValues: [Double] {
        let range = yRange.map { [$0.lowerBound, $0.upperBound] } ?? []
        let ends = series.flatMap { stretches(of: $0) }.flatMap { $0 }.flatMap {
            $0.band.map { [$0.low, $0.high] } ?? []
        }
        return (range + series.flatMap(drawnValues) + ends).filter(yScale.canShow)
    }

    /// The x axis; between whole numbers, such as layers, there is nothing to mark.
    var xAxis: Axis {
        guard xCategories.isEmpty else { return Axis(categories: xCategories) }
        let values = xValues
        return Axis(values, xScale, hasWholeTicks: values.allSatisfy { $0 == $0.rounded() })
    }

    /// The y axis, which has a place for all values, unless it ends before.
    var yAxis: Axis { axis(of: readableRange.map { [$0.lowerBound, $0.upperBound] } ?? yValues) }

    /// Returns the y axis that has a place for values.
    func axis(of values: [Double]) -> Axis {
        Axis(startsAtZero && yScale == .linear ? values + [0] : values, yScale, yLimits)
    }

    /// Whether values may lie beyond the y axis.
    var isLimited: Bool { readableRange != nil || !yLimits.isNone }

    /// Returns the values of the points of a series that have a place in the chart.
    func drawnValues(of series: Series) -> [Double] { series.points.filter(isDrawable).map(\.y) }

    /// A point that can be drawn.
    struct Point {
        var x: Double
        var y: Double
        /// The range around the point, or nil where it is not known; its low end may lie below what a logarithmic axis
        /// shows.
        var band: (low: Double, high: Double)?
        var isHollow = false
    }

    /// Returns the points of a series that can be drawn, divided into stretches where points between them cannot.
    func stretches(of series: Series) -> [[Point]] {
        let points: [Point?] = series.points.enumerated().map { index, point in
            guard isDrawable(point) else { return nil }
            let band = series.band.isEmpty ? nil : series.band[index]
            return Point(
                x: point.x, y: point.y,
                band: band.flatMap { abs($0.low) < 1e300 && yScale.canShow($0.high) ? $0 : nil },
                isHollow: !series.isHollow.isEmpty && series.isHollow[index])
        }
        return points.split { $0 == nil }.map { $0.compactMap { $0 } }
    }
}
