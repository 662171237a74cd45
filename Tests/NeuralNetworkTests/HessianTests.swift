import NeuralNetwork
import TestSupport
import Testing

/// A network's Hessian on its batch, beside what finite differences of the gradient say.
private struct CheckedHessian {
    let net: CheckedNetwork
    let product: HessianProduct<Double>

    /// Leaves the initial values, where terms may hide behind 0 and 1.
    init(_ net: CheckedNetwork) {
        self.net = net
        GradientCheck(net.network, net.workspace, sampleCount: 1, seed: 5).leaveInitialValues()
        product = HessianProduct(
            net.network, rows: net.workspace.rows, valueCount: net.workspace.targets.values?.columns)
        product.workspace.copyBatch(from: net.workspace)
        product.prepare(step: 0)
    }

    func vector(seed: UInt64) -> [Double] { randomVector(product.dimension, seed: seed) }

    func times(_ v: [Double]) -> [Double] {
        var result = [Double](repeating: 0, count: v.count)
        product.multiply(v, into: &result)
        return result
    }

    /// Five-point differences of the gradient along v, whose error is of fourth order in the step.
    func numericProduct(_ v: [Double], step: Double) -> [Double] {
        let network = net.network, parameters = network.layers.flatMap(\.parameters)
        let initial = parameters.map { Array($0.value.elements) }
        var result = [Double](repeating: 0, count: v.count)
        // r and d of batch renormalization are constants.
        _ = network.forward(net.workspace, .training(step: 0))
        net.workspace.holdsConstants = true
        for (offset, weight) in [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)] {
            var place = 0
            for (parameter, values) in zip(parameters, initial) {
                for i in values.indices { parameter.value.base[i] = values[i] + offset * step * v[place + i] }
                place += values.count
            }
            _ = network.forward(net.workspace, .training(step: 0))
            network.backward(net.workspace)
            place = 0
            for parameter in parameters {
                for i in 0..<parameter.gradient.count {
                    result[place + i] += weight * parameter.gradient.base[i] / (12 * step)
                }
                place += parameter.gradient.count
            }
        }
        for (parameter, values) in zip(parameters, initial) {
            for i in values.indices { parameter.value.base[i] = values[i] }
        }
        net.workspace.holdsConstants = false
        return result
    }
}

private func randomVector(_ count: Int, seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .synthesis)
    return (0..<count).map { _ in stream.nextNormalPair().0 }
}
private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
private func distance(_ a: [Double], _ b: [Double]) -> Double { norm(zip(a, b).map { $0 - $1 }) }

/// Exact products with the Hessian against differences of the gradient, in float64: every activation, normalization,
/// loss and setting, each in a whole network.
@Suite struct HessianTests {
    /// Differences of a gradient of size 1 over steps of 2e-5 have an error of about 1e-11 by rounding; the fourth
    /// order of the step adds to it where curvature changes fast, as in groups of two rows.
    /// - Parameter isKinked: whether steps must be small, so that they cross no kink.
    private func expectRight(_ net: CheckedNetwork, _ comment: String, isKinked: Bool = false) {
        let hessian = CheckedHessian(net)
        let u = hessian.vector(seed: 21), v = hessian.vector(seed: 22)
        // Before the differences, which make other passes.
        let exact = hessian.times(v), other = hessian.times(u)
        let numeric = hessian.numericProduct(v, step: isKinked ? 1e-6 : 2e-5)
        let error = distance(exact, numeric) / norm(numeric)
        #expect(error <= 1e-6, "\(comment): \(error)")
        let difference = abs(dot(u, exact) - dot(v, other)), size = norm(u) * norm(exact) + norm(v) * norm(other)
        #expect(difference <= 1e-12 * size, "\(comment): not symmetric, by \(difference) of \(size)")
    }

    @Test(arguments: Activation.allCases)
    func everyActivationWithEveryNormalization(activation: Activation) {
        for normalization in GradientTests.normalizations {
            for hasBias in [true, false] {
                expectRight(
                    CheckedNetwork(activation: activation, normalization: normalization, hasBias: hasBias),
                    "\(activation), \(String(describing: normalization)), \(hasBias)",
                    isKinked: [.relu, .leakyReLU, .elu, .selu].contains(activation))
            }
        }
    }

