import Datasets
import NeuralNetwork
import RunStore
import Support

/// Writes everything of the batch that makes update `step` + 1 to an HDF5 file, computed again from a checkpoint
/// before, or from the start; docs/dump.md lists what.
///
/// - Parameter note: called with what the user should know.
/// - Throws: `Failure` if the run has no such step, or the checkpoint is beyond it.
package func dump(
    step: Int, of run: RunReference, in results: ResultsFile, from choice: CheckpointChoice = .last,
    dataFile: String? = nil, to path: String, note: (String) -> Void = { _ in }
) throws {
    try replay(
        step: step, of: run, in: results, from: choice, dataFile: dataFile, note: note,
        StepDump(step: step, run: run, path: path))
}

/// Numbers in parentheses, which the file has as the attribute `equation`, are those of docs/batch-norm-gradient.md.
private struct StepDump: StepReader {
    let step: Int
    let run: RunReference
    let path: String

    func read<S: Scalar>(_ network: Network<S>, _ workspace: Workspace<S>, of plan: RunPlan) throws {
        let file = DumpFile(try HDF5Writer(path: path))
        for buffers in workspace.layers { buffers.keepGradients() }
        let result = network.forward(workspace, .training(step: step))
        network.backward(workspace)
        let gradientNorm = network.gradientNorm()

        try file.write(workspace.input, to: "inputs")
        if let values = workspace.targets.values {
            try file.write(values, to: "targets")
        } else {
            try file.writer.write(
                UnsafeBufferPointer(workspace.targets.labelBuffer), shape: [workspace.targets.rows], to: "targets")
        }
        for index in network.layers.indices {
            try writeValues(ofLayer: index, workspace.layers[index], network, file)
            try writeParameters(ofLayer: index, network.layers[index], file)
        }
        try writeUpdates(network, workspace, of: plan, file)
        try file.writer.setAttribute("step", .integer(Int64(step)))
        try file.writer.setAttribute("epoch", .integer(Int64(step / plan.stepsPerEpoch)))
        try file.writer.setAttribute("layers", .integer(Int64(network.layers.count)))
        try file.writer.setAttribute("loss", .real(result.loss))
        try file.writer.setAttribute("regularization_loss", .real(network.regularizationLoss()))
        try file.writer.setAttribute("gradient_norm", .real(gradientNorm))
        try file.writer.setAttribute("run_uuid", .string(run.uuid))
        try file.writer.setAttribute("config", .string(plan.resolved.text()))
        try file.writer.finish()
    }

    /// The values of a layer's sites, dL/d of each, and what its normalization and dropout did.
    private func writeValues<S: Scalar>(
        ofLayer index: Int, _ buffers: LayerBuffers<S>, _ network: Network<S>, _ file: DumpFile
    ) throws(DataError) {
        let layer = network.layers[index], isBatch = layer.normalizer?.description is BatchNormalization
        // The equations are those of a layer without skip connections.
        let isSkipped = layer.description.skip != nil || network.description.skipTargets[index] != nil
        for site in Site.allCases {
            guard let values = buffers.values(at: site)?.0 else { continue }
            let equations = isSkipped ? (value: nil, gradient: nil) : equations(of: site, buffers, isBatch: isBatch)
            let name = "layer/\(index)/\(site.rawValue)"
            try file.write(values, to: name, equations.value)
            if let gradient = gradient(at: site, layer, buffers) {
                try file.write(gradient, to: "\(name)_gradient", equations.gradient)
            }
        }
        if let mask = buffers.dropout?.mask { try file.write(mask, to: "layer/\(index)/dropout_mask") }
        guard let normalization = buffers.normalization else { return }
        let moments = normalization.moments.prefix(normalization.groups(rows: buffers.linear.rows).count)
        func join(_ row: (NormalizationMoments<S>) -> Matrix<S>) -> Matrix<S> {
            Matrix(rows: moments.count, columns: buffers.linear.columns, moments.flatMap { Array(row($0).elements) })
        }
        if let whitening = normalization.whitening { try file.write(whitening, to: "layer/\(index)/batch_whitening") }
        guard !moments.isEmpty else { return }
        for (name, equation, row) in [
            ("batch_mean", "(2)", \NormalizationMoments<S>.mean), ("batch_variance", "(3)", \.variance),
            ("inverse_standard_deviation", "(4)", \.inverseStandardDeviation),
        ] {
            try file.write(
                join { $0[keyPath: row] }, to: "layer/\(index)/\(name)", isBatch ? equation : nil,
                isVector: moments.count == 1)
        }
    }

