/// Copies of all parameters and their gradients, from which the same bits can be restored after a trial.
package final class Snapshot<S: Scalar> {
    /// The saved values, by layer and parameter.
    package let values: [[Matrix<S>]]
    package let gradients: [[Matrix<S>]]
    private let network: Network<S>

    package init(_ network: Network<S>) {
        func copies() -> [[Matrix<S>]] {
            network.layers.map { $0.parameters.map { Matrix(rows: $0.value.rows, columns: $0.value.columns) } }
        }
        self.network = network
        values = copies()
        gradients = copies()
    }

    package func save() {
        forEach {
            $2.copy(from: $0.value)
            $3.copy(from: $0.gradient)
        }
    }

    package func restore() {
        forEach {
            $0.value.copy(from: $2)
            $0.gradient.copy(from: $3)
        }
    }

    /// Calls `body` with each parameter, the number of its layer, and its saved value and gradient.
    package func forEach(
        _ body: (_ parameter: Parameter<S>, _ layer: Int, _ value: Matrix<S>, _ gradient: Matrix<S>) -> Void
    ) {
        for (index, layer) in network.layers.enumerated() {
            for (position, parameter) in layer.parameters.enumerated() {
                body(parameter, index, values[index][position], gradients[index][position])
            }
        }
    }
}
