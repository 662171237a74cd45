import Charts
import Foundation
import Testing

@Suite struct LineChartTests {
    private func chart(_ points: [(x: Double, y: Double)], log: Bool = false) -> String {
        LineChart(
            title: "a < b & c", xLabel: "step", yLabel: "loss", yScale: log ? .logarithmic : .linear,
            series: [.init(name: "s", points: points)]
        )
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

    /// Numbers and spans at both ends of the range of a Double.
    @Test(arguments: [Double.leastNonzeroMagnitude, .leastNormalMagnitude, 1e-300, 1e299], [false, true])
    func extremeNumbersAreDrawnOrLeftOut(number: Double, log: Bool) {
        let svg = chart([(0, number), (1, log ? 1 : 0), (2, 2 * number)], log: log)
        #expect(!svg.contains("inf") && !svg.contains("nan"))
    }

    @Test func breaksTheLineWhereThereIsNothingToDraw() {
        #expect(lines(chart([(0, 1), (1, .nan), (2, 3), (3, 4)])).map(\.count) == [2])
        #expect(lines(chart([(0, 1), (1, 0), (2, 100)], log: true)).isEmpty)
        #expect(
            chart([(0, 1), (1, 0), (2, 100)], log: true).matches(of: /<circle/).count == 2, "a dot for a point alone")
        #expect(chart([]).contains("no data") && !chart([]).contains("nan") && !chart([(1, 1)]).contains("nan"))
    }

