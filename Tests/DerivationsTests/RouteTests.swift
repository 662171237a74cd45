import Derivations
import NeuralNetwork
import TestSupport
import Testing

/// All routes to dL/dh agree, with each other, with numeric derivatives and with the network.
@Suite struct RouteTests {
    private func unit(_ activation: Activation, rows: Int = 9, epsilon: Double = 1e-3, seed: UInt64 = 5)
        -> BatchNormalizedUnit
    {
        let values: Matrix<Double> = randomMatrix(2, rows, seed: seed, mean: 3, deviation: 2)
        return BatchNormalizedUnit(
            h: Array(values.row(0)), gamma: -1.5, beta: 0.3, epsilon: epsilon, activation: activation,
            activationGradient: Array(values.row(1)))
    }

    private func distance(_ a: [Double], _ b: [Double]) -> Double {
        largest(zip(a, b).map { $0 - $1 }) / largest(b)
    }

    @Test(arguments: Activation.allCases) func routesAgree(activation: Activation) {
        let unit = unit(activation), exact = unit.inputGradient
        let jacobian = NormalizationJacobian(unit), numeric = NumericGradient(unit)
        let rows = 0..<unit.rowCount
        // Rounding of a few sums of nine numbers.
        for other in [
            StagedGraph(unit).inputGradient, PaperGradient(unit).inputGradient, AlternativeGradient(unit).inputGradient,
            rows.map(jacobian.inputGradient),
        ] {
            #expect(distance(other, exact) < 1e-13)
        }
        // Five-point differences: s^4 against rounding.
        #expect(distance(rows.compactMap(numeric.input), exact) < 1e-8)
        #expect(numeric.gamma.map { abs($0 - unit.gammaGradient) < 1e-7 * abs(unit.gammaGradient) } == true)
        #expect(numeric.beta.map { abs($0 - unit.betaGradient) < 1e-7 * abs(unit.betaGradient) } == true)
    }

    /// What the document says that must hold.
    @Test func sumsAndNullDirections() {
        let unit = unit(.tanh, epsilon: 0.5), jacobian = NormalizationJacobian(unit)
        let size = largest(unit.terms.map(\.direct)), x = unit.normalized
        #expect(abs(unit.terms.map(\.sum).sum) < 1e-13 * size)
        let s = unit.inverseStandardDeviation
        let expected = unit.gammaGradient * Double(unit.rowCount) * unit.epsilon * s * s
        #expect(abs(unit.terms.map(\.sum).dot(x) - expected) < 1e-13 * size)
        for row in 0..<unit.rowCount {
            #expect(abs(jacobian.product(row: row, x.map { _ in 1 })) < 1e-15)
            #expect(abs(jacobian.product(row: row, x) - jacobian.eigenvalueOfNormalized * x[row]) < 1e-15)
            #expect(jacobian[row, 2] == jacobian[2, row])
        }
    }

    @Test func aConstantColumnIsFinite() {
        let unit = BatchNormalizedUnit(
            h: [0.1, 0.1, 0.1], gamma: 2, beta: 1, epsilon: 1e-5, activation: .relu, activationGradient: [1, 2, 3])
        #expect(unit.variance == 0 && unit.normalized == [0, 0, 0] && unit.inputGradient.allSatisfy(\.isFinite))
    }

    /// Two hidden layers with everything that lies between a layer and the loss.
    private func network<S: Scalar>(
        _: S.Type, _ normalization: BatchNormalization, _ activation: Activation, l2: Double = 0.01
    ) -> (Network<S>, Workspace<S>) {
        func layer(_ inputs: Int, _ outputs: Int, _ reparameterization: WeightReparameterization) -> LayerDescription {
            LayerDescription(
                inputs: inputs, outputs: outputs, normalization: normalization, activation: activation, hasBias: true,
                weightReparameterization: reparameterization, dropout: 0.25)
        }
        let description = NetworkDescription(layers: [
            layer(5, 6, .none), layer(6, 7, .weightNorm),
            LayerDescription(
                inputs: 7, outputs: 3, normalization: normalization, activation: .identity, hasBias: false),
        ])
        let network = Network<S>(
            description, initialization: .he, optimizer: Optimizer(), objective: Objective(l2: l2), seed: 3)
        for layer in network.layers {
            for (gamma, beta) in [(layer.gamma, layer.beta)] {
                gamma?.value.copy(from: randomMatrix(1, layer.description.outputs, seed: 7, mean: 1))
                beta?.value.copy(from: randomMatrix(1, layer.description.outputs, seed: 8))
            }
        }
        let workspace = Workspace<S>(description, rows: 12, forTraining: true)
        workspace.input.copy(from: randomMatrix(12, 5, seed: 1, mean: 2))
        for (row, label) in randomLabels(12, classes: 3, seed: 2).enumerated() { workspace.targets.labels[row] = label }
        return (network, workspace)
    }

