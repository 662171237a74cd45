/// What one layer is: h = X W + b, the sum with a skip connection, normalization, activation, dropout.
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
    /// The skip connection whose block the layer ends, if it ends one.
    package var skip: SkipConnection?
    /// What multiplies the weights that the initialization draws.
    package var initialScale: Double

    package init(
        inputs: Int, outputs: Int, normalization: (any Normalization)?, activation: Activation, hasBias: Bool,
        weightReparameterization: WeightReparameterization = .none, dropout: Double = 0,
        frozen: Set<ParameterKind> = [], skip: SkipConnection? = nil, initialScale: Double = 1
    ) {
        self.inputs = inputs
        self.outputs = outputs
        self.normalization = normalization
        self.activation = activation
        self.hasBias = hasBias
        self.weightReparameterization = weightReparameterization
        self.dropout = dropout
        self.frozen = frozen
        self.skip = skip
        self.initialScale = initialScale
    }

    package var parameterKinds: [ParameterKind] {
        [.weight] + (hasBias ? [.bias] : []) + (weightReparameterization == .weightNorm ? [.gain] : [])
            + (normalization?.affine.hasScale == true ? [.gamma] : [])
            + (normalization?.affine.hasShift == true ? [.beta] : []) + (normalization?.ownParameters.map(\.kind) ?? [])
            + (skip?.trainsFactor == true ? [.factor] : [])
    }

    /// The shape of a parameter: D x H for the weight, 1 x H for every other but those of which a layer has one
    /// value.
    func shape(of kind: ParameterKind) -> (rows: Int, columns: Int) {
        if kind == .weight { return (inputs, outputs) }
        let isSingle =
            kind == .factor || normalization?.ownParameters.contains { $0.kind == kind && !$0.isPerUnit } ?? false
        return (1, isSingle ? 1 : outputs)
    }

    /// The place of a parameter, where this is one layer of so many.
    func place(of kind: ParameterKind, layer: Int, layerCount: Int) -> ParameterPlace {
        let shape = shape(of: kind)
        return ParameterPlace(
            kind: kind, layer: layer, layerCount: layerCount, rows: shape.rows, columns: shape.columns)
    }

    /// The number of values of all parameters.
    package var parameterCount: Int {
        parameterKinds.reduce(0) { $0 + shape(of: $1).rows * shape(of: $1).columns }
    }
}
