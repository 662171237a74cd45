import Foundation
import Keys
import Support

/// The learning rate of each update.
///
/// With warm-up over W steps update t < W has rate (t + 1) / W times the base; what follows counts its own steps
/// u = t - W. The equations are those of PyTorch's schedulers of the same names.
package struct LearningRateSchedule: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// The rate is the base.
        case constant
        /// The rate is base factor^(u / every), the quotient rounded down.
        case step(every: Int, factor: Double)
        /// The rate is base factor^u.
        case exponential(factor: Double)
        /// The rate is minimum + (base - minimum) (1 + cos(pi u / steps)) / 2, and the minimum after `steps`.
        ///
        /// Source: Loshchilov & Hutter 2017, "SGDR", equation 5, without restarts.
        case cosine(minimum: Double)
        /// The rate is minimum + (base - minimum) (1 + cos(pi v / T)) / 2, with v the updates since the last restart
        /// and T the length of the cycle: `first`, then `factor` times the one before.
        ///
        /// Source: Loshchilov & Hutter 2017, "SGDR", equation 5.
        case cosineRestarts(first: Int, factor: Int, minimum: Double)
        /// The rate goes linearly from base to `maximum` in `up` updates and back in `down`, again and again;
        /// `envelope` lowers the tops.
        ///
        /// Source: Smith 2017, "Cyclical learning rates for training neural networks", section 3.
        case cyclic(maximum: Double, up: Int, down: Int, Envelope)
        /// The rate goes from base / initialDivisor up to base over `warmupFraction` of `steps`, then down to
        /// base / (initialDivisor finalDivisor), both along cosines.
        ///
        /// Source: Smith & Topin 2018, "Super-convergence", whose ramps are linear.
        case oneCycle(warmupFraction: Double, initialDivisor: Double, finalDivisor: Double)
    }
    /// What the height of a cycle above the base is multiplied by.
    package enum Envelope: Equatable, Sendable {
        /// The factor is 1: `triangular`.
        case constant
        /// The factor is 1/2^n in cycle n, from 0: `triangular2`.
        case halved
        /// The factor is factor^u: `exp_range`.
        case exponential(factor: Double)
    }

    package var kind: Kind
    package var warmupSteps: Int
    /// The updates that the schedule takes after the warm-up; nil until it is fitted to a run.
    package var steps: Int?

    package init(_ kind: Kind = .constant, warmupSteps: Int = 0, steps: Int? = nil) {
        self.kind = kind
        self.warmupSteps = warmupSteps
        self.steps = steps
    }

    /// The schedule for a run of so many updates, which it fills unless it has a length of its own.
    package func fitted(to totalSteps: Int) -> LearningRateSchedule {
        LearningRateSchedule(kind, warmupSteps: warmupSteps, steps: max(steps ?? totalSteps - warmupSteps, 1))
    }

    /// The rate of update t + 1, t from 0, for the optimizer's `base` rate; the schedule is fitted to a run.
    package func rate(step t: Int, base: Double) -> Double {
        if t < warmupSteps { return base * Double(t + 1) / Double(warmupSteps) }
        let u = t - warmupSteps, steps = steps ?? 1
        switch kind {
        case .constant: return base
        case .step(let every, let factor): return base * pow(factor, Double(u / every))
        case .exponential(let factor): return base * pow(factor, Double(u))
        case .cosine(let minimum):
            return minimum + (base - minimum) * (1 + cos(.pi * Double(min(u, steps)) / Double(steps))) / 2
        case .cosineRestarts(let first, let factor, let minimum):
            let (position, length) = LearningRateSchedule.placeInCycle(u, first: first, factor: factor)
            return minimum + (base - minimum) * (1 + cos(.pi * Double(position) / Double(length))) / 2
        case .cyclic(let maximum, let up, let down, let envelope):
            let (cycle, position) = u.quotientAndRemainder(dividingBy: up + down)
            let height = position <= up ? Double(position) / Double(up) : Double(up + down - position) / Double(down)
            let factor =
                switch envelope {
                case .constant: 1.0
                case .halved: pow(0.5, Double(cycle))
                case .exponential(let factor): pow(factor, Double(u))
                }
            return base + (maximum - base) * height * factor
        case .oneCycle(let warmupFraction, let initialDivisor, let finalDivisor):
            let initial = base / initialDivisor, final = initial / finalDivisor
            let top = warmupFraction * Double(steps) - 1, end = Double(steps - 1), position = Double(min(u, steps - 1))
            func between(_ start: Double, _ stop: Double, _ share: Double) -> Double {
                stop + (start - stop) / 2 * (1 + cos(.pi * share))
            }
            return position <= top
                ? between(initial, base, top == 0 ? 1 : position / top)
                : between(base, final, (position - top) / (end - top))
        }
    }

    /// The updates since the last restart, of `u` in all, and the length of the cycle that they are in.
    private static func placeInCycle(_ u: Int, first: Int, factor: Int) -> (position: Int, length: Int) {
        if factor == 1 { return (u % first, first) }
        var position = u, length = first
        while position >= length {
            position -= length
            length *= factor
        }
        return (position, length)
    }
}

