import Datasets
import NeuralNetwork

/// A config as the trainer sees it: decoded once from a resolved tree, every value checked.
package struct Config: Sendable {
    package enum Precision: String, Sendable { case float32, float64 }
    package struct Split: Sendable { package let inputs, targets: String }
    package enum Validation: Sendable {
        case split(Split)
        case fraction(Double)
    }
    package struct Data: Sendable {
        package let file: String
        package let train: Split
        package let validation: Validation?
        package let test: Split?
        package let scaling: ScalingKind
        package let binarizeAbove: Double?
        package let limit: Int?
        package let classes: Int?
        package let shuffle: Bool
        package let splitSeed: UInt64
        package let sampling: Sampling
        package let dropLast: Bool
    }
    package struct Model: Sendable {
        package enum Bias: Sendable { case auto, always, never }
        package let hidden: [Int]
        package let activations: [Activation]
        package let normalizations: [Normalization?]
        /// Of the output layer.
        package let logitNormalization: Normalization?
        /// Training batches that recomputed statistics are the mean of.
        package let recomputeBatches: Int
        package let weightReparameterization: WeightReparameterization
        package let initialization: Initialization
        package let dropout: Double
        package let initialWeights: String?
        /// Parameters that are not trained, by layer; nil stands for every layer.
        package let frozen: [(layer: Int?, kind: ParameterKind)]
        package let bias: Bias
        package let outputs: Int?
    }
    package enum Duration: Sendable {
        case steps(Int)
        case epochs(Int)
    }
    package struct Logging: Sendable {
        package let every: Int
        package let atSteps: [Int]
        package let layers: [Int]?
        package let sites: [Site]
        package let percentiles: [Double]
        /// Steps a decade, evenly spaced on a logarithmic scale; 0 for none.
        package let perDecade: Int
        package let probe: Probe?
        package let geometry: Geometry?
        package let histograms: Histograms?
        package let units: Units?
        package let landscape: Landscape?
        package let covariateShift: CovariateShift?
    }
    /// Fixed rows that pass through the network at logged steps.
    package struct Probe: Sendable {
        package let every: Int
        package let split: SplitName
        package let rows: Int
        package let units: [Int]
        package let percentiles: [Double]
    }
    package struct Geometry: Sendable {
        package let every: Int
        package let rows: Int
        package let threshold: Double
    }
    package struct Histograms: Sendable {
        package let every: Int
        package let bins: Int
        package let minimum: Double
        package let maximum: Double
    }
    package struct Units: Sendable {
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
    }
    package struct Landscape: Sendable {
        package let every: Int
        /// Multiples of the learning rate.
        package let stepSizes: [Double]
    }
    package struct CovariateShift: Sendable { package let every: Int }
    /// A schedule whose length may be that of the run.
    package enum Schedule: Sendable {
        case constant
        case step(every: Int, factor: Double)
        case exponential(factor: Double)
        case cosine(steps: Int?, minimum: Double)
        case oneCycle(steps: Int?, warmupFraction: Double, initialDivisor: Double, finalDivisor: Double)
    }
    package struct Checkpoint: Sendable {
        package let every: Int
        package let directory: String?
        package let keep: Int?
        package let best: MetricChoice?
    }
    /// A value of the evaluations.
    package struct MetricChoice: Sendable {
        package enum Metric: String, Sendable { case loss, accuracy }
        package let split: SplitName
        package let metric: Metric
    }
    /// When training stops before its last step.
    package struct StopRule: Sendable {
        package enum Condition: Sendable {
            case above(Double)
            case below(Double)
            /// After so many evaluations without a new best value.
            case patience(Int)
        }
        package let choice: MetricChoice
        package let condition: Condition
    }
    package struct Evaluation: Sendable {
        package let every: Int?
        package let modes: [NormalizationMode]
        package let splits: [SplitName]?
        package let batchSize: Int
    }

    package let name: String
    package let seed: UInt64
    package let tags: [String]
    package let precision: Precision
    package let data: Data
    package let model: Model
    package let objective: Objective
    package let schedule: Schedule
    package let optimizer: Optimizer
    package let learningRate: Double
    package let warmupSteps: Int
    package let batchSize: Int
    package let duration: Duration
    package let stopRule: StopRule?
    package let logging: Logging
    package let evaluation: Evaluation
    package let checkpoint: Checkpoint?
}

/// The parts that the data is divided into.
package enum SplitName: String, CaseIterable, Sendable { case train, validation, test }

/// A place in a layer whose values are measured; the names are those of the results file.
package enum Site: String, CaseIterable, Sendable { case linear, normalized, preactivation, activation, output }
