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

    /// Every element, where shapes are around the widths of vectors and strips and the rows of tiles.
    @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 17])
    func everyElementOfSmallProductsIsThatChain(rows: Int) {
        func check<S: Scalar>(_: S.Type) {
            for inputs in [1, 7, 8, 17, 33, 130] {
                for units in [1, 3, 8, 10, 16, 31, 49, 100] {
                    let x: Matrix<S> = randomMatrix(rows, inputs, seed: 1)
                    let w: Matrix<S> = randomMatrix(inputs, units, seed: 2)
                    let g: Matrix<S> = randomMatrix(rows, units, seed: 3)
                    let h = Matrix<S>(rows: rows, columns: units), dw = Matrix<S>(rows: inputs, columns: units)
                    let dx = Matrix<S>(rows: rows, columns: inputs)
                    let multiplier = Multiplier<S>(pool: .single)
                    multiplier.multiply(x, w, into: h)
                    multiplier.multiplyTransposedLeft(x, g, into: dw)
                    multiplier.multiplyTransposedRight(g, w, into: dx)
                    #expect(Array(h.elements) == chains(rows, units, inputs) { (x[$0, $2], w[$2, $1]) })
                    #expect(Array(dw.elements) == chains(inputs, units, rows) { (x[$2, $0], g[$2, $1]) })
                    #expect(Array(dx.elements) == chains(rows, inputs, units) { (g[$0, $2], w[$1, $2]) })
                }
            }
        }
        check(Float.self)
        check(Double.self)
    }

    /// All elements of a product by its definition: `factors(i, j, k)` are multiplied and added for each k.
    private func chains<S: Scalar>(_ rows: Int, _ columns: Int, _ depth: Int, _ factors: (Int, Int, Int) -> (S, S))
        -> [S]
    {
        (0..<rows * columns).map { index in
            (0..<depth).reduce(0) { sum, k in
                let (a, b) = factors(index / columns, index % columns, k)
                return S.multiplyAdd(a, b, sum)
            }
        }
    }

    /// A row is the same bits however many rows are multiplied beside it, although few rows take other ways than many.
    @Test(arguments: [(10, 10), (100, 10), (784, 100), (300, 260)])
    func aRowIsTheSameAmongFewAndMany(inputs: Int, units: Int) {
        func check<S: Scalar>(_: S.Type) {
            let most = 150
            let x: Matrix<S> = randomMatrix(most, inputs, seed: 1), w: Matrix<S> = randomMatrix(inputs, units, seed: 2)
            let g: Matrix<S> = randomMatrix(most, units, seed: 3), multiplier = Multiplier<S>(pool: .single)
            func products(rows: Int) -> [[S]] {
                let h = Matrix<S>(rows: rows, columns: units), dx = Matrix<S>(rows: rows, columns: inputs)
                x.useRows(rows)
                g.useRows(rows)
                multiplier.multiply(x, w, into: h)
                multiplier.multiplyTransposedRight(g, w, into: dx)
                return [Array(h.elements), Array(dx.elements)]
            }
            let all = products(rows: most)
            for rows in [1, 2, 3, 8, 11, 31, 64, 65, 129] {
                let some = products(rows: rows)
                #expect(some[0] == Array(all[0].prefix(rows * units)))
                #expect(some[1] == Array(all[1].prefix(rows * inputs)))
            }
        }
        check(Float.self)
        check(Double.self)
    }

    /// A thread writes its own columns or rows alone, whatever vectors and tiles reach beyond.
    @Test(arguments: [(3, 48, 100), (100, 48, 100), (3, 40, 10), (100, 40, 10)])
    func aPartLeavesTheOthersAlone(rows: Int, inputs: Int, units: Int) {
        let x: Matrix<Float> = randomMatrix(rows, inputs, seed: 1)
        let w: Matrix<Float> = randomMatrix(inputs, units, seed: 2)
        let g: Matrix<Float> = randomMatrix(rows, units, seed: 3), scratch = ProductScratch<Float>()
        func untouched(_ matrix: Matrix<Float>, _ isPart: (Int, Int) -> Bool) -> Bool {
            (0..<matrix.rows).allSatisfy { i in
                (0..<matrix.columns).allSatisfy { j in isPart(i, j) || matrix[i, j] == 7 }
            }
        }
        func sevens(_ rows: Int, _ columns: Int) -> Matrix<Float> {
            Matrix(rows: rows, columns: columns, Array(repeating: 7, count: rows * columns))
        }
        let h = sevens(rows, units), dw = sevens(inputs, units), dx = sevens(rows, inputs)
        if units > 32 {
            multiply(x, w, into: h, part: 16..<32, scratch: scratch)
            #expect(untouched(h) { (16..<32).contains($1) })
        }
        multiplyTransposedLeft(x, g, into: dw, part: 16..<32, scratch: scratch)
        #expect(untouched(dw) { i, _ in (16..<32).contains(i) })
        multiplyTransposedRight(g, w, into: dx, part: 16..<32, scratch: scratch)
        #expect(untouched(dx) { (16..<32).contains($1) })
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
