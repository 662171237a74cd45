import Foundation
import NeuralNetwork
import Support
import Timing

// The passes over matrices, on one thread: N rows x H features.

/// A kernel with the memory traffic that it causes.
///
/// Every pass over a matrix counts once, and twice where it writes what it has not read, because a cache fetches the
/// line first. What is read again at once, such as a row still in the first cache, does not count.
private struct MemoryPass {
    var name: String
    /// How many times the bytes of a matrix it moves.
    var traffic: Int
    /// How many matrices it works on; they lie in the first level in which all fit.
    var matrices: Int
    var body: () -> Void
}

func measurePasses(_ limits: MachineLimits, rounds: Int) {
    print(
        "\nPasses over matrices, one thread. The share is that of the bandwidth of a = a + s b in the level that they "
            + "fit in; above 100 % where"
    )
    print("they are smaller than what that was measured over:\n")
    print("| N x H | pass | ns per element | GB/s | in | share |\n|---|---|---|---|---|---|")
    func report(_ rows: Int, _ columns: Int, _ passes: [MemoryPass], _ seconds: [Double]) {
        for (pass, seconds) in zip(passes, seconds) {
            let elements = Double(rows * columns), bandwidth = 4 * elements * Double(pass.traffic) / seconds
            let level = limits.level(of: 4 * rows * columns * pass.matrices)
            print(
                "| \(rows) x \(columns) | \(pass.name) | "
                    + String(
                        format: "%.3f | %.1f | \(level.name) | %.0f %% |", seconds / elements * 1e9, bandwidth * 1e-9,
                        100 * bandwidth / level.bandwidth))
        }
    }
    for (rows, columns) in [(60, 100), (256, 256), (512, 2048), (3072, 4096)] {
        for passes in [statisticsPasses(rows, columns), updatePasses(rows, columns)] {
            report(rows, columns, passes, interleavedMedians(rounds: rounds, passes.map(\.body)))
        }
        let (passes, seconds) = measureActivations(rows, columns, rounds: rounds)
        report(rows, columns, passes, seconds)
    }
    for (rows, classes) in [(60, 10), (512, 10), (4096, 10), (512, 1000)] {
        let (pass, seconds) = measureLoss(rows, classes, rounds: rounds)
        report(rows, classes, [pass], [seconds])
    }
}

/// Sums, moments and batch normalization.
private func statisticsPasses(_ rows: Int, _ columns: Int) -> [MemoryPass] {
    let random: Matrix<Float> = randomMatrix(rows, columns, seed: 1),
        gradient: Matrix<Float> = randomMatrix(rows, columns, seed: 2)
    func row() -> Matrix<Float> { Matrix(rows: 1, columns: columns) }
    let sum = row(), mean = row(), residual = row(), variance = row()
    // Features of mean 0 and variance 1: the backward pass, which works in place, then leaves the gradient as it is
    // after the first time.
    let h = Matrix<Float>(rows: rows, columns: columns)
    for i in 0..<rows { for j in 0..<columns { h[i, j] = (i + j) % 2 == 0 ? 1 : -1 } }
    let description = BatchNormalization(BatchOptions(epsilon: 0))
    let normalizer = Normalizer<Float>(description, features: columns)
    let buffers = NormalizationBuffers<Float>(description, rows: rows, features: columns, forTraining: true)
    return [
        MemoryPass(name: "column sums", traffic: 1, matrices: 1) { sumColumns(random.all, into: sum) },
        MemoryPass(name: "column moments", traffic: 2, matrices: 1) {
            columnMoments(random.all, mean: mean, meanResidual: residual, variance: variance)
        },
        // The moments read h twice; then h is read, and the normalized values and the output are written.
        MemoryPass(name: "batch norm forward", traffic: 7, matrices: 3) {
            normalizer.forward(h, buffers, pass: .training(step: 0))
        },
        // The sums read the gradient and the normalized values; then both are read, and the gradient is written in
        // place.
        MemoryPass(name: "batch norm backward", traffic: 5, matrices: 2) {
            normalizer.backward(gradient: gradient, h: h, buffers)
        },
    ]
}

