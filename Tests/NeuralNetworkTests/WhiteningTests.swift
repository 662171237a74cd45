import NeuralNetwork
import TestSupport
import Testing

@Suite struct WhiteningTests {
    private func normalized<S: Scalar>(
        _ h: Matrix<S>, _ kind: DecorrelatedBatchNormalization, pass: Pass = .training(step: 0),
        as _: S.Type = S.self
    ) -> (values: Matrix<S>, state: Normalizer<S>, buffers: NormalizationBuffers<S>) {
        let state = Normalizer<S>(kind, features: h.columns, layer: 0, seed: 1)
        let buffers = NormalizationBuffers<S>(kind, rows: h.rows, features: h.columns, forTraining: true)
        state.forward(h, buffers, pass: pass)
        return (buffers.normalized, state, buffers)
    }

    /// Means, then the covariance of the columns `units`.
    private func covariance<S: Scalar>(_ x: Matrix<S>, _ units: Range<Int>) -> [[Double]] {
        func mean(_ value: (Int) -> Double) -> Double { sum(count: x.rows, value) / Double(x.rows) }
        let means = units.map { j in mean { Double(x[$0, j]) } }
        return units.enumerated().map { a, j in
            units.enumerated().map { b, k in mean { (Double(x[$0, j]) - means[a]) * (Double(x[$0, k]) - means[b]) } }
        }
    }

    /// Correlated columns far from 0 with spreads from 1 to 1000.
    private func data<S: Scalar>(rows: Int, columns: Int, as _: S.Type) -> Matrix<S> {
        let x: Matrix<Double> = randomMatrix(rows, columns, seed: 4)
        let h = Matrix<S>(rows: rows, columns: columns)
        for i in 0..<rows {
            for j in 0..<columns {
                let value = x[i, j] + 0.8 * x[i, (j + 1) % columns]
                h[i, j] = S((j % 3 == 0 ? 1000.0 : 1) * value + 50)
            }
        }
        return h
    }

