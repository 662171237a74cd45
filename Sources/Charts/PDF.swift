import Foundation

/// Writes drawings as PDF files of one page: vectors, and text in Helvetica, which files need not embed.
///
/// Source: ISO 32000-1, "Portable document format, part 1: PDF 1.7".
struct PDF {
    private var content = ""
    private var opacities: [Double] = []
    private var lost: [Character] = []

    /// Returns a drawing as a file, and the characters that it has question marks for.
    ///
    /// - Parameter unit: the length of a unit in mm.
    static func document(_ drawing: Drawing, unit: Double) -> (bytes: [UInt8], lost: [Character]) {
        let scale = unit * 72 / 25.4
        let width = drawing.width * scale, height = drawing.height * scale
        var pdf = PDF()
        // From here on y grows downwards, as it does in drawings.
        pdf.write("\(number(scale)) 0 0 \(number(-scale)) 0 \(number(height)) cm")
        for shape in drawing.shapes { pdf.add(shape) }
        let states = pdf.opacities.enumerated().map { "/O\($0) << /ca \(number($1)) >>" }.joined(separator: " ")
        let samples = (0...16).map { Palette.viridis(Double($0) / 16).hex.dropFirst() }.joined() + ">"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 \(number(width)) \(number(height))] /Contents 4 0 R\n"
                + "/Resources << /Font << /F 5 0 R /B 6 0 R >> /Shading << /Ramp 7 0 R >> /ExtGState << \(states) >> "
                + ">> >>",
            stream(pdf.content, ""),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
            "<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 1 0 0] /Function 8 0 R >>",
            stream(
                samples,
                " /FunctionType 0 /Domain [0 1] /Range [0 1 0 1 0 1] /Size [17] /BitsPerSample 8 /Filter "
                    + "/ASCIIHexDecode"
            ),
            "<< /Producer (bnexp plot) >>",
        ]
        return (file(objects), pdf.lost)
    }

    /// Returns the bytes of a file of these objects, of which the first is the catalogue and the last the information.
    private static func file(_ objects: [String]) -> [UInt8] {
        // Bytes above 127 in the second line say that the file is no text.
        var bytes = Array("%PDF-1.7\n%bnexp plot ".utf8) + [0xE2, 0xE3, 0xCF, 0xD3, 0x0A], offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(bytes.count)
            bytes += "\(index + 1) 0 obj\n\(object)\nendobj\n".utf8
        }
        let start = bytes.count
        bytes += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n".utf8
        for offset in offsets { bytes += (String(format: "%010d", offset) + " 00000 n \n").utf8 }
        bytes += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R /Info \(objects.count) 0 R >>\n".utf8
        return bytes + "startxref\n\(start)\n%%EOF\n".utf8
    }

    private static func stream(_ content: String, _ entries: String) -> String {
        "<< /Length \(content.utf8.count)\(entries) >>\nstream\n\(content)\nendstream"
    }

    private mutating func write(_ operators: String) { content += operators + "\n" }

    private mutating func add(_ shape: Shape) {
        switch shape {
        case .segment(let from, let to, let stroke): line([from, to], stroke, isRound: false)
        case .polyline(let places, let stroke): line(places, stroke, isRound: true)
        case .area(let places, let color, let opacity):
            write("q \(fill(color))\(state(opacity)) \(path(places)) h f Q")
        case .outline(let box, let stroke): write("q \(self.stroke(stroke)) \(rectangle(box)) re S Q")
        case .disc(let center, let radius, let color): disc(center, radius, color)
        case .text(let text): add(text)
        case .cells(let cells): for cell in cells { add(cell.frame, cell.color) }
        case .ramp(let box):
            let scale =
                "\(PDF.number(box.width)) 0 0 \(PDF.number(box.height)) \(PDF.number(box.left)) \(PDF.number(box.top))"
            write("q \(scale) cm 0 0 1 1 re W n /Ramp sh Q")
        case .clipped(let box, let shapes):
            write("q \(rectangle(box)) re W n")
            for shape in shapes { add(shape) }
            write("Q")
        }
    }

    private mutating func line(_ places: [Place], _ stroke: Stroke, isRound: Bool) {
        write("q \(self.stroke(stroke))\(isRound ? " 1 J 1 j" : "") \(path(places)) S Q")
    }

    /// Draws a circle as four curves, which are nowhere off by more than a 3000th of the radius.
    private mutating func disc(_ center: Place, _ radius: Double, _ color: RGB) {
        let handle = 0.5523 * radius
        func place(_ x: Double, _ y: Double) -> String { "\(PDF.number(center.x + x)) \(PDF.number(center.y + y))" }
        var path = "\(place(radius, 0)) m"
        for (x, y) in [(1.0, 0.0), (0, 1), (-1, 0), (0, -1)] {
            // From (x, y) a quarter of a turn to (-y, x).
            let first = place(radius * x - handle * y, radius * y + handle * x),
                second = place(-radius * y + handle * x, radius * x + handle * y)
            path += " \(first) \(second) \(place(-radius * y, radius * x)) c"
        }
        write("q \(fill(color)) \(path) f Q")
    }

    /// Draws a cell, which reaches a little under its neighbours, so that no line of white shows between them.
    private mutating func add(_ frame: Frame, _ color: RGB?) {
        if let color {
            let box = Frame(left: frame.left, right: frame.right + 0.3, top: frame.top, bottom: frame.bottom + 0.3)
            return write("\(fill(color)) \(rectangle(box)) re f")
        }
        write("\(fill(Hatching.background)) \(rectangle(frame)) re f")
        line(Hatching.line(of: frame), Hatching.stroke, isRound: false)
    }

    private mutating func add(_ text: Lettering) {
        let (bytes, lost) = Helvetica.encoded(text.text)
        self.lost += lost
        let width = Helvetica.width(text.text) * text.size
        let shift = text.anchor == .start ? 0 : text.anchor == .middle ? width / 2 : width
        let angle = text.angle * .pi / 180, x = text.place.x - shift * cos(angle), y = text.place.y - shift * sin(angle)
        // Letters grow upwards, against the direction of y.
        let matrix = [cos(angle), sin(angle), sin(angle), -cos(angle), x, y].map(PDF.number).joined(separator: " ")
        let hex = bytes.map { String(format: "%02X", $0) }.joined()
        write(
            "BT \(fill(text.color)) /\(text.isBold ? "B" : "F") \(PDF.number(text.size)) Tf \(matrix) Tm <\(hex)> Tj ET"
        )
    }

    private func path(_ places: [Place]) -> String {
        places.enumerated().map { "\(PDF.number($1.x)) \(PDF.number($1.y)) \($0 == 0 ? "m" : "l")" }.joined(
            separator: " ")
    }

    private func rectangle(_ box: Frame) -> String {
        [box.left, box.top, box.width, box.height].map(PDF.number).joined(separator: " ")
    }

    private func fill(_ color: RGB) -> String { parts(color) + " rg" }

    private func stroke(_ stroke: Stroke) -> String {
        let dashes = stroke.dashes.isEmpty ? "" : " [\(stroke.dashes.map(PDF.number).joined(separator: " "))] 0 d"
        return "\(parts(stroke.color)) RG \(PDF.number(stroke.width)) w\(dashes)"
    }

    private func parts(_ color: RGB) -> String {
        [color.red, color.green, color.blue].map { PDF.number($0 / 255) }.joined(separator: " ")
    }

    /// Returns the operator that makes fills transparent; empty for opaque ones.
    private mutating func state(_ opacity: Double) -> String {
        guard opacity < 1 else { return "" }
        let place = opacities.firstIndex(of: opacity) ?? opacities.count
        if place == opacities.count { opacities.append(opacity) }
        return " /O\(place) gs"
    }

    /// Returns a number with at most four digits after the point, and never with an exponent, which PDF does not have.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 10_000).rounded() / 10_000
        if rounded == rounded.rounded() { return String(format: "%.0f", rounded == 0 ? 0 : rounded) }
        var text = String(format: "%.4f", rounded)
        while text.hasSuffix("0") { text.removeLast() }
        return text
    }
}

/// How PDF and PNG files show what is missing in a heat map.
enum Hatching {
    static let background = RGB(0xF4F4F4)
    static let stroke = Stroke(color: RGB(0xBBBBBB))

    static func line(of frame: Frame) -> [Place] {
        [Place(x: frame.left, y: frame.bottom), Place(x: frame.right, y: frame.top)]
    }
}
