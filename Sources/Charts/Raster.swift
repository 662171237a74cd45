import Foundation

/// A picture of pixels that shapes are drawn into with smooth edges.
struct Raster {
    let width: Int
    let height: Int
    /// Red, green and blue of each pixel, row by row from the top.
    private(set) var pixels: [UInt8]
    /// The columns and rows in which drawing changes pixels.
    struct Clip {
        var x: Range<Int>
        var y: Range<Int>
    }

    private var clip: Clip
    /// How much of each pixel of a region the shape covers that is being drawn, from 0 to 1.
    private var coverage: [Float] = []
    private var region: (x: Range<Int>, y: Range<Int>) = (0..<0, 0..<0)

    /// Makes a white picture.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixels = Array(repeating: 255, count: 3 * width * height)
        clip = Clip(x: 0..<width, y: 0..<height)
    }

    /// Lets drawing change nothing outside of a rectangle, and returns where it did before.
    mutating func clip(to frame: Frame) -> Clip {
        let whole = clip
        clip = Clip(
            x: Raster.range(frame.left, frame.right).clamped(to: clip.x),
            y: Raster.range(frame.top, frame.bottom).clamped(to: clip.y))
        return whole
    }

    /// Lets drawing change what it did before a rectangle was given.
    mutating func restore(_ whole: Clip) { clip = whole }

    /// Fills the pixels whose middles lie in a rectangle.
    mutating func fill(_ frame: Frame, _ color: RGB) {
        for y in Raster.range(frame.top, frame.bottom).clamped(to: clip.y) {
            for x in Raster.range(frame.left, frame.right).clamped(to: clip.x) { blend(x, y, color, 1) }
        }
    }

    /// Draws lines with round ends; where they overlap they are not darker.
    mutating func stroke(_ lines: [[Place]], width: Double, _ color: RGB) {
        let reach = max(0.5, width / 2)
        // A line thinner than a pixel is a pale one of a pixel.
        let share = Float(min(1, width))
        begin(around: lines.joined(), reach + 1)
        for line in lines {
            for (from, to) in zip(line, line.count == 1 ? line[...] : line.dropFirst()) {
                cover(from, to, reach, share)
            }
        }
        end(color, 1)
    }

    /// Fills a polygon; what several parts of it cover is not darker.
    mutating func fill(_ corners: [Place], _ color: RGB, opacity: Double) {
        begin(around: corners, 1)
        let edges = Array(zip(corners, corners.dropFirst() + corners.prefix(1))), lineCount = 4
        for y in region.y {
            for line in 0..<lineCount {
                let middle = Double(y) + (Double(line) + 0.5) / Double(lineCount)
                var crossings: [(x: Double, turn: Int)] = []
                for (from, to) in edges where (from.y <= middle) != (to.y <= middle) {
                    let share = (middle - from.y) / (to.y - from.y)
                    crossings.append((from.x + share * (to.x - from.x), from.y < to.y ? 1 : -1))
                }
                crossings.sort { $0.x < $1.x }
                var turns = 0
                for (crossing, next) in zip(crossings, crossings.dropFirst()) {
                    turns += crossing.turn
                    if turns != 0 { cover(row: y, crossing.x, next.x, 1 / Float(lineCount)) }
                }
            }
        }
        end(color, opacity)
    }

    /// The pixels whose middles lie between two places.
    private static func range(_ low: Double, _ high: Double) -> Range<Int> {
        let start = Int(min(1e6, max(-1e6, low.rounded()))), end = Int(min(1e6, max(-1e6, high.rounded())))
        return start..<max(start, end)
    }

    /// Begins a shape, of which nothing lies further from some places than a distance.
    private mutating func begin(around places: some Sequence<Place>, _ distance: Double) {
        var left = Double.infinity, right = -Double.infinity, top = Double.infinity, bottom = -Double.infinity
        for place in places {
            (left, right) = (min(left, place.x), max(right, place.x))
            (top, bottom) = (min(top, place.y), max(bottom, place.y))
        }
        guard left <= right else {
            region = (0..<0, 0..<0)
            return
        }
        region = (
            Raster.range(left - distance - 1, right + distance + 1).clamped(to: clip.x),
            Raster.range(top - distance - 1, bottom + distance + 1).clamped(to: clip.y)
        )
        coverage = Array(repeating: 0, count: region.x.count * region.y.count)
    }

    /// Covers what lies within a distance of a straight line.
    private mutating func cover(_ from: Place, _ to: Place, _ reach: Double, _ share: Float) {
        let xs = Raster.range(min(from.x, to.x) - reach - 1, max(from.x, to.x) + reach + 1).clamped(to: region.x)
        let ys = Raster.range(min(from.y, to.y) - reach - 1, max(from.y, to.y) + reach + 1).clamped(to: region.y)
        let dx = to.x - from.x, dy = to.y - from.y, squared = dx * dx + dy * dy
        for y in ys {
            let row = (y - region.y.lowerBound) * region.x.count - region.x.lowerBound
            for x in xs {
                let px = Double(x) + 0.5 - from.x, py = Double(y) + 0.5 - from.y
                let along = squared > 0 ? min(1, max(0, (px * dx + py * dy) / squared)) : 0
                let ex = px - along * dx, ey = py - along * dy
                let part = share * Float(min(1, max(0, reach + 0.5 - (ex * ex + ey * ey).squareRoot())))
                if part > coverage[row + x] { coverage[row + x] = part }
            }
        }
    }

    /// Adds a share of the part of a row between two places.
    private mutating func cover(row y: Int, _ left: Double, _ right: Double, _ share: Float) {
        let low = max(left, Double(region.x.lowerBound)), high = min(right, Double(region.x.upperBound))
        guard high > low else { return }
        let row = (y - region.y.lowerBound) * region.x.count - region.x.lowerBound
        for x in Int(low)...min(Int(high), region.x.upperBound - 1) {
            coverage[row + x] += share * Float(max(0, min(high, Double(x + 1)) - max(low, Double(x))))
        }
    }

    /// Colours what the shape covers.
    private mutating func end(_ color: RGB, _ opacity: Double) {
        var index = 0
        for y in region.y {
            for x in region.x {
                if coverage[index] > 0 { blend(x, y, color, opacity * Double(min(1, coverage[index]))) }
                index += 1
            }
        }
    }

    private mutating func blend(_ x: Int, _ y: Int, _ color: RGB, _ share: Double) {
        let place = 3 * (y * width + x)
        pixels[place] = Raster.mixed(pixels[place], color.red, share)
        pixels[place + 1] = Raster.mixed(pixels[place + 1], color.green, share)
        pixels[place + 2] = Raster.mixed(pixels[place + 2], color.blue, share)
    }

    private static func mixed(_ old: UInt8, _ new: Double, _ share: Double) -> UInt8 {
        UInt8(min(255, max(0, (Double(old) + share * (new - Double(old))).rounded())))
    }
}
