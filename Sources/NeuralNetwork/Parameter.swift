import Matrices

/// What a trained array is to its layer; the names are those of the results file.
package enum ParameterKind: String, CaseIterable, Sendable {
    case weight, bias, gamma, beta
}

/// A trained array with its gradient and the optimizer's state.
package final class Parameter<S: Scalar> {
    package let kind: ParameterKind
    package let value: Matrix<S>
    package let gradient: Matrix<S>
    /// As many arrays of the value's shape as the optimizer keeps, zero at first.
    package let state: [Matrix<S>]

    init(_ kind: ParameterKind, rows: Int, columns: Int, stateCount: Int, initialValue: Double = 0) {
        self.kind = kind
        value = Matrix(rows: rows, columns: columns)
        gradient = Matrix(rows: rows, columns: columns)
        state = (0..<stateCount).map { _ in Matrix(rows: rows, columns: columns) }
        if initialValue != 0 { value.elements.update(repeating: S(initialValue)) }
    }
}

/// One layer's parameters and running statistics: all that outlives a step.
package final class Layer<S: Scalar> {
    package let description: LayerDescription
    package let weight: Parameter<S>
    package let bias: Parameter<S>?
    package let gamma: Parameter<S>?
    package let beta: Parameter<S>?
    /// Running mean and variance, 1 x H, where the layer is batch-normalized.
    package let running: (mean: Matrix<S>, variance: Matrix<S>)?
    /// The parameters that there are, in the order weight, bias, gamma, beta.
    package let parameters: [Parameter<S>]

    init(_ description: LayerDescription, index: Int, initialization: Initialization, seed: UInt64, stateCount: Int) {
        self.description = description
        let outputs = description.outputs
        func row(_ kind: ParameterKind, if exists: Bool, startingAt value: Double = 0) -> Parameter<S>? {
            exists ? Parameter(kind, rows: 1, columns: outputs, stateCount: stateCount, initialValue: value) : nil
        }
        weight = Parameter(.weight, rows: description.inputs, columns: outputs, stateCount: stateCount)
        initialization.fill(weight.value, seed: seed, layer: index)
        bias = row(.bias, if: description.hasBias)
        let normalization = description.normalization
        gamma = row(.gamma, if: normalization?.hasScale == true, startingAt: normalization?.initialGamma ?? 1)
        beta = row(.beta, if: normalization?.hasShift == true, startingAt: normalization?.initialBeta ?? 0)
        running = normalization.map {
            let variance = Matrix<S>(rows: 1, columns: outputs)
            variance.elements.update(repeating: S($0.initialRunningVariance))
            return (Matrix(rows: 1, columns: outputs), variance)
        }
        parameters = [weight, bias, gamma, beta].compactMap { $0 }
    }
}
