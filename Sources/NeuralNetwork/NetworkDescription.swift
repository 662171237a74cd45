/// What a multilayer perceptron is made of, without the values of its parameters.
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

    /// Returns the bytes that one layer takes: values, gradients, optimizer state and a copy for measuring updates, and
    /// N x H buffers for the rows of training and evaluation.
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
