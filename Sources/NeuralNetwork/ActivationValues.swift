extension Activation {
    /// Returns f(y) and f'(y) of each value, as the kernels compute them in float64.
    package func valuesAndSlopes(_ y: [Double]) -> (values: [Double], slopes: [Double]) {
        let input = Matrix<Double>(rows: 1, columns: y.count, y)
        let output = Matrix<Double>(rows: 1, columns: y.count)
        let slope = Matrix<Double>(rows: 1, columns: y.count, Array(repeating: 1, count: y.count))
        activate(self, input.all, into: output.all)
        activateBackward(self, y: input.all, a: output.all, gradient: slope.all)
        return (Array(output.elements), Array(slope.elements))
    }
}
