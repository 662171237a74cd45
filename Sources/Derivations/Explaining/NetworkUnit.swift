import NeuralNetwork
import Support

/// Which unit of which layer of a network is explained.
package struct ExplainedPlace: Sendable {
    package let layer: Int
    package let unit: Int

    /// Chooses a layer and a unit.
    ///
    /// - Parameter layer: nil chooses the first batch-normalized layer.
    /// - Throws: `Failure` if there is no such layer or unit, or the layer is normalized in a way that the equations of
    ///   docs/batch-norm-gradient.md do not describe.
    package init(layer: Int?, unit: Int, of network: NetworkDescription) throws(Failure) {
        let explained = network.layers.indices.filter { network.reasonNotToExplain(layer: $0) == nil }
        let remedy =
            explained.isEmpty
            ? "No layer of this network can be explained; bnexp explain without arguments shows the worked example, "
                + "and " + network.changeToExplain
            : "Layers that can be explained: \(explained.map(String.init).joined(separator: ", ")) (--layer)"
        guard let index = layer ?? explained.first else {
            let reason = network.reasonNotToExplain(layer: 0) ?? ""
            throw Failure(.usage, "layer 0 \(reason). \(remedy)")
        }
        guard network.layers.indices.contains(index) else {
            throw Failure(
                .usage,
                "--layer is \(index); expected 0 to \(network.layers.count - 1), the network's layers. \(remedy)")
        }
        if let reason = network.reasonNotToExplain(layer: index) {
            throw Failure(.usage, "layer \(index) \(reason). \(remedy)")
        }
        let units = network.layers[index].outputs
        guard (0..<units).contains(unit) else {
            throw Failure(.usage, "--unit is \(unit); expected 0 to \(units - 1), the units of layer \(index)")
        }
        self.layer = index
        self.unit = unit
    }
}

extension NetworkDescription {
    /// What of a config may be changed so that a layer can be explained.
    fileprivate var changeToExplain: String {
        let areSkipsTheReason = layers.contains { layer in
            var layer = layer
            layer.skip = nil
            return layer.reasonNotToExplain == nil
        }
        return areSkipsTheReason
            ? "--set model.residual=null takes a config's skip connections away"
            : "--set 'model.normalization={\"kind\": \"batch\"}' normalizes a config's hidden layers"
    }

    /// Why the equations do not describe a layer; nil where they do.
    fileprivate func reasonNotToExplain(layer index: Int) -> String? {
        if let reason = layers[index].reasonNotToExplain { return reason }
        guard let target = skipTargets[index], layers[target].skip?.placement == .pre else { return nil }
        return
            "hands its h also to a skip connection (model.residual), which brings a second gradient back; only a layer "
            + "whose h goes to its normalization alone is explained"
    }
}

extension LayerDescription {
    /// Why the equations do not describe the layer; nil where they do.
    fileprivate var reasonNotToExplain: String? {
        if skip != nil {
            return
                "ends a residual block (model.residual), so that a sum is normalized; only the normalization of h is "
                + "explained"
        }
        guard let normalization else { return "has no batch normalization, whose gradient is explained" }
        guard let statistics = normalization.statistics, let batch = normalization as? BatchNormalization else {
            return "has normalization of kind \(normalization.kind); only that of kind batch is explained"
        }
        if !statistics.subtractsMean {
            return "does not subtract the mean (subtract_mean); only centred batch normalization is explained"
        }
        if !statistics.dividesByDeviation {
            return
                "does not divide by the deviation (divide_by_deviation); only batch normalization that does is "
                + "explained"
        }
        if batch.noise != nil { return "adds noise behind its normalization (noise), which is not explained" }
        if batch.placement != .beforeActivation {
            return "is normalized behind its activation (placement); only before_activation is explained"
        }
        return nil
    }
}

extension ExplainedLayer {
    /// Runs a network forward and backward on the batch of its workspace, and takes what explaining one unit needs.
    ///
    /// - Parameter step: the number of finished updates, which dropout is drawn by.
    package init<S: Scalar>(
        _ place: ExplainedPlace, of network: Network<S>, _ workspace: Workspace<S>, step: Int
    ) {
        let layer = network.layers[place.layer], buffers = workspace.layers[place.layer], unit = place.unit
        func column(_ matrix: Matrix<S>) -> [Double] { (0..<matrix.rows).map { Double(matrix[$0, unit]) } }
        buffers.keepGradients()
        _ = network.forward(workspace, .training(step: step))
        network.backward(workspace)
        func gradient(at site: GradientSite) -> [Double] { buffers.keptGradients[site].map(column) ?? [] }

        let below = place.layer == 0 ? workspace.input : workspace.layers[place.layer - 1].output
        let x = Matrix<Double>(rows: below.rows, columns: below.columns)
        for index in 0..<below.count { x.base[index] = Double(below.base[index]) }
        var values: [NetworkValues.Quantity: [Double]] = [
            .h: column(buffers.linear), .y: column(buffers.preactivation), .hGradient: gradient(at: .linear),
            .weightGradient: column(layer.effectiveWeight.gradient),
        ]
        values[.normalized] = buffers.normalization.map { column($0.normalized) }
        values[.a] = buffers.activation.map(column)
        values[.gammaGradient] = layer.gamma.map { column($0.gradient) }
        values[.betaGradient] = layer.beta.map { column($0.gradient) }
        self.init(
            x: x, weight: column(layer.effectiveWeight.value), bias: layer.bias.map { Double($0.value[0, unit]) },
            gamma: layer.gamma.map { Double($0.value[0, unit]) }, beta: layer.beta.map { Double($0.value[0, unit]) },
            epsilon: layer.description.normalization?.statistics?.epsilon ?? 0,
            activation: buffers.activation == nil ? .identity : layer.description.activation,
            // The output layer has no activation function.
            activationGradient: gradient(at: buffers.activation == nil ? .preactivation : .activation),
            network: NetworkValues(
                precision: S.self == Float.self ? "float32" : "float64", values: values,
                // The gradient of a weight that is made of others is without it.
                l2: layer.effectiveWeight.isPlain ? network.objective.l2 : 0))
    }
}
