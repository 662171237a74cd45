/// A batch whose inputs are to be perturbed: the network that reads them, and room for what perturbing needs.
///
/// Inputs, gradient and clean rows are N x D.
package struct PerturbedBatch<S: Scalar> {
    let network: Network<S>
    /// The inputs to be perturbed, with their targets.
    let workspace: Workspace<S>
    /// The statistics that normalizations use.
    let mode: NormalizationMode
    /// The inputs as they are in the data.
    let clean: Matrix<S>
    /// The latest dL/dX.
    let gradient: Matrix<S>
    private let seed: UInt64
    /// Which perturbation of a run it is, and which row of its split the batch's first is.
    private let number: Int
    private let firstRow: Int

    /// - Parameters:
    ///   - workspace: for training, with the batch.
    ///   - room: two matrices of the batch's shape, which are overwritten.
    package init(
        _ network: Network<S>, _ workspace: Workspace<S>, mode: NormalizationMode,
        room: (clean: Matrix<S>, gradient: Matrix<S>), seed: UInt64, number: Int, firstRow: Int
    ) {
        (self.network, self.workspace, self.mode) = (network, workspace, mode)
        (clean, gradient) = room
        (self.seed, self.number, self.firstRow) = (seed, number, firstRow)
        clean.useRows(workspace.rows)
        gradient.useRows(workspace.rows)
        clean.copy(from: workspace.input)
    }

    /// Overwrites `gradient` with dL/dX at the inputs as they are now.
    func differentiate() {
        _ = network.forward(workspace, .evaluation(mode))
        network.differentiateInput(workspace, into: gradient)
    }

    /// The random numbers of a row; they depend on neither batches nor steps.
    func stream(row i: Int) -> RandomStream {
        RandomStream(seed: seed, purpose: .perturbation, index: firstRow + i, step: number)
    }
}
