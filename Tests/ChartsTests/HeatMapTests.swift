import Charts
import Testing

@Suite struct HeatMapTests {
    private let map = HeatMap(
        title: "t", xLabel: "rate", yLabel: "layer", valueLabel: "v", columns: ["0.1", "1", "10"], rows: ["1", "0"],
        values: [[0, 0.25, 1], [0.625, .nan, 0.5]])

    @Test func numbersStandInCellsThatHaveRoom() {
        #expect(
            map.text(width: 40, color: .none) == """
                t
                layer
                1  ░     0 ▒  0.25 █     1
                0  ▓ 0.625   ·     ▓   0.5
                    0.1      1       10
                            rate

                0 ░▒▓█ 1
                v, · missing

                """)
    }

    @Test func narrowCellsAreShadedAndTheNarrowestThinned() {
        let lines = map.text(width: 9, color: .none).split(separator: "\n")
        #expect(lines[2] == "1 ░░▒▒██" && lines[3] == "0 ▓▓· ▓▓" && lines[4] == "  0.1 10", "\(lines)")
        let wide = HeatMap(
            title: "", xLabel: "step", yLabel: "", valueLabel: "", columns: (0..<100).map { "\($0)" }, rows: ["0"],
            values: [(0..<100).map(Double.init)])
        let text = wide.text(width: 40, color: .none)
        #expect(text.contains("one of 3 columns is shown") && text.split(separator: "\n").allSatisfy { $0.count <= 40 })
    }

    /// Steps from 0 to 900, each 30: labels are round numbers that keep apart, to the end.
    @Test(arguments: [40, 80]) func manyStepsHaveRoundLabels(width: Int) {
        let steps = stride(from: 0, through: 900, by: 30).map { "\($0)" }
        let map = HeatMap(
            title: "a title that has more letters than the terminal has columns, which is cut", xLabel: "", yLabel: "",
            valueLabel: "", columns: steps, rows: ["above 1", "0.5", "below 0"],
            values: (0..<3).map { _ in steps.map { _ in 1 } })
        let lines = map.text(width: width, color: .none).split(separator: "\n").map(String.init)
        let labels = lines[4].split(separator: " ").compactMap { Int($0) }
        #expect(labels.count > 3 && labels.allSatisfy { $0 % 100 == 0 && $0 <= 900 }, "\(lines[4])")
        #expect(lines[0].count <= width && lines[0].hasPrefix("a title") && lines[0].hasSuffix("is cut"))
        let svg = map.svg()
        #expect(svg.contains(">100</text>") && svg.contains(">900</text>") && !svg.contains(">30</text>"))
    }

    @Test func coloursAreViridisWithReadableNumbers() {
        let text = map.text(width: 40, color: .full)
        #expect(text.contains("\u{1B}[0;38;2;255;255;255;48;2;68;1;84m   0    \u{1B}["), "white on the darkest")
        #expect(text.contains("\u{1B}[0;38;2;0;0;0;48;2;253;231;37m   1    \u{1B}["), "black on the lightest")
        #expect(map.text(width: 40, color: .palette).contains("\u{1B}[0;38;5;231;48;5;53m   0    \u{1B}["))
    }

    @Test func svgHasCellsNumbersAndColourBar() {
        let svg = map.svg()
        #expect(svg.contains("fill=\"#440154\"") && svg.contains("fill=\"#FDE725\"") && svg.contains("linearGradient"))
        #expect(svg.matches(of: /fill="url\(#missing\)"/).count == 1, "one cell is missing")
        #expect(
            svg.contains("fill=\"#FFFFFF\">0</text>") && svg.contains("fill=\"#000000\">1</text>")
                && svg.contains(">0.625</text>"))
        for label in ["0.1", "10", "rate", "layer", "0.8"] { #expect(svg.contains(">\(label)</text>"), "\(label)") }
        let complete = HeatMap(
            title: "", xLabel: "", yLabel: "", valueLabel: "", columns: ["a"], rows: ["<b>"], values: [[1]]
        ).svg()
        #expect(!complete.contains("missing") && complete.contains("&lt;b&gt;"))
    }

    @Test func aLogarithmicScaleHasNoColourForZero() {
        let map = HeatMap(
            title: "", xLabel: "", yLabel: "", valueLabel: "norm", columns: ["a", "b", "c"], rows: ["r"],
            values: [[0.001, 0, 1000]], scale: .logarithmic)
        #expect(map.svg().contains("text-anchor=\"middle\">0</text>") && map.svg().contains("#440154"))
        #expect(
            map.text(width: 60, color: .none).contains("░ 0.001")
                && map.text(width: 60, color: .none).contains("norm, logarithmic"))
        let empty = HeatMap(
            title: "", xLabel: "", yLabel: "", valueLabel: "", columns: ["a"], rows: ["r"], values: [[.nan]])
        #expect(empty.text(width: 60, color: .full).contains("no data") && !empty.svg().contains("nan"))
    }

    /// Maps of one figure have numbers in all cells or in none, one scale, and once what all titles begin with.
    @Test func mapsOfOneFigureAreAlike() {
        func map(_ title: String, _ columns: Int) -> HeatMap {
            var map = HeatMap(
                title: "norm, \(title)", xLabel: "", yLabel: "", valueLabel: "v",
                columns: (0..<columns).map { "\($0)" }, rows: ["r"], values: [(0..<columns).map { Double($0) + 0.25 }])
            map.colorLimits = AxisLimits(low: 1, high: 2)
            return map
        }
        let figure = Figure.heatMaps([map("few", 3), map("many", 12)])
        let text = figure.text(width: 40, height: 10, color: .none)
        #expect(text.hasPrefix("norm\n") && text.contains("few\n") && !text.contains("0.25"), "\(text)")
        #expect(text.matches(of: /░▒▓█/).count == 1 && text.contains("1 ◀░▒▓█▶ 2"), "\(text)")
        #expect(figure.text(width: 100, height: 10, color: .none).matches(of: /0\.25/).count == 2)
        #expect(
            figure.notes == [
                "11 values above 2 have the colour of the end", "2 values below 1 have the colour of the end",
            ])
    }
}
