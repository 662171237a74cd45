import Foundation

/// The learning rate of each update.
///
/// With warm-up over W steps update t < W has rate (t + 1) / W times the base; what follows counts its own steps u = t
/// - W. The equations are those of PyTorch's schedulers of the same names.
package struct LearningRateSchedule: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        /// base
        case constant
        /// base factor^(u / every), the quotient rounded down.
        case step(every: Int, factor: Double)
        /// base factor^u
        case exponential(factor: Double)
        /// minimum + (base - minimum) (1 + cos(pi u / steps)) / 2, and the minimum after `steps`.
        ///
        /// Source: Loshchilov & Hutter 2017, "SGDR", equation 5, without restarts.
        case cosine(steps: Int, minimum: Double)
        /// From base / initialDivisor up to base over `warmupFraction` of `steps`, then down to base / (initialDivisor
        /// finalDivisor), both along cosines.
        ///
        /// Source: Smith & Topin 2018, "Super-convergence", whose ramps are linear.
        case oneCycle(steps: Int, warmupFraction: Double, initialDivisor: Double, finalDivisor: Double)
    }
    package var kind: Kind
    package var warmupSteps: Int

    package init(_ kind: Kind = .constant, warmupSteps: Int = 0) {
        self.kind = kind
        self.warmupSteps = warmupSteps
    }

    /// The rate of update t + 1, t from 0, for the optimizer's `base` rate.
    package func rate(step t: Int, base: Double) -> Double {
        if t < warmupSteps { return base * Double(t + 1) / Double(warmupSteps) }
        let u = t - warmupSteps
        switch kind {
        case .constant: return base
        case .step(let every, let factor): return base * pow(factor, Double(u / every))
        case .exponential(let factor): return base * pow(factor, Double(u))
        case .cosine(let steps, let minimum):
            return minimum + (base - minimum) * (1 + cos(.pi * Double(min(u, steps)) / Double(steps))) / 2
        case .oneCycle(let steps, let warmupFraction, let initialDivisor, let finalDivisor):
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
