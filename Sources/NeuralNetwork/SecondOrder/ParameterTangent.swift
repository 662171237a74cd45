/// A parameter's part of a direction v in the space of all parameters, and of the product H v of the Hessian with it.
final class ParameterTangent<S: Scalar> {
    /// R p, the parameter's derivative along the direction; 0 where the parameter is not trained.
    let direction: Matrix<S>
    /// R dL/dp, the derivative of its gradient along the direction.
    let product: Matrix<S>

    init(_ parameter: Parameter<S>) {
        direction = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
        product = Matrix(rows: parameter.value.rows, columns: parameter.value.columns)
    }
}