    @Test(arguments: [
        Objective(), Objective(.softmaxCrossEntropy(labelSmoothing: 0.1)), Objective(.meanSquaredError),
        Objective(.hinge), Objective(reduction: .sum), Objective(.meanSquaredError, reduction: .sum),
        Objective(.hinge, reduction: .sum, l2: 0.3), Objective(l2: 0.1), Objective(.sigmoidCrossEntropy),
        Objective(.sigmoidCrossEntropy, reduction: .sum),
    ])
    func everyLoss(objective: Objective) {
        for normalization in [nil, batchNormalization()] {
            expectRight(
                CheckedNetwork(normalization: normalization, objective: objective), "\(objective)",
                isKinked: objective.loss == .hinge)
        }
        if objective.loss != .hinge { expectRight(CheckedNetwork(objective: objective, valueCount: 3), "values") }
    }

    @Test func everySetting() {
        expectRight(CheckedNetwork(hidden: []), "softmax regression")
        expectRight(
            CheckedNetwork(hidden: [6, 4], normalization: GroupNormalization(groups: 2)), "groups of units")
        expectRight(
            CheckedNetwork(hidden: [], normalization: batchNormalization(), normalizesLogits: true), "normalized logits"
        )
        expectRight(
            CheckedNetwork(normalization: layerNormalization(), normalizesLogits: true), "layer-normalized logits")
        expectRight(CheckedNetwork(rows: 7, normalization: ghostBatch(size: 4)), "a smaller last group")
        for weights in WeightReparameterization.allCases {
            expectRight(CheckedNetwork(weights: weights, objective: Objective(l2: 0.2)), weights.rawValue)
            expectRight(
                CheckedNetwork(normalization: batchNormalization(), weights: weights), "\(weights.rawValue), batch")
        }
        expectRight(CheckedNetwork(dropout: 0.4), "dropout")
        expectRight(
            CheckedNetwork(normalization: batchNormalization(placement: .afterActivation), dropout: 0.4),
            "dropout after a normalization")
    }

    @Test(arguments: ResidualBlocks.Placement.allCases)
    func everyResidualNetwork(placement: ResidualBlocks.Placement) {
        for (name, description) in residualNetworks(placement) { expectRight(CheckedNetwork(description), name) }
    }

    /// A piecewise linear loss of linear outputs has no curvature at all.
    @Test func hingeRegressionIsFlat() {
        let hessian = CheckedHessian(CheckedNetwork(hidden: [], objective: Objective(.hinge)))
        #expect(hessian.times(hessian.vector(seed: 1)).allSatisfy { $0 == 0 })
    }

    /// What is frozen is a constant: the other parameters' part of the whole Hessian is left.
    @Test func frozenParametersAreConstants() {
        func hessian(frozen: Set<ParameterKind>) -> CheckedHessian {
            let description = NetworkDescription(layers: [
                LayerDescription(
                    inputs: 4, outputs: 5, normalization: batchNormalization(), activation: .tanh, hasBias: false,
                    frozen: frozen),
                LayerDescription(inputs: 5, outputs: 3, normalization: nil, activation: .identity, hasBias: true),
            ])
            return CheckedHessian(CheckedNetwork(description))
        }
        let whole = hessian(frozen: []), part = hessian(frozen: [.weight])
        #expect(part.product.dimension == whole.product.dimension - 20)
        let v = part.vector(seed: 3)
        #expect(part.times(v) == Array(whole.times([Double](repeating: 0, count: 20) + v).dropFirst(20)))
    }

