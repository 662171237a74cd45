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
        /// The rate goes from base / initialDivisor up to base over `warmupFraction` of `steps`, then down to
        /// base / (initialDivisor finalDivisor), both along cosines.
        ///
        /// Source: Smith & Topin 2018, "Super-convergence", whose ramps are linear.
        case oneCycle(warmupFraction: Double, initialDivisor: Double, finalDivisor: Double)
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

extension KeyReader {
    fileprivate func warmupSteps() throws(ConfigError) -> Int {
        try self("warmup_steps", .stepCount, 0, "Updates over which the rate first rises linearly.")
    }

    fileprivate func scheduleSteps() throws(ConfigError) -> Int? {
        try optional(
            "steps", .positiveInteger, "the run's length without warm-up", "Updates that the schedule takes.")
    }
}
