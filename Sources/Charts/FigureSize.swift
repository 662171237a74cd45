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
        let width = given.width / size.unit, height = given.height / size.unit
        do throws(TooSmall) {
            switch self {
            case .lines(let charts):
                let columns = max(1, min(charts.count, 3, Int(width / 260)))
                return try LineChart.drawing(charts, width: width, height: height, columns: columns)
            case .heatMaps(let maps):
                let columns = max(1, min(maps.count, 2, Int(width / 330)))
                return try HeatMap.drawing(maps, width: width, height: height, columns: columns)
            }
        } catch {
            func mm(_ units: Double) -> Int { Int(min(1e6, (units * size.unit).rounded(.up))) }
            throw Failure(
                .usage,
                "--size \(Axis.text(given.width, digits: 4))x\(Axis.text(given.height, digits: 4)) has no room for "
                    + "\(panelCount) \(panelCount == 1 ? "chart" : "charts") with letters of "
                    + "\(Axis.text(size.fontSize, digits: 3)) pt; they need about \(mm(error.width))x\(mm(error.height)), "
                    + "or less with a smaller --font-size, a shorter --title, or shorter names")
        }
    }

    private var panelCount: Int {
        switch self {
        case .lines(let charts): charts.count
        case .heatMaps(let maps): maps.count
        }
    }
}
