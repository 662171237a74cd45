import Foundation
import Keys
import Support

/// A place in a layer whose values are measured; the names are those of the results file.
package enum Site: String, CaseIterable, Sendable { case linear, sum, normalized, preactivation, activation, output }

extension Config {
    /// The object `logging`: what is measured during training.
    package struct Logging: Keyed {
        package let every: Int
        package let atSteps: [Int]
        package let layers: [Int]?
        package let sites: [Site]
        package let percentiles: [Double]
        /// Steps a decade, evenly spaced on a logarithmic scale; 0 for none.
        package let perDecade: Int
        /// What is measured beside the default set.
        let requested: [any RequestedMeasurement]

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys("every", .stepCount, 100, "Steps between measurements; 0 leaves only `at_steps`.")
            atSteps = try keys("at_steps", .list(of: .stepCount), [], "Further steps to measure at.")
            layers = try keys.optional(
                "layers", .set(of: .naturalNumber), "all layers", "Layers whose statistics are stored.")
            sites = try keys(
                "sites", .set(of: .choice), JSON(.array(Site.allCases.map { JSON(.string($0.rawValue)) })),
                "Places in a layer whose values are measured.")
            percentiles = try keys.percentiles("Exact, of all values of the batch.")
            perDecade = try keys(
                "per_decade", .integer(0...1000), 0,
                "Also measure so many steps a decade, evenly spaced on a logarithmic scale: 1, 2, 5, 10, 22, ... for 3."
            )
            var measurements: [any RequestedMeasurement] = []
            for kind in requestedMeasurements {
                if let measurement = try kind.read(keys) { measurements.append(measurement) }
            }
            requested = measurements
        }
    }
}

extension Config.Logging {
    /// When the default set is measured in a run of so many steps.
    func cadence(upTo totalSteps: Int) -> Cadence {
        Cadence(every: every, further: Set(atSteps + logarithmicSteps(perDecade: perDecade, upTo: totalSteps)))
    }
}

/// Steps 10^(k / perDecade), k = 0, 1, ..., rounded, each once.
private func logarithmicSteps(perDecade: Int, upTo limit: Int) -> [Int] {
    guard perDecade > 0 else { return [] }
    var steps: [Int] = [], k = 0
    while true {
        let step = pow(10, Double(k) / Double(perDecade)).rounded()
        if step > Double(limit) { return steps }
        if steps.last != Int(step) { steps.append(Int(step)) }
        k += 1
    }
}

extension KeyReader {
    /// The key that all measurements with steps of their own have.
    func cadence() throws(ConfigError) -> Cadence {
        Cadence(
            every: try self("every", .stepCount, 100, "Steps between measurements; the last step is measured too."))
    }

    func percentiles(_ documentation: String) throws(ConfigError) -> [Double] {
        try self("percentiles", .set(of: .number(NumberRange(least: 0, most: 100))), [15, 50, 85], documentation)
    }
}
