import Support

/// The size of a figure on paper, and that of its letters, with which lines and markers grow.
package struct FigureSize: Sendable {
    /// In mm; nil for a size that suits the figure.
    package var size: (width: Double, height: Double)?
    /// In points, 72 of which are an inch.
    package var fontSize: Double

    package init(size: (width: Double, height: Double)? = nil, fontSize: Double = 8) {
        self.size = size
        self.fontSize = fontSize
    }

    /// The length in mm of a unit of drawings.
    var unit: Double { fontSize / Drawing.letterSize * 25.4 / 72 }
}

/// The size in units that a drawing needs, which was to be smaller.
struct TooSmall: Error {
    var width: Double
    var height: Double
}

extension Figure {
    /// Draws the figure.
    ///
    /// - Throws: an error of usage if the size has no room for the figure.
    package func drawing(_ size: FigureSize) throws(Failure) -> Drawing {
        guard let given = size.size else { return drawing() }
        do throws(TooSmall) {
            return try drawing(width: given.width / size.unit, height: given.height / size.unit)
        } catch {
            let needed = sizeThatFits(from: given, size.unit)
            throw Failure(
                .usage,
                "--size \(Axis.text(given.width, digits: 4))x\(Axis.text(given.height, digits: 4)) has no room for "
                    + "\(panelCount) \(panelCount == 1 ? "chart" : "charts") with letters of "
                    + "\(Axis.text(size.fontSize, digits: 3)) pt; \(needed.width)x\(needed.height) has, "
                    + "or a smaller one with a smaller --font-size, a shorter --title, or shorter names")
        }
    }

    private func drawing(width: Double, height: Double) throws(TooSmall) -> Drawing {
        switch self {
        case .lines(let charts):
            let columns = max(1, min(charts.count, 3, Int(width / 260)))
            return try LineChart.drawing(charts, width: width, height: height, columns: columns, notes: notes)
        case .heatMaps(let maps):
            let columns = max(1, min(maps.count, 2, Int(width / 330)))
            return try HeatMap.drawing(maps, width: width, height: height, columns: columns, notes: notes)
        }
    }

    /// Returns a size in whole mm, no less than a given one, that has room for the figure.
    ///
    /// A wider figure may have more charts in a row, and other breaks of lines, so that what is lacking is asked again.
    private func sizeThatFits(from given: (width: Double, height: Double), _ unit: Double) -> (width: Int, height: Int)
    {
        func mm(_ length: Double) -> Int { Int(min(1e6, (length - 1e-6).rounded(.up))) }
        func lacking(_ width: Int, _ height: Double) -> TooSmall? {
            do throws(TooSmall) {
                _ = try drawing(width: Double(width) / unit, height: height / unit)
                return nil
            } catch {
                return error
            }
        }
        var width = mm(given.width), height = mm(given.height)
        for _ in 0..<50 {
            guard let needed = lacking(width, unit) else { break }
            if mm(needed.width * unit) > width {
                width = mm(needed.width * unit)
                continue
            }
            height = max(height, mm(needed.height * unit))
            guard let more = lacking(width, Double(height)) else { break }
            (width, height) = (max(width, mm(more.width * unit)), max(height + 1, mm(more.height * unit)))
        }
        return (width, height)
    }

    private var panelCount: Int {
        switch self {
        case .lines(let charts): charts.count
        case .heatMaps(let maps): maps.count
        }
    }
}