    @Test func logarithmicTicksAreOrdersOfMagnitude() {
        let svg = chart([(0, 1e-4), (1, 100)], log: true)
        for label in ["1e-4", "0.01", "1", "100"] { #expect(svg.contains(">\(label)</text>"), "\(label)") }
    }

    @Test func fewOrdersOfMagnitudeHaveTicksBetween() {
        let chart = LineChart(
            title: "", xLabel: "", yLabel: "", xScale: .logarithmic,
            series: [.init(name: "s", points: [(x: 2, y: 0), (x: 100, y: 1)])])
        for label in ["2", "5", "10", "20", "50", "100"] {
            #expect(chart.svg().contains(">\(label)</text>"), "\(label)")
        }
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
        let chart = LineChart(
            title: "", xLabel: "", yLabel: "", series: [.init(name: "s", points: [(x: 0, y: 0), (x: 1, y: 1)])])
        let both = lines(LineChart.svg([chart, chart], width: 600, plotHeight: 200))
        #expect(both.map { $0.map(\.0) } == [[68, 280], [368, 580]])
    }

    @Test func textIsEscaped() {
        #expect(chart([(0, 1)]).contains("a &lt; b &amp; c"))
    }

    @Test func bandsAreAreasBelowTheLinesAndStayInside() {
        let points = [(x: 0.0, y: 1.0), (x: 1, y: 10), (x: 2, y: 100)]
        let series = LineChart.Series(name: "s", points: points, band: [(0.5, 2), (-5, 25), (90, 110)])
        let svg = LineChart(title: "", xLabel: "", yLabel: "", yScale: .logarithmic, series: [series]).svg()
        let areas = svg.matches(of: /<path d="M([^"]*)Z" fill="#0072B2" fill-opacity/)
        #expect(areas.count == 1)
        let heights = areas[0].1.split(separator: " ").compactMap {
            $0.split(separator: ",").last.flatMap { Double($0) }
        }
        #expect(
            heights.count == 6 && heights.allSatisfy { (68...368).contains($0) } && heights[4] == 368,
            "what lies below a logarithmic axis ends at it")
        #expect(areas[0].range.lowerBound < svg.range(of: "<polyline")!.lowerBound)
        let gap = LineChart.Series(name: "s", points: points, band: [(0, 2), (.nan, .nan), (90, 110)])
        #expect(!LineChart(title: "", xLabel: "", yLabel: "", series: [gap]).svg().contains("nan"))
    }

    @Test func markersHaveErrorBars() {
        let series = LineChart.Series(
            name: "s", points: [(0, 1), (1, 2)], band: [(0.5, 1.5), (.nan, .nan)], mark: .lineAndPoints)
        let svg = LineChart(title: "", xLabel: "", yLabel: "", xCategories: ["a&b", "none"], series: [series]).svg()
        #expect(svg.matches(of: /<circle/).count == 3 && lines(svg).count == 1)
        #expect(svg.matches(of: /stroke="#0072B2" stroke-width="1.5"/).count == 3, "one bar with two ends")
        #expect(svg.contains(">a&amp;b</text>") && svg.contains(">none</text>"))
    }

    @Test func legendsTakeTheRoomTheyNeed() {
        let names = (0..<9).map { "a name of some forty characters, number \($0)" }
        let svg = LineChart(
            title: "", xLabel: "", yLabel: "", series: names.map { .init(name: $0, points: [(0, 0), (1, 1)]) }
        ).svg()
        let places = names.map { name in
            svg.firstMatch(
                of: try! Regex(
                    "<text x=\"([0-9.]+)\" y=\"([0-9.]+)\">\(name)</text>", as: (Substring, Substring, Substring).self)
            )
            .map { (Double($0.output.1)!, Double($0.output.2)!) } ?? (0, 0)
        }
        let top = lines(svg)[0].map(\.1).min() ?? 0
        #expect(
            Set(places.map(\.0)).count == 1 && Set(places.map(\.1)).count == 9 && places.allSatisfy { $0.1 < top },
            "\(places)")
        #expect(svg.contains("stroke-dasharray"), "more lines than colours are dashed")
        let unbroken = String(repeating: "x", count: 150)
        let texts = LineChart(title: "", xLabel: "", yLabel: "", series: [.init(name: unbroken, points: [(0, 0)])])
            .svg().matches(of: />(x+)<\/text>/)
        #expect(texts.count > 1 && texts.map(\.1).joined() == unbroken, "broken into lines, and nothing lost")
    }

    /// A constant line below another, in a file by dashes and in a terminal by colours that take turns.
    @Test func linesThatLieOnEachOtherAreBothSeen() {
        let points = (0...20).map { (x: Double($0), y: 1.0) }
        let chart = LineChart(
            title: "", xLabel: "", yLabel: "",
            series: [.init(name: "a", points: points), .init(name: "b", points: [(0, 1), (20, 1)])])
        let strokes = chart.svg().matches(of: /<polyline[^>]*stroke="(#[0-9A-F]*)"([^>]*)>/)
        #expect(strokes.count == 2 && !strokes[0].2.contains("dasharray") && strokes[1].2.contains("dasharray"))
        let cells = chart.text(width: 40, height: 12, color: .full).split(separator: "\n").first { $0.contains(" 1 ┤") }
        #expect(cells?.contains("51;153;221m") == true && cells?.contains("213;94;0m") == true, "\(cells ?? "")")
        let apart = LineChart(
            title: "", xLabel: "", yLabel: "",
            series: [.init(name: "a", points: points), .init(name: "b", points: [(0, 1), (20, 2)])])
        #expect(!apart.svg().contains("dasharray"))
    }

    /// What all panels say stands once: the beginning of the title, the legend and the labels.
    @Test func panelsDoNotRepeatEachOther() {
        func chart(_ name: String, _ yLabel: String) -> LineChart {
            LineChart(
                title: "Loss, rate \(name)", xLabel: "step", yLabel: yLabel,
                series: [.init(name: "run", points: [(0, 0), (1, 1)])])
        }
        let one = Figure.lines([chart("1", "loss"), chart("2", "loss"), chart("3", "loss")])
        for text in [one.svg(), one.text(width: 40, height: 12, color: .none)] {
            for word in ["Loss", "rate 2", "run", "step", "loss"] {
                #expect(text.components(separatedBy: word).count == 2, "\(word) in \(text)")
            }
        }
        let two = Figure.lines([chart("1", "loss"), chart("2", "accuracy")]).svg()
        #expect(two.contains(">loss</text>") && two.contains(">accuracy</text>"))
    }

    @Test func dashesAreSeenInTheLegend() {
        let series = ["a", "b"].enumerated().map { LineChart.Series(name: $1, points: [(0, Double($0)), (1, 2)]) }
        var chart = LineChart(title: "", xLabel: "", yLabel: "", series: series)
        chart.printsInGrey = true
        let sample = chart.svg().firstMatch(of: /<line x1="([0-9.]+)"[^>]* x2="([0-9.]+)"[^>]*stroke-width="2"/)
        let length = sample.flatMap { match in Double(match.2).flatMap { end in Double(match.1).map { end - $0 } } }
        #expect((length ?? 0) > 40, "three dashes and gaps")
    }

    @Test func longNamesOnTheAxisAreTurned() {
        let names = (0..<12).map { "normalization \($0)" }
        let chart = LineChart(
            title: "", xLabel: "", yLabel: "", xCategories: names,
            series: [.init(name: "s", points: (0..<12).map { (Double($0), 1) }, mark: .points)])
        for name in names { #expect(chart.svg().contains(">\(name)</text>"), "\(name)") }
        #expect(chart.svg().matches(of: /rotate\(-35/).count == 12)
    }

    @Test func chartsMayStandInRows() {
        let chart = LineChart(title: "", xLabel: "", yLabel: "", series: [.init(name: "s", points: [(0, 0), (1, 1)])])
        let all = lines(LineChart.svg([chart, chart, chart], width: 600, plotHeight: 200, columns: 2))
        #expect(all.map { $0[0].0 } == [68, 368, 68] && all[0][0].1 == all[1][0].1 && all[2][0].1 > all[0][0].1 + 200)
    }
}
