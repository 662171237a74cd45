import NeuralNetwork
import TestSupport
import Testing

@Suite struct MatrixProductTests {
    static let shapes = [
        (1, 1, 1), (2, 3, 1), (60, 784, 100), (60, 100, 10), (7, 33, 129), (128, 300, 256), (512, 200, 96),
    ]

    /// Rounding of a sum of D products: at most about D ulp, in practice sqrt(D); 4e-6 covers D = 784 in Float.
    @Test(arguments: shapes)
    func agreesWithTheDefinition(rows: Int, inputs: Int, units: Int) {
        let x: Matrix<Float> = randomMatrix(rows, inputs, seed: 1)
        let w: Matrix<Float> = randomMatrix(inputs, units, seed: 2)
        let g: Matrix<Float> = randomMatrix(rows, units, seed: 3)
        let h = Matrix<Float>(rows: rows, columns: units), dw = Matrix<Float>(rows: inputs, columns: units)
        let dx = Matrix<Float>(rows: rows, columns: inputs)
        let multiplier = Multiplier<Float>(pool: .single)
        multiplier.multiply(x, w, into: h)
        multiplier.multiplyTransposedLeft(x, g, into: dw)
        multiplier.multiplyTransposedRight(g, w, into: dx)
        #expect(relativeDistance(h, naiveProduct(x, times: w)) < 4e-6)
        #expect(relativeDistance(dw, naiveProduct(x, transposed: true, times: g)) < 4e-6)
        #expect(relativeDistance(dx, naiveProduct(g, times: w, rightTransposed: true)) < 4e-6)
    }

    /// Each element is one chain of multiply-adds from 0 in the order of the summed index, whatever blocks and tiles
    /// do.
    @Test(arguments: shapes)
    func isTheChainThatIsPromised(rows: Int, inputs: Int, units: Int) {
        func check<S: Scalar>(_: S.Type) {
            let x: Matrix<S> = randomMatrix(rows, inputs, seed: 1), w: Matrix<S> = randomMatrix(inputs, units, seed: 2)
            let g: Matrix<S> = randomMatrix(rows, units, seed: 3)
            let h = Matrix<S>(rows: rows, columns: units), dw = Matrix<S>(rows: inputs, columns: units),
                dx = Matrix<S>(rows: rows, columns: inputs)
            let multiplier = Multiplier<S>(pool: .single)
            multiplier.multiply(x, w, into: h)
            multiplier.multiplyTransposedLeft(x, g, into: dw)
            multiplier.multiplyTransposedRight(g, w, into: dx)
            func chain(_ count: Int, _ a: (Int) -> S, _ b: (Int) -> S) -> S {
                (0..<count).reduce(0) { S.multiplyAdd(a($1), b($1), $0) }
            }
            // Corners, and elements along a diagonal.
            for step in 0...20 {
                let i = (rows - 1) * step / 20, d = (inputs - 1) * step / 20, j = (units - 1) * (20 - step) / 20
                #expect(h[i, j] == chain(inputs, { x[i, $0] }, { w[$0, j] }))
                #expect(dw[d, j] == chain(rows, { x[$0, d] }, { g[$0, j] }))
                #expect(dx[i, d] == chain(units, { g[i, $0] }, { w[d, $0] }))
            }
        }
        check(Float.self)
        check(Double.self)
    }

    @Test func sumsOfNothingAreZero() {
        let h = Matrix<Float>(rows: 2, columns: 3, [1, 2, 3, 4, 5, 6])
        Multiplier<Float>(pool: .single).multiply(Matrix(rows: 2, columns: 0), Matrix(rows: 0, columns: 3), into: h)
        #expect(h.elements.allSatisfy { $0 == 0 })
    }

    @Test(arguments: shapes)
    func isTheSameBitsUnderEveryThreadCount(rows: Int, inputs: Int, units: Int) {
        let x: Matrix<Float> = randomMatrix(rows, inputs, seed: 1)
        let w: Matrix<Float> = randomMatrix(inputs, units, seed: 2)
        let g: Matrix<Float> = randomMatrix(rows, units, seed: 3)
        func products(threads: Int) -> [[Float]] {
            let pool = WorkerPool(threadCount: threads)
            let h = Matrix<Float>(rows: rows, columns: units), dw = Matrix<Float>(rows: inputs, columns: units)
            let dx = Matrix<Float>(rows: rows, columns: inputs)
            let multiplier = Multiplier<Float>(pool: pool)
            multiplier.multiply(x, w, into: h)
            multiplier.multiplyTransposedLeft(x, g, into: dw)
            multiplier.multiplyTransposedRight(g, w, into: dx)
            return [Array(h.elements), Array(dw.elements), Array(dx.elements)]
        }
        let reference = products(threads: 1)
        for threads in 2...4 { #expect(products(threads: threads) == reference) }
    }
}
