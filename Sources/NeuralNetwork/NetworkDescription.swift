/// One layer: h = X W + b, normalization, activation, dropout.
///
/// D inputs, H outputs.
package struct LayerDescription: Sendable {
    package var inputs: Int
    package var outputs: Int
    package var normalization: (any Normalization)?
    package var activation: Activation
    package var hasBias: Bool
    package var weightReparameterization: WeightReparameterization
    /// The probability that an output is dropped in training.
    package var dropout: Double
    /// Parameters that updates leave as they are.
    package var frozen: Set<ParameterKind>

    package init(
        inputs: Int, outputs: Int, normalization: (any Normalization)?, activation: Activation, hasBias: Bool,
        weightReparameterization: WeightReparameterization = .none, dropout: Double = 0,
        frozen: Set<ParameterKind> = []
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.normalization = normalization
        self.activation = activation
        self.hasBias = hasBias
        self.weightReparameterization = weightReparameterization
        self.dropout = dropout
        self.frozen = frozen
    }

    package var parameterKinds: [ParameterKind] {
        [.weight] + (hasBias ? [.bias] : []) + (weightReparameterization == .weightNorm ? [.gain] : [])
            + (normalization?.affine.hasScale == true ? [.gamma] : [])
            + (normalization?.affine.hasShift == true ? [.beta] : []) + (normalization?.ownParameters.map(\.kind) ?? [])
    }

    /// The number of trained values: D H for the weight, H for every other parameter but those of which a layer has one.
    package var parameterCount: Int {
        let singleCount = normalization?.ownParameters.count { !$0.isPerUnit } ?? 0
        return (inputs + parameterKinds.count - 1 - singleCount) * outputs + singleCount
    }
}

/// A multilayer perceptron: what it is, without a value of it.
///
/// The last layer's preactivations are the logits.
package struct NetworkDescription: Sendable {
    package var layers: [LayerDescription]

    package init(layers: [LayerDescription]) {
        precondition(!layers.isEmpty)
        for (layer, next) in zip(layers, layers.dropFirst()) { precondition(layer.outputs == next.inputs) }
        self.layers = layers
    }

    package var inputs: Int { layers[0].inputs }
    package var outputs: Int { layers[layers.count - 1].outputs }
    package var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// Bytes that one layer takes: values, gradients, optimizer state and a copy for measuring updates, and N x H
    /// buffers for the rows of training and evaluation.
    package func byteCount(ofLayer index: Int, bytesPerValue: Int, stateCount: Int, bufferRows: Int) -> Double {
        let layer = layers[index]
        let buffers =
            3 + (layer.normalization == nil ? 0 : 2) + (layer.normalization?.noise == nil ? 0 : 1)
            + (layer.dropout == 0 ? 0 : 2)
        let buffersPerRow = Double(layer.outputs) * Double(buffers) + (index == 0 ? Double(layer.inputs) : 0)
        // In floating point, because a mistaken size may exceed every integer.
        let weights = Double(layer.inputs) * Double(layer.outputs)
        let parameters = (weights + 4 * Double(layer.outputs)) * Double(3 + stateCount)
        let effectiveWeights = layer.weightReparameterization == .none ? 0 : 2 * weights
        let own =
            layer.normalization?.ownBufferShapes(rows: bufferRows, features: layer.outputs, forTraining: true) ?? []
        let ownBuffers = own.reduce(0.0) { $0 + Double($1.rows) * Double($1.columns) }
        return Double(bytesPerValue)
            * (parameters + effectiveWeights + ownBuffers + buffersPerRow * Double(bufferRows))
    }
}