    /// The same bits on any number of threads, and in float32 what it is in float64 but for rounding.
    @Test func threadsChangeNoBitAndFloatRounds() {
        func product<S: Scalar>(threads: Int, as _: S.Type) -> [Double] {
            let normalized = batchNormalization()
            let description = NetworkDescription(layers: [
                LayerDescription(inputs: 50, outputs: 90, normalization: normalized, activation: .gelu, hasBias: false),
                LayerDescription(
                    inputs: 90, outputs: 130, normalization: layerNormalization(), activation: .tanh, hasBias: true),
                LayerDescription(inputs: 130, outputs: 10, normalization: nil, activation: .identity, hasBias: true),
            ])
            let network = Network<S>(
                description, initialization: .normal(standardDeviation: 0.1), optimizer: Optimizer(),
                objective: Objective(l2: 1e-3), seed: 1, pool: WorkerPool(threadCount: threads))
            let product = HessianProduct(network, rows: 70)
            product.workspace.input.copy(from: randomMatrix(70, 50, seed: 1))
            for (i, label) in randomLabels(70, classes: 10, seed: 2).enumerated() {
                product.workspace.targets.labels[i] = label
            }
            product.prepare(step: 0)
            let v = randomVector(product.dimension, seed: 4)
            var result = v
            product.multiply(v, into: &result)
            return result
        }
        let one = product(threads: 1, as: Float.self), exact = product(threads: 1, as: Double.self)
        for threads in [2, 3] { #expect(product(threads: threads, as: Float.self) == one) }
        #expect(distance(one, exact) <= 1e-5 * norm(exact))
    }

    /// Lanczos' method against all eigenvalues of a network's whole Hessian; each probe's nodes have its first two
    /// moments.
    @Test func spectraAreThoseOfTheWholeMatrix() throws {
        let hessian = CheckedHessian(CheckedNetwork(normalization: batchNormalization(), hasBias: false))
        let n = hessian.product.dimension, whole = Matrix<Double>(rows: n, columns: n)
        for i in 0..<n {
            var unit = [Double](repeating: 0, count: n)
            unit[i] = 1
            for (j, value) in hessian.times(unit).enumerated() { whole.base[i * n + j] = value }
        }
        let trace = (0..<n).reduce(0) { $0 + whole.base[$1 * n + $1] }
        let exact = symmetricEigenvalues(whole), size = max(exact[0], -exact[n - 1])

        let found = try #require(
            ExtremeEigenvalues(of: hessian.product.matrix, count: 6, tolerance: 1e-10, most: n, seed: 1))
        for (approximate, value) in zip(found.largest, exact) {
            #expect(abs(approximate.value - value) <= 1e-9 * size && approximate.residual <= 1e-10 * size)
        }
        #expect(abs(found.smallest.value - exact[n - 1]) <= max(found.smallest.residual, 1e-9 * size))
        let early = try #require(
            ExtremeEigenvalues(of: hessian.product.matrix, count: 1, tolerance: 0.05, most: n, seed: 1))
        #expect(early.productCount < found.productCount)
        #expect(exact.contains { abs($0 - early.largest[0].value) <= early.largest[0].residual })

        let probes = (0..<200).compactMap {
            SpectrumProbe(of: hessian.product.matrix, nodeCount: 5, seed: 1, index: $0 + 1)
        }
        for probe in probes {
            #expect(abs(probe.nodes.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
            let mean = probe.nodes.reduce(0) { $0 + $1.weight * $1.value }
            #expect(abs(mean - probe.trace / Double(n)) <= 1e-12 * size)
        }
        let estimate = try #require(meanTrace(probes)), error = try #require(estimate.error)
        #expect(abs(estimate.mean - trace) < 4 * error && error > 0)
        // The second moment over probes is the mean square of all eigenvalues, within a few hundredths of 200 probes.
        let squares = probes.reduce(0) { $0 + $1.nodes.reduce(0) { $0 + $1.weight * $1.value * $1.value } } / 200
        let exactSquares = exact.reduce(0) { $0 + $1 * $1 } / Double(n)
        #expect(abs(squares / exactSquares - 1) < 0.2)
    }

    /// P is what the update divides by: p changes by -rate m / P, with m the kept mean of gradients, or the gradient.
    @Test(arguments: [
        Optimizer(Adam(beta1: 0.8, beta2: 0.9, epsilon: 1e-3)), Optimizer(AdamW()),
        Optimizer(Adam(), weightDecay: 0.1, clipGradientNorm: 0.01),
        Optimizer(RMSProp(decay: 0.9, epsilon: 1e-4, momentum: 0)), Optimizer(Adagrad(rateDecay: 0.3, epsilon: 1e-6)),
        Optimizer(LARS(momentum: 0, trustCoefficient: 0.1)), Optimizer(LAMB()),
        Optimizer(
            Adam(),
            learningRateMultipliers: LearningRateMultipliers([
                ParameterPattern(.weight): 0.5, ParameterPattern(layer: 1, .weight): 3,
            ])),
    ])
    func preconditionersAreWhatUpdatesDivideBy(optimizer: Optimizer) {
        let net = CheckedNetwork(normalization: batchNormalization(), optimizer: optimizer), network = net.network
        for t in 1...3 {
            _ = network.forward(net.workspace, .training(step: t - 1))
            network.backward(net.workspace)
            let diagonal = network.preconditioner(t: t), parameters = network.layers.flatMap(\.parameters)
            let before = parameters.flatMap { Array($0.value.elements) }
            network.update(net.workspace, rate: 0.01, t: t)
            let after = parameters.flatMap { Array($0.value.elements) }
            let hasMean = optimizer.rule.stateCount == 2
            let means = parameters.flatMap { Array((hasMean ? $0.state[0] : $0.gradient).elements) }
            let decay = optimizer.rule is AdamW ? 1 - 0.01 * optimizer.weightDecay : 1
            for i in before.indices {
                let expected = decay * before[i] - 0.01 * means[i] / diagonal[i]
                #expect(abs(after[i] - expected) <= 1e-12 * max(1, abs(after[i])), "\(optimizer.rule), \(t)")
            }
        }
        for rule in [SGD(), Lion(), Muon()] as [any OptimizerRule] { #expect(!rule.isPreconditioned) }
    }
}

