import NeuralNetwork
import TestSupport
import Testing

@Suite struct SparseProductTests {
    /// Rows, inputs, units: widths around vectors and strips, more inputs than a block of columns, some empty rows.
    static let shapes = [
        (1, 1, 1), (7, 65, 3), (33, 130, 8), (60, 784, 100), (20, 70, 104), (5, 200, 111), (64, 129, 256),
    ]

    @Test(arguments: shapes)
    func hasTheBitsOfTheDenseProducts(rows: Int, inputs: Int, units: Int) {
        for density in [0, 0.02, 0.2, 0.9] {
            check(Float.self, rows, inputs, units, density)
            check(Double.self, rows, inputs, units, density)
        }
    }

    private func check<S: Scalar>(_: S.Type, _ rows: Int, _ inputs: Int, _ units: Int, _ density: Double) {
        // The batch is the data's rows backwards, the last one twice.
        let data: Matrix<S> = sparseMatrix(rows, inputs, density: density)
        let batch = (0...rows).map { UInt32(max(0, rows - 1 - $0)) }
        let x = Matrix<S>(rows: batch.count, columns: inputs)
        for (i, row) in batch.enumerated() {
            for d in 0..<inputs { x[i, d] = data[Int(row), d] }
        }
        let sparse = SparseBatch(withoutZeros(data), capacity: batch.count + 2, forTraining: true)
        sparse.load(batch.dropFirst(1))  // what an earlier batch left must not show
        sparse.load(batch[...])

        let w: Matrix<S> = randomMatrix(inputs, units, seed: 2),
            g: Matrix<S> = randomMatrix(batch.count, units, seed: 3)
        let expected = (h: Matrix<S>(rows: batch.count, columns: units), dw: Matrix<S>(rows: inputs, columns: units))
        let multiplier = Multiplier<S>(pool: .single), scratch = ProductScratch<S>()
        multiplier.multiply(x, w, into: expected.h)
        multiplier.multiplyTransposedLeft(x, g, into: expected.dw)

        let expanded = Matrix<S>(rows: batch.count, columns: inputs)
        sparse.expand(into: expanded)
        #expect(Array(expanded.elements) == Array(x.elements))
        let h: Matrix<S> = randomMatrix(batch.count, units, seed: 4),
            dw: Matrix<S> = randomMatrix(inputs, units, seed: 5)
        for part in [0..<units / 3, units / 3..<units] where !part.isEmpty { multiply(sparse, w, into: h, part: part) }
        #expect(Array(h.elements) == Array(expected.h.elements))
        for part in [0..<inputs / 2, inputs / 2..<inputs] {
            multiplyTransposedLeft(sparse, g, into: dw, part: part, scratch: scratch)
        }
        #expect(Array(dw.elements) == Array(expected.dw.elements))

        // The same handed out some rows at a time.
        var handed: [S] = []
        multiplyTransposedLeft(sparse, g, into: nil, part: 0..<inputs, scratch: scratch) { range, values in
            handed += UnsafeBufferPointer(start: values, count: range.count * units)
        }
        #expect(handed == Array(expected.dw.elements))
    }

    private func sparseMatrix<S: Scalar>(_ rows: Int, _ columns: Int, density: Double) -> Matrix<S> {
        var stream = RandomStream(seed: 9, purpose: .synthesis)
        let elements = (0..<rows * columns).map { position -> S in
            let isKept = stream.nextUniform() < density && position / columns % 5 != 4
            return isKept ? S(stream.nextNormalPair().0) : 0
        }
        return Matrix(rows: rows, columns: columns, elements)
    }

    private func withoutZeros<S: Scalar>(_ x: Matrix<S>) -> SparseRows<S> {
        SparseRows(rows: x.rows, columns: x.columns, entryCount: x.elements.count { $0 != 0 }) { i, target in
            let entries = (0..<x.columns).filter { x[i, $0] != 0 }.map {
                SparseEntry(index: Int32($0), value: x[i, $0])
            }
            for (position, entry) in entries.enumerated() { target[position] = entry }
            return entries.count
        }
    }
}
