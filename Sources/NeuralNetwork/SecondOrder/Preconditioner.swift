extension Network {
    /// The diagonal P of the optimizer's update number `t` (from 1), before it is made, from the gradients as they are:
    /// a value for each of a `HessianProduct`, in its order.
    ///
    /// The eigenvalues of P^(-1/2) H P^(-1/2) tell of the optimizer's stability what those of H tell of gradient
    /// descent's. Source: Cohen et al. 2022, "Adaptive gradient methods at the edge of stability", section 2.
    @_specialize(where S == Float)
    @_specialize(where S == Double)
    package func preconditioner(t: Int) -> [Double] {
        let factor = optimizer.clipGradientNorm == nil ? 1 : optimizer.clipFactor(norm: gradientNorm())
        currentUpdate.begin(rate: 0, t: t, gradientFactor: factor)
        return layers.flatMap { layer in
            layer.parameters.filter { layer.trains($0) }.flatMap { currentUpdate.preconditioner(of: $0, multiplier) }
        }
    }
}
