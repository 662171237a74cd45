import Foundation

/// Writes drawings as SVG files.
struct SVG {
    /// The width in units of a column of text in letters of 13 units, estimated rather too wide, since fonts differ
    /// from page to page.
    static let columnWidth = 7.5

    private var lines: [String] = []
    private var clipCount = 0

    /// Returns a drawing as a whole file with a white background.
    ///
    /// - Parameter unit: the length of a unit in mm, for a figure of a fixed size; nil for one that pages scale.
    static func document(_ drawing: Drawing, unit: Double? = nil) -> String {
        var svg = SVG()
        let size = unit.map { unit in
            "width=\"\(millimetres(drawing.width * unit))mm\" height=\"\(millimetres(drawing.height * unit))mm\" "
        }
        svg.lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" data-generator=\"bnexp plot\" \(size ?? "")"
                + "viewBox=\"0 0 \(number(drawing.width)) \(number(drawing.height))\" "
                + "font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"13\" "
                + "fill=\"#333\">",
            "<rect width=\"100%\" height=\"100%\"\(unit == nil ? " rx=\"8\"" : "") fill=\"#fff\"/>",
        ]
        svg.define(drawing.shapes)
        for shape in drawing.shapes { svg.add(shape) }
        return (svg.lines + ["</svg>"]).map { $0 + "\n" }.joined()
    }

    /// Writes the gradient and the pattern that shapes are filled with, if there are such shapes.
    private mutating func define(_ shapes: [Shape]) {
        var hasRamp = false, hasMissing = false
        for shape in shapes {
            switch shape {
            case .ramp: hasRamp = true
            case .cells(let cells): hasMissing = hasMissing || cells.contains { $0.color == nil }
            default: break
            }
        }
        if hasMissing { lines.append(SVG.hatching) }
        if hasRamp {
            let stops = (0...16).map { index in
                let place = Double(index) / 16
                return "<stop offset=\"\(place)\" stop-color=\"\(Palette.viridis(place).hex)\"/>"
            }
            lines.append(
                "<linearGradient id=\"scale\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">\(stops.joined())</linearGradient>")
        }
    }

    private mutating func add(_ shape: Shape) {
        switch shape {
        case .segment(let from, let to, let stroke):
            lines.append(
                "<line x1=\"\(SVG.number(from.x))\" y1=\"\(SVG.number(from.y))\" x2=\"\(SVG.number(to.x))\" "
                    + "y2=\"\(SVG.number(to.y))\" \(SVG.attributes(stroke))/>")
        case .polyline(let places, let stroke):
            lines.append(
                "<polyline points=\"\(SVG.points(places))\" fill=\"none\" \(SVG.attributes(stroke)) "
                    + "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>")
        case .area(let places, let color, let opacity):
            let share = opacity < 1 ? " fill-opacity=\"\(opacity)\"" : ""
            lines.append("<path d=\"M\(SVG.points(places))Z\" fill=\"\(color.hex)\"\(share)/>")
        case .outline(let box, let stroke):
            lines.append("<rect \(SVG.place(box)) fill=\"none\" \(SVG.attributes(stroke))/>")
        case .disc(let center, let radius, let color):
            lines.append(
                "<circle cx=\"\(SVG.number(center.x))\" cy=\"\(SVG.number(center.y))\" r=\"\(SVG.number(radius))\" "
                    + "fill=\"\(color.hex)\"/>")
        case .text(let text): lines.append(SVG.text(text))
        case .cells(let cells): addCells(cells)
        case .ramp(let box): lines.append("<rect \(SVG.place(box)) fill=\"url(#scale)\"/>")
        case .clipped(let box, let shapes):
            clipCount += 1
            lines.append("<clipPath id=\"clip\(clipCount)\"><rect \(SVG.place(box))/></clipPath>")
            lines.append("<g clip-path=\"url(#clip\(clipCount))\">")
            for shape in shapes { add(shape) }
            lines.append("</g>")
        }
    }

    /// Writes a path for each colour, which takes a quarter of the bytes of a rectangle for each cell.
    private mutating func addCells(_ cells: [(frame: Frame, color: RGB?)]) {
        var places: [String: Int] = [:], paths: [(fill: String, path: String)] = []
        for cell in cells {
            let fill = cell.color?.hex ?? "url(#missing)", place = places[fill] ?? paths.count
            if place == paths.count {
                places[fill] = place
                paths.append((fill, ""))
            }
            let width = SVG.number(cell.frame.width), height = SVG.number(cell.frame.height)
            paths[place].path +=
                "M\(SVG.number(cell.frame.left)),\(SVG.number(cell.frame.top))h\(width)v\(height)h-\(width)z"
        }
        lines.append("<g shape-rendering=\"crispEdges\">")
        lines += paths.map { "<path fill=\"\($0.fill)\" d=\"\($0.path)\"/>" }
        lines.append("</g>")
    }

    /// Returns a text, whose characters that XML reserves are escaped.
    private static func text(_ text: Lettering) -> String {
        // By scalars: a reserved sign with a combining accent is one character.
        let reserved: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;"]
        let escaped = text.text.printable.unicodeScalars.map { reserved[$0] ?? String($0) }.joined()
        let x = number(text.place.x), y = number(text.place.y)
        var attributes = ""
        if text.anchor != .start { attributes += " text-anchor=\"\(text.anchor)\"" }
        if text.size != Drawing.letterSize { attributes += " font-size=\"\(number(text.size))\"" }
        if text.isBold { attributes += " font-weight=\"600\"" }
        if text.angle != 0 { attributes += " transform=\"rotate(\(number(text.angle)) \(x) \(y))\"" }
        if text.color != Lettering(text: "", place: text.place).color { attributes += " fill=\"\(text.color.hex)\"" }
        return "<text x=\"\(x)\" y=\"\(y)\"\(attributes)>\(escaped)</text>"
    }

    private static func attributes(_ stroke: Stroke) -> String {
        let width = stroke.width == 1 ? "" : " stroke-width=\"\(number(stroke.width))\""
        let dashes = stroke.dashes.map(number).joined(separator: " ")
        return "stroke=\"\(stroke.color.hex)\"\(width)" + (dashes.isEmpty ? "" : " stroke-dasharray=\"\(dashes)\"")
    }

    private static func place(_ box: Frame) -> String {
        "x=\"\(number(box.left))\" y=\"\(number(box.top))\" width=\"\(number(box.width))\" "
            + "height=\"\(number(box.height))\""
    }

    private static func points(_ places: [Place]) -> String {
        places.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    private static func millimetres(_ value: Double) -> String { String(format: "%g", (value * 100).rounded() / 100) }

    /// Returns a number with at most one digit after the point.
    static func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    /// The pattern that missing cells are filled with.
    private static let hatching = """
        <pattern id="missing" width="6" height="6" patternUnits="userSpaceOnUse">\
        <rect width="6" height="6" fill="#f4f4f4"/><path d="M-1,1l2,-2M0,6l6,-6M5,7l2,-2" stroke="#bbb"/></pattern>
        """
}
