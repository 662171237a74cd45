import NeuralNetwork
import TestSupport
import Testing

/// One normalized layer that can be looked into: the inputs are the identity, so that h = W and dL/dW = dL/dh, and the
/// loss is the squared distance of y from values.
///
/// Everything in float64; N rows, H features.
private struct Probe {
    let network: Network<Double>
    let workspace: Workspace<Double>
    var layer: Layer<Double> { network.layers[0] }
    var buffers: NormalizationBuffers<Double> {
        guard let buffers = workspace.layers[0].normalization else { preconditionFailure("the layer is normalized") }
        return buffers
    }

    init(_ h: Matrix<Double>, _ normalization: any Normalization, seed: UInt64, hasBias: Bool = false) {
        let description = NetworkDescription(layers: [
            LayerDescription(
                inputs: h.rows, outputs: h.columns, normalization: normalization, activation: .identity,
                hasBias: hasBias)
        ])
        network = Network(
            description, initialization: .zeros, optimizer: Optimizer(),
            objective: Objective(.meanSquaredError, reduction: .sum), seed: seed)
        workspace = Workspace(description, rows: h.rows, forTraining: true, valueCount: h.columns)
        for i in 0..<h.rows { workspace.input[i, i] = 1 }
        workspace.targets.values?.copy(from: randomMatrix(h.rows, h.columns, seed: seed &+ 1))
        layer.weight.value.copy(from: h)
        for (parameter, center) in [(layer.gamma, 1.0), (layer.beta, 0)] {
            parameter?.value.copy(from: randomMatrix(1, h.columns, seed: seed &+ 2, mean: center, deviation: 0.5))
        }
    }

    var epsilon: Double {
        switch layer.description.normalization {
        case let normalization as LayerNormalization: normalization.options.epsilon
        case let normalization as RMSNormalization: normalization.options.epsilon
        case let normalization: normalization?.statistics?.epsilon ?? .nan
        }
    }
    var h: Matrix<Double> { workspace.layers[0].linear }
    var normalized: Matrix<Double> { buffers.normalized }
    var y: Matrix<Double> { workspace.layers[0].preactivation }
    var hGradient: Matrix<Double> { layer.weight.gradient }
    /// dL/dy = 2 (y - t).
    func yGradient(_ i: Int, _ j: Int) -> Double { 2 * (y[i, j] - (workspace.targets.values?[i, j] ?? .nan)) }

    @discardableResult
    func step(_ pass: Pass = .training(step: 0), update: Bool = false) -> Double {
        let loss = network.forward(workspace, pass).loss
        if pass == .training(step: pass.number) { network.backward(workspace) }
        if update { network.update(workspace, rate: 0, t: 1) }
        return loss
    }

    func variance(_ j: Int) -> Double { buffers.moments[0].variance[0, j] }
}

extension Pass {
    fileprivate var number: Int { if case .training(let step) = self { step } else { -1 } }
}

