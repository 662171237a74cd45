import Foundation
import NeuralNetwork
import Support
import Training

/// Draws the values of random axes.
///
/// A value depends on the sampler's seed, the axis's name and the sample's number alone: a larger count keeps the
/// samples of a smaller one, and another axis changes none.
struct SweepSampler {
    private enum Distribution {
        case uniform(Double, Double)
        case logUniform(Double, Double)
        case integer(Int, Int)
        case choice([JSON])
    }
    private let distribution: Distribution
    private let seed: UInt64
    private let index: Int

    /// - Parameter json: checked against the schema.
    init(_ name: String, _ json: JSON, seed: Int) throws(ConfigError) {
        let forms = ["uniform", "log_uniform", "integer", "choice"].filter { json[$0] != nil }
        guard forms.count == 1, let form = forms.first, let list = json[form]?.array else {
            throw ConfigError(
                at: json.position, path: name,
                "expected one of uniform, log_uniform, integer and choice; found "
                    + "\(forms.isEmpty ? "none" : forms.joined(separator: " and "))"
            )
        }
        let numbers = list.compactMap(\.double)
        if form == "choice" {
            guard !list.isEmpty else {
                throw ConfigError(
                    at: json.position, path: "\(name).choice", "the list is empty; give values to choose from")
            }
            distribution = .choice(list)
        } else {
            guard numbers.count == 2, numbers[0] < numbers[1] else {
                throw ConfigError(
                    at: json[form]?.position, path: "\(name).\(form)",
                    "expected [a, b] with a below b, found \(json[form]?.text() ?? "")")
            }
            distribution =
                switch form {
                case "uniform": .uniform(numbers[0], numbers[1])
                case "log_uniform": .logUniform(numbers[0], numbers[1])
                default: .integer(Int(numbers[0]), Int(numbers[1]))
                }
        }
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
