import Datasets
import Foundation
import NeuralNetwork
import RunStore

/// What `logging.probe`, `geometry`, `histograms`, `units`, `landscape` and `covariate_shift` ask for, each at steps of
/// its own.
///
/// Measuring works in buffers of its own and leaves parameters, gradients and running statistics with the bits that
/// they had.
final class Instruments<S: Scalar> {
    private let plan: RunPlan
    private let network: Network<S>
    private let workspace: Workspace<S>
    private let probe: (workspace: Workspace<S>, loader: BatchLoader<S>, rows: ArraySlice<Int32>)?
    /// For passes over the training batch with other parameters.
    private let trial: (workspace: Workspace<S>, snapshot: Snapshot<S>)?

    init(_ plan: RunPlan, network: Network<S>, workspace: Workspace<S>) {
        self.plan = plan
        self.network = network
        self.workspace = workspace
        let logging = plan.config.logging
        probe = logging.probe.flatMap { probe in plan.data[probe.split].map { (probe, $0) } }.map { probe, split in
            let rows = split.rows.prefix(probe.rows)
            return (
                Workspace(plan.network, rows: rows.count, forTraining: false, valueCount: plan.data.valueCount),
                BatchLoader(split.data, scaling: plan.data.scaling), rows
            )
        }
        let needsTrial = logging.landscape != nil || logging.covariateShift != nil
        trial =
            needsTrial
            ? (
                Workspace(
                    plan.network, rows: plan.config.training.batchSize, forTraining: true,
                    valueCount: plan.data.valueCount),
                Snapshot(network)
            ) : nil
    }

    /// Whether anything is due at a step.
    func isDue(_ step: Int) -> Bool {
        let logging = plan.config.logging
        return [
            logging.probe?.every, logging.geometry?.every, logging.histograms?.every, logging.units?.every,
            logging.landscape?.every,
            logging.covariateShift?.every,
        ].contains { isDue(step, every: $0) }
    }

    private func isDue(_ step: Int, every: Int?) -> Bool {
        guard let every, every > 0 else { return false }
        return step % every == 0 || step == plan.totalSteps
    }

    /// After the batch went forward and backward, before its update.
    func measureBeforeUpdate(step: Int, into rows: inout MetricRows) {
        let logging = plan.config.logging
        if let histograms = logging.histograms, isDue(step, every: histograms.every) {
            addHistograms(histograms, step: step, to: &rows)
        }
        if let units = logging.units, isDue(step, every: units.every) { addUnitVectors(units, step: step, to: &rows) }
        if let geometry = logging.geometry, isDue(step, every: geometry.every) {
            addGeometry(geometry, step: step, to: &rows)
        }
        if let probe = logging.probe, isDue(step, every: probe.every) { addProbe(probe, step: step, to: &rows) }
        if let landscape = logging.landscape, isDue(step, every: landscape.every) {
            addLandscape(landscape, step: step, to: &rows)
        }
        if let shift = logging.covariateShift, isDue(step, every: shift.every), step < plan.totalSteps {
            trial?.snapshot.save()
        }
    }

    /// After the update that followed.
    func measureAfterUpdate(step: Int, into rows: inout MetricRows) {
        guard let shift = plan.config.logging.covariateShift, isDue(step, every: shift.every), step < plan.totalSteps
        else { return }
        addCovariateShift(step: step, to: &rows)
    }

    private func addHistograms(_ histograms: Config.Histograms, step: Int, to rows: inout MetricRows) {
        let width = (histograms.maximum - histograms.minimum) / Double(histograms.bins)
        for index in plan.loggedLayers {
            for site in plan.loggedSites(ofLayer: index) {
                guard let values = workspace.layers[index].values(at: site)?.0 else { continue }
                // Bin 0 is what lies below, the last what lies above or at the maximum.
                var counts = [Int](repeating: 0, count: histograms.bins + 2)
                for value in values.elements where !value.isNaN {
                    let position = (Double(value) - histograms.minimum) / width
                    counts[
                        position < 0 ? 0 : position >= Double(histograms.bins) ? histograms.bins + 1 : Int(position) + 1
                    ] += 1
                }
                let list = "[" + counts.map(String.init).joined(separator: ",") + "]"
                rows.probes.append(
                    ProbeRow(.histogram, [.integer(step), .integer(index), .text(site.rawValue), .text(list)]))
            }
        }
    }

    private func addUnitVectors(_ units: Config.Units, step: Int, to rows: inout MetricRows) {
        for index in plan.loggedLayers {
            let layer = network.layers[index], buffers = workspace.layers[index]
            let batch = layer.running == nil ? nil : buffers.normalization?.averageMoments(rows: workspace.rows)
            for quantity in units.quantities {
                let values: [Double]? =
                    switch quantity {
                    case .gamma: layer.gamma.map { $0.value.elements.map(Double.init) }
                    case .beta: layer.beta.map { $0.value.elements.map(Double.init) }
                    case .batchMean: batch?.mean
                    case .batchVariance: batch?.variance
                    case .runningMean: layer.running.map { $0.mean.elements.map(Double.init) }
                    case .runningVariance: layer.running?.variances()
                    case .activationMean: buffers.activation.map(columnMeans)
                    }
                guard let values else { continue }
                let list = "[" + values.map { $0.isFinite ? "\($0)" : "null" }.joined(separator: ",") + "]"
                rows.probes.append(
                    ProbeRow(.unitVector, [.integer(step), .integer(index), .text(quantity.rawValue), .text(list)]))
            }
        }
    }

