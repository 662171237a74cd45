/// A trained array with its gradient and the optimizer's state.
package final class Parameter<S: Scalar> {
    package let place: ParameterPlace
    package let value: Matrix<S>
    package let gradient: Matrix<S>
    /// The arrays that the optimizer keeps between updates, each of the value's shape and zero at first.
    package let state: [Matrix<S>]
    /// Room that the optimizer works in, of the shapes that it asks for; nothing in it outlives an update.
    let scratch: [Matrix<S>]
    /// What the learning rate of every step is multiplied by.
    let rateFactor: Double

    package var kind: ParameterKind { place.kind }

    init(_ place: ParameterPlace, optimizer: Optimizer, initialValue: Double = 0) {
        self.place = place
        value = Matrix(rows: place.rows, columns: place.columns)
        gradient = Matrix(rows: place.rows, columns: place.columns)
        state = (0..<optimizer.rule.stateCount(of: place)).map { _ in Matrix(rows: place.rows, columns: place.columns) }
        scratch = optimizer.scratchShapes(of: place).map { Matrix(rows: $0.rows, columns: $0.columns) }
        rateFactor = optimizer.rateFactor(of: place)
        if initialValue != 0 { value.elements.update(repeating: S(initialValue)) }
    }
}
