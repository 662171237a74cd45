import Foundation

/// How the values of an axis, or of the colours of a heat map, are spread.
package enum AxisScale: Sendable {
    case linear, logarithmic

    /// Whether a value has a place on such an axis; numbers near the ends of the range of a Double have none, since
    /// there are no round ticks around them.
    func canShow(_ value: Double) -> Bool { abs(value) < 1e300 && (self == .linear || value > 1e-300) }
}

/// The ends of an axis, or of a scale of colours, that the user chooses; nil is chosen by the values.
package struct AxisLimits: Sendable, Equatable {
    package var low: Double?
    package var high: Double?

    package init(low: Double? = nil, high: Double? = nil) {
        self.low = low
        self.high = high
    }

    var isNone: Bool { low == nil && high == nil }
}

/// An axis of names, or an axis of numbers with round ticks.
///
/// Linear ticks are steps of 1, 2 or 5 times a power of ten apart. Logarithmic ticks are the powers of ten, and where
/// these are few also 2 and 5 times them.
struct Axis {
    let ticks: [Double]
    let scale: AxisScale
    /// The values at the ends.
    let ends: ClosedRange<Double>
    /// The low end of the range; its logarithm to base ten on a logarithmic axis.
    private let low: Double
    /// The high end of the range; its logarithm to base ten on a logarithmic axis.
    private let high: Double
    /// The length of the axis, by which two of one scale are compared.
    var length: Double { high - low }
    /// The names at the places 0, 1, 2, ...; empty on an axis of numbers.
    let categories: [String]

    /// Makes an axis of names.
    init(categories: [String]) {
        self.categories = categories
        scale = .linear
        ends = -0.5...Double(categories.count) - 0.5
        (low, high) = (ends.lowerBound, ends.upperBound)
        ticks = categories.indices.map(Double.init)
    }

    /// Makes an axis that all values have a place on, unless limits end it before.
    ///
    /// - Parameter hasWholeTicks: whether only whole numbers have ticks.
    init(
        _ values: [Double], _ scale: AxisScale, _ limits: AxisLimits = AxisLimits(), hasWholeTicks: Bool = false
    ) {
        self.scale = scale
        categories = []
        let chosenLow = limits.low.flatMap { scale.canShow($0) ? $0 : nil },
            chosenHigh = limits.high.flatMap { scale.canShow($0) ? $0 : nil }
        var least = chosenLow ?? values.min() ?? (scale == .linear ? 0 : 1),
            greatest = chosenHigh ?? values.max() ?? (scale == .linear ? 1 : 10)
        // Where all values lie beyond a limit, the axis is a short one from there.
        if least >= greatest && !limits.isNone {
            let span = scale == .linear ? max(1, abs(least), abs(greatest)) : 0
            if chosenLow != nil {
                greatest = scale == .linear ? least + span : least * 10
            } else {
                least = scale == .linear ? greatest - span : greatest / 10
            }
        }
        let (roundEnds, roundTicks) =
            scale == .linear ? Axis.linear(least, greatest) : Axis.logarithmic(least, greatest)
        let low = chosenLow ?? roundEnds.lowerBound, high = max(low, chosenHigh ?? roundEnds.upperBound)
        // A round tick may miss the end that it stands for by a rounding.
        let slack = (high - low) * 1e-9
        let shown = roundTicks.filter {
            (low - slack...high + slack).contains($0)
                && (!hasWholeTicks || scale == .logarithmic || abs($0 - $0.rounded()) < 1e-9)
        }
        (ends, ticks) = (low...high, shown.isEmpty ? [low, high] : shown)
        (self.low, self.high) =
            scale == .linear
            ? (ends.lowerBound, ends.upperBound) : (log10(ends.lowerBound), log10(ends.upperBound))
    }

