import Charts
import Testing

/// Drawings of very many points are small and show the same.
@Suite struct ThinningTests {
    private func svg(_ series: [LineChart.Series]) -> String {
        LineChart(title: "", xLabel: "", yLabel: "", series: series).svg()
    }

    private func noise(_ count: Int, band: Bool = false, mark: LineChart.Series.Mark = .line) -> LineChart.Series {
        let points = (0..<count).map { (x: Double($0), y: Double($0 &* 7919 % 10_007)) }
        return LineChart.Series(
            name: "s", points: points, band: band ? points.map { ($0.y - 100, $0.y + 100) } : [], mark: mark)
    }

    @Test(arguments: [1, 10], [false, true])
    func aMillionPointsAreASmallFile(seriesCount: Int, band: Bool) {
        let series = (0..<seriesCount).map { _ in noise(1_000_000 / seriesCount, band: band) }
        #expect(svg(series).utf8.count < 300_000)
    }

    @Test(arguments: [LineChart.Series.Mark.points, .lineAndPoints])
    func aMillionMarkersAreASmallFile(mark: LineChart.Series.Mark) {
        #expect(svg([noise(1_000_000, mark: mark)]).utf8.count < 300_000)
        #expect(svg([noise(1_000_000, band: true, mark: mark)]).utf8.count < 300_000)
    }

    @Test func gapsBetweenAMillionPointsAreASmallFile() {
        var series = noise(1_000_000)
        for index in stride(from: 0, to: 1_000_000, by: 2) { series.points[index].y = .nan }
        #expect(svg([series]).utf8.count < 300_000)
    }

    @Test func peaksAndEndsAreKept() {
        var points = (0..<100_000).map { (x: Double($0), y: 0.5) }
        points[43_210].y = 1
        points[76_543].y = 0
        let line = svg([LineChart.Series(name: "s", points: points)]).firstMatch(of: /points="([^"]*)"/)?.1 ?? ""
        let places = line.split(separator: " ").map { $0.split(separator: ",").compactMap { Double($0) } }
        #expect(places.contains { $0[1] == 68 && abs($0[0] - 341.1) < 1 }, "the peak at the top")
        #expect(places.contains { $0[1] == 368 && abs($0[0] - 551.7) < 1 }, "the dip at the bottom")
        #expect(places.first?[0] == 68 && places.last?[0] == 700 && places.count < 4 * 633)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0[0] <= $1[0] })
    }

    @Test func fewPointsAreAllKept() {
        #expect(svg([noise(2000)]).firstMatch(of: /points="([^"]*)"/)?.1.split(separator: " ").count == 2000)
    }

    @Test func manyCellsAreASmallFile() {
        let map = HeatMap(
            title: "", xLabel: "step", yLabel: "", valueLabel: "", columns: (0..<100_000).map { "\($0)" },
            rows: (0..<10).map { "\($0)" }, values: (0..<10).map { row in (0..<100_000).map { Double($0 * row % 97) } })
        let svg = map.svg()
        #expect(svg.utf8.count < 400_000 && svg.contains("columns is shown"))
    }
}
