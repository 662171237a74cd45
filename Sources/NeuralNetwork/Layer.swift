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

    init(_ description: LayerDescription, index: Int, initialization: Initialization, seed: UInt64, stateCount: Int) {
        self.description = description
        let outputs = description.outputs
        func row(_ kind: ParameterKind, if exists: Bool) -> Parameter<S>? {
            exists ? Parameter(kind, rows: 1, columns: outputs, stateCount: stateCount) : nil
        }
        weight = Parameter(.weight, rows: description.inputs, columns: outputs, stateCount: stateCount)
        bias = row(.bias, if: description.hasBias)
        initialization.fill(
            weight.value, bias: bias?.value, seed: seed, layer: index, scale: description.initialScale)
        gain = row(.gain, if: description.weightReparameterization == .weightNorm)
        normalizer = description.normalization.map {
            Normalizer($0, features: outputs, layer: index, seed: seed, stateCount: stateCount)
        }
        effectiveWeight = EffectiveWeight(description.weightReparameterization, trained: weight, gain: gain)
        factor = description.skip.flatMap {
            $0.trainsFactor
                ? Parameter(.factor, rows: 1, columns: 1, stateCount: stateCount, initialValue: $0.factor) : nil
        }
        parameters =
            [weight, bias, gain].compactMap { $0 } + (normalizer?.parameters ?? []) + [factor].compactMap { $0 }
    }
}
