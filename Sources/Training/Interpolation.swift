import Datasets
import Foundation
import NeuralNetwork
import RunStore
import Support

/// An end of a line between two networks: a state of a run.
package struct LineEnd {
    package let run: RunReference
    /// Step 0 needs no checkpoint: it is made from the seed again.
    package let checkpoint: CheckpointChoice

    package init(run: RunReference, checkpoint: CheckpointChoice) {
        self.run = run
        self.checkpoint = checkpoint
    }
}

/// Losses along the line (1 - alpha) p + alpha q from the parameters p of a network to those q of another.
///
/// Source: Goodfellow, Vinyals & Saxe 2015, "Qualitatively characterizing neural network optimization problems",
/// section 3.
package struct Interpolation: Sendable {
    package struct Point: Sendable {
        package let alpha: Double
        package let evaluation: EvaluationRow
    }

    /// What stands between the two ends, of a split in a mode.
    package struct Barrier: Sendable {
        package let split: String
        package let mode: String
        /// The losses at alpha 0 and 1.
        package let ends: (first: Double, second: Double)
        /// The largest loss from 0 to 1, and where it is.
        package let highest: (loss: Double, alpha: Double)
        /// The largest loss from 0 to 1, less the mean of those at the ends; nil where a loss is not a number.
        ///
        /// Source: Frankle, Dziugaite, Roy & Carbin 2020, "Linear mode connectivity and the lottery ticket hypothesis",
        /// section 2.
        package let loss: Double?
        /// The same of the share of rows that are predicted wrongly; nil where there is no accuracy.
        package let error: Double?
    }

    /// By alpha, then in the order of an evaluation.
    package let points: [Point]

    package var barriers: [Barrier] {
        let first = points.filter { $0.alpha == 0 }.map(\.evaluation)
        return first.compactMap { start in
            let between = points.filter {
                $0.evaluation.split == start.split && $0.evaluation.mode == start.mode && (0...1).contains($0.alpha)
            }
            guard let end = between.last?.evaluation, let highest = between.max(by: { $0.loss < $1.loss }) else {
                return nil
            }
            let errors = between.compactMap { point in point.evaluation.accuracy.map { 1 - $0 } }
            let isMeasured = between.allSatisfy { !$0.loss.isNaN }
            return Barrier(
                split: start.split, mode: start.mode, ends: (start.loss, end.loss),
                highest: (highest.loss, highest.alpha),
                loss: isMeasured ? highest.loss - (start.loss + end.loss) / 2 : nil,
                error: errors.count == between.count
                    ? errors.reduce(0, max) - (errors[0] + errors[errors.count - 1]) / 2 : nil)
        }
    }
}

extension Interpolation.Point {
    fileprivate var loss: Double { evaluation.loss }
}

/// Evaluates networks on the line from one state of a run to another, also beyond both; nothing is written.
///
/// Running statistics go along the line as parameters do. In the mode `recomputed` every network has its own, without
/// which a network between two others may have activations of the wrong scale (Jordan et al. 2023, "REPAIR"). Data,
/// scaling and precision are those of the first run.
///
/// - Parameters:
///   - alphas: where to evaluate; 0 and 1 are added.
///   - modes: empty for running and recomputed.
///   - note: called with what the user should know.
/// - Throws: `Failure` if the networks are not of one architecture, with the difference.
package func interpolate(
    from first: LineEnd, to second: LineEnd, in results: ResultsFile, alphas: [Double], dataFile: String? = nil,
    splits: [SplitName], modes: [NormalizationMode], batchSize: Int?, note: (String) -> Void = { _ in },
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
) throws -> Interpolation {
    let overrides =
        evaluationOverrides(
            splits: splits, modes: modes.isEmpty ? [.running, .recomputed] : modes, batchSize: batchSize)
        + [ConfigOverride(path: ["evaluation", "perturbations"], value: [], source: "")]
    let start = try OpenedEnd(first, in: results, overrides: overrides, dataFile: dataFile, note: note)
    let unlogged = ConfigOverride(path: ["logging"], value: .emptyObject, source: "")
    let end = try OpenedEnd(second, in: results, overrides: [unlogged], dataFile: dataFile, note: note)
    let plan = start.plan
    if let difference = difference(plan.network, end.plan.network) {
        throw Failure(
            .usage,
            "run \(first.run.uuid) (\(first.run.name)) and run \(second.run.uuid) (\(second.run.name)) are not of one "
                + "architecture: \(difference); name two that are")
    }
    let different = [
        plan.data.hash == end.plan.data.hash ? nil : "data",
        plan.config.data.labelNoise == end.plan.config.data.labelNoise ? nil : "labels (data.label_noise)",
        plan.tasks == end.plan.tasks ? nil : "tasks (training.tasks)",
    ].compactMap { $0 }
    if !different.isEmpty {
        note(
            "the two runs were trained on different \(different.joined(separator: " and ")); all losses are on those of run "
                + first.run.name)
    }
    func points<S: Scalar>(_: S.Type) throws -> [Interpolation.Point] {
        let network: Network<S> = try start.network(), other: Network<S> = try end.network()
        let line = ParameterLine(from: network, to: other)
        let evaluator = Evaluator(plan, network: network, inputs: .dense)
        let places = Set(alphas + [0, 1]).sorted()
        let rowCount =
            plan.evaluatedSplits.reduce(0) { $0 + plan.evaluatedRowCount(of: $1) } * plan.evaluationModes.count
            * places.count
        var done = 0
        return try places.flatMap { alpha in
            line.move(network, to: alpha)
            return try evaluator.evaluate(step: max(start.step, end.step)) { rows in
                done += rows
                progress(done, rowCount)
            }.clean.map { Interpolation.Point(alpha: alpha, evaluation: $0) }
        }
    }
    return Interpolation(
        points: plan.config.precision == .float32 ? try points(Float.self) : try points(Double.self))
}