    /// Returns the ends and the ticks of a linear axis.
    private static func linear(_ least: Double, _ greatest: Double) -> (ClosedRange<Double>, [Double]) {
        var low = least, high = greatest
        // A span that is next to nothing has no round ticks either.
        if high - low < max(1e-290, 1e-12 * max(abs(low), abs(high))) {
            (low, high) =
                max(abs(low), abs(high)) < 1e-290 ? (0, 1) : (low - abs(low) / 2, high + abs(high) / 2)
        }
        let step = roundStep(atLeast: (high - low) / 6)
        let first = Int((low / step).rounded(.down)), last = Int((high / step).rounded(.up))
        return (Double(first) * step...Double(last) * step, (first...last).map { Double($0) * step })
    }

    /// Returns the least 1, 2 or 5 times a power of ten that is no less than a number.
    private static func roundStep(atLeast rough: Double) -> Double {
        let power = pow(10, log10(rough).rounded(.down))
        return ([1.0, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
    }

    /// Returns at most one more than `count` round numbers, equally far apart, within a range.
    static func roundNumbers(from low: Double, to high: Double, about count: Int) -> [Double] {
        guard high > low, high - low > 1e-290 else { return [] }
        let step = roundStep(atLeast: (high - low) / Double(count)), slack = 1e-9
        let first = (low / step - slack).rounded(.up), last = (high / step + slack).rounded(.down)
        return first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    }

    /// Returns the ends and the ticks of a logarithmic axis, which reaches from one multiple of 1, 2 or 5 to another.
    private static func logarithmic(_ least: Double, _ greatest: Double) -> (ClosedRange<Double>, [Double]) {
        let powers = Int(log10(least).rounded(.down)) - 1...Int(log10(greatest).rounded(.up)) + 1
        let multiples = powers.flatMap { power in [1.0, 2, 5].map { $0 * pow(10, Double(power)) } }
        let low = multiples.last { $0 <= least } ?? least,
            high = multiples.first { $0 >= greatest && $0 > low } ?? greatest
        let decades = log10(high / low), step = max(1, Int((decades / 6).rounded()))
        let ticks = decades < 2.5 ? multiples : powers.filter { $0 % step == 0 }.map { pow(10, Double($0)) }
        return (low...high, ticks.filter { $0 >= low && $0 <= high })
    }

    /// Returns where a value lies between the ends, from 0 to 1.
    func fraction(_ value: Double) -> Double { ((scale == .linear ? value : log10(value)) - low) / (high - low) }

    /// Returns where a value lies between the ends, from 0 to 1, or the nearer end for a value outside of them.
    func clampedFraction(_ value: Double) -> Double {
        if scale == .logarithmic && value <= 0 { return 0 }
        return min(1, max(0, fraction(value)))
    }

    /// Returns where a value lies between the ends, or a place far beyond them for one that lies further.
    ///
    /// A value that a logarithmic axis has no place for lies at its low end.
    func boundedFraction(_ value: Double) -> Double {
        if scale == .logarithmic && value <= 0 { return 0 }
        return min(100, max(-100, fraction(value)))
    }

    /// Returns the text at a tick.
    func label(_ tick: Double) -> String {
        categories.isEmpty ? Axis.text(tick, digits: 6) : categories[Int(tick)]
    }

    /// Returns a number with at most so many significant digits, or with all of its digits before the point.
    static func text(_ value: Double, digits: Int) -> String {
        if value == 0 { return "0" }
        let magnitude = abs(value)
        // Powers of ten have no inverse near the ends of the range.
        guard (1e-300...1e300).contains(magnitude) else { return String(format: "%.3g", value) }
        if magnitude >= 1e6 || magnitude < 1e-3 {
            var exponent = Int(log10(magnitude).rounded(.down))
            var factor = (value / pow(10, Double(exponent)) * 100).rounded() / 100
            if abs(factor) >= 10 { (factor, exponent) = (factor / 10, exponent + 1) }
            return "\(String(format: "%g", factor))e\(exponent)"
        }
        return String(format: "%.\(max(digits, Int(log10(magnitude)) + 1))g", (value * 1e6).rounded() / 1e6)
    }
}
