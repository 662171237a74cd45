/// Copies of all parameters and their gradients, to try something and come back to the same bits.
package final class Snapshot<S: Scalar> {
    /// By layer and parameter.
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

    /// Each parameter with its layer and its saved value and gradient.
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

/// norm(a - b) and the cosine of the angle between a and b, arrays of one shape given in parts; nil where one of them
/// is 0.
@_specialize(where S == Float)
@_specialize(where S == Double)
package func compare<S: Scalar>(_ pairs: [(Matrix<S>, Matrix<S>)]) -> (distance: Double, cosine: Double?) {
    var squares = (a: 0.0, b: 0.0, difference: 0.0, product: 0.0)
    for (a, b) in pairs {
        let x = a.base, y = b.base
        squares.a += sumOfSquares(count: a.count) { Double(x[$0]) }
        squares.b += sumOfSquares(count: b.count) { Double(y[$0]) }
        squares.difference += sumOfSquares(count: a.count) { Double(x[$0]) - Double(y[$0]) }
        squares.product += sum(count: a.count) { Double(x[$0]) * Double(y[$0]) }
    }
    let lengths = squares.a.squareRoot() * squares.b.squareRoot()
    return (squares.difference.squareRoot(), lengths > 0 ? squares.product / lengths : nil)
}
