/// One layer's parameters and running statistics, which is all that outlives a step.
package final class Layer<S: Scalar> {
    package let description: LayerDescription
    package let weight: Parameter<S>
    package let bias: Parameter<S>?
    /// The gain of weight normalization (1 x H), absent without weight normalization.
    package let gain: Parameter<S>?
    package let normalizer: Normalizer<S>?
    /// What multiplies the branch of the residual block that the layer ends, 1 x 1; absent where it is not trained.
    package let factor: Parameter<S>?
    package let effectiveWeight: EffectiveWeight<S>
    /// All parameters that the layer has, in the order weight, bias, gain, gamma, beta, those of its normalization
    /// alone, factor.
    package let parameters: [Parameter<S>]

    /// Whether a parameter is trained, not frozen; norms are of the gradients of those that are.
    package func trains(_ parameter: Parameter<S>) -> Bool { !description.frozen.contains(parameter.kind) }

    /// What multiplies h where the layer ends a residual block.
    var branchFactor: S { factor?.value.base[0] ?? S(description.skip?.factor ?? 1) }

    package var gamma: Parameter<S>? { normalizer?.gamma }
    package var beta: Parameter<S>? { normalizer?.beta }
    package var running: RunningStatistics<S>? { normalizer?.running }

    /// - Parameter layerCount: how many layers the network has.
    init(
        _ description: LayerDescription, index: Int, layerCount: Int, initialization: Initialization, seed: UInt64,
        optimizer: Optimizer
    ) {
        self.description = description
        func parameter(_ kind: ParameterKind, initialValue: Double = 0) -> Parameter<S> {
            Parameter(
                description.place(of: kind, layer: index, layerCount: layerCount), optimizer: optimizer,
                initialValue: initialValue)
        }
        weight = parameter(.weight)
        bias = description.hasBias ? parameter(.bias) : nil
        initialization.fill(
            weight.value, bias: bias?.value, seed: seed, layer: index, scale: description.initialScale)
        gain = description.weightReparameterization == .weightNorm ? parameter(.gain) : nil
        normalizer = description.normalization.map {
            Normalizer(
                $0, features: description.outputs, layer: index, layerCount: layerCount, seed: seed,
                optimizer: optimizer)
        }
        effectiveWeight = EffectiveWeight(description.weightReparameterization, trained: weight, gain: gain)
        factor = description.skip.flatMap { $0.trainsFactor ? parameter(.factor, initialValue: $0.factor) : nil }
        parameters =
            [weight, bias, gain].compactMap { $0 } + (normalizer?.parameters ?? []) + [factor].compactMap { $0 }
    }
}
