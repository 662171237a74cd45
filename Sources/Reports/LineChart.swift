import Foundation

/// Curves over one axis, drawn as an SVG file that reads on light and dark pages and in print.
package struct LineChart: Sendable {
    package struct Series: Sendable {
        package var name: String
        /// In the order of x. A point that is not finite, or not positive on a logarithmic axis, breaks the line.
        package var points: [(x: Double, y: Double)]

        package init(name: String, points: [(x: Double, y: Double)]) {
            self.name = name
            self.points = points
        }
    }

    package var title: String
    package var xLabel: String
    package var yLabel: String
    package var isLogarithmic: Bool
    package var series: [Series]

    package init(title: String, xLabel: String, yLabel: String, isLogarithmic: Bool = false, series: [Series]) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.isLogarithmic = isLogarithmic
        self.series = series
    }

    // Source of the colours: Okabe & Ito, "Color universal design", 2008.
    private static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
    private static let width = 720.0, left = 68.0, right = 20.0, plotHeight = 300.0

    package func svg() -> String {
        let legendRows = Double((series.count + 2) / 3)
        let top = 48 + 20 * legendRows
        let height = top + LineChart.plotHeight + 54
        let plot = (left: LineChart.left, right: LineChart.width - LineChart.right, top: top, bottom: top + LineChart.plotHeight)
        let points = series.flatMap(\.points).filter(isDrawable)
        let x = Axis(points.map(\.x), isLogarithmic: false), y = Axis(points.map(\.y), isLogarithmic: isLogarithmic)
        func px(_ value: Double) -> Double { plot.left + x.fraction(value) * (plot.right - plot.left) }
        func py(_ value: Double) -> Double { plot.bottom - y.fraction(value) * (plot.bottom - plot.top) }

        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(LineChart.width)) \(number(height))\" "
                + "font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#333\">",
            "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#fff\"/>",
            text(title, plot.left, 28, attributes: "font-size=\"16\" font-weight=\"600\""),
        ]
        for (index, series) in series.enumerated() {
            let column = Double(index % 3), row = Double(index / 3)
            let start = plot.left + column * (plot.right - plot.left) / 3, middle = 50 + 20 * row
            lines.append(
                "<line x1=\"\(number(start))\" y1=\"\(number(middle))\" x2=\"\(number(start + 22))\" y2=\"\(number(middle))\" "
                    + "stroke=\"\(color(index))\" stroke-width=\"2.5\"/>")
            lines.append(text(series.name, start + 28, middle + 4))
        }
        for tick in y.ticks {
            lines.append(rule(plot.left, py(tick), plot.right, py(tick)))
            lines.append(text(y.label(tick), plot.left - 8, py(tick) + 4, attributes: "text-anchor=\"end\""))
        }
        for tick in x.ticks {
            lines.append(rule(px(tick), plot.top, px(tick), plot.bottom))
            lines.append(text(x.label(tick), px(tick), plot.bottom + 18, attributes: "text-anchor=\"middle\""))
        }
        lines.append(text(xLabel, (plot.left + plot.right) / 2, plot.bottom + 40, attributes: "text-anchor=\"middle\""))
        let middle = (plot.top + plot.bottom) / 2
        lines.append(
            text(yLabel, 16, middle, attributes: "text-anchor=\"middle\" transform=\"rotate(-90 16 \(number(middle)))\""))
        if points.isEmpty { lines.append(text("no data", (plot.left + plot.right) / 2, middle, attributes: "text-anchor=\"middle\"")) }
        for (index, series) in series.enumerated() {
            for stretch in series.points.split(whereSeparator: { !isDrawable($0) }) {
                let coordinates = stretch.map { "\(number(px($0.x))),\(number(py($0.y)))" }.joined(separator: " ")
                lines.append(
                    "<polyline points=\"\(coordinates)\" fill=\"none\" stroke=\"\(color(index))\" stroke-width=\"2\" "
                        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>")
            }
        }
        return (lines + ["</svg>"]).map { $0 + "\n" }.joined()
    }

    private func isDrawable(_ point: (x: Double, y: Double)) -> Bool {
        point.x.isFinite && point.y.isFinite && (!isLogarithmic || point.y > 0)
    }

    private func color(_ index: Int) -> String { LineChart.colors[index % LineChart.colors.count] }

    private func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"#ddd\"/>"
    }

    private func text(_ text: String, _ x: Double, _ y: Double, attributes: String = "") -> String {
        let escaped = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")].reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        return "<text x=\"\(number(x))\" y=\"\(number(y))\"\(attributes.isEmpty ? "" : " " + attributes)>\(escaped)</text>"
    }

    private func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}

/// A range of values with round ticks: steps of 1, 2 or 5 times a power of ten, or the powers of ten.
struct Axis {
    let ticks: [Double]
    private let isLogarithmic: Bool
    private let low: Double
    private let high: Double

    init(_ values: [Double], isLogarithmic: Bool) {
        self.isLogarithmic = isLogarithmic
        let scaled = isLogarithmic ? values.map { log10($0) } : values
        var low = scaled.min() ?? 0, high = scaled.max() ?? 1
        if low == high { (low, high) = (low - max(0.5, abs(low) / 20), high + max(0.5, abs(high) / 20)) }
        let rough = (high - low) / 6
        let power = pow(10, log10(rough).rounded(.down))
        let multiple = [1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10
        let step = isLogarithmic ? max(1, (multiple * power).rounded()) : multiple * power
        let first = Int((low / step).rounded(.down)), last = Int((high / step).rounded(.up))
        (self.low, self.high) = (Double(first) * step, Double(last) * step)
        ticks = (first...last).map { isLogarithmic ? pow(10, Double($0) * step) : Double($0) * step }
    }

    /// Where a value lies between the ends: 0 to 1.
    func fraction(_ value: Double) -> Double { ((isLogarithmic ? log10(value) : value) - low) / (high - low) }

    func label(_ tick: Double) -> String {
        if tick == 0 { return "0" }
        if abs(tick) >= 1e6 || abs(tick) < 1e-3 {
            let exponent = Int(log10(abs(tick)).rounded(.down))
            let factor = tick / pow(10, Double(exponent))
            return "\(String(format: "%g", (factor * 100).rounded() / 100))e\(exponent)"
        }
        return String(format: "%g", (tick * 1e6).rounded() / 1e6)
    }
}