    private func columnMeans(_ matrix: Matrix<S>) -> [Double] {
        (0..<matrix.columns).map { j in
            (0..<matrix.rows).reduce(0.0) { $0 + Double(matrix[$1, j]) } / Double(matrix.rows)
        }
    }

    private func addGeometry(_ geometry: Config.Geometry, step: Int, to rows: inout MetricRows) {
        for index in plan.loggedLayers {
            for site in plan.loggedSites(ofLayer: index) where site == .preactivation || site == .activation {
                guard let values = workspace.layers[index].values(at: site)?.0 else { continue }
                let found = RepresentationGeometry(values, rows: geometry.rows, threshold: geometry.threshold)
                rows.probes.append(
                    ProbeRow(
                        .representationStatistic,
                        [
                            .integer(step), .integer(index), .text(site.rawValue), number(found.meanCosine),
                            number(found.stableRank),
                            number(found.participationRatio), .integer(found.effectiveRank), number(found.isometryGap),
                        ]))
            }
        }
    }

    /// The fixed rows pass through the network as it is, with their own statistics and with the running ones.
    private func addProbe(_ options: Config.Probe, step: Int, to rows: inout MetricRows) {
        guard let probe else { return }
        for mode in [NormalizationMode.batch, .running] {
            probe.loader.load(probe.rows, into: probe.workspace)
            _ = network.forward(probe.workspace, .evaluation(mode))
            for index in plan.loggedLayers {
                let values = probe.workspace.layers[index].preactivation
                for unit in options.units where unit < values.columns {
                    let column = Matrix<S>(rows: values.rows, columns: 1, (0..<values.rows).map { values[$0, unit] })
                    for (percentile, value) in zip(options.percentiles, percentiles(options.percentiles, of: column)) {
                        rows.probes.append(
                            ProbeRow(
                                .probePercentile,
                                [
                                    .integer(step), .text(mode.rawValue), .integer(index), .integer(unit),
                                    .number(percentile), number(value),
                                ]))
                    }
                }
            }
        }
    }

    /// Along the step -g of the whole gradient g, on the same batch: L(p - s g), the change of the gradient there, and
    /// norm(g' - g) / norm(s g), for each s a multiple of the learning rate.
    private func addLandscape(_ landscape: Config.Landscape, step: Int, to rows: inout MetricRows) {
        guard let trial else { return }
        trial.snapshot.save()
        defer { trial.snapshot.restore() }
        let gradientNorm = network.gradientNorm()
        for multiple in landscape.stepSizes {
            let size = multiple * plan.learningRate(step: step)
            trial.snapshot.forEach { parameter, _, value, gradient in
                move(parameter.value, from: value, by: -size, times: gradient)
            }
            let loss = runTrial(trial.workspace, step: step)
            var pairs: [(Matrix<S>, Matrix<S>)] = []
            trial.snapshot.forEach { parameter, _, _, gradient in pairs.append((parameter.gradient, gradient)) }
            let change = compare(pairs)
            rows.probes.append(
                ProbeRow(
                    .landscape,
                    [
                        .integer(step), .number(size), number(loss), number(change.distance), number(change.cosine),
                        number(gradientNorm > 0 ? change.distance / (size * gradientNorm) : nil),
                    ]))
        }
    }

    /// For each layer, its weight's gradient on the same batch before the update, and after the update of the layers
    /// below it alone.
    private func addCovariateShift(step: Int, to rows: inout MetricRows) {
        guard let trial else { return }
        let updated = Snapshot(network)
        updated.save()
        defer { updated.restore() }
        for index in network.layers.indices {
            trial.snapshot.forEach { parameter, layer, value, _ in
                if layer >= index { parameter.value.copy(from: value) }
            }
            updated.forEach { parameter, layer, value, _ in if layer < index { parameter.value.copy(from: value) } }
            _ = runTrial(trial.workspace, step: step)
            let change = compare([(network.layers[index].weight.gradient, trial.snapshot.gradients[index][0])])
            rows.probes.append(
                ProbeRow(
                    .covariateShift, [.integer(step), .integer(index), number(change.distance), number(change.cosine)]))
        }
    }

    /// The loss of the training batch with the parameters as they are now, and their gradients.
    private func runTrial(_ trial: Workspace<S>, step: Int) -> Double {
        trial.copyBatch(from: workspace)
        let result = network.forward(trial, .training(step: step))
        network.backward(trial)
        return result.loss + network.regularizationLoss()
    }

    private func move(_ target: Matrix<S>, from start: Matrix<S>, by size: Double, times direction: Matrix<S>) {
        let factor = S(size)
        for i in 0..<target.count { target.base[i] = start.base[i] + factor * direction.base[i] }
    }

    private func number(_ value: Double?) -> SQLValue { value.flatMap { $0.isNaN ? nil : .number($0) } ?? .null }
}
