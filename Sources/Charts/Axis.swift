import Foundation

package enum AxisScale: Sendable {
    case linear, logarithmic

    func canShow(_ value: Double) -> Bool { value.isFinite && (self == .linear || value > 0) }
}

/// A range of values with round ticks: steps of 1, 2 or 5 times a power of ten; on a logarithmic axis the powers of ten, and where these are
/// few, 2 and 5 times them too.
struct Axis {
    let ticks: [Double]
    private let scale: AxisScale
    /// Ends of the range; logarithms to base ten on a logarithmic axis.
    private let low: Double
    private let high: Double

    init(_ values: [Double], _ scale: AxisScale) {
        self.scale = scale
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
        let low = multiples.last { $0 <= least } ?? least, high = multiples.first { $0 >= greatest && $0 > low } ?? greatest
        let decades = log10(high / low), step = max(1, Int((decades / 6).rounded()))
        let ticks = decades < 2.5 ? multiples : powers.filter { $0 % step == 0 }.map { pow(10, Double($0)) }
        return (log10(low), log10(high), ticks.filter { $0 >= low && $0 <= high })
    }

    /// Where a value lies between the ends: 0 to 1.
    func fraction(_ value: Double) -> Double { ((scale == .linear ? value : log10(value)) - low) / (high - low) }

    func label(_ tick: Double) -> String {
        if tick == 0 { return "0" }
        if abs(tick) >= 1e6 || abs(tick) < 1e-3 {
            let exponent = Int(log10(abs(tick)).rounded(.down))
            let factor = tick / pow(10, Double(exponent))
            return "\(String(format: "%g", (factor * 100).rounded() / 100))e\(exponent)"
        }
        return String(format: "%g", (tick * 1e6).rounded() / 1e6)
    }
}
