/// The labels below an axis: as many of them as there is room for, or all of them turned where they are names.
struct HorizontalLabels {
    /// The places and texts of the labels that are drawn.
    let shown: [(x: Double, text: String)]
    let isTurned: Bool
    /// The height from the axis to the end of the labels.
    let height: Double

    /// Chooses the labels to draw, and whether to turn them.
    ///
    /// - Parameter areNames: whether a label that is left out is a loss, as it is for names and not for numbers in
    ///   order.
    init(_ labels: [(x: Double, text: String)], areNames: Bool) {
        /// Returns all labels, or every second, third, ..., whichever fits first.
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

    /// The labels below an axis at this height.
    func shapes(below y: Double) -> [Shape] {
        shown.map { x, text in
            isTurned
                ? .text(Lettering(text: text, place: Place(x: x + 4, y: y + 14), anchor: .end, angle: -35))
                : .text(Lettering(text: text, place: Place(x: x, y: y + 18), anchor: .middle))
        }
    }
}
