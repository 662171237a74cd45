/// Multiplies the Hessian H of a batch's objective with vectors, exactly: H v = d/dr of the gradient at p + r v, r = 0.
///
/// p are the trained parameters; frozen ones are constants. The objective is that of training: the batch's own
/// statistics move with the parameters, the masks of dropout, noise and the r and d of batch renormalization are held,
/// l2 is included, weight decay is not. Derivatives go forward through the passes of the batch, then backward, as
/// Pearlmutter 1994, "Fast exact multiplication by the Hessian", has it; docs/hessian.md derives the equations. A
/// product takes about twice the time of a gradient.
package final class HessianProduct<S: Scalar> {
    /// The batch, which the caller fills before `prepare`.
    package let workspace: Workspace<S>
    /// The number of trained values, P.
    package let dimension: Int
    private let network: Network<S>
    private let layers: [LayerTangents<S>]

    /// - Parameters:
    ///   - network: one that has second derivatives; see `NetworkDescription.kindWithoutSecondDerivative`.
    ///   - rows: the largest batch.
    ///   - valueCount: how many values a row's target has; nil for classes.
    package init(_ network: Network<S>, rows: Int, valueCount: Int? = nil) {
        self.network = network
        workspace = Workspace(network.description, rows: rows, forTraining: true, valueCount: valueCount)
        dimension = network.description.trainedParameterCount
        var layers: [LayerTangents<S>] = []
        for (layer, buffers) in zip(network.layers, workspace.layers) {
            buffers.keepGradients(at: [.normalization, .activation])
            let source = layer.description.skip.map { layers[$0.source] }
            layers.append(LayerTangents(layer, buffers, below: layers.last, skippedFrom: source))
        }
        self.layers = layers
    }

    /// Runs the workspace's batch forward and backward at the parameters as they are, which all products then refer to.
    ///
    /// The gradients of the network's parameters are overwritten with those of the batch. Where weights are
    /// reparameterized, products need what this pass leaves in the network: no other pass may come between.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    @discardableResult
    package func prepare(step: Int) -> BatchResult {
        let result = network.forward(workspace, .training(step: step))
        network.backward(workspace)
        for layer in layers { layer.prepare(rows: workspace.rows) }
        return result
    }

    /// Overwrites `result` with H v, both of P values: those of the trained parameters, layer by layer in the order of
    /// `Layer.parameters`, each row by row.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func multiply(_ v: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>) {
        forEachTrained { parameter, offset in
            let direction = parameter.direction
            for i in 0..<direction.count { direction.base[i] = S(v[offset + i]) }
        }
        for (index, layer) in layers.enumerated() {
            layer.forward(network.input(ofLayer: index, workspace), network.multiplier)
        }
        let last = layers[layers.count - 1]
        differentiateGradient(
            network.objective, outputs: workspace.logits, targets: workspace.targets, tangent: last.output,
            into: last.gradient)
        for index in layers.indices.reversed() {
            layers[index].backward(
                network.input(ofLayer: index, workspace), above: index + 1 < layers.count ? layers[index + 1] : nil,
                skippingTo: network.description.skipTargets[index].map { layers[$0] }, network.multiplier)
            let weight = layers[index].parameters[0]
            if network.objective.l2 != 0 {
                add(
                    S(network.objective.l2), times: weight.direction.base, to: weight.product.base,
                    count: weight.direction.count)
            }
        }
        forEachTrained { parameter, offset in
            let product = parameter.product
            for i in 0..<product.count { result[offset + i] = Double(product.base[i]) }
        }
    }

    /// Calls `body` with each trained parameter and the place of its first value among all.
    private func forEachTrained(_ body: (ParameterTangent<S>, Int) -> Void) {
        var offset = 0
        for (layer, tangents) in zip(network.layers, layers) {
            for (parameter, tangent) in zip(layer.parameters, tangents.parameters) where layer.trains(parameter) {
                body(tangent, offset)
                offset += tangent.direction.count
            }
        }
    }
}

extension HessianProduct {
    /// The Hessian as Lanczos' method sees it.
    package var matrix: SymmetricMatrix {
        SymmetricMatrix(dimension: dimension) { self.multiply($0, into: $1) }
    }
}

extension NetworkDescription {
    /// The number of values that updates change.
    package var trainedParameterCount: Int { layers.reduce(0) { $0 + $1.trainedParameterCount } }

    /// The first kind of normalization that products with the Hessian do not know; nil if they know all.
    package var kindWithoutSecondDerivative: String? {
        layers.compactMap { $0.normalization }.first { !($0 is any TwiceDifferentiable) }?.kind
    }
}

extension LayerDescription {
    fileprivate var trainedParameterCount: Int {
        parameterKinds.filter { !frozen.contains($0) }.reduce(0) { $0 + shape(of: $1).rows * shape(of: $1).columns }
    }
}
