import NeuralNetwork
import TestSupport
import Testing

/// `backwardAndUpdate` against `backward` and `update`, and many threads against one: the same bits.
@Suite struct FusedUpdateTests {
    static let optimizers: [Optimizer] =
        [
            Optimizer(), Optimizer(SGD(momentum: 0.9)),
            Optimizer(SGD(momentum: 0.9, nesterov: true), weightDecay: 0.01),
            Optimizer(AdamW(), weightDecay: 0.01),
            Optimizer(Adagrad(rateDecay: 0.1, epsilon: 1e-8)),
            Optimizer(RMSProp(decay: 0.9, epsilon: 1e-8, momentum: 0.5)),
            Optimizer(RMSProp(decay: 0.9, epsilon: 1e-8, momentum: 0)), Optimizer(Lion(), weightDecay: 0.01),
            Optimizer(clipGradientNorm: 0.1),
        ] + wholeUpdates

    /// Those whose updates are of more than one value at a time, or of another gradient.
    static let wholeUpdates: [Optimizer] = [
        Optimizer(LARS(), weightDecay: 0.01, clipGradientNorm: 0.1), Optimizer(LAMB(), weightDecay: 0.01),
        Optimizer(Muon(), weightDecay: 0.1),
        Optimizer(
            SGD(momentum: 0.9),
            learningRateMultipliers: LearningRateMultipliers([
                ParameterPattern(.weight): 0.5, ParameterPattern(layer: 1, .weight): 2, ParameterPattern(.beta): 3,
            ])),
        Optimizer(Adam(), sharpnessAware: SharpnessAware(rho: 0.1, isAdaptive: true)),
        Optimizer(SGD(momentum: 0.9), weightProjection: .layer),
        Optimizer(Muon(matrices: .all), sharpnessAware: SharpnessAware(), weightProjection: .unit),
    ]

    private enum Step { case fused, apart }

    /// All parameters after five updates.
    private func train<S: Scalar>(
        _ layers: [LayerDescription], _ optimizer: Optimizer, objective: Objective = Objective(l2: 1e-3), _ step: Step,
        fault: Fault? = nil, threads: Int = 1, as _: S.Type
    ) -> [[S]] {
        let description = NetworkDescription(layers: layers), pool = WorkerPool(threadCount: threads)
        let network = Network<S>(
            description, initialization: .normal(standardDeviation: 0.1), optimizer: optimizer, objective: objective,
            fault: fault, seed: 1, pool: pool)
        let workspace = Workspace<S>(description, rows: 70, forTraining: true)
        for t in 1...5 {
            workspace.input.copy(from: randomMatrix(70, description.inputs, seed: UInt64(t)))
            for (i, label) in randomLabels(70, classes: description.layers.last?.outputs ?? 1, seed: UInt64(t))
                .enumerated()
            {
                workspace.targets.labels[i] = label
            }
            _ = network.forward(workspace, .training(step: t - 1))
            switch step {
            case .fused: network.backwardAndUpdate(workspace, rate: 0.05, t: t)
            case .apart:
                network.backward(workspace)
                network.update(workspace, rate: 0.05, t: t)
            }
        }
        return network.layers.flatMap { layer in
            layer.parameters.map { Array($0.value.elements) }
                + (layer.running.map { running in
                    [running.mean, running.spread, running.whitening].compactMap { $0.map { Array($0.elements) } }
                } ?? [])
        }
    }

    private func layers(_ first: LayerDescription) -> [LayerDescription] {
        [
            first,
            LayerDescription(
                inputs: 90, outputs: 130, normalization: layerNormalization(), activation: .tanh, hasBias: true),
            LayerDescription(inputs: 130, outputs: 10, normalization: nil, activation: .identity, hasBias: true),
        ]
    }
    private var plain: LayerDescription {
        LayerDescription(
            inputs: 50, outputs: 90, normalization: batchNormalization(), activation: .relu, hasBias: false)
    }

