import Matrices

/// L2 norms of the changes that one `Network.update` makes, by layer and parameter. It holds a copy of every parameter.
package final class UpdateNorms<S: Scalar> {
    package private(set) var norms: [[Double]]
    private let previous: [[Matrix<S>]]

    package init(_ network: Network<S>) {
        norms = network.layers.map { $0.parameters.map { _ in 0 } }
        previous = network.layers.map { $0.parameters.map { Matrix(rows: $0.value.rows, columns: $0.value.columns) } }
    }

    func remember(_ parameter: Parameter<S>, layer: Int, position: Int) {
        previous[layer][position].copy(from: parameter.value)
    }

    func measure(_ parameter: Parameter<S>, layer: Int, position: Int) {
        norms[layer][position] = distance(parameter.value, previous[layer][position])
    }
}
