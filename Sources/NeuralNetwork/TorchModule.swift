/// A module of PyTorch that computes in evaluation what a part of a layer computes.
package struct TorchModule: Equatable, Sendable {
    /// The expression that makes it, such as `nn.BatchNorm1d(100, eps=1e-05, momentum=0.1)`.
    package let expression: String
    /// The names of its arrays, each with what the layer calls the array.
    package let state: [String: LayerArray]

    init(_ expression: String, _ state: [String: LayerArray] = [:]) {
        self.expression = expression
        self.state = state
    }
}

/// An array of a layer, as another program's file may hold it.
package enum LayerArray: Equatable, Sendable {
    /// Of the layer's shape; matrices are transposed.
    case parameter(ParameterKind)
    /// The gain of weight normalization as a column.
    case columnGain
    case runningMean, runningVariance
    /// One number: the batches averaged so far.
    case batchCount
    /// A vector of one value that the layer does not have: a gamma of 1, or a beta of 0.
    case constant(Double)
}

/// Why PyTorch has no module for a layer or a network, such as "dyt is no module of PyTorch".
package struct NoTorchModule: Error {
    package let reason: String

    package init(reason: String) { self.reason = reason }
}

extension LayerDescription {
    /// The modules of an `nn.Sequential` that compute this layer, in their order.
    package func torchModules() throws(NoTorchModule) -> [TorchModule] {
        guard skip == nil else { throw NoTorchModule(reason: "nn.Sequential has no residual connections") }
        let linear = "nn.Linear(\(inputs), \(outputs)\(hasBias ? "" : ", bias=False"))"
        var state: [String: LayerArray] = hasBias ? ["bias": .parameter(.bias)] : [:]
        var modules: [TorchModule] = []
        switch weightReparameterization {
        case .none:
            state["weight"] = .parameter(.weight)
            modules.append(TorchModule(linear, state))
        case .weightNorm:
            state["parametrizations.weight.original0"] = .columnGain
            state["parametrizations.weight.original1"] = .parameter(.weight)
            modules.append(TorchModule("nn.utils.parametrizations.weight_norm(\(linear))", state))
        case .weightStandardization:
            throw NoTorchModule(reason: "weight_standardization is no module of PyTorch")
        }
        let normalizing = try normalization.map { normalization throws(NoTorchModule) in
            try normalization.torchModule(features: outputs)
        }
        if let normalizing, normalization?.placement == .beforeActivation { modules.append(normalizing) }
        if let expression = activation.torchExpression { modules.append(TorchModule(expression)) }
        if let normalizing, normalization?.placement == .afterActivation { modules.append(normalizing) }
        if dropout > 0 {
            modules.append(TorchModule("nn.\(activation == .selu ? "AlphaDropout" : "Dropout")(\(dropout))"))
        }
        return modules
    }
}

extension Activation {
    /// The module that computes it; nil for the identity, which needs none.
    fileprivate var torchExpression: String? {
        switch self {
        case .identity: nil
        case .relu: "nn.ReLU()"
        case .leakyReLU: "nn.LeakyReLU(\(Activation.leakySlope))"
        case .sigmoid: "nn.Sigmoid()"
        case .tanh: "nn.Tanh()"
        case .elu: "nn.ELU()"
        case .gelu: "nn.GELU()"
        case .geluTanh: "nn.GELU(approximate=\"tanh\")"
        case .silu: "nn.SiLU()"
        case .selu: "nn.SELU()"
        }
    }
}

extension AffineOptions {
    /// The arrays of a module that has both weight and bias, where a layer may lack one.
    var torchState: [String: LayerArray] {
        guard hasScale || hasShift else { return [:] }
        return [
            "weight": hasScale ? .parameter(.gamma) : .constant(1),
            "bias": hasShift ? .parameter(.beta) : .constant(0),
        ]
    }
}

extension BatchOptions {
    /// `nn.BatchNorm1d`, whose running statistics differ in training where the batch's biased variance is averaged, and
    /// whose training divides where this one does not.
    func torchModule(features: Int, kind: String) throws(NoTorchModule) -> TorchModule {
        guard statistics.subtractsMean else {
            throw NoTorchModule(reason: "\(kind) with subtract_mean false is no module of PyTorch")
        }
        let dividesByDeviation = statistics.dividesByDeviation
        let momentum: String
        switch statistics.running.average {
        case .moving(let weight): momentum = "\(weight)"
        case .cumulative: momentum = "None"
        case .recomputed:
            throw NoTorchModule(reason: "nn.BatchNorm1d does not recompute running statistics")
        }
        var state = affine.torchState
        let isAffine = !state.isEmpty
        state["running_mean"] = .runningMean
        // Dividing by (1 + 0)^(1/2) is not dividing.
        state["running_var"] = dividesByDeviation ? .runningVariance : .constant(1)
        state["num_batches_tracked"] = .batchCount
        return TorchModule(
            "nn.BatchNorm1d(\(features), eps=\(dividesByDeviation ? statistics.epsilon : 0), momentum=\(momentum)"
                + "\(isAffine ? "" : ", affine=False"))",
            state)
    }
}
