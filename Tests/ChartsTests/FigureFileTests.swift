import Charts
import Foundation
import Testing

/// PDF and PNG files of figures, read by their formats' own rules.
@Suite struct FigureFileTests {
    private let chart = LineChart(
        title: "Loss (β₁ = 0.9) é", xLabel: "step", yLabel: "loss",
        series: [
            .init(name: "a", points: [(0, 0), (1, 2), (2, 1)], band: [(0, 1), (1, 3), (0.5, 1.5)]),
            .init(name: "b", points: [(0, 1), (1, 1)], mark: .lineAndPoints),
        ])
    private let map = HeatMap(
        title: "t", xLabel: "x", yLabel: "y", valueLabel: "v", columns: ["0", "1"], rows: ["r"], values: [[1, .nan]])

    private func drawing(_ figure: Figure, _ size: FigureSize) throws -> Drawing { try figure.drawing(size) }

    @Test(arguments: [false, true])
    func objectsOfAPDFAreWhereItsTableSays(isMap: Bool) throws {
        let figure = isMap ? Figure.heatMaps([map]) : .lines([chart])
        let size = FigureSize(size: (100, 70), fontSize: 7)
        let bytes = try drawing(figure, size).pdf(size).bytes
        // Latin 1 has a character for each byte.
        let text = try #require(String(bytes: bytes, encoding: .isoLatin1))
        let start = try #require(text.firstMatch(of: /startxref\n(\d+)\n%%EOF\n$/)?.1).description
        let table = text.dropFirst(try #require(Int(start)))
        #expect(table.hasPrefix("xref\n0 10\n0000000000 65535 f \n"))
        let offsets = table.matches(of: /(\d{10}) 00000 n \n/).compactMap { Int($0.1) }
        #expect(offsets.count == 9)
        for (index, offset) in offsets.enumerated() {
            #expect(text.dropFirst(offset).hasPrefix("\(index + 1) 0 obj\n"))
        }
        for stream in text.matches(of: /\/Length (\d+)[^>]*>>\nstream\n/) {
            let length = try #require(Int(stream.1))
            #expect(text[stream.range.upperBound...].dropFirst(length).hasPrefix("\nendstream"))
        }
        #expect(text.contains("/MediaBox [0 0 283.4646 198.4252]"), "100 x 70 mm in points")
        #expect(text.matches(of: #/\bq[ ]/#).count == text.matches(of: #/\bQ[\n]/#).count)
        #expect(!text.contains("nan") && !text.contains("inf") && !text.contains("e-"))
    }

    @Test func lettersOfAPDFAreThoseOfItsEncoding() throws {
        let (bytes, lost) = try drawing(.lines([chart]), FigureSize()).pdf(FigureSize())
        let text = String(decoding: bytes, as: UTF8.self)
        let title = "Loss (beta? = 0.9) \u{E9}".unicodeScalars.map { String(format: "%02X", $0.value) }.joined()
        #expect(text.contains("<\(title)>") && lost == ["₁"])
        // "step" in letters of 13 is 13 * (0.5 + 0.278 + 0.556 + 0.556) wide, and its middle is that of the plot.
        #expect(text.contains("1 0 0 -1 371.715 "), "\(text.matches(of: #/1 0 0 -1 [0-9.]+ /#).map(\.0))")
    }

    @Test func aPictureHasTheColoursOfItsDrawing() throws {
        let size = FigureSize(size: (100, 70), fontSize: 7)
        let (bytes, lost) = try drawing(.heatMaps([map]), size).png(size, dotsPerInch: 50)
        let picture = try PNGPicture(bytes)
        #expect(picture.width == 197 && picture.height == 138 && lost.isEmpty)
        #expect(picture.pixel(0, 0) == [255, 255, 255])
        let pixels = (0..<138).flatMap { y in (0..<197).map { picture.pixel($0, y) } }
        #expect(
            pixels.filter { $0 == [0x44, 0x01, 0x54] }.count > 1000
                || pixels.filter { $0 == [0x21, 0x91, 0x8C] }.count > 1000)
        #expect(pixels.filter { $0 == [0xF4, 0xF4, 0xF4] }.count > 1000, "what is missing")
        let lines = try PNGPicture(try drawing(.lines([chart]), size).png(size, dotsPerInch: 150).bytes)
        let blue = (0..<lines.height).flatMap { y in (0..<lines.width).map { lines.pixel($0, y) } }
            .filter { $0 == [0x00, 0x72, 0xB2] }.count
        #expect((300...5000).contains(blue), "a line, not an area: \(blue)")
    }

