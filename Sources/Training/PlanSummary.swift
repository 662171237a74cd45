import Datasets
import NeuralNetwork

extension RunPlan {
    /// What a dry run prints: the resolved config, the layers, the steps and the rows.
    package func summary() throws(DataError) -> String {
        var lines = ["config (resolved)", resolved.text(indented: true), "", "layers"]
        for (index, layer) in network.layers.enumerated() {
            let isOutput = index == network.layers.count - 1
            var parts = ["  \(index)  \(layer.inputs) x \(layer.outputs)"]
            if layer.hasBias { parts.append("bias") }
            if let normalization = layer.normalization { parts.append("\(normalization.kind) normalization") }
            if layer.weightReparameterization != .none { parts.append(layer.weightReparameterization.rawValue) }
            if let skip = layer.skip {
                parts.append(
                    "skip connection from layer \(skip.source) (\(skip.placement.rawValue)), branch times "
                        + "\(skip.factor)"
                        + (skip.trainsFactor ? " at the start" : ""))
            }
            parts.append(isOutput ? "logits" : layer.activation.rawValue)
            if layer.dropout > 0 { parts.append("dropout \(layer.dropout)") }
            lines.append(parts.joined(separator: ", ") + ": \(layer.parameterCount) parameters")
        }
        lines.append("  in all \(network.parameterCount) parameters, \(config.precision.rawValue)")
        lines += ["", "data"]
        for split in data.splits {
            lines.append("  \(split.name.rawValue): \(split.rowCount) rows of \(data.featureCount) features")
        }
        lines.append("  \(data.outputCount) \(data.valueCount == nil ? "classes" : "target values")")
        if case .classes(let labels) = data.train.data.targets, labels.classCount <= 100 {
            var counts = [Int](repeating: 0, count: labels.classCount)
            for row in data.train.rows { counts[Int(labels.classes[row])] += 1 }
            lines.append(
                "  rows of each class: " + zip(labels.names, counts).map { "\($0) \($1)" }.joined(separator: ", "))
        }
        let constantCount = try data.countConstantFeatures()
        if constantCount > 0 {
            lines.append("  \(constantCount) features are constant over the training rows")
        }
        for (name, count) in try data.countSharedRows() where count > 0 {
            lines.append("  \(count) rows of \(name.rawValue) have the inputs of a training row")
        }
        let leftOut = data.train.rowCount - stepsPerEpoch * config.training.batchSize
        if leftOut > 0, config.data.dropLast, config.data.sampling == .withoutReplacement {
            lines.append("  \(leftOut) of \(data.train.rowCount) rows are left out of each epoch (data.drop_last)")
        }
        lines += notes.map { "  note: \($0)" }
        lines += [
            "", "steps",
            "  \(totalSteps) updates, batches of \(config.training.batchSize), \(stepsPerEpoch) in an epoch",
            evaluationEvery > 0 ? "  evaluated every \(evaluationEvery) steps" : "  evaluated at the end", "",
            "rows to be logged",
        ]
        for count in rowCounts { lines.append("  \(count.table): \(count.rows)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
