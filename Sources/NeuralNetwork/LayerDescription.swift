/// What one layer is: h = X W + b, normalization, activation, dropout.
///
/// `inputs` is D, `outputs` is H.
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
