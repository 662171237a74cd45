import NeuralNetwork

/// The gradients of one step, kept to compare the next one's with.
final class GradientMemory<S: Scalar> {
    /// The gradients that are remembered, by layer and parameter.
    let allGradients: [[Matrix<S>]]
    let names: [[String]]
    private let network: Network<S>
    /// The step that the gradients belong to; nil before the first.
    var step: Int?

    init(_ network: Network<S>) {
        self.network = network
        names = network.layers.map { $0.parameters.map(\.kind.rawValue) }
        allGradients = network.layers.map {
            $0.parameters.map { Matrix(rows: $0.value.rows, columns: $0.value.columns) }
        }
    }

    func save(step: Int) {
        for (layer, copies) in zip(network.layers, allGradients) {
            for (parameter, copy) in zip(layer.parameters, copies) { copy.copy(from: parameter.gradient) }
        }
        self.step = step
    }

    /// The gradients of step `next` - 1, if they are the ones kept.
    func gradients(before next: Int) -> [[Matrix<S>]]? { step == next - 1 ? allGradients : nil }
}
