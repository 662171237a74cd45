/// What a multilayer perceptron is made of, without the values of its parameters.
///
/// The last layer's preactivations are the logits.
package struct NetworkDescription: Sendable {
    package var layers: [LayerDescription]
    /// For each layer the one in which its skip connection ends; nil where none begins.
    package let skipTargets: [Int?]

    package init(layers: [LayerDescription]) {
        precondition(!layers.isEmpty)
        for (layer, next) in zip(layers, layers.dropFirst()) { precondition(layer.outputs == next.inputs) }
        var skipTargets = [Int?](repeating: nil, count: layers.count)
        for (index, layer) in layers.enumerated() {
            guard let source = layer.skip?.source else { continue }
            precondition(source < index && layers[source].outputs == layer.outputs && skipTargets[source] == nil)
            skipTargets[source] = index
        }
        self.layers = layers
        self.skipTargets = skipTargets
    }

    package var inputs: Int { layers[0].inputs }
    package var outputs: Int { layers[layers.count - 1].outputs }
    package var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// Whether what a layer's bias adds is subtracted again wherever it goes: by the layer's own normalization, and
    /// where sums carry it from block to block by those of all layers that it comes to.
    package func cancelsBias(ofLayer index: Int) -> Bool {
        var next: Int? = index
        while let layer = next {
            guard layers[layer].normalization?.cancelsBias == true else { return false }
            next = skipTargets[layer].flatMap { layers[$0].skip?.placement == .pre ? $0 : nil }
        }
        return true
    }

    /// Whether the network computes the same, up to epsilon, if a layer's trained weight is multiplied by a positive
    /// number, so that the loss gradient is orthogonal to the weight.
    ///
    /// A bias must be absent or subtracted again, and no sum may take what is not normalized yet. Batch renormalization
    /// counts, whose r and d the gradient takes for constants. Source: van Laarhoven 2017, "L2 regularization versus
    /// batch and weight normalization", section 2.
    package func isScaleInvariant(layer index: Int) -> Bool {
        let layer = layers[index]
        if layer.weightReparameterization != .none { return true }
        let isSummed = layer.skip != nil || skipTargets[index].map { layers[$0].skip?.placement == .pre } ?? false
        guard !isSummed, let normalization = layer.normalization, normalization.forgetsScale else { return false }
        return switch normalization.placement {
        case .beforeActivation: !layer.hasBias || normalization.cancelsBias
        case .afterActivation: !layer.hasBias && layer.activation.isHomogeneous
        }
    }

    /// All parameters, layer by layer.
    package var parameterPlaces: [ParameterPlace] {
        layers.enumerated().flatMap { index, layer in
            layer.parameterKinds.map { layer.place(of: $0, layer: index, layerCount: layers.count) }
        }
    }

    /// Returns the bytes that one layer takes: values, gradients, what the optimizer keeps and works in, a copy for
    /// measuring updates, and N x H buffers for the rows of training and evaluation.
    /// - Parameter room: what measuring takes beside.
    package func byteCount(
        ofLayer index: Int, bytesPerValue: Int, optimizer: Optimizer, bufferRows: Int, room: MeasuringRoom = .init()
    ) -> Double {
        let bufferRows = bufferRows + room.rows
        let layer = layers[index]
        let buffers =
            3 + (layer.normalization == nil ? 0 : 2) + (layer.normalization?.noise == nil ? 0 : 1)
            + (layer.dropout == 0 ? 0 : 2) + (layer.skip == nil ? 0 : 2)
        let buffersPerRow = Double(layer.outputs) * Double(buffers) + (index == 0 ? Double(layer.inputs) : 0)
        // In floating point, because a mistaken size may exceed every integer.
        func count(_ shape: (rows: Int, columns: Int)) -> Double { Double(shape.rows) * Double(shape.columns) }
        let weights = count(layer.shape(of: .weight))
        let parameters = layer.parameterKinds.reduce(0.0) { sum, kind in
            let place = layer.place(of: kind, layer: index, layerCount: layers.count)
            let scratch = optimizer.scratchShapes(of: place).reduce(0.0) { $0 + count($1) }
            let copies = 3 + optimizer.rule.stateCount(of: place) + room.parameterCopies
            return sum + count((place.rows, place.columns)) * Double(copies) + scratch
        }
        let effectiveWeights = layer.weightReparameterization == .none ? 0 : 2 * weights
        let own =
            layer.normalization?.ownBufferShapes(rows: bufferRows, features: layer.outputs, forTraining: true) ?? []
        let ownBuffers = own.reduce(0.0) { $0 + count($1) }
        let exact = layer.normalization?.exactBufferShapes(features: layer.outputs) ?? []
        let sums = layer.parameterKinds.reduce(0.0) { $0 + count(layer.shape(of: $1)) * Double(room.exactCopies) }
        let inputs = index == 0 ? Double(layer.inputs) * Double(room.inputRows) : 0
        return Double(bytesPerValue)
            * (parameters + effectiveWeights + ownBuffers + inputs + buffersPerRow * Double(bufferRows))
            + 8 * (sums + exact.reduce(0.0) { $0 + count($1) })
    }
}

/// The memory that measuring takes beside training.
package struct MeasuringRoom: Equatable, Sendable {
    /// Rows of further buffers of every layer.
    package var rows = 0
    /// Further rows of the network's inputs.
    package var inputRows = 0
    /// Copies of all parameters.
    package var parameterCopies = 0
    /// Copies of all parameters in Double.
    package var exactCopies = 0

    package init(rows: Int = 0, inputRows: Int = 0, parameterCopies: Int = 0, exactCopies: Int = 0) {
        self.rows = rows
        self.inputRows = inputRows
        self.parameterCopies = parameterCopies
        self.exactCopies = exactCopies
    }

    package static func + (a: MeasuringRoom, b: MeasuringRoom) -> MeasuringRoom {
        MeasuringRoom(
            rows: a.rows + b.rows, inputRows: a.inputRows + b.inputRows,
            parameterCopies: a.parameterCopies + b.parameterCopies, exactCopies: a.exactCopies + b.exactCopies)
    }
}