extension LearningRateSchedule {
    package static let form: Form<LearningRateSchedule> = .kinds([
        KindForm("constant", "The base rate.") { keys throws(ConfigError) in
            LearningRateSchedule(.constant, warmupSteps: try keys.warmupSteps())
        },
        KindForm("step", "Multiplied by `factor` every so many updates.") { keys throws(ConfigError) in
            let every = try keys.required("every", .positiveInteger, "Updates between two changes.")
            let factor = try keys("factor", .number(.positive), 0.1, "What the rate is multiplied by.")
            return LearningRateSchedule(.step(every: every, factor: factor), warmupSteps: try keys.warmupSteps())
        },
        KindForm("exponential", "Multiplied by `factor` at every update.") { keys throws(ConfigError) in
            let factor = try keys.required("factor", .number(.positive), "What the rate is multiplied by.")
            return LearningRateSchedule(.exponential(factor: factor), warmupSteps: try keys.warmupSteps())
        },
        KindForm("cosine", "Half a cosine from the base rate to the minimum (Loshchilov & Hutter 2017).") {
            keys throws(ConfigError) in
            let steps = try keys.scheduleSteps()
            let minimum = try keys("minimum_learning_rate", .number(.natural), 0.0, "The rate at the end.")
            return LearningRateSchedule(.cosine(minimum: minimum), warmupSteps: try keys.warmupSteps(), steps: steps)
        },
        KindForm(
            "cosine_restarts",
            "Half a cosine from the base rate to the minimum, again and again (Loshchilov & Hutter 2017)."
        ) { keys throws(ConfigError) in
            let first = try keys.required("first_cycle_steps", .cycleSteps, "Updates until the first restart.")
            let factor = try keys(
                "cycle_factor", .integer(1...1000), 1, "Length of a cycle by that of the one before.")
            let minimum = try keys("minimum_learning_rate", .number(.natural), 0.0, "The rate at the end of a cycle.")
            return LearningRateSchedule(
                .cosineRestarts(first: first, factor: factor, minimum: minimum), warmupSteps: try keys.warmupSteps())
        },
        KindForm("cyclic", "Up from the base rate and down again, along lines, again and again (Smith 2017).") {
            keys throws(ConfigError) in
            let maximum = try keys.required("maximum_learning_rate", .number(.positive), "The rate at the top.")
            let up = try keys.required("rising_steps", .cycleSteps, "Updates from the base rate to the top.")
            let down = try keys.optional("falling_steps", .cycleSteps, "as many as `rising_steps`", "Updates back.")
            let mode: CyclicMode = try keys(
                "mode", .choice, "triangular",
                "Cycles of one height, each half as high as the last, or lower by `factor` at every update.")
            let factor = try keys.optional(
                "factor", .number(NumberRange(above: 0, most: 1)), "none",
                "With `exp_range`: what the height is multiplied by at every update.")
            try keys.require(
                (mode == .expRange) == (factor != nil), mode == .expRange ? "mode" : "factor",
                mode == .expRange
                    ? "\"exp_range\" needs the key factor, such as 0.999"
                    : "found \(keys.found("factor")), but mode is \"\(mode.rawValue)\"; only \"exp_range\" has one")
            let envelope: Envelope =
                switch mode {
                case .triangular: .constant
                case .triangular2: .halved
                case .expRange: .exponential(factor: factor ?? 1)
                }
            return LearningRateSchedule(
                .cyclic(maximum: maximum, up: up, down: down ?? up, envelope), warmupSteps: try keys.warmupSteps())
        },
        KindForm("one_cycle", "Up to the base rate and down again, along cosines (Smith & Topin 2018).") {
            keys throws(ConfigError) in
            let steps = try keys.scheduleSteps()
            let warmupFraction = try keys(
                "warmup_fraction", .number(NumberRange(above: 0, below: 1)), 0.3, "Share of the steps that rise.")
            let initial = try keys("initial_divisor", .number(.positive), 25.0, "Base rate by first rate.")
            let final = try keys("final_divisor", .number(.positive), 1e4, "First rate by last rate.")
            return LearningRateSchedule(
                .oneCycle(warmupFraction: warmupFraction, initialDivisor: initial, finalDivisor: final), steps: steps)
        },
    ])
}

/// The words for envelopes, which are the paper's.
private enum CyclicMode: String, CaseIterable, Sendable {
    case triangular, triangular2
    case expRange = "exp_range"
}

extension Form where Value == Int {
    /// A number of updates of which there is at least one.
    fileprivate static var cycleSteps: Form { integer(1...Shape.largestStepCount) }
}

extension KeyReader {
    fileprivate func warmupSteps() throws(ConfigError) -> Int {
        try self("warmup_steps", .stepCount, 0, "Updates over which the rate first rises linearly.")
    }

    fileprivate func scheduleSteps() throws(ConfigError) -> Int? {
        try optional(
            "steps", .positiveInteger, "the run's length without warm-up", "Updates that the schedule takes.")
    }
}
