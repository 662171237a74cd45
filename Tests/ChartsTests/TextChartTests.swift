import Charts
import Testing

/// Charts as terminals show them: small drawings, compared whole.
@Suite struct TextChartTests {
    private let up = LineChart.Series(name: "up", points: [(0, 0), (10, 10)])
    private let down = LineChart.Series(name: "down", points: [(0, 10), (10, 0)])

    private func chart(_ series: LineChart.Series...) -> LineChart {
        LineChart(title: "t", xLabel: "step", yLabel: "loss", series: series)
    }

    @Test func aLineIsBraille() {
        #expect(
            chart(up).text(width: 24, height: 10, color: .none) == """
                t
                ━━ up
                   loss
                   │                ⣀⠤⠒⠉
                 8 ┤            ⣀⠤⠒⠉
                 4 ┤        ⣀⠤⠒⠉
                   │    ⣀⠤⠒⠉
                 0 ┤⣀⠤⠒⠉
                   └┬───┬───┬──┬───┬───┬
                    0   2   4  6   8  10
                            step

                """)
    }

    @Test func lettersTellLinesApartWithoutColours() {
        #expect(
            chart(up, down).text(width: 24, height: 10, color: .none) == """
                t
                A  up   B  down
                   loss
                   │⠉⠒⠤⣀            ⣀⠤⠒⠉
                 8 ┤    ⠉⠒⠤⣀    ⣀⠤A⠉
                 4 ┤        B⠶⠶⣉
                   │    ⣀⠤⠒⠉    ⠉⠒⠤⣀
                 0 ┤⣀⠤A⠉            ⠉⠒⠤⣀
                   └┬───┬───┬──┬───┬───┬
                    0   2   4  6   8  10
                            step

                """)
    }

    @Test func coloursTellLinesApart() {
        let palette = chart(up, down).text(width: 24, height: 10, color: .palette)
        #expect(palette.contains("\u{1B}[0;38;5;68m━━\u{1B}[0m up   \u{1B}[0;38;5;166m━━\u{1B}[0m down\n"))
        #expect(palette.contains("10") && palette.contains("\u{1B}[0;38;5;166m⠉⠒⠤⣀\u{1B}[0m") && !palette.contains("A"))
        let full = chart(up, down).text(width: 24, height: 10, color: .full)
        #expect(full.contains("\u{1B}[0;38;2;51;153;221m⣀⠤⠒⠉\u{1B}[0m"))
        let plain = full.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(
            plain == palette.replacing(/\u{1B}\[[0-9;]*m/, with: "")
                && plain.split(separator: "\n").allSatisfy { $0.count <= 24 })
        let many = LineChart(
            title: "", xLabel: "", yLabel: "",
            series: (0..<9).map { .init(name: "s\($0)", points: [(0, Double($0)), (9, 9)]) })
        #expect(
            many.text(width: 80, height: 20, color: .full).contains("mI\u{1B}[0m  s8"),
            "more lines than colours have letters as well")
    }

    @Test func pointsOnLogarithmicAxes() {
        let points = LineChart.Series(
            name: "s", points: [(0.01, 1), (0.1, 10), (1, 100), (10, 0), (100, 1000)], mark: .points)
        let chart = LineChart(
            title: "", xLabel: "rate", yLabel: "", xScale: .logarithmic, yScale: .logarithmic, series: [points])
        #expect(
            chart.text(width: 30, height: 12, color: .none) == """
                ●  s
                1000 ┤                       ●
                     │
                 100 ┤            ●
                     │
                     │
                  10 ┤      ●
                     │
                   1 ┤●
                     └┬─────┬─────┬────┬─────┬
                    0.01   0.1    1   10   100
                                rate

                """)
    }

    @Test func namesOnTheAxisAndErrorBars() {
        let series = LineChart.Series(
            name: "s", points: [(0, 1), (1, 2)], band: [(0.5, 1.5), (.nan, .nan)], mark: .lineAndPoints)
        let chart = LineChart(
            title: "", xLabel: "variant", yLabel: "", xCategories: ["batch normalization", "none"], series: [series])
        #expect(
            chart.text(width: 24, height: 10, color: .none) == """
                ━━ s
                  2 ┤           ⢀⡠⠒●
                1.5 ┤    ⢠    ⡠⠒⠁
                    │    ⢸ ⡠⠔⠉
                  1 ┤    ●⠉
                0.5 ┤    ⢸
                    └────┬─────────┬────
                batch normalization
                                 none
                           variant

                """)
    }

    @Test func bandsAreDotted() {
        let points = (0...10).map { (x: Double($0), y: 1.0) }
        let bare = LineChart.Series(name: "s", points: points),
            banded = LineChart.Series(name: "s", points: points, band: points.map { _ in (0, 2) })
        func dots(_ series: LineChart.Series) -> Int {
            chart(series).text(width: 40, height: 16, color: .none).unicodeScalars.filter {
                (0x2801...0x28FF).contains($0.value)
            }
            .reduce(0) { $0 + ($1.value - 0x2800).nonzeroBitCount }
        }
        #expect(
            dots(banded) - dots(bare) > 20 && dots(banded) - dots(bare) < dots(bare),
            "edges have fewer dots than the line")
    }

    @Test func nothingIsTruncatedAndNothingSteersTheTerminal() {
        let long = "a name that is much longer than the chart is wide"
        let text = LineChart(
            title: "\u{1B}[31mred\n", xLabel: "", yLabel: "",
            series: [.init(name: long, points: []), .init(name: long, points: [])]
        )
        .text(width: 24, height: 10, color: .none)
        #expect(!text.contains("\u{1B}") && text.contains("no data"))
        let words = text.split { $0.isWhitespace }.map(String.init)
        for word in long.split(separator: " ") { #expect(words.filter { $0 == word }.count >= 2, "\(word)") }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 24 })
    }
}