    /// Within a group the covariance is the identity, but for epsilon beside the smallest eigenvalue; the last group is
    /// smaller.
    @Test func eigenvaluesWhitenEveryGroup() {
        func check<S: Scalar>(_: S.Type, tolerance: Double) {
            let kind = DecorrelatedBatchNormalization(groupSize: 4, .eigen, epsilon: 1e-9)
            let x = normalized(data(rows: 60, columns: 10, as: S.self), kind).values
            for units in [0..<4, 4..<8, 8..<10] {
                for (a, row) in covariance(x, units).enumerated() {
                    for (b, value) in row.enumerated() { #expect(abs(value - (a == b ? 1 : 0)) < tolerance) }
                }
            }
        }
        check(Double.self, tolerance: 1e-7)
        check(Float.self, tolerance: 1e-4)
    }

    /// Newton's iterations converge to the same matrix, from below: every eigenvalue of the covariance grows to 1.
    @Test func newtonsIterationsConverge() {
        let h: Matrix<Double> = randomMatrix(60, 6, seed: 9)
        let exact = normalized(h, DecorrelatedBatchNormalization(groupSize: 6)).values
        var distances: [Double] = []
        for iterations in [1, 3, 5, 12] {
            let x = normalized(h, DecorrelatedBatchNormalization(groupSize: 6, .newton(iterations: iterations))).values
            distances.append(zip(x.elements, exact.elements).reduce(0) { max($0, abs($1.0 - $1.1)) })
        }
        #expect(distances == distances.sorted(by: >) && distances[3] < 1e-12 && distances[0] > 0.1)
    }

    /// More of them than it takes lose no digits, neither of values nor of gradients, whatever the condition of the
    /// covariance; the tolerance is rounding times a condition of 1e7.
    @Test(arguments: [false, true]) func newtonsIterationsStayConverged(isIllConditioned: Bool) {
        let h: Matrix<Double> =
            isIllConditioned ? data(rows: 60, columns: 6, as: Double.self) : randomMatrix(60, 6, seed: 9)
        func pass(_ method: DecorrelatedBatchNormalization.Method) -> (values: Matrix<Double>, gradient: Matrix<Double>)
        {
            let (values, state, buffers) = normalized(h, DecorrelatedBatchNormalization(groupSize: 6, method))
            let gradient: Matrix<Double> = randomMatrix(60, 6, seed: 3)
            state.backward(gradient: gradient, h: h, buffers)
            return (values, gradient)
        }
        func distance(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
            sumOfSquares(count: a.count) { a.base[$0] - b.base[$0] }.squareRoot() / norm(b)
        }
        let exact = pass(.eigen)
        for iterations in [5, 10, 15, 20, 30, 50, 100] {
            let newton = pass(.newton(iterations: iterations))
            let distances = [distance(newton.values, exact.values), distance(newton.gradient, exact.gradient)]
            let isConverged = iterations >= (isIllConditioned ? 30 : 15)
            #expect(distances.allSatisfy { isConverged ? $0 < 1e-8 : $0 < 2 }, "\(iterations): \(distances)")
            if iterations == 5 { #expect(distances[0] > 1e-3) }
        }
    }

    /// Groups of one unit are batch normalization.
    @Test func groupsOfOneAreBatchNormalization() {
        let h: Matrix<Double> = randomMatrix(20, 5, seed: 2)
        let batch = batchNormalization()
        let buffers = NormalizationBuffers<Double>(batch, rows: 20, features: 5, forTraining: true)
        Normalizer<Double>(batch, features: 5, layer: 0, seed: 1).forward(
            h, buffers, pass: .training(step: 0))
        for method in [DecorrelatedBatchNormalization.Method.eigen, .newton(iterations: 5)] {
            let x = normalized(h, DecorrelatedBatchNormalization(groupSize: 1, method)).values
            #expect(zip(x.elements, buffers.normalized.elements).allSatisfy { abs($0 - $1) < 1e-14 })
        }
    }

    /// Equal eigenvalues, of constant columns, where the gradients of eigenvectors are infinite.
    @Test func constantColumnsHaveFiniteGradients() {
        for method in [DecorrelatedBatchNormalization.Method.eigen, .newton(iterations: 5)] {
            let h = Matrix<Float>(rows: 8, columns: 4, [Float](repeating: 3, count: 32))
            let (values, state, buffers) = normalized(h, DecorrelatedBatchNormalization(groupSize: 4, method))
            #expect(values.elements.allSatisfy { $0 == 0 })
            let gradient: Matrix<Float> = randomMatrix(8, 4, seed: 3)
            state.backward(gradient: gradient, h: h, buffers)
            #expect(gradient.elements.allSatisfy { $0.isFinite })
        }
    }

    /// Inference has the average of the whitening matrices, which starts at the identity: one batch at momentum 1
    /// leaves its own, so that the same batch is normalized alike.
    @Test func inferenceUsesTheAverageOfWhiteningMatrices() throws {
        let h: Matrix<Double> = randomMatrix(30, 5, seed: 6)
        let kind = DecorrelatedBatchNormalization(groupSize: 3, momentum: 1)
        let state = Normalizer<Double>(kind, features: 5, layer: 0, seed: 1)
        let buffers = NormalizationBuffers<Double>(kind, rows: 30, features: 5, forTraining: true)
        let whitening = try #require(state.running?.whitening)
        #expect(Array(whitening.elements) == [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0])
        state.forward(h, buffers, pass: .evaluation(.running))
        #expect(zip(buffers.normalized.elements, h.elements).allSatisfy { abs($0 - $1) < 1e-15 })
        state.forward(h, buffers, pass: .training(step: 0))
        let trained = Array(buffers.normalized.elements)
        state.running?.advance(by: buffers.moments[0], rows: 30, batchWhitening: buffers.whitening)
        state.forward(h, buffers, pass: .evaluation(.running))
        #expect(zip(buffers.normalized.elements, trained).allSatisfy { abs($0 - $1) < 1e-14 })
        #expect(whitening[3, 2] == 0 && whitening[4, 2] == 0)
    }

    @Test func eigenvectorsDiagonalize() {
        let n = 12, x: Matrix<Double> = randomMatrix(n, n, seed: 5)
        let a = Matrix<Double>(rows: n, columns: n), d = Matrix<Double>(rows: n, columns: n)
        let v = Matrix<Double>(rows: n, columns: n)
        for i in 0..<n { for j in 0..<n { a[i, j] = x[i, j] + x[j, i] } }
        d.copy(from: a)
        diagonalize(d, eigenvectors: v)
        for i in 0..<n {
            for j in 0..<n {
                let back = sum(count: n) { v[i, $0] * d[$0, $0] * v[j, $0] }
                let product = sum(count: n) { v[$0, i] * v[$0, j] }
                #expect(abs(back - a[i, j]) < 1e-13 && abs(product - (i == j ? 1 : 0)) < 1e-14)
            }
        }
    }
}