@Suite struct LanczosTests {
    private func diagonal(_ values: [Double]) -> SymmetricMatrix {
        SymmetricMatrix(dimension: values.count) { v, result in
            for (i, value) in values.enumerated() { result[i] = value * v[i] }
        }
    }

    @Test func tridiagonalEigenpairsAreThoseOfTheMatrix() {
        var stream = RandomStream(seed: 1, purpose: .synthesis)
        for n in [1, 2, 3, 10, 60] {
            let d = (0..<n).map { _ in stream.nextNormalPair().0 }
            var e = (0..<n - 1).map { _ in stream.nextNormalPair().0 }
            if n > 5 { e[2] = 0 }
            let matrix = Matrix<Double>(rows: n, columns: n)
            for i in 0..<n {
                matrix[i, i] = d[i]
                if i + 1 < n { (matrix[i, i + 1], matrix[i + 1, i]) = (e[i], e[i]) }
            }
            let pairs = tridiagonalEigenpairs(diagonal: d, offDiagonal: e)
            for (pair, value) in zip(pairs, symmetricEigenvalues(matrix)) { #expect(abs(pair.value - value) < 1e-13) }
            #expect(abs(pairs.reduce(0) { $0 + $1.first * $1.first } - 1) < 1e-13)
            #expect(abs(pairs.reduce(0) { $0 + $1.last * $1.last } - 1) < 1e-13)
            // The first row of the matrix times itself: sum first^2 value = d_0, and both ends are orthogonal.
            #expect(abs(pairs.reduce(0) { $0 + $1.first * $1.first * $1.value } - d[0]) < 1e-13)
            if n > 1 { #expect(abs(pairs.reduce(0) { $0 + $1.first * $1.last }) < 1e-13) }
        }
        #expect(tridiagonalEigenpairs(diagonal: [], offDiagonal: []).isEmpty)
    }

    /// Equal eigenvalues are all found where the matrix is small, and a matrix of zeros has them too.
    @Test func whatIsSpannedAlreadyGoesOn() throws {
        let repeated = try #require(
            ExtremeEigenvalues(of: diagonal([3, 3, 3, -1, -1]), count: 5, tolerance: 1e-12, most: 100, seed: 2))
        #expect(zip(repeated.largest, [3, 3, 3, -1, -1]).allSatisfy { abs($0.value - $1) < 1e-12 })
        let zero = try #require(
            ExtremeEigenvalues(of: diagonal([0, 0, 0]), count: 2, tolerance: 1e-3, most: 100, seed: 2))
        #expect(zero.largest.map(\.value) == [0, 0] && zero.largest.allSatisfy { $0.residual == 0 })
        let more = try #require(ExtremeEigenvalues(of: diagonal([2, 1]), count: 9, tolerance: 0, most: 100, seed: 2))
        #expect(more.largest.count == 2 && more.productCount == 2)
    }

    /// Ten separated eigenvalues among a thousand take far fewer products than there are dimensions.
    @Test func outliersAreFoundQuickly() throws {
        var values = (0..<1000).map { Double($0) / 1000 - 0.5 }
        for i in 0..<10 { values[37 * i] = Double(10 - i) * 10 }
        let found = try #require(
            ExtremeEigenvalues(of: diagonal(values), count: 10, tolerance: 1e-8, most: 200, seed: 3))
        for (rank, eigenvalue) in found.largest.enumerated() {
            #expect(abs(eigenvalue.value - Double(10 - rank) * 10) < 1e-6)
        }
        #expect(found.productCount < 60)
    }

    @Test func whatIsNotFiniteIsNothing() {
        #expect(ExtremeEigenvalues(of: diagonal([1, .nan]), count: 1, tolerance: 0, most: 9, seed: 1) == nil)
        #expect(SpectrumProbe(of: diagonal([1, .infinity]), nodeCount: 0, seed: 1, index: 1) == nil)
    }

    /// D A D has the eigenvalues of D^2 A.
    @Test func scaledMatrices() throws {
        let scaled = diagonal([1, 2, 3]).scaled(by: [3, 2, 1])
        let found = try #require(ExtremeEigenvalues(of: scaled, count: 3, tolerance: 1e-12, most: 9, seed: 1))
        #expect(zip(found.largest, [9, 8, 3]).allSatisfy { abs($0.value - $1) < 1e-12 })
    }
}
