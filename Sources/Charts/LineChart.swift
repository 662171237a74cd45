import Foundation

/// Curves over one axis, drawn as an SVG file that reads on light and dark pages and in print.
package struct LineChart: Sendable {
    package struct Series: Sendable {
        package enum Mark: Sendable { case line, points }

        package var name: String
        /// In the order of x. A point that is not finite, or not positive on a logarithmic axis, is left out and breaks the line.
        package var points: [(x: Double, y: Double)]
        package var mark: Mark

        package init(name: String, points: [(x: Double, y: Double)], mark: Mark = .line) {
            self.name = name
            self.points = points
            self.mark = mark
        }
    }

    package var title: String
    package var xLabel: String
    package var yLabel: String
    package var xScale: AxisScale
    package var yScale: AxisScale
    package var series: [Series]

    package init(
        title: String, xLabel: String, yLabel: String, xScale: AxisScale = .linear, yScale: AxisScale = .linear, series: [Series]
    ) {
        self.title = title
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.xScale = xScale
        self.yScale = yScale
        self.series = series
    }

    // Source of the colours: Okabe & Ito, "Color universal design", 2008.
    private static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
    private static let left = 68.0, right = 20.0

    package func svg() -> String { LineChart.svg([self], width: 720, plotHeight: 300) }

    /// Charts side by side in one file, each as wide as the others.
    package static func svg(_ charts: [LineChart], width: Double, plotHeight: Double) -> String {
        let panel = width / Double(max(1, charts.count))
        let legendColumns = max(1, min(3, Int((panel - left - right) / 100)))
        let top = 48 + 20 * (charts.map { Double(($0.series.count + legendColumns - 1) / legendColumns) }.max() ?? 0)
        let opening = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(width)) \(number(top + plotHeight + 54))\" "
                + "font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#333\">",
            "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#fff\"/>",
        ]
        let drawings = charts.enumerated().flatMap { index, chart in
            let start = panel * Double(index)
            let plot = Frame(left: start + left, right: start + panel - right, top: top, bottom: top + plotHeight)
            return chart.drawing(plot, legendColumns: legendColumns)
        }
        return (opening + drawings + ["</svg>"]).map { $0 + "\n" }.joined()
    }

    private struct Frame {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double
    }

    private func drawing(_ plot: Frame, legendColumns: Int) -> [String] {
        let points = series.flatMap(\.points).filter(isDrawable)
        let x = Axis(points.map(\.x), xScale), y = Axis(points.map(\.y), yScale)
        func px(_ value: Double) -> Double { plot.left + x.fraction(value) * (plot.right - plot.left) }
        func py(_ value: Double) -> Double { plot.bottom - y.fraction(value) * (plot.bottom - plot.top) }

        var lines = [text(title, plot.left, 28, attributes: "font-size=\"16\" font-weight=\"600\"")]
        for (index, series) in series.enumerated() {
            let column = Double(index % legendColumns), row = Double(index / legendColumns)
            let start = plot.left + column * (plot.right - plot.left) / Double(legendColumns), middle = 50 + 20 * row
            lines.append(
                series.mark == .points
                    ? circle(start + 11, middle, index)
                    : "<line x1=\"\(number(start))\" y1=\"\(number(middle))\" x2=\"\(number(start + 22))\" y2=\"\(number(middle))\" "
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
        lines.append(
            "<rect x=\"\(number(plot.left))\" y=\"\(number(plot.top))\" width=\"\(number(plot.right - plot.left))\" "
                + "height=\"\(number(plot.bottom - plot.top))\" fill=\"none\" stroke=\"#ddd\"/>")
        lines.append(text(xLabel, (plot.left + plot.right) / 2, plot.bottom + 40, attributes: "text-anchor=\"middle\""))
        let middle = (plot.top + plot.bottom) / 2, edge = plot.left - LineChart.left + 16
        lines.append(
            text(
                yLabel, edge, middle,
                attributes: "text-anchor=\"middle\" transform=\"rotate(-90 \(number(edge)) \(number(middle)))\""))
        if points.isEmpty { lines.append(text("no data", (plot.left + plot.right) / 2, middle, attributes: "text-anchor=\"middle\"")) }
        for (index, series) in series.enumerated() {
            if series.mark == .points {
                lines += series.points.filter(isDrawable).map { circle(px($0.x), py($0.y), index) }
                continue
            }
            for stretch in series.points.split(whereSeparator: { !isDrawable($0) }) {
                let coordinates = stretch.map { "\(number(px($0.x))),\(number(py($0.y)))" }.joined(separator: " ")
                lines.append(
                    "<polyline points=\"\(coordinates)\" fill=\"none\" stroke=\"\(color(index))\" stroke-width=\"2\" "
                        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>")
            }
        }
        return lines
    }

    private func isDrawable(_ point: (x: Double, y: Double)) -> Bool { xScale.canShow(point.x) && yScale.canShow(point.y) }

    private func color(_ index: Int) -> String { LineChart.colors[index % LineChart.colors.count] }

    private func circle(_ x: Double, _ y: Double, _ index: Int) -> String {
        "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"4\" fill=\"\(color(index))\"/>"
    }

    private func rule(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"#ddd\"/>"
    }

    private func text(_ text: String, _ x: Double, _ y: Double, attributes: String = "") -> String {
        let escaped = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")].reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
        return "<text x=\"\(number(x))\" y=\"\(number(y))\"\(attributes.isEmpty ? "" : " " + attributes)>\(escaped)</text>"
    }

    private func number(_ value: Double) -> String { LineChart.number(value) }

    private static func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