/// Updates of a weight as large as the matrix.
///
/// They read and write the weight and each array of the optimizer's state, and read the gradient.
private func updatePasses(_ rows: Int, _ columns: Int) -> [MemoryPass] {
    let rules: [(String, any OptimizerRule)] = [
        ("SGD", SGD()), ("momentum", SGD(momentum: 0.9)),
        ("RMSprop", RMSProp()),
        ("Adam", Adam()),
        ("AdaGrad", Adagrad()),
    ]
    return rules.map { name, rule in
        let description = NetworkDescription(layers: [plainLayer(rows, columns)])
        let network = Network<Float>(description, initialization: .lecun, optimizer: Optimizer(rule), seed: 1)
        let workspace = Workspace<Float>(description, rows: 1, forTraining: true)
        fillNormal(network.layers[0].weight.gradient, seed: 3)
        return MemoryPass(name: "update, \(name)", traffic: 3 + 2 * rule.stateCount, matrices: 2 + rule.stateCount) {
            network.update(workspace, rate: 1e-3, t: 1000)
        }
    }
}

/// Activation functions in a hidden layer between one input and two outputs: what its passes take longer than those
/// with the identity, which copies forward, and does nothing backward.
private func measureActivations(_ rows: Int, _ columns: Int, rounds: Int) -> (passes: [MemoryPass], seconds: [Double]) {
    let source: Matrix<Float> = randomMatrix(rows, columns, seed: 1),
        target = Matrix<Float>(rows: rows, columns: columns)
    let functions = [Activation.identity, .relu, .sigmoid, .tanh]
    let networks = functions.map { function in
        var hidden = plainLayer(1, columns)
        hidden.activation = function
        let description = NetworkDescription(layers: [hidden, plainLayer(columns, 2)])
        let network = Network<Float>(description, initialization: .lecun, optimizer: Optimizer(), seed: 1)
        let workspace = Workspace<Float>(description, rows: rows, forTraining: true)
        fillNormal(workspace.input, seed: 2)
        return (network, workspace)
    }
    let forward = networks.map { network, workspace in { _ = network.forward(workspace, .training(step: 0)) } }
    let backward = networks.map { network, workspace in { network.backward(workspace) } }
    let seconds = interleavedMedians(rounds: rounds, [{ copyElements(source, into: target) }] + forward + backward)
    let copy = seconds[0], identity = (forward: seconds[1], backward: seconds[1 + functions.count])
    var result: (passes: [MemoryPass], seconds: [Double]) = ([], [])
    for (index, function) in functions.enumerated().dropFirst() {
        result.passes.append(MemoryPass(name: function.rawValue, traffic: 3, matrices: 2, body: forward[index]))
        result.seconds.append(seconds[1 + index] - identity.forward + copy)
        result.passes.append(
            MemoryPass(name: "\(function.rawValue) backward", traffic: 3, matrices: 2, body: backward[index]))
        result.seconds.append(seconds[1 + functions.count + index] - identity.backward)
    }
    return result
}

/// Softmax cross-entropy with its gradient: what the forward pass of one layer takes longer than its product.
private func measureLoss(_ rows: Int, _ classes: Int, rounds: Int) -> (pass: MemoryPass, seconds: Double) {
    let description = NetworkDescription(layers: [plainLayer(1, classes)])
    let network = Network<Float>(description, initialization: .lecun, optimizer: Optimizer(), seed: 1)
    let workspace = Workspace<Float>(description, rows: rows, forTraining: true)
    fillNormal(workspace.input, seed: 2)
    for i in 0..<rows { workspace.targets.labels[i] = Int32(i % classes) }
    let multiplier = Multiplier<Float>(pool: .single), x = workspace.input, w = network.layers[0].weight.value
    func forward() { _ = network.forward(workspace, .training(step: 0)) }
    let seconds = interleavedMedians(rounds: rounds, [forward, { multiplier.multiply(x, w, into: workspace.logits) }])
    return (MemoryPass(name: "softmax cross-entropy", traffic: 3, matrices: 2, body: forward), seconds[0] - seconds[1])
}

private func plainLayer(_ inputs: Int, _ outputs: Int) -> LayerDescription {
    LayerDescription(inputs: inputs, outputs: outputs, normalization: nil, activation: .identity, hasBias: false)
}

/// The identity activation's loop.
@inline(never)
private func copyElements(_ source: Matrix<Float>, into target: Matrix<Float>) {
    let x = source.base, y = target.base
    for index in 0..<source.count { y[index] = x[index] }
}
