import Keys
import Support

/// A place in a layer whose values are measured; the names are those of the results file.
package enum Site: String, CaseIterable, Sendable { case linear, normalized, preactivation, activation, output }

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
        package let probe: Probe?
        package let geometry: Geometry?
        package let landscape: Landscape?
        package let covariateShift: CovariateShift?
        package let histograms: Histograms?
        package let units: Units?

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
            probe = try keys.optional(
                "probe", .object, "not measured",
                "Fixed rows that pass through the network with their own and with running statistics.")
            geometry = try keys.optional(
                "geometry", .object, "not measured", "How rows lie to each other: cosines, ranks, isometry.")
            landscape = try keys.optional(
                "landscape", .object, "not measured",
                "Loss and gradient along the step, on the same batch (Santurkar et al. 2018).")
            covariateShift = try keys.optional(
                "covariate_shift", .object, "not measured",
                "How the update of the layers below changes each layer's gradient (Santurkar et al. 2018, definition "
                    + "2.1).")
            histograms = try keys.optional(
                "histograms", .object, "not measured", "Counts of every logged site's values.")
            units = try keys.optional("units", .object, "not measured", "Vectors with a value for every unit.")
        }
    }

    /// Fixed rows that pass through the network at logged steps.
    package struct Probe: Keyed {
        package let every: Int
        package let split: SplitName
        package let rows: Int
        package let units: [Int]
        package let percentiles: [Double]

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys.measurementEvery()
            split = try keys("split", .choice, "train", "Whose first rows are the probe.")
            rows = try keys("rows", .positiveInteger, 256, "How many rows.")
            units = try keys(
                "units", .set(of: .naturalNumber), [0], "Units whose preactivations are kept, in every logged layer.")
            percentiles = try keys.percentiles("Of each unit over the rows.")
        }
    }

    package struct Geometry: Keyed {
        package let every: Int
        package let rows: Int
        package let threshold: Double

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys.measurementEvery()
            rows = try keys(
                "rows", .integer(2...1024), 128,
                "Rows of the batch that are looked at; the cost grows with the cube of rows or units, whichever are "
                    + "fewer.")
            threshold = try keys(
                "threshold", .number(NumberRange(least: 0, below: 1)), 1e-3,
                "Of the effective rank, relative to the largest eigenvalue.")
        }
    }

    package struct Landscape: Keyed {
        package let every: Int
        /// Multiples of the learning rate.
        package let stepSizes: [Double]

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys.measurementEvery()
            stepSizes = try keys(
                "step_sizes", .set(of: .number(.positive)), [0.5, 1.0, 2.0, 4.0],
                "Multiples of the learning rate along the gradient.")
        }
    }

    package struct CovariateShift: Keyed {
        package let every: Int

        package init(_ keys: KeyReader) throws(ConfigError) { every = try keys.measurementEvery() }
    }

    package struct Histograms: Keyed {
        package let every: Int
        package let bins: Int
        package let minimum: Double
        package let maximum: Double

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys.measurementEvery()
            bins = try keys("bins", .integer(1...10_000), 50, "Bins between the two ends.")
            minimum = try keys("minimum", .number(.any), -5.0, "Left end; what lies below is counted apart.")
            maximum = try keys(
                "maximum", .number(.any), 5.0, "Right end; what lies there or above is counted apart.")
            try keys.require(
                minimum < maximum, nil,
                "found minimum \(minimum) and maximum \(maximum); the minimum must be below the maximum")
        }
    }

    package struct Units: Keyed {
        package enum Quantity: String, CaseIterable, Sendable {
            case gamma, beta
            case batchMean = "batch_mean"
            case batchVariance = "batch_variance"
            case runningMean = "running_mean"
            case runningVariance = "running_variance"
            case activationMean = "activation_mean"
        }
        package let every: Int
        package let quantities: [Quantity]

        package init(_ keys: KeyReader) throws(ConfigError) {
            every = try keys.measurementEvery()
            quantities = try keys(
                "quantities", .set(of: .choice), JSON(.array(Quantity.allCases.map { JSON(.string($0.rawValue)) })),
                "What is stored for every unit.")
        }
    }
}

extension KeyReader {
    /// The key that all measurements with steps of their own have.
    func measurementEvery() throws(ConfigError) -> Int {
        try self("every", .stepCount, 100, "Steps between measurements; the last step is measured too.")
    }

    func percentiles(_ documentation: String) throws(ConfigError) -> [Double] {
        try self("percentiles", .set(of: .number(NumberRange(least: 0, most: 100))), [15, 50, 85], documentation)
    }
}