    private func writeParameters<S: Scalar>(ofLayer index: Int, _ layer: Layer<S>, _ file: DumpFile) throws(DataError) {
        let isBatch = layer.normalizer?.description is BatchNormalization
        for parameter in layer.parameters {
            let name = "layer/\(index)/\(parameter.kind.rawValue)", isVector = parameter.kind != .weight
            let equation: String? =
                switch parameter.kind {
                case .weight: layer.effectiveWeight.isPlain ? "(16)" : nil
                case .bias: "(17)"
                case .gamma: isBatch ? "(9)" : nil
                case .beta: isBatch ? "(8)" : nil
                default: nil
                }
            try file.write(parameter.value, to: name, isVector: isVector)
            try file.write(parameter.gradient, to: "\(name)_gradient", equation, isVector: isVector)
            for (number, state) in parameter.state.enumerated() {
                try file.write(
                    state, to: "optimizer/\(index)/\(parameter.kind.rawValue)/\(number)", isVector: isVector)
            }
        }
        if !layer.effectiveWeight.isPlain {
            try file.write(layer.effectiveWeight.value, to: "layer/\(index)/effective_weight")
            try file.write(layer.effectiveWeight.gradient, to: "layer/\(index)/effective_weight_gradient", "(16)")
        }
        guard let running = layer.running else { return }
        for (name, matrix) in running.arrays {
            try file.write(matrix, to: "layer/\(index)/\(name)", isVector: matrix.rows == 1)
        }
    }

    /// What update `step` + 1 adds to every parameter, and the running statistics after it, if one follows.
    private func writeUpdates<S: Scalar>(
        _ network: Network<S>, _ workspace: Workspace<S>, of plan: RunPlan, _ file: DumpFile
    ) throws(DataError) {
        guard step < plan.totalSteps else { return }
        let rate = plan.learningRate(step: step)
        let before = network.layers.map { $0.parameters.map { copy(of: $0.value) } }
        network.update(workspace, rate: rate, t: step + 1)
        try file.writer.setAttribute("learning_rate", .real(rate))
        for (index, layer) in network.layers.enumerated() {
            for (parameter, old) in zip(layer.parameters, before[index]) {
                for i in 0..<old.count { old.base[i] = parameter.value.base[i] - old.base[i] }
                try file.write(
                    old, to: "layer/\(index)/\(parameter.kind.rawValue)_update", isVector: parameter.kind != .weight)
            }
            guard let running = layer.running else { continue }
            for (name, matrix) in running.arrays {
                try file.write(matrix, to: "layer/\(index)/\(name)_after", isVector: matrix.rows == 1)
            }
        }
    }
}

/// The equations of a site's values and of dL/d of them, where they have numbers.
/// - Parameter isBatch: whether the layer is batch-normalized.
private func equations<S: Scalar>(of site: Site, _ buffers: LayerBuffers<S>, isBatch: Bool) -> (
    value: String?, gradient: String?
) {
    switch site {
    case .linear: ("(1)", isBatch ? "(15)" : nil)
    case .sum: (nil, nil)
    case .normalized: isBatch ? ("(4)", "(19)") : (nil, nil)
    case .preactivation:
        (
            buffers.linear === buffers.preactivation ? "(1)" : isBatch ? "(5)" : nil,
            buffers.activation == nil ? nil : "(7)"
        )
    case .activation: ("(6)", buffers.hasOwnOutput ? nil : "(18)")
    case .output: (nil, "(18)")
    }
}

/// dL/d of a site's values, N x H; nil where it was not kept.
private func gradient<S: Scalar>(
    at site: Site, _ layer: Layer<S>, _ buffers: LayerBuffers<S>
) -> Matrix<S>? {
    switch site {
    case .linear: return buffers.keptGradients[.linear]
    case .sum: return buffers.keptGradients[.sum]
    case .preactivation: return buffers.keptGradients[.preactivation]
    case .activation: return buffers.keptGradients[.activation]
    case .output: return buffers.keptGradients[.output]
    case .normalized:
        guard let kept = buffers.keptGradients[.normalization] else { return nil }
        let gradient = copy(of: kept)
        if let scale = buffers.normalization?.scale ?? layer.gamma?.value {
            for i in 0..<gradient.rows {
                for j in 0..<gradient.columns { gradient[i, j] *= scale.base[j] }
            }
        }
        return gradient
    }
}

/// The file of a dump, whose arrays name the equations that made them.
private struct DumpFile {
    let writer: HDF5Writer

    init(_ writer: HDF5Writer) { self.writer = writer }

    func write<S: Scalar>(
        _ values: Matrix<S>, to name: String, _ equation: String? = nil, isVector: Bool = false
    ) throws(DataError) {
        try writer.write(values, to: name, isVector: isVector)
        if let equation { try writer.setAttribute("equation", .string(equation), of: name) }
    }
}

private func copy<S: Scalar>(of matrix: Matrix<S>) -> Matrix<S> {
    let copy = Matrix<S>(rows: matrix.rows, columns: matrix.columns)
    copy.copy(from: matrix)
    return copy
}
