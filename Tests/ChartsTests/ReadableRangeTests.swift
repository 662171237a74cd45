import Charts
import Testing

/// Axes that end before what would flatten everything else.
@Suite struct ReadableRangeTests {
    @Test func theAxisEndsAboveThe99thPercentile() {
        let usual = (1...199).map { Double($0) }
        #expect(endBeforeFew(of: usual) == nil)
        #expect(endBeforeFew(of: usual + [1980]) == nil, "no more than ten times 198")
        #expect(endBeforeFew(of: usual + [1981]) == 1.25 * 198, "two of 200 values are above 198")
        #expect(endBeforeFew(of: [1, 2, 300]) == nil, "three points are no rule")
        #expect(endBeforeFew(of: []) == nil && endBeforeFew(of: [-1, 0]) == nil)
    }

    /// Runs that left where they began may lie beyond the axis of the others, at both ends and on both scales.
    @Test func unsteadyRunsLeaveTheAxisToTheOthers() {
        func figure(_ values: [Double], leaves: Bool, _ scale: AxisScale = .linear) -> Figure {
            func series(_ values: [Double]) -> LineChart.Series {
                .init(name: "s", points: values.enumerated().map { (Double($0), $1) })
            }
            var wild = series(values)
            if leaves { wild.leaves = values.map { _ in true } }
            let all = [series([1, 2, 3]), wild]
            return Figure.lines([LineChart(title: "", xLabel: "", yLabel: "", yScale: scale, series: all)])
                .withReadableAxes()
        }
        #expect(
            figure([-9, 2, 30], leaves: true).notes == [
                "1 value above 3 is not shown; --y-max all shows it",
                "1 value below 1 is not shown; --y-max all shows it",
            ])
        #expect(figure([-9, 2, 30], leaves: false).notes.isEmpty && figure([1, 2, 4], leaves: true).notes.isEmpty)
        #expect(figure([1, 2, 1e6], leaves: true, .logarithmic).notes.count == 1)
        let text = figure([-9, 2, 30], leaves: true).text(width: 40, height: 10, color: .none)
        #expect(text.contains("▲") && text.contains("▼"), "\(text)")
    }

    @Test func panelsWithOneAxisEndAtOnePlace() {
        func chart(_ values: [Double]) -> LineChart {
            LineChart(
                title: "", xLabel: "", yLabel: "",
                series: [.init(name: "s", points: values.enumerated().map { (Double($0), $1) })])
        }
        let wave = (0..<99).map { Double($0 % 10) }
        let figure = Figure.lines([chart(wave), chart(wave + [500])])
        #expect(
            figure.withSharedScale().withReadableAxes().notes == [
                "1 value above 12 is not shown; --y-max all shows it"
            ])
        let svg = figure.withSharedScale().withReadableAxes().svg()
        #expect(svg.matches(of: />10<\/text>/).count == 2 && !svg.contains(">500</text>"), "both axes end alike")
        let apart = figure.withReadableAxes().svg()
        #expect(apart.matches(of: /clip-path="url/).count == 1 && figure.notes.isEmpty)
    }

    @Test func whatHasNoPlaceIsCounted() {
        let points = [(x: 0.0, y: 1.0), (1, 0), (2, .infinity), (3, 1e300), (4, .nan)]
        let chart = LineChart(
            title: "", xLabel: "", yLabel: "", yScale: .logarithmic, series: [.init(name: "s", points: points)])
        let notes = Figure.lines([chart]).notes
        #expect(
            notes == [
                "2 values that are infinite or beyond 1e300 are left out",
                "1 value that is not positive is left out of a logarithmic axis",
            ])
        #expect(notes.allSatisfy { Figure.lines([chart]).svg().contains(">\($0)</text>") })
    }
}
