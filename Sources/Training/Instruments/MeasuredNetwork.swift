import NeuralNetwork

/// A network in training, as instruments see it.
final class MeasuredNetwork<S: Scalar> {
    let plan: RunPlan
    let network: Network<S>
    /// The values and gradients of the training batch.
    let workspace: Workspace<S>
    /// The gradients of the step before.
    let gradientMemory: GradientMemory<S>
    /// The norms of the latest update that was measured.
    let updateNorms: UpdateNorms<S>
    /// A network for passes over the training batch with other parameters; instruments share it, so what one of them
    /// saves is lost when the next one is called.
    private(set) lazy var trial = Trial(self)

    private var gradients: MeasuredGradients?

    init(_ plan: RunPlan, network: Network<S>, workspace: Workspace<S>, gradientMemory: GradientMemory<S>) {
        self.plan = plan
        self.network = network
        self.workspace = workspace
        self.gradientMemory = gradientMemory
        updateNorms = UpdateNorms(network)
    }

    /// Sums over the gradients of a step, computed once.
    func gradients(step: Int) -> MeasuredGradients {
        if let gradients, gradients.step == step { return gradients }
        let found = MeasuredGradients(
            of: network, step: step, after: gradientMemory.gradients(before: step), logged: plan.loggedLayers)
        gradients = found
        return found
    }
}

/// Sums over the gradients of a step.
struct MeasuredGradients {
    let step: Int
    /// The sums of each gradient, by layer and parameter; a layer that is not logged has none.
    private(set) var sums: [[GradientSums]] = []
    /// The norm of the gradients of all trained parameters as one vector.
    let norm: Double

    @_specialize(where S == Float)
    @_specialize(where S == Double)
    fileprivate init<S: Scalar>(of network: Network<S>, step: Int, after previous: [[Matrix<S>]]?, logged: [Int]) {
        self.step = step
        var squares = 0.0
        for (index, layer) in network.layers.enumerated() {
            var sums: [GradientSums] = []
            for (position, parameter) in layer.parameters.enumerated() {
                let norm: Double
                if logged.contains(index) {
                    sums.append(GradientSums(parameter.gradient, previous: previous?[index][position]))
                    norm = sums[position].norm
                } else {
                    norm = NeuralNetwork.norm(parameter.gradient)
                }
                if layer.trains(parameter) { squares += norm * norm }
            }
            self.sums.append(sums)
        }
        norm = squares.squareRoot()
    }
}

/// Tries the training batch with other parameters.
final class Trial<S: Scalar> {
    let snapshot: Snapshot<S>
    private let network: Network<S>
    private let training: Workspace<S>
    private let workspace: Workspace<S>

    fileprivate init(_ measured: MeasuredNetwork<S>) {
        network = measured.network
        training = measured.workspace
        snapshot = Snapshot(network)
        workspace = Workspace(
            measured.plan.network, rows: measured.plan.config.training.batchSize, forTraining: true,
            valueCount: measured.plan.data.valueCount)
    }

    /// The loss of the training batch with the parameters as they are now, and their gradients.
    func run(step: Int) -> Double {
        workspace.copyBatch(from: training)
        let result = network.forward(workspace, .training(step: step))
        network.backward(workspace)
        return result.loss + network.regularizationLoss()
    }
}
