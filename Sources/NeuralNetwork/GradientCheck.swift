/// Compares the backward pass with five-point central differences of the loss, in float64.
///
///     L'(x) = (L(x - 2s) - 8 L(x - s) + 8 L(x + s) - L(x + 2s)) / (12 s) + O(s^4)
///
/// Dropout and noise are drawn once, and batch renormalization's r and d are held. The step of an array is the one of a
/// few candidates at which its own estimates agree best with those at half the step; an entry that does not fit is
/// tried with smaller ones. Where a step crosses a kink of ReLU, leaky ReLU, ELU (its second derivative) or the hinge
/// loss, smaller ones are tried.
package final class GradientCheck {
    private let network: Network<Double>
    private let workspace: Workspace<Double>
    private let pass: Pass
    private let sampleCount: Int
    private let seed: UInt64
    private var signs: [Bool] = []
    /// What rounding changes of the loss.
    private var rounding = 0.0

    /// - Parameters:
    ///   - workspace: holds the batch; it is for training.
    ///   - sampleCount: how many entries of a larger array are compared, drawn from `seed`.
    package init(_ network: Network<Double>, _ workspace: Workspace<Double>, sampleCount: Int, seed: UInt64) {
        self.network = network
        self.workspace = workspace
        self.sampleCount = sampleCount
        self.seed = seed
        // The last step, at which schedules have opened.
        pass = .training(step: Int(Int32.max))
    }

    /// Moves biases, gains, gammas, betas and running statistics away from their initial 0 and 1, so that no term of a
    /// gradient hides.
    package func leaveInitialValues() {
        for (index, layer) in network.layers.enumerated() {
            var stream = RandomStream(seed: seed, purpose: .synthesis, index: index)
            func move(_ matrix: Matrix<Double>, by deviation: Double) {
                for i in 0..<matrix.count { matrix.base[i] += deviation * (2 * stream.nextUniform() - 1) }
            }
            for parameter in layer.parameters where parameter.kind != .weight { move(parameter.value, by: 0.3) }
            guard let running = layer.running else { continue }
            move(running.mean, by: 0.1)
            for j in 0..<running.spread.columns { running.spread.base[j] = 0.8 + 0.4 * stream.nextUniform() }
        }
    }

    /// Returns one result for each parameter array, from the first layer up.
    package func run(fault: Fault? = nil) -> [GradientCheckResult] {
        workspace.holdsConstants = false
        _ = network.forward(workspace, pass, fault: fault)
        network.backward(workspace, fault: fault)
        workspace.holdsConstants = true
        defer { workspace.holdsConstants = false }
        let loss = self.loss()
        signs = currentSigns()
        rounding = 0x1p-52 * (abs(loss) + lossOfRoundedProducts())
        var results: [GradientCheckResult] = []
        for (index, layer) in network.layers.enumerated() {
            for parameter in layer.parameters { results.append(check(parameter, layer: index, loss: loss)) }
        }
        return results
    }

    /// What the loss changes, in units of the rounding of one number, because every product X W is rounded: inputs that
    /// are large beside their spread lose digits there, which normalization then brings to light.
    ///
    /// The root of the sum over all h_ij of (dL/dh_ij sum_k |x_ik w_kj|)^2, with the gradients of the last backward
    /// pass.
    private func lossOfRoundedProducts() -> Double {
        var squares = 0.0
        for (index, layer) in network.layers.enumerated() {
            let x = index == 0 ? workspace.input : workspace.layers[index - 1].output
            let w = layer.effectiveWeight.value
            guard let gradient = workspace.layers[index].gradient else { continue }
            for i in 0..<x.rows {
                for j in 0..<w.columns {
                    let size = sum(count: x.columns) { abs(x[i, $0] * w[$0, j]) } * gradient[i, j]
                    squares += size * size
                }
            }
        }
        return squares.squareRoot()
    }

    private func loss() -> Double { network.forward(workspace, pass).loss + network.regularizationLoss() }

    private func check(_ parameter: Parameter<Double>, layer: Int, loss: Double) -> GradientCheckResult {
        let count = parameter.value.count
        let analytic = Array(parameter.gradient.elements)
        let entries = sample(parameter, layer: layer)
        let step = chooseStep(parameter, entries: Array(entries.prefix(3)))
        var result = GradientCheckResult(
            layer: layer, parameter: parameter.kind, count: count, checkedCount: 0, kinkCount: 0, step: step,
            analyticNorm: 0,
            largestAbsoluteError: 0, largestRelativeError: 0, errorNorm: 0, normError: 0, noiseNorm: 0,
            resolution: 100 * rounding / step)
        var noiseSquares = 0.0, errorSquares = 0.0, numericSquares = 0.0, analyticSquares = 0.0
        for entry in entries {
            var s = step
            var numeric = difference(parameter, entry, step: s)
            for _ in 0..<4 where numeric == nil {
                s /= 8
                numeric = difference(parameter, entry, step: s)
            }
            guard var numeric else {
                result.kinkCount += 1
                continue
            }
            // Where the loss bends more than at the entries that the step was chosen by, smaller steps may agree better
            // with each other.
            if abs(analytic[entry] - numeric) > result.resolution * step / s / 10,
                let better = refine(parameter, entry, step: s, numeric)
            {
                (numeric, s) = better
            }
            result.checkedCount += 1
            let exact = analytic[entry], error = abs(exact - numeric)
            let resolution = result.resolution * step / s
            analyticSquares += exact * exact
            noiseSquares += resolution * resolution / 100
            result.largestAbsoluteError = max(result.largestAbsoluteError, error)
            if abs(exact) < resolution && abs(numeric) < resolution { continue }
            result.largestRelativeError = max(result.largestRelativeError, error / max(abs(exact), abs(numeric)))
            errorSquares += error * error
            numericSquares += numeric * numeric
        }
        result.analyticNorm = analyticSquares.squareRoot()
        result.errorNorm = errorSquares.squareRoot()
        result.noiseNorm = noiseSquares.squareRoot()
        result.normError =
            errorSquares == 0 ? 0 : numericSquares == 0 ? .infinity : (errorSquares / numericSquares).squareRoot()
        if errorSquares.isNaN || analyticSquares.isNaN { (result.errorNorm, result.normError) = (.infinity, .infinity) }
        return result
    }

    /// Returns the five-point difference at one entry, or nil if the step crosses a kink.
    private func difference(_ parameter: Parameter<Double>, _ entry: Int, step: Double) -> Double? {
        let original = parameter.value.base[entry]
        defer { parameter.value.base[entry] = original }
        var sum = 0.0
        for (offset, weight) in [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)] {
            parameter.value.base[entry] = original + offset * step
            sum += weight * loss()
            if crossesKink() { return nil }
        }
        return sum / (12 * step)
    }

    /// Returns the estimate that differs least from the one at four times its step, down to 1/64 of `step`; nil if that
    /// is the first.
    private func refine(_ parameter: Parameter<Double>, _ entry: Int, step: Double, _ first: Double) -> (
        Double, step: Double
    )? {
        let wider = difference(parameter, entry, step: 4 * step)
        var best: (estimate: (Double, step: Double)?, disagreement: Double) = (
            nil, wider.map { abs(first - $0) } ?? .infinity
        )
        var previous = first, s = step
        for _ in 0..<3 {
            s /= 4
            guard let estimate = difference(parameter, entry, step: s) else { break }
            if abs(estimate - previous) < best.disagreement { best = ((estimate, s), abs(estimate - previous)) }
            previous = estimate
        }
        return best.estimate
    }

    /// Returns a power of two times the array's typical size.
    private func chooseStep(_ parameter: Parameter<Double>, entries: [Int]) -> Double {
        let size = norm(parameter.value) / Double(parameter.value.count).squareRoot()
        let scale = max(size, 0.01)
        var best = (step: scale * 0x1p-10, disagreement: Double.infinity)
        for exponent in [6, 8, 10, 12] {
            let step = scale * Double(sign: .plus, exponent: -exponent, significand: 1)
            var disagreement = 0.0
            for entry in entries {
                guard let whole = difference(parameter, entry, step: step),
                    let half = difference(parameter, entry, step: step / 2)
                else { continue }
                disagreement += abs(whole - half)
            }
            if disagreement > 0, disagreement < best.disagreement { best = (step, disagreement) }
        }
        return best.step
    }

    /// Returns all entries of a small array, or distinct random entries of a large one, in ascending order.
    ///
    /// Of the first weight, D x H, the rows of features that the batch has come first: the loss does not depend on the
    /// others.
    private func sample(_ parameter: Parameter<Double>, layer: Int) -> [Int] {
        let count = parameter.value.count, columns = parameter.value.columns
        guard count > sampleCount else { return Array(0..<count) }
        let position = ParameterKind.allCases.firstIndex(of: parameter.kind) ?? 0
        var stream = RandomStream(seed: seed, purpose: .synthesis, index: layer, step: position + 1)
        let isOfInput = layer == 0 && parameter.kind == .weight, x = workspace.input
        let rows = (0..<parameter.value.rows).filter { d in
            !isOfInput || (0..<x.rows).contains { x[$0, d] != 0 }
        }
        var chosen: Set<Int> = []
        while chosen.count < min(sampleCount, rows.count * columns) {
            let i = stream.nextIndex(below: rows.count * columns)
            chosen.insert(rows[i / columns] * columns + i % columns)
        }
        while chosen.count < sampleCount { chosen.insert(stream.nextIndex(below: count)) }
        return chosen.sorted()
    }

    private func crossesKink() -> Bool {
        var index = 0
        var isSame = true
        forEachSign { sign in
            if signs[index] != sign { isSame = false }
            index += 1
        }
        return !isSame
    }

    private func currentSigns() -> [Bool] {
        var all: [Bool] = []
        forEachSign { all.append($0) }
        return all
    }

    /// Calls `body` with the side of a kink on which each value lies, in a fixed order.
    private func forEachSign(_ body: (Bool) -> Void) {
        for (layer, buffers) in zip(network.layers, workspace.layers) where buffers.activation != nil {
            guard let kink = layer.description.activation.kink else { continue }
            for value in buffers.preactivation.elements { body(value > kink) }
        }
        guard network.objective.loss == .hinge else { return }
        let outputs = workspace.logits
        for i in 0..<outputs.rows {
            let row = outputs.row(i), label = Int(workspace.targets.labels[i])
            for k in row.indices where k != label { body(1 + row[k] - row[label] > 0) }
        }
    }
}
