import Foundation
import NeuralNetwork
import Support
import Training

/// Draws the values of random axes.
///
/// A value depends on the sampler's seed, the axis's name and the sample's number alone: a larger count keeps the
/// samples of a smaller one, and another axis changes none.
struct SweepSampler {
    private let distribution: SampledAxis.Distribution
    private let seed: UInt64
    private let index: Int

    init(_ name: String, _ distribution: SampledAxis.Distribution, seed: Int) {
        self.distribution = distribution
        self.seed = UInt64(seed)
        // FNV-1a, 32 bits (Fowler, Noll & Vo).
        index = Int(name.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 })
    }

    /// What rounding moves beyond an end is that end.
    private func rounded(_ value: Double, _ low: Double, _ high: Double) -> JSON {
        let rounded = JSON.plain(value, digits: 6)
        return (low...high).contains(rounded.double ?? low) ? rounded : .plain(min(max(value, low), high), digits: 17)
    }

    /// The value of one sample.
    ///
    /// Real numbers have six significant digits, so that they can be read and typed.
    func value(sample: Int) -> JSON {
        var stream = RandomStream(seed: seed, purpose: .sweep, index: index, step: sample)
        switch distribution {
        case .uniform(let low, let high): return rounded(low + (high - low) * stream.nextUniform(), low, high)
        case .logUniform(let low, let high):
            return rounded(low * exp(log(high / low) * stream.nextUniform()), low, high)
        case .integer(let low, let high): return JSON(.integer(low + stream.nextIndex(below: high - low + 1)))
        case .choice(let values): return values[stream.nextIndex(below: values.count)]
        }
    }
}
