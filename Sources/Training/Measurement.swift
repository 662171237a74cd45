import Foundation
import NeuralNetwork
import RunStore

/// Turns the state of a network after `forward` and `backward` into rows of the results file.
///
/// Measuring only reads, so a step that is logged computes the same bits as one that is not.
final class Measurement<S: Scalar> {
    private let plan: RunPlan
    private let network: Network<S>
    private let workspace: Workspace<S>
    /// Room for a value for each unit of the widest layer.
    private let isAlive: Matrix<S>
    /// By layer.
    private let isLogged: [Bool]

    init(_ plan: RunPlan, network: Network<S>, workspace: Workspace<S>) {
        self.plan = plan
        self.network = network
        self.workspace = workspace
        isLogged = network.layers.indices.map(plan.loggedLayers.contains)
        isAlive = Matrix(rows: 1, columns: network.layers.map(\.description.outputs).max() ?? 0)
    }

    /// Statistics of every logged site of every logged layer, for the batch in the workspace.
    func measureActivations(step: Int, into rows: inout MetricRows) {
        for index in plan.loggedLayers {
            let buffers = workspace.layers[index]
            for site in plan.loggedSites(ofLayer: index) {
                guard let (values, gradientNorm) = buffers.values(at: site) else { continue }
                let distribution = Distribution(values)
                let isActivation = site == .activation
                let activation = network.layers[index].description.activation
                let hasValues = distribution.count > 0
                rows.activationStatistics.append(
                    ActivationStatisticRecord(
                        step: step, layer: index, site: site.rawValue, mean: hasValues ? distribution.mean : nil,
                        standardDeviation: hasValues ? distribution.standardDeviation : nil,
                        minimum: hasValues ? distribution.minimum : nil,
                        maximum: hasValues ? distribution.maximum : nil,
                        zeroFraction: hasValues ? Double(distribution.zeroCount) / Double(distribution.count) : nil,
                        saturatedFraction: isActivation ? saturatedFraction(of: values, activation) : nil,
                        deadUnitFraction: isActivation ? deadUnitFraction(of: values) : nil, gradientNorm: gradientNorm,
                        nonfiniteCount: distribution.nonfiniteCount))
                let asked = plan.config.logging.percentiles
                for (percentile, value) in zip(
                    asked, percentiles(asked, of: values, areFinite: distribution.nonfiniteCount == 0))
                {
                    rows.activationPercentiles.append(
                        ActivationPercentileRecord(
                            step: step, layer: index, site: site.rawValue, percentile: percentile, value: value))
                }
            }
        }
    }

    /// Batch against running statistics of every logged layer that has them, before the running ones move.
    func measureNormalization(step: Int, into rows: inout MetricRows) {
        for index in plan.loggedLayers {
            let layer = network.layers[index]
            guard let running = layer.running, let buffers = workspace.layers[index].normalization else { continue }
            let batch = buffers.averageMoments(rows: workspace.rows)
            let runningMean = running.mean.elements.map(Double.init), runningVariance = running.variances()
            let runningMeanNorm = norm(runningMean)
            let gamma = layer.gamma.map { Distribution($0.value) }.flatMap { $0.count > 0 ? $0 : nil }
            let beta = layer.beta.map { Distribution($0.value) }.flatMap { $0.count > 0 ? $0 : nil }
            rows.normalizationStatistics.append(
                NormalizationStatisticRecord(
                    step: step, layer: index, batchMeanNorm: norm(batch.mean), runningMeanNorm: runningMeanNorm,
                    meanGap: ratio(distance(batch.mean, runningMean), runningMeanNorm),
                    batchVarianceMean: mean(batch.variance), runningVarianceMean: mean(runningVariance),
                    varianceGap: ratio(distance(batch.variance, runningVariance), norm(runningVariance)),
                    gammaMean: gamma?.mean, gammaMinimum: gamma?.minimum, gammaMaximum: gamma?.maximum,
                    betaMean: beta?.mean, betaMinimum: beta?.minimum, betaMaximum: beta?.maximum))
        }
    }

    /// Norms of every parameter and its gradient; the update's are added by `addUpdates` once it is made.
    ///
    /// Returns the norm of all gradients as one vector, logged or not.
    func measureParameters(step: Int, _ memory: GradientMemory<S>, into rows: inout MetricRows) -> Double {
        var squares = 0.0
        for index in network.layers.indices {
            for (position, parameter) in network.layers[index].parameters.enumerated() {
                guard isLogged[index] else {
                    let norm = norm(parameter.gradient)
                    squares += norm * norm
                    continue
                }
                let previous = memory.gradients(before: step)?[index][position]
                let sums = GradientSums(parameter.gradient, previous: previous)
                var record =
                    ParameterStatisticRecord(
                        step: step, layer: index, parameter: parameter.kind.rawValue, gradientNorm: sums.norm,
                        weightNorm: norm(parameter.value), updateNorm: nil, updateRatio: nil,
                        nonfiniteCount: sums.nonfiniteCount)
                record.gradientCosine = sums.cosine
                rows.parameterStatistics.append(record)
                squares += sums.norm * sums.norm
            }
        }
        return squares.squareRoot()
    }

    func addUpdates(_ updates: UpdateNorms<S>, to rows: inout MetricRows) {
        let norms = plan.loggedLayers.flatMap { updates.norms[$0] }
        for (position, updateNorm) in norms.enumerated() {
            rows.parameterStatistics[position].updateNorm = updateNorm
            rows.parameterStatistics[position].updateRatio = ratio(
                updateNorm, rows.parameterStatistics[position].weightNorm)
        }
    }

    private func saturatedFraction(of values: Matrix<S>, _ activation: Activation) -> Double? {
        guard let (low, high) = activation.unsaturatedRange, values.count > 0 else { return nil }
        return Double(countOutside(values, low: S(low), high: S(high))) / Double(values.count)
    }

    /// The share of units that are zero on every row.
    private func deadUnitFraction(of values: Matrix<S>) -> Double {
        let units = values.columns
        let alive = isAlive.base
        for j in 0..<units { alive[j] = 0 }
        for i in 0..<values.rows {
            let row = values.base + i * units
            for j in 0..<units { alive[j] = row[j] != 0 ? 1 : alive[j] }
        }
        return Double((0..<units).count { alive[$0] == 0 }) / Double(units)
    }

    private func ratio(_ numerator: Double, _ denominator: Double?) -> Double? {
        guard let denominator, denominator != 0 else { return nil }
        return numerator / denominator
    }
}

private func norm(_ values: [Double]) -> Double { sumOfSquares(count: values.count) { values[$0] }.squareRoot() }
private func distance(_ a: [Double], _ b: [Double]) -> Double {
    sumOfSquares(count: a.count) { a[$0] - b[$0] }.squareRoot()
}
private func mean(_ values: [Double]) -> Double { sum(count: values.count) { values[$0] } / Double(values.count) }

extension LayerBuffers {
    /// A site's values and the norm of the loss gradient there, if the layer has the site.
    func values(at site: Site) -> (Matrix<S>, Double)? {
        switch site {
        case .linear: linear === preactivation ? nil : (linear, gradientNorms.linear)
        case .normalized: normalization.map { ($0.normalized, gradientNorms.normalized) }
        case .preactivation: (preactivation, gradientNorms.preactivation)
        case .activation: activation.map { ($0, gradientNorms.activation) }
        case .output: hasOwnOutput ? (output, gradientNorms.output) : nil
        }
    }
}
