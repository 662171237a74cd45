import NeuralNetwork
import TestSupport
import Testing

/// A network on random inputs with random labels or values, ready for a gradient check.
struct CheckedNetwork {
    let network: Network<Double>
    let workspace: Workspace<Double>

    init(
        hidden: [Int] = [5, 4], rows: Int = 6, activation: Activation = .tanh,
        normalization: (any Normalization)? = nil,
        hasBias: Bool = true,
        weights: WeightReparameterization = .none, dropout: Double = 0, normalizesLogits: Bool = false,
        objective: Objective = Objective(), optimizer: Optimizer = Optimizer(),
        valueCount: Int? = nil, seed: UInt64 = 11
    ) {
        let sizes = [4] + hidden + [3]
        let description = NetworkDescription(
            layers: zip(sizes, sizes.dropFirst()).enumerated().map { index, size in
                let isHidden = index < hidden.count
                var logits = normalization
                logits?.placement = .beforeActivation
                return LayerDescription(
                    inputs: size.0, outputs: size.1,
                    normalization: isHidden ? normalization : normalizesLogits ? logits : nil,
                    activation: isHidden ? activation : .identity, hasBias: hasBias || !isHidden,
                    weightReparameterization: weights,
                    dropout: isHidden ? dropout : 0)
            })
        self.init(
            description, rows: rows, objective: objective, optimizer: optimizer, valueCount: valueCount, seed: seed)
    }

    /// - Parameter description: of a network with 4 inputs and 3 outputs.
    init(
        _ description: NetworkDescription, rows: Int = 6, objective: Objective = Objective(),
        optimizer: Optimizer = Optimizer(), valueCount: Int? = nil, seed: UInt64 = 11
    ) {
        network = Network(
            description, initialization: .normal(standardDeviation: 0.7), optimizer: optimizer, objective: objective,
            seed: seed)
        workspace = Workspace(description, rows: rows, forTraining: true, valueCount: valueCount)
        workspace.input.copy(from: randomMatrix(rows, 4, seed: seed + 1))
        for (i, label) in randomLabels(rows, classes: 3, seed: seed + 2).enumerated() {
            workspace.targets.labels[i] = label
        }
        if let valueCount { workspace.targets.values?.copy(from: randomMatrix(rows, valueCount, seed: seed + 3)) }
    }

    func check(fault: Fault? = nil) -> [GradientCheckResult] {
        let check = GradientCheck(network, workspace, sampleCount: 1000, seed: 5)
        check.leaveInitialValues()
        return check.run(fault: fault)
    }
}