    @Test(arguments: optimizers)
    func fusedUpdatesAreTheSameBits(optimizer: Optimizer) {
        #expect(
            train(layers(plain), optimizer, .fused, as: Float.self)
                == train(layers(plain), optimizer, .apart, as: Float.self))
        #expect(
            train(layers(plain), optimizer, .fused, as: Double.self)
                == train(layers(plain), optimizer, .apart, as: Double.self))
    }

    /// Skip connections of both placements, with a trained factor, and whitening.
    @Test(arguments: ResidualBlocks.Placement.allCases)
    func residualNetworksToo(placement: ResidualBlocks.Placement) {
        for normalization in [batchNormalization(), DecorrelatedBatchNormalization(groupSize: 16)]
            as [any Normalization]
        {
            let layers = residualNetwork(
                ResidualBlocks(every: 2, factor: 0.7, trainsFactor: true, placement: placement),
                hidden: [90, 100, 90, 100, 90], inputs: 50, outputs: 10, normalization: normalization, dropout: 0.1
            ).layers
            let apart = train(layers, Optimizer(), .apart, as: Float.self)
            #expect(train(layers, Optimizer(), .fused, as: Float.self) == apart)
            #expect(train(layers, Optimizer(), .fused, threads: 3, as: Float.self) == apart)
        }
    }

    @Test func frozenAndReparameterizedWeightsToo() {
        var frozen = plain, normalized = plain, standardized = plain, noisy = plain
        frozen.frozen = [.weight, .gamma]
        normalized.weightReparameterization = .weightNorm
        standardized.weightReparameterization = .weightStandardization
        noisy.dropout = 0.3
        for layer in [frozen, normalized, standardized, noisy] {
            #expect(
                train(layers(layer), Optimizer(), .fused, as: Float.self)
                    == train(layers(layer), Optimizer(), .apart, as: Float.self))
        }
    }

    /// A network that is trained with a mistake makes it in every update, in both forms.
    @Test(arguments: Fault.allCases)
    func faultsAreTrainedWith(fault: Fault) {
        let faulty = train(layers(plain), Optimizer(), .fused, fault: fault, as: Float.self)
        #expect(faulty == train(layers(plain), Optimizer(), .apart, fault: fault, as: Float.self))
        #expect(faulty != train(layers(plain), Optimizer(), .fused, as: Float.self))
    }

    @Test(arguments: wholeUpdates)
    func threadsChangeNoBitOfWholeUpdates(optimizer: Optimizer) {
        #expect(
            train(layers(plain), optimizer, .fused, threads: 2, as: Float.self)
                == train(layers(plain), optimizer, .apart, as: Float.self))
    }

    /// The gradients that an update needs may be frozen, reparameterized or dropped out.
    @Test func wholeUpdatesOfFrozenAndReparameterizedWeights() {
        var frozen = plain, normalized = plain, noisy = plain
        frozen.frozen = [.weight, .gamma]
        normalized.weightReparameterization = .weightNorm
        noisy.dropout = 0.3
        let optimizer = Optimizer(
            Muon(matrices: .all), sharpnessAware: SharpnessAware(isAdaptive: true), weightProjection: .unit)
        for layer in [frozen, normalized, noisy] {
            #expect(
                train(layers(layer), optimizer, .fused, as: Float.self)
                    == train(layers(layer), optimizer, .apart, as: Float.self))
        }
    }

    /// Wide enough that every product is divided among the threads.
    @Test(arguments: [2, 3, 5])
    func threadsChangeNoBit(threads: Int) {
        let ghost = ghostBatch(size: 16)
        for normalization in [batchNormalization(), ghost, batchNormalization(placement: .afterActivation), nil]
            as [(any Normalization)?]
        {
            var layer = plain
            layer.normalization = normalization
            let adam = Optimizer(Adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8))
            #expect(
                train(layers(layer), adam, .fused, threads: threads, as: Float.self)
                    == train(layers(layer), adam, .apart, as: Float.self))
        }
    }
}