    private func differences<S: Scalar>(
        _ type: S.Type, _ normalization: BatchNormalization, _ activation: Activation = .tanh
    ) throws -> [Double] {
        let (network, workspace) = network(type, normalization, activation)
        return try (0..<3).flatMap { layer in
            try [0, 2].map { unit in
                let place = try ExplainedPlace(layer: layer, unit: unit, of: network.description)
                let explained = ExplainedLayer(place, of: network, workspace, step: 4)
                #expect(explained.network?.values[.weightGradient]?.isEmpty == false)
                return explained.largestRelativeDifference
            }
        }
    }

    @Test(arguments: BatchNormalization.Backward.allCases)
    func theNetworkHasTheSameGradients(backward: BatchNormalization.Backward) throws {
        let normalization = batchNormalization(epsilon: 1e-3, backward: backward)
        for activation in [Activation.tanh, .relu, .gelu, .identity] {
            // Sums of a dozen numbers in other orders.
            for difference in try differences(Double.self, normalization, activation) { #expect(difference < 1e-12) }
            // 24 bits instead of 53, and h is a sum of numbers larger than itself.
            for difference in try differences(Float.self, normalization, activation) { #expect(difference < 1e-4) }
        }
        let plain = batchNormalization(hasScale: false, hasShift: false)
        for difference in try differences(Double.self, plain) { #expect(difference < 1e-12) }
    }

    /// A mistake that is explained is the one that the network makes.
    @Test(arguments: FaultyGradient.explained) func faultsAreThoseOfTheNetwork(fault: Fault) throws {
        let (network, workspace) = network(Double.self, batchNormalization(epsilon: 0.1), .tanh, l2: 0)
        let place = try ExplainedPlace(layer: 0, unit: 1, of: network.description)
        // The lowest layer's mistake alone: dL/da is that of a network without one.
        let layer = ExplainedLayer(place, of: network, workspace, step: 4)
        let wrong = FaultyGradient(fault, layer)
        let buffers = workspace.layers[0], parameters = network.layers[0]
        let gradient = Matrix<Double>(rows: 12, columns: 6)
        let dy = fault == .forgetActivation ? layer.unit.activationGradient : layer.unit.outputGradient
        for row in 0..<12 { gradient[row, 1] = dy[row] }
        let normalizer = try #require(parameters.normalizer), normalization = try #require(buffers.normalization)
        normalizer.backward(gradient: gradient, h: buffers.linear, normalization, fault: fault)
        let theirs = (0..<12).map { gradient[$0, 1] }
        #expect(distance(wrong.inputGradient, theirs) < 1e-12)
        #expect(try abs(wrong.gammaGradient - #require(normalizer.gamma).gradient[0, 1]) < 1e-14)
        #expect(try abs(wrong.betaGradient - #require(normalizer.beta).gradient[0, 1]) < 1e-14)
        let right = layer.unit
        let isSame =
            wrong.inputGradient == right.inputGradient && wrong.gammaGradient == right.gammaGradient
            && wrong.biasGradient == right.inputGradient.sum
        #expect(!isSame, "\(fault) changes nothing")
    }

    @Test func whatIsNotExplainedIsRefused() {
        func message(_ normalization: (any Normalization)?, layer: Int? = nil, unit: Int = 0) -> String {
            let description = NetworkDescription(layers: [
                LayerDescription(inputs: 4, outputs: 5, normalization: nil, activation: .relu, hasBias: true),
                LayerDescription(inputs: 5, outputs: 6, normalization: normalization, activation: .relu, hasBias: true),
                LayerDescription(inputs: 6, outputs: 2, normalization: nil, activation: .identity, hasBias: true),
            ])
            do {
                let place = try ExplainedPlace(layer: layer, unit: unit, of: description)
                return "layer \(place.layer)"
            } catch {
                return error.message
            }
        }
        #expect(message(batchNormalization()) == "layer 1")
        #expect(message(batchNormalization(), layer: 0).contains("layer 0 has no batch normalization"))
        #expect(message(batchNormalization(), layer: 2).contains("Layers that can be explained: 1"))
        #expect(message(batchNormalization(), layer: 3).contains("expected 0 to 2"))
        #expect(message(batchNormalization(), unit: 6).contains("--unit is 6; expected 0 to 5"))
        #expect(message(nil).contains("No layer of this network can be"))
        #expect(message(layerNormalization(), layer: 1).contains("of kind layer"))
        #expect(message(ghostBatch(size: 4), layer: 1).contains("of kind ghost_batch"))
        #expect(message(batchNormalization(subtractsMean: false), layer: 1).contains("subtract_mean"))
        #expect(message(batchNormalization(placement: .afterActivation), layer: 1).contains("placement"))
    }
}
