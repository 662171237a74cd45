/// Labels below an axis: as many of them as there is room for, turned where all are needed.
struct HorizontalLabels {
    /// Places and texts of those that are drawn.
    let shown: [(x: Double, text: String)]
    let isTurned: Bool
    /// From the axis to the end of the labels.
    let height: Double

    /// - Parameter areNames: whether leaving one out would lose something, as it does not for numbers in order.
    init(_ labels: [(x: Double, text: String)], areNames: Bool) {
        /// Every one, or every second, third, ..., whichever fits first.
        func fitting(_ width: (String) -> Double) -> [(x: Double, text: String)] {
            for step in 1..<max(2, labels.count) {
                let chosen = stride(from: 0, to: labels.count, by: step).map { labels[$0] }
                let isFree = zip(chosen, chosen.dropFirst()).allSatisfy {
                    $1.x - $0.x >= (width($0.text) + width($1.text)) / 2
                }
                if isFree { return chosen }
            }
            return Array(labels.prefix(1))
        }
        let level = fitting { Double($0.displayWidth) * SVG.columnWidth + 4 }
        isTurned = areNames && level.count < labels.count
        shown = isTurned ? fitting { _ in 15 } : level
        let widest = Double(shown.map(\.text.displayWidth).max() ?? 0) * SVG.columnWidth
        height = isTurned ? 14 + widest * 0.57 : 18
    }

    /// How far the first turned label reaches to the left of the first place.
    var overhang: Double { isTurned ? Double(shown.first?.text.displayWidth ?? 0) * SVG.columnWidth * 0.82 : 0 }

    func drawing(below y: Double) -> [String] {
        shown.map { x, text in
            guard isTurned else { return SVG.text(text, x, y + 18, "text-anchor=\"middle\"") }
            let (x, y) = (x + 4, y + 14)
            return SVG.text(
                text, x, y, "text-anchor=\"end\" transform=\"rotate(-35 \(SVG.number(x)) \(SVG.number(y)))\"")
        }
    }
}