/// Analytic against numeric gradients in float64: every layer, activation, normalizer, loss and setting, each in a
/// whole network.
@Suite struct GradientTests {
    static let normalizations: [(any Normalization)?] =
        [
            nil, batchNormalization(), batchNormalization(epsilon: 0.5, initialGamma: 0.3, initialBeta: -0.2),
            batchNormalization(hasScale: false),
            batchNormalization(hasShift: false), batchNormalization(hasScale: false, hasShift: false),
            batchNormalization(subtractsMean: false),
            batchNormalization(dividesByDeviation: false),
            batchNormalization(hasScale: false, dividesByDeviation: false, placement: .afterActivation),
            ghostBatch(size: 3, dividesByDeviation: false),
            batchNormalization(placement: .afterActivation), batchNormalization(backward: .staged),
            batchNormalization(backward: .jacobian),
            ghostBatch(size: 3), ghostBatch(size: 4),
            ghostBatch(size: 2, subtractsMean: false, placement: .afterActivation),
            BatchRenormalization(rMaximum: 1.1, dMaximum: 0.2, warmupSteps: 0, rSteps: 0, dSteps: 0),
            BatchRenormalization(
                BatchOptions(affine: AffineOptions(hasScale: false)), rMaximum: 3, dMaximum: 5, warmupSteps: 0,
                rSteps: 0, dSteps: 0),
            layerNormalization(), layerNormalization(hasScale: false, hasShift: false, placement: .afterActivation),
            rms(hasShift: false),
            DynamicTanh(), DynamicTanh(initialAlpha: -2, affine: AffineOptions(hasScale: false, hasShift: false)),
            DynamicTanh(
                placement: .afterActivation,
                noise: NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)),
            batchNormalization(noise: NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)),
            layerNormalization(noise: NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)),
        ]

    private func expectAllRight(_ net: CheckedNetwork, _ comment: String) {
        for result in net.check() {
            #expect(
                result.normError <= 1e-7,
                "\(comment), layer \(result.layer) \(result.parameter.rawValue): \(result.normError)")
            #expect(
                result.checkedCount + result.kinkCount == result.count && result.checkedCount * 10 >= result.count * 8)
        }
    }

    @Test(arguments: Activation.allCases)
    func everyActivationWithEveryNormalization(activation: Activation) {
        for normalization in GradientTests.normalizations {
            for hasBias in [true, false] {
                expectAllRight(
                    CheckedNetwork(activation: activation, normalization: normalization, hasBias: hasBias),
                    "\(activation), \(String(describing: normalization))")
            }
        }
    }

    @Test(arguments: [
        Objective(), Objective(.softmaxCrossEntropy(labelSmoothing: 0.1)), Objective(.meanSquaredError),
        Objective(.hinge),
        Objective(reduction: .sum), Objective(.meanSquaredError, reduction: .sum),
        Objective(.hinge, reduction: .sum, l2: 0.3), Objective(l2: 0.1), Objective(.sigmoidCrossEntropy),
        Objective(.sigmoidCrossEntropy, reduction: .sum),
    ])
    func everyLoss(objective: Objective) {
        for normalization in [nil, batchNormalization()] {
            expectAllRight(CheckedNetwork(normalization: normalization, objective: objective), "\(objective)")
        }
        if objective.loss != .hinge {
            expectAllRight(CheckedNetwork(objective: objective, valueCount: 3), "values")
        }
    }

    @Test func everySetting() {
        expectAllRight(CheckedNetwork(hidden: []), "softmax regression")
        expectAllRight(
            CheckedNetwork(hidden: [], normalization: batchNormalization(), normalizesLogits: true), "normalized logits"
        )
        expectAllRight(
            CheckedNetwork(normalization: layerNormalization(), normalizesLogits: true), "layer-normalized logits")
        expectAllRight(CheckedNetwork(rows: 2, normalization: batchNormalization(epsilon: 0.5)), "two rows")
        // With a small epsilon nearly nothing is left of the gradient: less than differences can resolve, which must
        // not count as wrong.
        #expect(
            CheckedNetwork(rows: 2, normalization: batchNormalization()).check().allSatisfy {
                !$0.isWrong(tolerance: 1e-7)
            })
        expectAllRight(
            CheckedNetwork(hidden: [4, 4, 4], rows: 40, activation: .gelu, normalization: batchNormalization()),
            "forty rows"
        )
        expectAllRight(
            CheckedNetwork(rows: 7, normalization: ghostBatch(size: 4)), "a smaller last group")
        for weights in WeightReparameterization.allCases {
            expectAllRight(CheckedNetwork(weights: weights, objective: Objective(l2: 0.2)), weights.rawValue)
            expectAllRight(
                CheckedNetwork(normalization: batchNormalization(), weights: weights), "\(weights.rawValue), batch")
        }
        for groups in [1, 2] {
            expectAllRight(
                CheckedNetwork(hidden: [6, 4], normalization: GroupNormalization(groups: groups)), "\(groups) groups")
        }
        expectAllRight(CheckedNetwork(dropout: 0.4), "dropout")
        expectAllRight(CheckedNetwork(activation: .selu, dropout: 0.4), "alpha dropout")
        expectAllRight(
            CheckedNetwork(
                activation: .relu, normalization: batchNormalization(placement: .afterActivation), dropout: 0.4),
            "dropout after a normalization")
    }

    /// Newton's iterations before they have converged, and long after.
    @Test(arguments: [DecorrelatedBatchNormalization.Method.eigen] + [1, 3, 5, 7, 30].map { .newton(iterations: $0) })
    func everyWhitening(method: DecorrelatedBatchNormalization.Method) {
        let noise = NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)
        for (groupSize, options) in [(1, AffineOptions()), (2, AffineOptions(hasScale: false)), (3, AffineOptions())] {
            for placement in NormalizationPlacement.allCases {
                let kind = DecorrelatedBatchNormalization(
                    groupSize: groupSize, method, epsilon: 0.01, affine: options, placement: placement,
                    noise: groupSize == 3 ? noise : nil)
                expectAllRight(
                    CheckedNetwork(rows: 12, normalization: kind), "\(method), groups of \(groupSize), \(placement)")
            }
        }
        expectAllRight(
            CheckedNetwork(
                rows: 12, normalization: DecorrelatedBatchNormalization(groupSize: 2, method), normalizesLogits: true),
            "whitened logits")
    }

    @Test(arguments: ResidualBlocks.Placement.allCases)
    func everyResidualNetwork(placement: ResidualBlocks.Placement) {
        for (name, description) in residualNetworks(placement) { expectAllRight(CheckedNetwork(description), name) }
    }

    @Test(arguments: Fault.allCases)
    func everyFaultIsCaught(fault: Fault) {
        for normalization in [
            batchNormalization(), ghostBatch(size: 3), batchNormalization(backward: .jacobian),
            layerNormalization(), rms(), DynamicTanh(),
            BatchRenormalization(rMaximum: 1.1, dMaximum: 0.2, warmupSteps: 0, rSteps: 0, dSteps: 0),
            DecorrelatedBatchNormalization(groupSize: 2),
        ] as [any Normalization] {
            let net = CheckedNetwork(normalization: normalization)
            if normalization.affine.hasScale, fault == .forgetGamma { #expect(normalization.faults.contains(fault)) }
            guard fault.concerns(net.network.description) else { continue }
            #expect(
                net.check(fault: fault).contains { $0.isWrong(tolerance: 1e-7) },
                "\(fault.rawValue) with \(normalization)")
        }
        #expect(fault.concerns(CheckedNetwork(normalization: batchNormalization()).network.description))
    }

    /// The bias before batch normalization has a gradient of exactly zero, which rounding must not turn into an error.
    @Test func aZeroGradientIsRecognized() {
        let results = CheckedNetwork(normalization: batchNormalization(), hasBias: true).check()
        let biases = results.filter { $0.parameter == .bias && $0.layer < 2 }
        #expect(biases.count == 2 && biases.allSatisfy { $0.isZero && $0.normError == 0 && $0.analyticNorm < 1e-15 })
        #expect(results.filter(\.isZero).count == 2)
    }

    /// Of 400 features a batch has two, as sparse data do: their entries of the first weight are compared before
    /// others.
    @Test func entriesOfFeaturesThatOccurAreDrawnFirst() {
        let description = NetworkDescription(
            layers: [(400, 5, Activation.tanh), (5, 3, .identity)].map {
                LayerDescription(inputs: $0, outputs: $1, normalization: nil, activation: $2, hasBias: true)
            })
        let network = Network<Double>(
            description, initialization: .normal(standardDeviation: 0.7), optimizer: Optimizer(),
            objective: Objective(), seed: 1)
        let workspace = Workspace<Double>(description, rows: 6, forTraining: true, valueCount: nil)
        workspace.input.elements.update(repeating: 0)
        for i in 0..<6 {
            workspace.input[i, i % 2 == 0 ? 399 : 17] = 1 + Double(i)
            workspace.targets.labels[i] = Int32(i % 3)
        }
        for count in [8, 40] {
            let result = GradientCheck(network, workspace, sampleCount: count, seed: 5).run()[0]
            #expect(result.parameter == .weight && result.checkedCount == count && !result.isZero, "\(result)")
            let whole = norm(network.layers[0].weight.gradient)
            if count == 40 { #expect(abs(result.analyticNorm - whole) < 1e-12 * whole) }
        }
    }

    /// ReLU's inputs are put at exactly 0, where one side's derivative is 0 and the other's 1.
    @Test func kinksAreLeftOut() {
        let net = CheckedNetwork(hidden: [5], activation: .relu, hasBias: false)
        for j in 0..<5 { net.network.layers[0].weight.value[0, j] = 0 }
        for i in 0..<6 {
            for d in 0..<4 { net.workspace.input[i, d] = d == 0 ? 1 : 0 }
        }
        let results = GradientCheck(net.network, net.workspace, sampleCount: 1000, seed: 1).run()
        #expect(results[0].kinkCount == 5 && results.allSatisfy { $0.normError <= 1e-7 })
    }
}
