/// Functions that return the pieces of SVG files.
enum SVG {
    /// The width in pixels of a column of text in 13 px sans-serif, estimated rather too wide, since fonts differ from
    /// page to page.
    static let columnWidth = 7.5

    /// Returns a whole file with a white background.
    static func document(width: Double, height: Double, _ body: [String]) -> String {
        let opening = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" data-generator=\"bnexp plot\" viewBox=\"0 0 \(number(width)) \(number(height))\" "
                + "font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"13\" "
                + "fill=\"#333\">",
            "<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#fff\"/>",
        ]
        return (opening + body + ["</svg>"]).map { $0 + "\n" }.joined()
    }

    /// Returns a text, whose characters that XML reserves are escaped.
    static func text(_ text: String, _ x: Double, _ y: Double, _ attributes: String = "") -> String {
        // By scalars: a reserved sign with a combining accent is one character.
        let reserved: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;"]
        let escaped = text.printable.unicodeScalars.map { reserved[$0] ?? String($0) }.joined()
        return
            "<text x=\"\(number(x))\" y=\"\(number(y))\"\(attributes.isEmpty ? "" : " " + attributes)>\(escaped)</text>"
    }

    /// Returns lines of text below each other; the baseline of the first is at `y`.
    static func lines(_ lines: [String], _ x: Double, _ y: Double, spacing: Double, _ attributes: String = "")
        -> [String]
    {
        lines.enumerated().map { text($1, x, y + spacing * Double($0), attributes) }
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ attributes: String) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" \(attributes)/>"
    }

    static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ attributes: String) -> String {
        "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" height=\"\(number(height))\" "
            + "\(attributes)/>"
    }

    static func title(_ lines: [String], _ x: Double, _ y: Double) -> [String] {
        SVG.lines(lines, x, y, spacing: 20, "font-size=\"16\" font-weight=\"600\"")
    }

    /// Returns a label at the side of a plot, turned to be read from below.
    static func verticalLabel(_ lines: [String], _ x: Double, _ y: Double) -> [String] {
        lines.enumerated().map { index, line in
            let x = x + 16 * Double(index)
            return text(line, x, y, "text-anchor=\"middle\" transform=\"rotate(-90 \(number(x)) \(number(y)))\"")
        }
    }

    /// Returns points as the attributes of lines and paths have them.
    static func points(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }

    /// Returns a number with at most one digit after the point.
    static func number(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
