import Charts
import Testing

@Suite struct LineChartTests {
    private func chart(_ points: [(x: Double, y: Double)], log: Bool = false) -> String {
        LineChart(title: "a < b & c", xLabel: "step", yLabel: "loss", yScale: log ? .logarithmic : .linear, series: [.init(name: "s", points: points)])
            .svg()
    }

    /// The coordinates of every polyline.
    private func lines(_ svg: String) -> [[(Double, Double)]] {
        svg.matches(of: /points="([^"]*)"/).map { match in
            match.1.split(separator: " ").map { pair in
                let parts = pair.split(separator: ",").map { Double($0) ?? .nan }
                return (parts[0], parts[1])
            }
        }
    }

    @Test func drawsInsideThePanel() {
        let line = lines(chart([(0, 3), (50, 0.25), (100, -1)]))[0]
        #expect(line.count == 3)
        #expect(line.allSatisfy { (68...700).contains($0.0) && (68...368).contains($0.1) })
        #expect(line[0].0 < line[1].0 && line[0].1 < line[1].1 && line[1].1 < line[2].1)
    }

    @Test func breaksTheLineWhereThereIsNothingToDraw() {
        #expect(lines(chart([(0, 1), (1, .nan), (2, 3), (3, 4)])).map(\.count) == [1, 2])
        #expect(lines(chart([(0, 1), (1, 0), (2, 100)], log: true)).map(\.count) == [1, 1])
        #expect(chart([]).contains("no data") && !chart([]).contains("nan") && !chart([(1, 1)]).contains("nan"))
    }

    @Test func logarithmicTicksAreOrdersOfMagnitude() {
        let svg = chart([(0, 1e-4), (1, 100)], log: true)
        for label in ["1e-4", "0.01", "1", "100"] { #expect(svg.contains(">\(label)</text>"), "\(label)") }
    }

    @Test func fewOrdersOfMagnitudeHaveTicksBetween() {
        let chart = LineChart(
            title: "", xLabel: "", yLabel: "", xScale: .logarithmic, series: [.init(name: "s", points: [(x: 2, y: 0), (x: 100, y: 1)])])
        for label in ["2", "5", "10", "20", "50", "100"] { #expect(chart.svg().contains(">\(label)</text>"), "\(label)") }
        let line = lines(chart.svg())[0]
        #expect(line[0].0 == 68 && line[1].0 == 700, "the axis ends with the points")
    }

    @Test func pointsAreDrawnWithoutLine() {
        let chart = LineChart(
            title: "", xLabel: "", yLabel: "", yScale: .logarithmic,
            series: [.init(name: "s", points: [(x: 1, y: 1), (x: 2, y: 0), (x: 3, y: 2)], mark: .points)])
        #expect(lines(chart.svg()).isEmpty)
        #expect(chart.svg().matches(of: /<circle/).count == 3, "two points and the legend's")
    }

    @Test func chartsSideBySideKeepApart() {
        let chart = LineChart(title: "", xLabel: "", yLabel: "", series: [.init(name: "s", points: [(x: 0, y: 0), (x: 1, y: 1)])])
        let both = lines(LineChart.svg([chart, chart], width: 600, plotHeight: 200))
        #expect(both.map { $0.map(\.0) } == [[68, 280], [368, 580]])
    }

    @Test func textIsEscaped() {
        #expect(chart([(0, 1)]).contains("a &lt; b &amp; c"))
    }
}