    @Test(arguments: [false, true], [(30.0, 20.0), (200, 20), (30, 300)])
    func whatDoesNotFitIsRefusedWithTheSizeThatDoes(isMap: Bool, given: (Double, Double)) throws {
        let figure = isMap ? Figure.heatMaps([map, map, map]) : .lines([chart, chart, chart])
        let error = #expect(throws: (any Error).self) { try figure.drawing(FigureSize(size: given, fontSize: 8)) }
        let text = "\(try #require(error))"
        let needed = try #require(text.firstMatch(of: /; (\d+)x(\d+) has,/))
        let width = try #require(Double(needed.1)), height = try #require(Double(needed.2))
        #expect(width >= given.0 && height >= given.1)
        _ = try figure.drawing(FigureSize(size: (width, height), fontSize: 8))
        if height > given.1 {
            #expect(throws: (any Error).self) {
                try figure.drawing(FigureSize(size: (width, height - 2), fontSize: 8))
            }
        }
    }
}

/// A picture of red, green and blue, as a reader of PNG files sees it that knows fixed codes only.
private struct PNGPicture {
    private(set) var width = 0
    private(set) var height = 0
    private var rows: [[UInt8]] = []

    private struct Mistake: Error { var what: String }

    init(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10]) else { throw Mistake(what: "no PNG") }
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        var place = 8, data: [UInt8] = []
        while place < bytes.count {
            let length = number(place), type = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
            let content = bytes[place + 8..<place + 8 + length]
            var sum = UInt32.max
            for byte in bytes[place + 4..<place + 8 + length] {
                sum ^= UInt32(byte)
                for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
            }
            guard Int(~sum) == number(place + 8 + length) else { throw Mistake(what: "checksum of \(type)") }
            if type == "IHDR" { (width, height) = (number(place + 8), number(place + 12)) }
            if type == "IDAT" { data += content }
            place += 12 + length
        }
        let all = try PNGPicture.inflated(data)
        guard all.count == height * (3 * width + 1) else { throw Mistake(what: "\(all.count) bytes of rows") }
        for row in 0..<height {
            let start = row * (3 * width + 1)
            guard all[start] == 2 else { throw Mistake(what: "filter \(all[start])") }
            let own = Array(all[start + 1..<start + 1 + 3 * width])
            rows.append(rows.last.map { zip($0, own).map { $0 &+ $1 } } ?? own)
        }
    }

    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(rows[y][3 * x..<3 * x + 3]) }

    private static func inflated(_ data: [UInt8]) throws -> [UInt8] {
        var bit = 16, out: [UInt8] = []
        func next() -> Int {
            defer { bit += 1 }
            return Int(data[bit / 8] >> UInt8(bit % 8)) & 1
        }
        func value(_ count: Int) -> Int { (0..<count).reduce(0) { $0 | next() << $1 } }
        guard value(3) == 0b011 else { throw Mistake(what: "kind of block") }
        while true {
            var code = (0..<7).reduce(0) { sum, _ in sum << 1 | next() }, symbol = 256 + code
            if code >= 24 {
                code = code << 1 | next()
                if code < 0xC0 {
                    symbol = code - 0x30
                } else if code < 0xC8 {
                    symbol = 280 + code - 0xC0
                } else {
                    code = code << 1 | next()
                    symbol = 144 + code - 0x190
                }
            }
            if symbol < 256 { out.append(UInt8(symbol)) }
            if symbol == 256 { break }
            guard symbol > 256 else { continue }
            let bases = [
                3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
                227, 258,
            ]
            let place = symbol - 257, extra = place < 8 || place == 28 ? 0 : (place - 4) / 4
            let length = bases[place] + value(extra)
            guard (0..<5).map({ _ in next() }).allSatisfy({ $0 == 0 }), let last = out.last else {
                throw Mistake(what: "distance")
            }
            out += Array(repeating: last, count: length)
        }
        var a = 1, b = 0
        for byte in out { (a, b) = ((a + Int(byte)) % 65521, (b + a + Int(byte)) % 65521) }
        let sum = data.suffix(4).reduce(0) { $0 << 8 | Int($1) }
        guard sum == b << 16 | a else { throw Mistake(what: "checksum of the pixels") }
        return out
    }
}