private func largestDifference(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
    zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// Identities that hold exactly, over seeded random shapes; tolerances are a few hundred roundings of values of order
/// 1.
@Suite struct PropertyTests {
    /// Rows, features, scale of h, epsilon.
    private static let shapes: [(Int, Int, Double, Double)] = (0..<12).map { index in
        var stream = RandomStream(seed: UInt64(index), purpose: .synthesis)
        return (
            2 + stream.nextIndex(below: 40), 1 + stream.nextIndex(below: 9), [0.1, 1, 30][stream.nextIndex(below: 3)],
            [1e-5, 1e-3, 0.5, 4][stream.nextIndex(below: 4)]
        )
    }

    private func forEachShape(
        _ normalization: (_ epsilon: Double) -> any Normalization = { batchNormalization(epsilon: $0) },
        _ body: (Probe, Int, Int) -> Void
    ) {
        for (index, (rows, features, scale, epsilon)) in PropertyTests.shapes.enumerated() {
            let h: Matrix<Double> = randomMatrix(rows, features, seed: UInt64(100 + index), mean: 3, deviation: scale)
            let probe = Probe(h, normalization(epsilon), seed: UInt64(200 + index))
            probe.step()
            body(probe, rows, features)
        }
    }

    /// Equation (14) term by term, with sums in the order of the formula.
    @Test func theGradientIsTheClosedForm() {
        forEachShape { probe, rows, features in
            for j in 0..<features {
                let mean = (0..<rows).reduce(0.0) { $0 + probe.h[$1, j] } / Double(rows)
                let variance =
                    (0..<rows).reduce(0.0) { $0 + (probe.h[$1, j] - mean) * (probe.h[$1, j] - mean) } / Double(rows)
                let epsilon = probe.epsilon, gamma = probe.layer.gamma!.value[0, j]
                let sum = (0..<rows).reduce(0.0) { $0 + probe.yGradient($1, j) }
                let product = (0..<rows).reduce(0.0) { $0 + probe.yGradient($1, j) * (probe.h[$1, j] - mean) }
                let scale = gamma / (variance + epsilon).squareRoot()
                for i in 0..<rows {
                    let expected =
                        scale / Double(rows)
                        * (Double(rows) * probe.yGradient(i, j) - sum - (probe.h[i, j] - mean) / (variance + epsilon)
                            * product)
                    #expect(abs(probe.hGradient[i, j] - expected) < 1e-11 * max(1, abs(scale)))
                }
                #expect(abs(probe.layer.gamma!.gradient[0, j] - product / (variance + epsilon).squareRoot()) < 1e-10)
                #expect(abs(probe.layer.beta!.gradient[0, j] - sum) < 1e-11)
            }
        }
    }

    /// Shifting all rows alike changes nothing, so sum_i dL/dh_ij = 0.
    @Test func theGradientSumsToZeroOverTheBatch() {
        forEachShape { probe, rows, features in
            for j in 0..<features {
                let sum = (0..<rows).reduce(0.0) { $0 + probe.hGradient[$1, j] }
                let size = (0..<rows).reduce(0.0) { $0 + abs(probe.hGradient[$1, j]) }
                #expect(abs(sum) <= 1e-13 * max(size, 1))
            }
        }
    }

    /// Scaling the deviations is cancelled but for epsilon: sum_i dL/dh_ij (h_ij - mean_j) = gamma_j dL/dgamma_j
    /// epsilon / (variance_j + epsilon).
    @Test func whatIsLeftOfTheScaleIsEpsilons() {
        forEachShape { probe, rows, features in
            let epsilon = probe.epsilon
            for j in 0..<features {
                let mean = (0..<rows).reduce(0.0) { $0 + probe.h[$1, j] } / Double(rows)
                let found = (0..<rows).reduce(0.0) { $0 + probe.hGradient[$1, j] * (probe.h[$1, j] - mean) }
                let expected =
                    probe.layer.gamma!.value[0, j] * probe.layer.gamma!.gradient[0, j] * epsilon
                    / (probe.variance(j) + epsilon)
                #expect(abs(found - expected) < 1e-10 * max(1, abs(probe.layer.gamma!.gradient[0, j])))
            }
        }
    }

    /// The batch mean of y is beta, its variance gamma^2 variance / (variance + epsilon).
    @Test func momentsOfTheOutput() {
        forEachShape { probe, rows, features in
            let epsilon = probe.epsilon
            for j in 0..<features {
                let mean = (0..<rows).reduce(0.0) { $0 + probe.y[$1, j] } / Double(rows)
                let variance =
                    (0..<rows).reduce(0.0) { $0 + (probe.y[$1, j] - mean) * (probe.y[$1, j] - mean) } / Double(rows)
                let gamma = probe.layer.gamma!.value[0, j]
                #expect(abs(mean - probe.layer.beta!.value[0, j]) < 1e-13)
                #expect(abs(variance - gamma * gamma * probe.variance(j) / (probe.variance(j) + epsilon)) < 1e-12)
            }
        }
    }

    @Test func shiftsOfHChangeNothing() {
        let h: Matrix<Double> = randomMatrix(9, 4, seed: 1)
        let first = Probe(h, batchNormalization(), seed: 2), second = Probe(h, batchNormalization(), seed: 2)
        for i in 0..<9 { for j in 0..<4 { second.layer.weight.value[i, j] += Double(j) - 1.5 } }
        first.step()
        second.step()
        #expect(
            largestDifference(first.y, second.y) < 1e-13 && largestDifference(first.hGradient, second.hGradient) < 1e-12
        )
    }

    /// Scaling W by a and epsilon by a^2 leaves the output and divides dL/dW by a.
    @Test(arguments: [0.25, 3, 1000])
    func scalesOfHCancel(a: Double) {
        let h: Matrix<Double> = randomMatrix(9, 4, seed: 3)
        let first = Probe(h, batchNormalization(epsilon: 0.1), seed: 4),
            second = Probe(h, batchNormalization(epsilon: 0.1 * a * a), seed: 4)
        for i in 0..<36 { second.layer.weight.value.elements[i] *= a }
        first.step()
        second.step()
        #expect(largestDifference(first.y, second.y) < 1e-13)
        for i in 0..<36 { #expect(abs(second.hGradient.elements[i] * a - first.hGradient.elements[i]) < 1e-12) }
    }

    /// Permuting the rows permutes outputs and dL/dh and leaves the other gradients.
    @Test func rowsAreEquivalent() {
        let h: Matrix<Double> = randomMatrix(7, 3, seed: 5)
        let order = [3, 0, 6, 1, 5, 2, 4]
        let first = Probe(h, batchNormalization(), seed: 6), second = Probe(h, batchNormalization(), seed: 6)
        for (i, row) in order.enumerated() {
            for j in 0..<3 {
                second.layer.weight.value[i, j] = h[row, j]
                second.workspace.targets.values![i, j] = first.workspace.targets.values![row, j]
            }
        }
        first.step()
        second.step()
        for (i, row) in order.enumerated() {
            for j in 0..<3 {
                #expect(
                    abs(second.y[i, j] - first.y[row, j]) < 1e-13
                        && abs(second.hGradient[i, j] - first.hGradient[row, j]) < 1e-12)
            }
        }
        #expect(largestDifference(first.layer.gamma!.gradient, second.layer.gamma!.gradient) < 1e-12)
    }

    /// N = 2: normalized = +-d / sqrt(d^2 + epsilon), d half the difference, and dL/dh shrinks with epsilon / (d^2 +
    /// epsilon).
    ///
    /// N = 1: normalized and dL/dh are 0 whatever h is.
    @Test func smallestBatches() {
        let two = Probe(Matrix(rows: 2, columns: 1, [5, 1]), batchNormalization(epsilon: 0.5), seed: 7)
        two.step()
        let root = 4.5.squareRoot()
        #expect(abs(two.normalized[0, 0] - 2 / root) < 1e-15 && abs(two.normalized[1, 0] + 2 / root) < 1e-15)
        let difference = (two.yGradient(0, 0) - two.yGradient(1, 0)) / 2
        #expect(abs(two.hGradient[0, 0] - two.layer.gamma!.value[0, 0] / root * (0.5 / 4.5) * difference) < 1e-14)
        let one = Probe(Matrix(rows: 1, columns: 2, [5, -3]), batchNormalization(), seed: 8)
        one.step()
        #expect(one.normalized.elements.allSatisfy { $0 == 0 } && one.hGradient.elements.allSatisfy { $0 == 0 })
        #expect(one.y[0, 0] == one.layer.beta!.value[0, 0])
    }

    /// After T equal batches: running = (1 - momentum)^T initial + (1 - (1 - momentum)^T) batch; cumulative: the batch
    /// itself.
    @Test func runningStatisticsOfEqualBatches() {
        let h = Matrix<Double>(rows: 4, columns: 1, [1, 2, 3, 6])  // mean 3, variance 3.5, unbiased 14 / 3
        let moving = Probe(
            h, batchNormalization(running: RunningStatisticsDescription(.moving(momentum: 0.2))), seed: 9)
        let cumulative = Probe(
            h, batchNormalization(running: RunningStatisticsDescription(.cumulative, isUnbiased: false)), seed: 9)
        for t in 1...6 {
            moving.step(update: true)
            cumulative.step(update: true)
            var left = 1.0
            for _ in 0..<t { left *= 0.8 }
            #expect(abs(moving.layer.running!.mean[0, 0] - (1 - left) * 3) < 1e-14)
            #expect(abs(moving.layer.running!.spread[0, 0] - (left + (1 - left) * 14 / 3)) < 1e-14)
            #expect(
                abs(cumulative.layer.running!.mean[0, 0] - 3) < 1e-14
                    && abs(cumulative.layer.running!.spread[0, 0] - 3.5) < 1e-14)
        }
    }

    /// Cumulative and recomputed averages of different batches are their means.
    @Test func averagesOverDifferentBatches() {
        let probe = Probe(
            randomMatrix(5, 2, seed: 10), batchNormalization(running: RunningStatisticsDescription(.cumulative)),
            seed: 11)
        let recomputation = StatisticsRecomputation(probe.network)
        var means = [0.0, 0], variances = [0.0, 0]
        for batch in 0..<4 {
            probe.layer.weight.value.copy(from: randomMatrix(5, 2, seed: UInt64(20 + batch), mean: Double(batch)))
            probe.step(update: true)
            for j in 0..<2 {
                let mean = (0..<5).reduce(0.0) { $0 + probe.h[$1, j] } / 5
                means[j] += mean / 4
                variances[j] += (0..<5).reduce(0.0) { $0 + (probe.h[$1, j] - mean) * (probe.h[$1, j] - mean) } / 4 / 4
            }
            recomputation.add(probe.workspace)
        }
        let running = probe.layer.running!
        for j in 0..<2 {
            #expect(abs(running.mean[0, j] - means[j]) < 1e-14 && abs(running.spread[0, j] - variances[j]) < 1e-14)
        }
        running.mean[0, 0] = 99
        recomputation.install()
        for j in 0..<2 {
            #expect(abs(running.mean[0, j] - means[j]) < 1e-14 && abs(running.spread[0, j] - variances[j]) < 1e-14)
        }
        recomputation.restore()
        #expect(running.mean[0, 0] == 99)
    }

    /// Inference is the folded map h gamma / sqrt(v + epsilon) + beta - mean gamma / sqrt(v + epsilon), row by row,
    /// whatever else is in the batch.
    @Test func inferenceDoesNotDependOnTheBatch() {
        let probe = Probe(randomMatrix(6, 3, seed: 12), batchNormalization(epsilon: 1e-3), seed: 13)
        for _ in 0..<3 { probe.step(update: true) }
        probe.step(.evaluation(.running))
        let whole = Array(probe.y.elements)
        let running = probe.layer.running!
        for i in 0..<6 {
            for j in 0..<3 {
                let scale = probe.layer.gamma!.value[0, j] / (running.spread[0, j] + 1e-3).squareRoot()
                let folded = probe.h[i, j] * scale + (probe.layer.beta!.value[0, j] - running.mean[0, j] * scale)
                #expect(abs(whole[i * 3 + j] - folded) < 1e-14)
            }
        }
        probe.workspace.useRows(2)
        probe.step(.evaluation(.running))
        #expect(Array(probe.y.elements) == Array(whole[..<6]))
    }

    @Test func ghostBatches() {
        let h: Matrix<Double> = randomMatrix(12, 3, seed: 14)
        let batch = Probe(h, batchNormalization(), seed: 15),
            whole = Probe(h, ghostBatch(size: 12), seed: 15)
        let thirds = Probe(h, ghostBatch(size: 4), seed: 15)
        for probe in [batch, whole, thirds] { probe.step(update: true) }
        #expect(largestDifference(batch.y, whole.y) == 0 && largestDifference(batch.hGradient, whole.hGradient) == 0)
        #expect(largestDifference(batch.layer.running!.spread, whole.layer.running!.spread) == 0)
        // A group is a batch of its own.
        let first = Probe(Matrix(rows: 4, columns: 3, Array(h.elements[..<12])), batchNormalization(), seed: 15)
        first.step()
        #expect(Array(first.y.elements) == Array(thirds.y.elements[..<12]))
        // The running mean moves three times: 0.1 (m_3 + 0.9 m_2 + 0.81 m_1).
        for j in 0..<3 {
            func mean(_ group: Int) -> Double { (0..<4).reduce(0.0) { $0 + h[4 * group + $1, j] } / 4 }
            #expect(abs(thirds.layer.running!.mean[0, j] - 0.1 * (mean(2) + 0.9 * mean(1) + 0.81 * mean(0))) < 1e-15)
        }
    }

    @Test func rowsOfLayerAndRMSNormalization() {
        let kinds: [(@Sendable (Double) -> any Normalization, Bool)] = [
            ({ layerNormalization(epsilon: $0) }, true), ({ rms(epsilon: $0) }, false),
        ]
        for (kind, isCentered) in kinds {
            forEachShape(kind) { probe, rows, features in
                let epsilon = probe.epsilon
                for i in 0..<rows {
                    let mean = isCentered ? (0..<features).reduce(0.0) { $0 + probe.h[i, $1] } / Double(features) : 0
                    let variance =
                        (0..<features).reduce(0.0) { $0 + (probe.h[i, $1] - mean) * (probe.h[i, $1] - mean) }
                        / Double(features)
                    for j in 0..<features {
                        #expect(
                            abs(probe.normalized[i, j] - (probe.h[i, j] - mean) / (variance + epsilon).squareRoot())
                                < 1e-12)
                    }
                    // Shifting a row alike changes nothing where it is centered.
                    if isCentered { #expect(abs((0..<features).reduce(0.0) { $0 + probe.hGradient[i, $1] }) < 1e-9) }
                }
                let pass = Array(probe.y.elements)
                probe.step(.evaluation(.running))
                #expect(Array(probe.y.elements) == pass)
            }
        }
    }

    /// Limits of 1 and 0 make batch renormalization batch normalization; with wide limits its forward pass is
    /// inference's.
    @Test func batchRenormalization() {
        let h: Matrix<Double> = randomMatrix(8, 3, seed: 16, mean: 0.5)
        func renormalized(_ r: Double, _ d: Double, warmup: Int = 0) -> Probe {
            let limits = BatchRenormalization(
                rMaximum: r, dMaximum: d, warmupSteps: warmup, rSteps: warmup, dSteps: warmup)
            let probe = Probe(h, limits, seed: 17)
            probe.layer.running!.mean.copy(from: randomMatrix(1, 3, seed: 18))
            return probe
        }
        let batch = Probe(h, batchNormalization(), seed: 17), closed = renormalized(1, 0),
            early = renormalized(9, 9, warmup: 5), open = renormalized(1e6, 1e6)
        for probe in [batch, closed, early, open] { probe.step() }
        #expect(
            largestDifference(batch.y, closed.y) < 1e-15 && largestDifference(batch.hGradient, closed.hGradient) < 1e-14
        )
        #expect(largestDifference(early.y, closed.y) == 0)
        let trained = Array(open.y.elements)
        open.step(.evaluation(.running))
        #expect(zip(trained, open.y.elements).allSatisfy { abs($0 - $1) < 1e-13 })
        let schedule = BatchRenormalization(rMaximum: 3, dMaximum: 5, warmupSteps: 5000, rSteps: 40000, dSteps: 25000)
        #expect(
            schedule.limits(step: 4999) == (1, 0) && schedule.limits(step: 22500).r == 2
                && schedule.limits(step: 15000).d == 2.5)
        #expect(schedule.limits(step: 99_999) == (3, 5))
    }

    /// closed_form, staged and jacobian are one truth.
    @Test func threeBackwardPasses() {
        for (index, (rows, features, scale, epsilon)) in PropertyTests.shapes.enumerated() {
            let h: Matrix<Double> = randomMatrix(rows, features, seed: UInt64(300 + index), deviation: scale)
            let probes = BatchNormalization.Backward.allCases.map {
                Probe(h, batchNormalization(epsilon: epsilon, backward: $0), seed: 19)
            }
            for probe in probes { probe.step() }
            for probe in probes.dropFirst() {
                #expect(relativeDistance(probe.hGradient, probes[0].hGradient) < 1e-12)
                #expect(largestDifference(probe.layer.gamma!.gradient, probes[0].layer.gamma!.gradient) == 0)
            }
        }
    }

    /// Noise and dropout are functions of the step, and absent in evaluation.
    @Test func noiseAndDropout() {
        let h: Matrix<Double> = randomMatrix(40, 5, seed: 20)
        let quiet = Probe(h, batchNormalization(), seed: 21)
        let noise = NormalizationNoise(meanRange: 0.5, deviationRange: 1.25, spread: 0.1)
        let noisy = Probe(h, batchNormalization(noise: noise), seed: 21)
        let none = Probe(
            h, batchNormalization(noise: NormalizationNoise(meanRange: 0, deviationRange: 1, spread: 0)), seed: 21)
        for probe in [quiet, noisy, none] { probe.step(.training(step: 3)) }
        #expect(largestDifference(quiet.y, none.y) == 0 && largestDifference(quiet.hGradient, none.hGradient) == 0)
        let first = Array(noisy.y.elements)
        noisy.step(.training(step: 4))
        #expect(Array(noisy.y.elements) != first)
        noisy.step(.training(step: 3))
        #expect(Array(noisy.y.elements) == first)
        // y' = s y + m with s near 1 to 1.25 and m within 0.6.
        #expect(zip(first, quiet.y.elements).allSatisfy { abs($0 - 1.125 * $1) < 0.6 + 0.7 * abs($1) })
        noisy.step(.evaluation(.batch))
        #expect(largestDifference(noisy.y, quiet.y) == 0)

        let net = CheckedNetwork(hidden: [200], rows: 50, dropout: 0.3)
        _ = net.network.forward(net.workspace, .training(step: 0))
        let buffers = net.workspace.layers[0]
        let kept = zip(buffers.output.elements, buffers.activation!.elements).filter {
            $0 != 0 && abs($0 - $1 / 0.7) < 1e-15
        }.count
        let dropped = buffers.output.elements.count { $0 == 0 }
        #expect(kept + dropped == 10_000 && abs(Double(dropped) / 10_000 - 0.3) < 0.02)  // four standard deviations
        _ = net.network.forward(net.workspace, .evaluation(.running))
        #expect(Array(buffers.output.elements) == Array(buffers.activation!.elements))
    }

    /// Weight normalization: columns of W have norm g.
    ///
    /// Weight standardization: shifts and scales of V's columns change nothing but by epsilon.
    @Test func reparameterizedWeights() {
        func logits(_ kind: WeightReparameterization, _ change: (Layer<Double>) -> Void) -> [Double] {
            let net = CheckedNetwork(hidden: [], weights: kind)
            change(net.network.layers[0])
            _ = net.network.forward(net.workspace, .evaluation(.running))
            return Array(net.workspace.logits.elements)
        }
        let plain = logits(.none) { _ in }, normed = logits(.weightNorm) { _ in }
        #expect(zip(plain, normed).allSatisfy { abs($0 - $1) < 1e-14 })  // g starts at norm(V)
        let scaled = logits(.weightNorm) { layer in
            for i in 0..<layer.weight.value.count { layer.weight.value.elements[i] *= 7 }
        }
        #expect(zip(normed, scaled).allSatisfy { abs($0 - $1) < 1e-14 })
        let standard = logits(.weightStandardization) { _ in }
        let moved = logits(.weightStandardization) { layer in
            for i in 0..<layer.weight.value.count { layer.weight.value.elements[i] += 7 }
        }
        #expect(zip(standard, moved).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}

/// Single precision where it is hardest: features whose mean is a million times their deviation.
@Suite struct NumericalQualityTests {
    @Test func featuresFarFromZero() {
        let rows = 512, features = 20
        let x: Matrix<Float> = randomMatrix(rows, features, seed: 6, mean: 1e4, deviation: 1e-2)
        let description = NetworkDescription(layers: [
            LayerDescription(
                inputs: features, outputs: features,
                normalization: batchNormalization(epsilon: 1e-12, hasScale: false, hasShift: false),
                activation: .identity,
                hasBias: false)
        ])
        let network = Network<Float>(
            description, initialization: .zeros, optimizer: Optimizer(), objective: Objective(.meanSquaredError),
            seed: 0)
        for j in 0..<features { network.layers[0].weight.value[j, j] = 1 }
        let workspace = Workspace<Float>(description, rows: rows, forTraining: true, valueCount: features)
        workspace.input.copy(from: x)
        _ = network.forward(workspace, .training(step: 0))
        network.backward(workspace)
        let buffers = workspace.layers[0].normalization!
        for j in 0..<features {
            let values = (0..<rows).map { Double(x[$0, j]) }
            let mean = values.reduce(0, +) / Double(rows)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
            #expect(abs(Double(buffers.moments[0].variance[0, j]) / variance - 1) <= 1e-6)
            let outputMean = (0..<rows).reduce(0.0) { $0 + Double(buffers.normalized[$1, j]) } / Double(rows)
            #expect(abs(outputMean) < 1e-5)
        }
        #expect(network.layers[0].weight.gradient.elements.allSatisfy { $0.isFinite })
    }
}
