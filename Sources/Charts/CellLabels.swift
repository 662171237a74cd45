/// Labels along equally wide cells: all of their names, or as many as have room.
enum CellLabels {
    /// A label, and its place in cells from the middle of the first one.
    struct Label {
        var place: Double
        var text: String
    }

    /// Returns all names, or if they are too many the round numbers between them, or every second or third name.
    ///
    /// Names before the first number and behind the last stay in any case.
    ///
    /// - Parameter fits: whether labels keep apart, in the order of their places.
    static func chosen(_ names: [String], fits: ([Label]) -> Bool) -> [Label] {
        let all = names.enumerated().map { Label(place: Double($0), text: $1) }
        if all.count <= 12 && fits(all) { return all }
        let numbers = names.map { Double($0) }
        if let first = numbers.firstIndex(where: { $0 != nil }), let last = numbers.lastIndex(where: { $0 != nil }),
            case let values = numbers[first...last].compactMap({ $0 }), values.count == last - first + 1,
            first <= 1, last >= names.count - 2, areEven(values)
        {
            let ends = (before: all[..<first], behind: all[(last + 1)...])
            for count in [12, 8, 6, 4, 3, 2, 1] {
                let labels = round(values, count).map { Label(place: $0.place + Double(first), text: $0.text) }
                if !labels.isEmpty, case let chosen = ends.before + labels + ends.behind, fits(Array(chosen)) {
                    return Array(chosen)
                }
            }
        }
        for step in 1..<max(2, all.count) {
            let some = stride(from: 0, to: all.count, by: step).map { all[$0] }
            if fits(some) { return some }
        }
        return Array(all.prefix(1))
    }

    /// Whether numbers grow or fall by equal steps, but for a few.
    private static func areEven(_ values: [Double]) -> Bool {
        let steps = zip(values, values.dropFirst()).map { $1 - $0 }
        guard steps.count > 1, let usual = Optional(steps.sorted()[steps.count / 2]), usual != 0 else { return false }
        return steps.allSatisfy { $0 * usual > 0 }
            && steps.count { abs($0 - usual) < 0.01 * abs(usual) } * 5 >= steps.count * 4
    }

    /// Returns about `count` round numbers between the first and the last of even values, and their places.
    private static func round(_ values: [Double], _ count: Int) -> [Label] {
        guard let first = values.first, let last = values.last else { return [] }
        let ticks = Axis.roundNumbers(from: min(first, last), to: max(first, last), about: count)
        let labels = ticks.compactMap { tick -> Label? in
            let next = values.firstIndex { first < last ? $0 >= tick : $0 <= tick }
            guard let next else { return nil }
            if next == 0 { return Label(place: 0, text: Axis.text(tick, digits: 6)) }
            let share = (tick - values[next - 1]) / (values[next] - values[next - 1])
            return Label(place: Double(next - 1) + share, text: Axis.text(tick, digits: 6))
        }
        return first < last ? labels : labels.reversed()
    }
}
