import Charts
import Testing

/// Axes that end before what would flatten everything else.
@Suite struct ReadableRangeTests {
    @Test func theAxisEndsAboveThe99thPercentile() {
        let usual = (1...200).map { Double($0) }
        #expect(readableHigh(of: usual, among: usual) == nil)
        #expect(readableHigh(of: usual, among: usual + [1980]) == nil, "no more than ten times 198")
        #expect(readableHigh(of: usual, among: usual + [1981]) == 1.25 * 198, "two of 200 values are above 198")
        #expect(readableHigh(of: usual.dropLast() + [1e9], among: usual + [1e9]) == 1.25 * 198)
        #expect(readableHigh(of: [1, 2, 3], among: [1, 2, 3, 31]) == 3.75, "of few values the largest counts")
        #expect(readableHigh(of: [1, 2, 300], among: [1, 2, 300]) == nil, "three points are no rule")
        #expect(readableHigh(of: [], among: []) == nil && readableHigh(of: [-1, 0], among: [-1, 0, 5]) == nil)
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
                "1 value above 11.2 is not shown; --y-max all shows it"
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
