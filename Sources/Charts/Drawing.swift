/// A place in a drawing, in units to the right of and below its upper left corner.
struct Place: Equatable {
    var x: Double
    var y: Double
}

/// A rectangle of a drawing.
struct Frame {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    var width: Double { right - left }
    var height: Double { bottom - top }
    var middle: Place { Place(x: (left + right) / 2, y: (top + bottom) / 2) }
}

/// How a line is drawn.
struct Stroke {
    var color: RGB
    var width = 1.0
    /// The lengths of dashes and gaps by turns; empty for a solid line.
    var dashes: [Double] = []
}

/// A line of text.
struct Lettering {
    /// Which part of the text stands at its place.
    enum Anchor { case start, middle, end }

    var text: String
    /// The end of the baseline, or its middle, as the anchor says.
    var place: Place
    var size = 13.0
    var isBold = false
    var anchor = Anchor.start
    /// Degrees, clockwise around the place.
    var angle = 0.0
    var color = RGB(0x333333)
}

/// A shape of a drawing.
enum Shape {
    case segment(Place, Place, Stroke)
    case polyline([Place], Stroke)
    case area([Place], RGB, opacity: Double)
    case outline(Frame, Stroke)
    case disc(Place, radius: Double, RGB)
    case text(Lettering)
    /// The cells of a heat map; without a colour is what is missing.
    case cells([(frame: Frame, color: RGB?)])
    /// The colours of viridis, from the bottom to the top.
    case ramp(Frame)
    /// Shapes of which nothing outside of a frame is seen.
    case clipped(Frame, [Shape])
}

/// Shapes on a white page, in the order in which they are drawn; SVG, PDF and PNG files show the same of it.
///
/// A unit is a thirteenth of the size of the letters.
package struct Drawing {
    var width: Double
    var height: Double
    var shapes: [Shape] = []

    /// The size of letters in units.
    static let letterSize = 13.0

    /// Returns the drawing as an SVG file of its size.
    package func svg(_ size: FigureSize) -> String { SVG.document(self, unit: size.unit) }

    /// Returns the drawing as a PDF file, and the characters that it has question marks for.
    package func pdf(_ size: FigureSize) -> (bytes: [UInt8], lost: [Character]) {
        PDF.document(self, unit: size.unit)
    }

    /// Adds the title of several charts at the top, if they have one.
    mutating func add(title: String, left: Double, width: Double) {
        guard !title.isEmpty else { return }
        let lines = title.wrapped(to: max(1, Int((width - left) / (1.25 * SVG.columnWidth))))
        shapes += Shape.title(lines, left, height + 28)
        height += 12 + 20 * Double(lines.count)
    }

    /// Adds notes below.
    mutating func add(_ notes: Notes) {
        shapes += notes.shapes(below: height)
        height += notes.height
    }

    /// The shapes, moved to the right and down.
    func shapes(movedBy x: Double, _ y: Double) -> [Shape] { shapes.map { $0.moved(x, y) } }
}

extension Shape {
    /// The shape, moved to the right and down.
    fileprivate func moved(_ x: Double, _ y: Double) -> Shape {
        func place(_ place: Place) -> Place { Place(x: place.x + x, y: place.y + y) }
        func frame(_ frame: Frame) -> Frame {
            Frame(left: frame.left + x, right: frame.right + x, top: frame.top + y, bottom: frame.bottom + y)
        }
        switch self {
        case .segment(let from, let to, let stroke): return .segment(place(from), place(to), stroke)
        case .polyline(let places, let stroke): return .polyline(places.map(place), stroke)
        case .area(let places, let color, let opacity): return .area(places.map(place), color, opacity: opacity)
        case .outline(let box, let stroke): return .outline(frame(box), stroke)
        case .disc(let center, let radius, let color): return .disc(place(center), radius: radius, color)
        case .text(var text):
            text.place = place(text.place)
            return .text(text)
        case .cells(let cells): return .cells(cells.map { (frame($0.frame), $0.color) })
        case .ramp(let box): return .ramp(frame(box))
        case .clipped(let box, let shapes): return .clipped(frame(box), shapes.map { $0.moved(x, y) })
        }
    }

    /// Lines of text below each other; the baseline of the first is that of `first`.
    static func lines(_ lines: [String], _ first: Lettering, spacing: Double) -> [Shape] {
        lines.enumerated().map { index, line in
            var text = first
            text.text = line
            text.place.y += spacing * Double(index)
            return .text(text)
        }
    }

    /// The title of a chart.
    static func title(_ lines: [String], _ x: Double, _ y: Double) -> [Shape] {
        self.lines(lines, Lettering(text: "", place: Place(x: x, y: y), size: 16, isBold: true), spacing: 20)
    }

    /// A label at the side of a plot, turned to be read from below.
    static func verticalLabel(_ lines: [String], _ x: Double, _ y: Double) -> [Shape] {
        lines.enumerated().map { index, line in
            .text(Lettering(text: line, place: Place(x: x + 16 * Double(index), y: y), anchor: .middle, angle: -90))
        }
    }
}

/// Lines of small text below a drawing.
struct Notes {
    private static let line = 16.0, letters = 11.0

    private let lines: [String]
    private let left: Double

    /// Makes notes for a drawing of some width, which begin at `left`.
    init(_ notes: [String], left: Double, width: Double) {
        let room = Int((width - left) / (SVG.columnWidth * Notes.letters / Drawing.letterSize))
        lines = notes.flatMap { $0.wrapped(to: max(20, room)) }
        self.left = left
    }

    var height: Double { lines.isEmpty ? 0 : Notes.line * Double(lines.count) + 8 }

    func shapes(below y: Double) -> [Shape] {
        Shape.lines(
            lines,
            Lettering(text: "", place: Place(x: left, y: y + 12), size: Notes.letters, color: RGB(0x666666)),
            spacing: Notes.line)
    }
}