/// A run's plan, and the state that is meant; without a checkpoint the network as it starts.
private struct OpenedEnd {
    let plan: RunPlan
    var step: Int { checkpoint?.step ?? 0 }
    private let checkpoint: Checkpoint?

    init(
        _ end: LineEnd, in results: ResultsFile, overrides: [ConfigOverride], dataFile: String?, note: (String) -> Void
    ) throws {
        guard end.checkpoint != .step(0) else {
            plan = try storedPlan(end.run, in: results, overrides: overrides, dataFile: dataFile)
            checkpoint = nil
            return
        }
        let (plan, checkpoint) = try storedState(
            end.checkpoint, of: end.run, in: results, overrides: overrides, dataFile: dataFile, note: note)
        (self.plan, self.checkpoint) = (plan, checkpoint)
    }

    func network<S: Scalar>() throws(DataError) -> Network<S> {
        let network: Network<S> = try makeNetwork(plan, pool: .single)
        try checkpoint?.restore(network)
        return network
    }
}

/// The parameters and running statistics of two networks of one architecture.
private struct ParameterLine<S: Scalar> {
    private let ends: [(start: [S], end: [S])]

    init(from first: Network<S>, to second: Network<S>) {
        ends = zip(first.stateArrays, second.stateArrays).map { (Array($0.elements), Array($1.elements)) }
    }

    /// Gives a network the values (1 - alpha) p + alpha q, computed in Double.
    func move(_ network: Network<S>, to alpha: Double) {
        for (matrix, (start, end)) in zip(network.stateArrays, ends) {
            for i in start.indices {
                matrix.base[i] = S((1 - alpha) * Double(start[i]) + alpha * Double(end[i]))
            }
        }
    }
}

extension Network {
    /// All that inference depends on.
    fileprivate var stateArrays: [Matrix<S>] {
        layers.flatMap { layer in
            layer.parameters.map(\.value) + (layer.running?.arrays.map(\.matrix) ?? [])
        }
    }
}

/// Says in what two networks differ that have no parameters to go from one to the other; nil if they have.
private func difference(_ first: NetworkDescription, _ second: NetworkDescription) -> String? {
    func sizes(_ network: NetworkDescription) -> String {
        ([network.inputs] + network.layers.map(\.outputs)).map(String.init).joined(separator: " - ")
    }
    guard sizes(first) == sizes(second) else { return "\(sizes(first)), and \(sizes(second)) units" }
    for (index, (a, b)) in zip(first.layers, second.layers).enumerated() {
        for (what, one, other) in [
            ("activation", a.activation.rawValue, b.activation.rawValue),
            ("normalization", a.normalization?.kind ?? "none", b.normalization?.kind ?? "none"),
            ("placement", a.normalization?.placement.rawValue ?? "", b.normalization?.placement.rawValue ?? ""),
            ("options of its normalization", options(of: a.normalization), options(of: b.normalization)),
            ("residual", text(of: a.skip), text(of: b.skip)),
            ("weight_normalization", a.weightReparameterization.rawValue, b.weightReparameterization.rawValue),
            (
                "parameters", a.parameterKinds.map(\.rawValue).joined(separator: ", "),
                b.parameterKinds.map(\.rawValue).joined(separator: ", ")
            ),
        ] where one != other {
            return "layer \(index) has \(what) \(one), and \(other)"
        }
    }
    return nil
}

/// The options of a normalization that inference depends on beside parameters.
private func options(of normalization: (any Normalization)?) -> String {
    guard let normalization else { return "" }
    var options: [String] = []
    if let statistics = normalization.statistics {
        options = ["subtract_mean \(statistics.subtractsMean)", "divide_by_deviation \(statistics.dividesByDeviation)"]
        if let units = statistics.whitenedUnits { options.append("group_size \(units)") }
    }
    if let group = normalization as? GroupNormalization { options.append("groups \(group.groups)") }
    return options.joined(separator: ", ")
}

/// A factor that is trained is a parameter, and goes along the line.
private func text(of skip: SkipConnection?) -> String {
    guard let skip else { return "none" }
    return "\(skip.placement.rawValue) from layer \(skip.source)" + (skip.trainsFactor ? "" : ", factor \(skip.factor)")
}
