/// One layer: h = X W + b, normalization, activation. D inputs, H outputs.
package struct LayerDescription: Equatable, Sendable {
    package var inputs: Int
    package var outputs: Int
    package var normalization: BatchNormalization?
    package var activation: Activation
    package var hasBias: Bool

    package init(inputs: Int, outputs: Int, normalization: BatchNormalization?, activation: Activation, hasBias: Bool) {
        self.inputs = inputs
        self.outputs = outputs
        self.normalization = normalization
        self.activation = activation
        self.hasBias = hasBias
    }

    /// Trained values: W, b, gamma and beta.
    package var parameterCount: Int {
        let perUnit = (hasBias ? 1 : 0) + (normalization?.hasScale == true ? 1 : 0) + (normalization?.hasShift == true ? 1 : 0)
        return inputs * outputs + perUnit * outputs
    }
}

/// A multilayer perceptron: what it is, without a value of it. The last layer's preactivations are the logits.
package struct NetworkDescription: Equatable, Sendable {
    package var layers: [LayerDescription]

    package init(layers: [LayerDescription]) {
        precondition(!layers.isEmpty)
        for (layer, next) in zip(layers, layers.dropFirst()) { precondition(layer.outputs == next.inputs) }
        self.layers = layers
    }

    package var inputs: Int { layers[0].inputs }
    package var outputs: Int { layers[layers.count - 1].outputs }
    package var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

    /// Bytes that one layer takes: values, gradients and optimizer state, and N x H buffers for the rows of training and evaluation.
    package func byteCount(ofLayer index: Int, bytesPerValue: Int, stateCount: Int, bufferRows: Int) -> Double {
        let layer = layers[index]
        let buffersPerRow = Double(layer.outputs) * (layer.normalization == nil ? 3 : 5) + (index == 0 ? Double(layer.inputs) : 0)
        // In floating point, because a mistaken size may exceed every integer.
        let parameters = (Double(layer.inputs) * Double(layer.outputs) + 3 * Double(layer.outputs)) * Double(2 + stateCount)
        return Double(bytesPerValue) * (parameters + buffersPerRow * Double(bufferRows))
    }
}
