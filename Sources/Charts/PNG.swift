import Foundation
import Support

/// Writes drawings as PNG files.
///
/// Source: W3C, "Portable Network Graphics (PNG) Specification", third edition.
struct PNG {
    /// The most pixels of a picture, which take some 150 MB while it is drawn.
    private static let pixelLimit = 40e6

    private var raster: Raster
    /// The pixels of a unit.
    private let scale: Double
    private var lost: [Character] = []

    /// Returns a drawing as a file, and the characters that it has question marks for.
    ///
    /// - Parameter unit: the length of a unit in mm.
    /// - Throws: an error of usage if the picture would be too large.
    static func document(_ drawing: Drawing, unit: Double, dotsPerInch: Double) throws(Failure) -> (
        bytes: [UInt8], lost: [Character]
    ) {
        let scale = unit / 25.4 * dotsPerInch
        let width = (drawing.width * scale).rounded(.up), height = (drawing.height * scale).rounded(.up)
        guard width >= 1, height >= 1, width * height <= pixelLimit else {
            throw Failure(
                .usage,
                "the PNG file would have \(Axis.text(width, digits: 6)) x \(Axis.text(height, digits: 6)) pixels; "
                    + "expected at most 40 million; give a smaller --size or --dpi, or name a PDF file")
        }
        var png = PNG(raster: Raster(width: Int(width), height: Int(height)), scale: scale)
        for shape in drawing.shapes { png.add(shape) }
        return (file(png.raster, dotsPerInch), png.lost)
    }

    private init(raster: Raster, scale: Double) {
        self.raster = raster
        self.scale = scale
    }

    private static func file(_ raster: Raster, _ dotsPerInch: Double) -> [UInt8] {
        let perMetre = UInt32((dotsPerInch / 0.0254).rounded())
        let header = bigEndian(UInt32(raster.width)) + bigEndian(UInt32(raster.height)) + [8, 2, 0, 0, 0]
        // Each row as its differences from the row above, which are mostly zeros.
        var rows: [UInt8] = []
        let length = 3 * raster.width
        rows.reserveCapacity((length + 1) * raster.height)
        for start in stride(from: 0, to: raster.pixels.count, by: length) {
            rows.append(2)
            for index in start..<start + length {
                rows.append(raster.pixels[index] &- (start > 0 ? raster.pixels[index - length] : 0))
            }
        }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
            + chunk("tEXt", Array("Software\0bnexp plot".utf8))
            + chunk("pHYs", bigEndian(perMetre) + bigEndian(perMetre) + [1])
            + chunk("IDAT", Deflation.compressed(rows)) + chunk("IEND", [])
    }

    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let content = Array(type.utf8) + data
        return bigEndian(UInt32(data.count)) + content + bigEndian(checksum(content))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    /// Returns the CRC-32 of bytes.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        let table = (0..<256).map { (index: UInt32) -> UInt32 in
            var value = index
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
            return value
        }
        var sum = ~UInt32(0)
        for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
        return ~sum
    }

    private func pixel(_ place: Place) -> Place { Place(x: place.x * scale, y: place.y * scale) }

    private func pixels(_ frame: Frame) -> Frame {
        Frame(
            left: frame.left * scale, right: frame.right * scale, top: frame.top * scale, bottom: frame.bottom * scale)
    }

    private mutating func add(_ shape: Shape) {
        switch shape {
        case .segment(let from, let to, let stroke): line([from, to], stroke)
        case .polyline(let places, let stroke): line(places, stroke)
        case .area(let places, let color, let opacity): raster.fill(places.map(pixel), color, opacity: opacity)
        case .outline(let box, let stroke):
            let corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
            line((corners + corners.prefix(1)).map { Place(x: $0.0, y: $0.1) }, stroke)
        case .disc(let center, let radius, let color):
            raster.stroke([[pixel(center)]], width: 2 * radius * scale, color)
        case .text(let text): add(text)
        case .cells(let cells):
            for cell in cells {
                raster.fill(pixels(cell.frame), cell.color ?? Hatching.background)
                if cell.color == nil { line(Hatching.line(of: cell.frame), Hatching.stroke) }
            }
        case .ramp(let box): addRamp(pixels(box))
        case .clipped(let box, let shapes):
            let whole = raster.clip(to: pixels(box))
            for shape in shapes { add(shape) }
            raster.restore(whole)
        }
    }

    private mutating func line(_ places: [Place], _ stroke: Stroke) {
        let lines = stroke.dashes.isEmpty ? [places] : PNG.dashes(places, stroke.dashes)
        raster.stroke(lines.map { $0.map(pixel) }, width: stroke.width * scale, stroke.color)
    }

    /// Returns the dashes of a line.
    private static func dashes(_ places: [Place], _ lengths: [Double]) -> [[Place]] {
        var dashes: [[Place]] = [], kind = 0, left = lengths[0]
        var dash = Array(places.prefix(1))
        for (from, to) in zip(places, places.dropFirst()) {
            let length = ((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y)).squareRoot()
            var done = 0.0
            while length - done > left {
                done += left
                let place = Place(
                    x: from.x + done / length * (to.x - from.x), y: from.y + done / length * (to.y - from.y))
                if kind % 2 == 0 { dashes.append(dash + [place]) }
                dash = [place]
                kind = (kind + 1) % lengths.count
                left = max(0.5, lengths[kind])
            }
            left -= length - done
            dash.append(to)
        }
        return kind % 2 == 0 ? dashes + [dash] : dashes
    }

    private mutating func addRamp(_ box: Frame) {
        for y in Int(box.top.rounded())..<max(Int(box.top.rounded()), Int(box.bottom.rounded())) {
            let row = Frame(left: box.left, right: box.right, top: Double(y), bottom: Double(y + 1))
            raster.fill(row, Palette.viridis((box.bottom - Double(y) - 0.5) / max(1, box.height)))
        }
    }

    private mutating func add(_ text: Lettering) {
        let (lines, width, lost) = StrokeFont.lines(text.text)
        self.lost += lost
        let shift = text.anchor == .start ? 0 : text.anchor == .middle ? width / 2 : width
        let angle = text.angle * .pi / 180, size = text.size * scale, origin = pixel(text.place)
        let turned = lines.map { line in
            line.map { point in
                let x = (point.x - shift) * size, y = point.y * size
                return Place(
                    x: origin.x + x * cos(angle) - y * sin(angle), y: origin.y + x * sin(angle) + y * cos(angle))
            }
        }
        raster.stroke(turned, width: size * (text.isBold ? 0.12 : 0.08), text.color)
    }
}

extension Drawing {
    /// Returns the drawing as a PNG file, and the characters that it has question marks for.
    ///
    /// - Throws: an error of usage if the picture would be too large.
    package func png(_ size: FigureSize, dotsPerInch: Double) throws(Failure) -> (bytes: [UInt8], lost: [Character]) {
        try PNG.document(self, unit: size.unit, dotsPerInch: dotsPerInch)
    }
}
