/// A trained array with its gradient and the optimizer's state.
package final class Parameter<S: Scalar> {
    package let kind: ParameterKind
    package let value: Matrix<S>
    package let gradient: Matrix<S>
    /// The arrays that the optimizer keeps between updates, each of the value's shape and zero at first.
    package let state: [Matrix<S>]

    init(_ kind: ParameterKind, rows: Int, columns: Int, stateCount: Int, initialValue: Double = 0) {
        self.kind = kind
        value = Matrix(rows: rows, columns: columns)
        gradient = Matrix(rows: rows, columns: columns)
        state = (0..<stateCount).map { _ in Matrix(rows: rows, columns: columns) }
        if initialValue != 0 { value.elements.update(repeating: S(initialValue)) }
    }
}
