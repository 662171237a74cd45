import RunStore

/// How lines of a sweep are told apart: the values of an axis of numbers by shades of a hue, those of all others by
/// hues.
struct LineLooks {
    /// The axes that have several values.
    let axes: [String]
    /// The axis of numbers with the most values.
    private let shaded: String?
    private let shades: AxisValues
    private var hues: [[String]: Int] = [:]

    /// - Parameters:
    ///   - settings: those of all lines.
    ///   - axes: the names of the settings that may tell them apart.
    init(_ settings: [[String: SQLValue]], axes: [String]) {
        // What is the same everywhere tells no line from another.
        self.axes = axes.filter { axis in Set(settings.map { $0[axis]?.key ?? "" }).count > 1 }
        let values = self.axes.map { axis in (axis: axis, values: AxisValues(settings.compactMap { $0[axis] })) }
        let ordered = values.filter(\.values.areNumbers).max { $0.values.names.count < $1.values.names.count }
        shaded = ordered?.axis
        shades = ordered?.values ?? AxisValues([])
        for setting in settings where hues[hueKey(setting)] == nil { hues[hueKey(setting)] = hues.count }
    }

    /// Returns what lines have in common with no other.
    func key(_ settings: [String: SQLValue]) -> [String] { axes.map { settings[$0]?.key ?? "" } }

    private func hueKey(_ settings: [String: SQLValue]) -> [String] {
        axes.filter { $0 != shaded }.map { settings[$0]?.key ?? "" }
    }

    func hue(_ settings: [String: SQLValue]) -> Int { hues[hueKey(settings)] ?? 0 }

    private func shade(_ settings: [String: SQLValue]) -> Int {
        shaded.flatMap { settings[$0] }.flatMap { shades.place($0) } ?? 0
    }

    /// Returns how light a line is: the greatest value is darkest.
    func lightness(_ settings: [String: SQLValue]) -> Double {
        shades.names.count > 1 ? 1 - Double(shade(settings)) / Double(shades.names.count - 1) : 0
    }

    /// Whether a line stands before another in the legend: by hue, then by value.
    func isBefore(_ a: [String: SQLValue], _ b: [String: SQLValue]) -> Bool {
        (hue(a), shade(a)) < (hue(b), shade(b))
    }
}
