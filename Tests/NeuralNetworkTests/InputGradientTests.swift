import NeuralNetwork
import TestSupport
import Testing

/// dL/dX against central differences of the loss, in every mode, and what perturbations promise.
@Suite struct InputGradientTests {
    private static let kinds: [(name: String, normalization: (any Normalization)?)] = [
        ("none", nil), ("batch", batchNormalization()), ("without mean", batchNormalization(subtractsMean: false)),
        ("ghost_batch", ghostBatch(size: 3)), ("batch_renorm", BatchRenormalization()), ("layer", layerNormalization()),
        ("rms", rms()), ("dyt", DynamicTanh()), ("without division", batchNormalization(dividesByDeviation: false)),
        ("decorrelated_batch", DecorrelatedBatchNormalization(groupSize: 3)),
        ("by Newton", DecorrelatedBatchNormalization(groupSize: 3, .newton(iterations: 5))),
    ]

    /// Moves running statistics away from their initial values.
    private func train(_ checked: CheckedNetwork) {
        for step in 0..<3 {
            _ = checked.network.forward(checked.workspace, .training(step: step))
            checked.network.backward(checked.workspace)
            checked.network.update(checked.workspace, rate: 0.1, t: step + 1)
        }
    }

    /// A step of 1e-5 leaves errors near 1e-10 of differences of second order in losses near 1.
    private func checkGradient(_ checked: CheckedNetwork, _ mode: NormalizationMode, _ name: String) {
        let (network, workspace) = (checked.network, checked.workspace)
        let gradient = Matrix<Double>(rows: workspace.rows, columns: 4)
        _ = network.forward(workspace, .evaluation(mode))
        let weights = network.layers.map { $0.weight.gradient.elements.map { $0 } }
        network.differentiateInput(workspace, into: gradient)
        #expect(network.layers.map { $0.weight.gradient.elements.map { $0 } } == weights, "\(name)")
        let h = 1e-5
        for i in 0..<workspace.input.count {
            let x = workspace.input.base[i]
            func loss(_ value: Double) -> Double {
                workspace.input.base[i] = value
                return network.forward(workspace, .evaluation(mode)).loss
            }
            let difference = (loss(x + h) - loss(x - h)) / (2 * h)
            workspace.input.base[i] = x
            #expect(abs(difference - gradient.base[i]) < 1e-8, "\(name) \(mode) \(i)")
        }
    }

    @Test(arguments: kinds.indices, [NormalizationMode.running, .batch])
    func ofEveryKind(index: Int, mode: NormalizationMode) {
        let (name, normalization) = Self.kinds[index]
        let checked = CheckedNetwork(normalization: normalization, dropout: 0.4)
        train(checked)
        checkGradient(checked, mode, name)
    }

    @Test(arguments: [
        Objective(.meanSquaredError), Objective(.hinge, reduction: .sum), Objective(.sigmoidCrossEntropy),
    ])
    func ofEveryLoss(objective: Objective) {
        let checked = CheckedNetwork(normalization: batchNormalization(), objective: objective)
        train(checked)
        checkGradient(checked, .running, "\(objective.loss)")
    }

    @Test(arguments: ResidualBlocks.Placement.allCases, [NormalizationMode.running, .batch])
    func throughResidualBlocks(placement: ResidualBlocks.Placement, mode: NormalizationMode) {
        for (name, description) in residualNetworks(placement) {
            let checked = CheckedNetwork(description)
            train(checked)
            checkGradient(checked, mode, name)
        }
    }

    @Test(arguments: [WeightReparameterization.weightNorm, .weightStandardization])
    func throughReparameterizedWeights(weights: WeightReparameterization) {
        let checked = CheckedNetwork(weights: weights)
        train(checked)
        checkGradient(checked, .running, weights.rawValue)
    }

    /// Noise multiplies in training alone.
    @Test func withoutTheNoiseOfTraining() {
        let noise = NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)
        let checked = CheckedNetwork(normalization: BatchNormalization(BatchOptions(noise: noise)))
        train(checked)
        checkGradient(checked, .running, "noise")
    }

    private func perturbed(_ checked: CheckedNetwork, by perturbation: any Perturbation, firstRow: Int = 0) -> Matrix<
        Double
    > {
        let workspace = checked.workspace, clean = Matrix<Double>(rows: workspace.rows, columns: 4)
        clean.copy(from: workspace.input)
        func room() -> Matrix<Double> { Matrix(rows: workspace.rows, columns: 4) }
        perturbation.perturb(
            PerturbedBatch(
                checked.network, workspace, mode: .running, room: (room(), room()), seed: 3, number: 0,
                firstRow: firstRow))
        let found = Matrix<Double>(rows: workspace.rows, columns: 4)
        found.copy(from: workspace.input)
        workspace.input.copy(from: clean)
        return found
    }

    /// Every row stays in its ball, and most of the attacks raise the loss more than a random start alone does.
    @Test(arguments: PerturbationNorm.allCases)
    func attacksStayInTheirBall(norm: PerturbationNorm) {
        let checked = CheckedNetwork(normalization: batchNormalization())
        train(checked)
        let x = checked.workspace.input, radius = 0.25
        let attacks: [any Perturbation] = [
            FastGradientSign(epsilon: radius, norm),
            ProjectedGradientDescent(epsilon: radius, norm, steps: 10, stepSize: 0.2),
        ]
        let before = checked.network.forward(checked.workspace, .evaluation(.running)).loss
        for attack in attacks {
            let found = perturbed(checked, by: attack)
            for i in 0..<x.rows {
                let change = (0..<4).map { found[i, $0] - x[i, $0] }
                let length =
                    norm == .largest
                    ? change.map { abs($0) }.max() ?? 0 : change.reduce(0) { $0 + $1 * $1 }.squareRoot()
                #expect(length <= radius * (1 + 1e-12), "\(attack.kind) row \(i)")
            }
            let clean = Matrix<Double>(rows: x.rows, columns: 4)
            clean.copy(from: x)
            x.copy(from: found)
            #expect(checked.network.forward(checked.workspace, .evaluation(.running)).loss > before, "\(attack.kind)")
            x.copy(from: clean)
        }
    }

    /// The noise of a row depends on its number in the split, and has the deviation that was asked for.
    @Test func noise() {
        let checked = CheckedNetwork(rows: 500)
        let noise = GaussianNoise(standardDeviation: 0.5), x = checked.workspace.input
        let found = perturbed(checked, by: noise), shifted = perturbed(checked, by: noise, firstRow: 1)
        var squares = 0.0
        for i in 0..<x.count { squares += (found.base[i] - x.base[i]) * (found.base[i] - x.base[i]) }
        // 2,000 values: the deviation's standard error is 0.5 / sqrt(4000) = 0.008.
        #expect(abs((squares / Double(x.count)).squareRoot() - 0.5) < 0.03)
        for j in 0..<4 { #expect(abs((found[1, j] - x[1, j]) - (shifted[0, j] - x[0, j])) < 1e-12) }
    }
}
