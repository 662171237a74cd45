/// A picture of pixels that is drawn as text in a terminal.
package struct Picture: Sendable {
    /// For each line its pixels, each one grey or red, green and blue, from 0 to 1.
    private let lines: [[[Double]]]

    /// - Parameter lines: of the same number of pixels, each of one or three numbers from 0 to 1.
    package init(lines: [[[Double]]]) {
        precondition(lines.allSatisfy { $0.count == lines[0].count }, "the lines of a picture are equally long")
        self.lines = lines
    }

    /// Returns the picture for a terminal of `width` columns, made smaller where it does not fit.
    ///
    /// With colours a character is two pixels, one above the other; without, each pixel is two characters from ` ` for
    /// the darkest to `@`.
    package func text(width: Int, color: TerminalColor) -> String {
        guard let columns = lines.first?.count, columns > 0 else { return "" }
        let charactersEach = color == .none ? 2 : 1
        let shown = max(1, min(columns, width / charactersEach))
        // Pixels stay square; a picture that is much higher than wide would scroll away.
        let scale = min(Double(shown) / Double(columns), 4 * Double(width) / Double(lines.count))
        let small = resized(
            rows: max(1, Int((Double(lines.count) * scale).rounded())),
            columns: max(1, Int((Double(columns) * scale).rounded())))
        if color == .none {
            return small.map { line in
                let text = line.map { pixel in
                    String(repeating: Picture.shade(pixel), count: 2)
                }.joined()
                return String(text.reversed().drop { $0 == " " }.reversed()) + "\n"
            }.joined()
        }
        var grid = TextGrid(width: small[0].count, height: (small.count + 1) / 2)
        for row in stride(from: 0, to: small.count, by: 2) {
            for column in small[row].indices {
                let upper = RGB(pixel: small[row][column])
                let lower = row + 1 < small.count ? RGB(pixel: small[row + 1][column]) : nil
                grid.put("▀", row / 2, column, upper, on: lower)
            }
        }
        return grid.text(color)
    }

    /// The character for a pixel, by its luminance with the weights of ITU-R BT.709.
    private static func shade(_ pixel: [Double]) -> Character {
        let brightness = pixel.count == 3 ? 0.2126 * pixel[0] + 0.7152 * pixel[1] + 0.0722 * pixel[2] : pixel[0]
        let shades = Array(" .:-=+*#%@")
        return shades[min(shades.count - 1, max(0, Int(brightness * Double(shades.count))))]
    }

    /// Returns the picture with fewer or as many lines and columns; a pixel is the mean of those that it stands for.
    private func resized(rows: Int, columns: Int) -> [[[Double]]] {
        func source(_ index: Int, of count: Int, _ total: Int) -> Range<Int> {
            let start = index * total / count
            return start..<max(start + 1, (index + 1) * total / count)
        }
        let channelCount = lines[0][0].count
        return (0..<rows).map { row in
            let sourceRows = source(row, of: rows, lines.count)
            return (0..<columns).map { column in
                let sourceColumns = source(column, of: columns, lines[0].count)
                var sum = [Double](repeating: 0, count: channelCount)
                for y in sourceRows {
                    for x in sourceColumns { for c in 0..<channelCount { sum[c] += lines[y][x][c] } }
                }
                return sum.map { $0 / Double(sourceRows.count * sourceColumns.count) }
            }
        }
    }
}

extension RGB {
    /// The colour of a pixel of one or three numbers from 0 to 1.
    fileprivate init(pixel: [Double]) {
        func part(_ index: Int) -> Double { 255 * min(1, max(0, pixel[index % pixel.count])) }
        self.init(0)
        (red, green, blue) = (part(0), part(1), part(2))
    }
}
