import Foundation

package enum AxisScale: Sendable {
    case linear, logarithmic

    /// Numbers near the ends of what a Double holds have no round ticks around them.
    func canShow(_ value: Double) -> Bool { abs(value) < 1e300 && (self == .linear || value > 1e-300) }
}

/// The places of names, or a range of values with round ticks: steps of 1, 2 or 5 times a power of ten; on a
/// logarithmic axis the powers of ten, and where these are few, 2 and 5 times them too.
struct Axis {
    let ticks: [Double]
    private let scale: AxisScale
    /// Ends of the range; logarithms to base ten on a logarithmic axis.
    private let low: Double
    private let high: Double
    /// Names at 0, 1, 2, ...; none on an axis of numbers.
    let categories: [String]

    init(categories: [String]) {
        self.categories = categories
        scale = .linear
        (low, high) = (-0.5, Double(categories.count) - 0.5)
        ticks = categories.indices.map(Double.init)
    }

    init(_ values: [Double], _ scale: AxisScale) {
        self.scale = scale
        categories = []
        let least = values.min() ?? (scale == .linear ? 0 : 1), greatest = values.max() ?? (scale == .linear ? 1 : 10)
        (low, high, ticks) = scale == .linear ? Axis.linear(least, greatest) : Axis.logarithmic(least, greatest)
    }

    private static func linear(_ least: Double, _ greatest: Double) -> (Double, Double, [Double]) {
        var low = least, high = greatest
        if low == high { (low, high) = (low - max(0.5, abs(low) / 20), high + max(0.5, abs(high) / 20)) }
        let rough = (high - low) / 6
        let power = pow(10, log10(rough).rounded(.down))
        let step = ([1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
        let first = Int((low / step).rounded(.down)), last = Int((high / step).rounded(.up))
        return (Double(first) * step, Double(last) * step, (first...last).map { Double($0) * step })
    }

    /// From one multiple of 1, 2 or 5 to another.
    private static func logarithmic(_ least: Double, _ greatest: Double) -> (Double, Double, [Double]) {
        let powers = Int(log10(least).rounded(.down)) - 1...Int(log10(greatest).rounded(.up)) + 1
        let multiples = powers.flatMap { power in [1.0, 2, 5].map { $0 * pow(10, Double(power)) } }
        let low = multiples.last { $0 <= least } ?? least,
            high = multiples.first { $0 >= greatest && $0 > low } ?? greatest
        let decades = log10(high / low), step = max(1, Int((decades / 6).rounded()))
        let ticks = decades < 2.5 ? multiples : powers.filter { $0 % step == 0 }.map { pow(10, Double($0)) }
        return (log10(low), log10(high), ticks.filter { $0 >= low && $0 <= high })
    }

    /// Where a value lies between the ends: 0 to 1.
    func fraction(_ value: Double) -> Double { ((scale == .linear ? value : log10(value)) - low) / (high - low) }

    /// The same, where what lies outside is moved to the nearer end.
    func clampedFraction(_ value: Double) -> Double {
        if scale == .logarithmic && value <= 0 { return 0 }
        return min(1, max(0, fraction(value)))
    }

    func label(_ tick: Double) -> String {
        categories.isEmpty ? Axis.text(tick, digits: 6) : categories[Int(tick)]
    }

    /// A number with so many significant digits at most, or as many as it has before the point.
    static func text(_ value: Double, digits: Int) -> String {
        if value == 0 { return "0" }
        let magnitude = abs(value)
        if magnitude >= 1e6 || magnitude < 1e-3 {
            var exponent = Int(log10(magnitude).rounded(.down))
            var factor = (value / pow(10, Double(exponent)) * 100).rounded() / 100
            if abs(factor) >= 10 { (factor, exponent) = (factor / 10, exponent + 1) }
            return "\(String(format: "%g", factor))e\(exponent)"
        }
        return String(format: "%.\(max(digits, Int(log10(magnitude)) + 1))g", (value * 1e6).rounded() / 1e6)
    }
}
