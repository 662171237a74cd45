import Datasets
import NeuralNetwork
import TestSupport
import Testing

@Suite struct SparseInputsTests {
    /// Widths around the eight bytes that are looked at together; bytes and other numbers, whose forms are made apart.
    @Test(arguments: [1, 7, 8, 20, 64, 130])
    func usedRowsAreThoseOfTheDenseForm(width: Int) throws {
        var stream = RandomStream(seed: 3, purpose: .synthesis)
        let bytes = (0..<12 * width).map { _ in
            stream.nextUniform() < 0.8 ? 0 : UInt8(1 + stream.nextIndex(below: 255))
        }
        for examples in [
            Examples(.uint8(bytes), shape: [width], elementType: .uint8),
            Examples(.float32(bytes.map { Float($0) }), shape: [width], elementType: .float32),
        ] {
            for scaling in [Scaling.identity, Scaling(binarizingAbove: 127)] {
                check(examples, scaling, Float.self)
                check(examples, scaling, Double.self)
            }
        }
    }

    private func check<S: Scalar>(_ examples: Examples, _ scaling: Scaling, _: S.Type) {
        // Two splits that share a row; rows 5 and 6 are in neither.
        let used: [RowSet] = [.range(0..<5), .list([4, 7, 8, 9, 10, 11])]
        let rows = SparseBatch<S>(examples.withoutZeros(of: used, scaling: scaling), capacity: 12, forTraining: false)
        let all = (0..<12).map { UInt32($0) }
        rows.load(all[...])
        let found = Matrix<S>(rows: 12, columns: examples.featureCount)
        rows.expand(into: found)
        let expected = Matrix<S>(rows: 12, columns: examples.featureCount)
        examples.gather(rows: all[...], scaling: scaling, into: expected)
        for row in 0..<12 {
            let values = row == 5 || row == 6 ? Array(repeating: 0, count: found.columns) : Array(expected.row(row))
            #expect(Array(found.row(row)) == values, "row \(row) of \(examples.elementType)")
        }
    }
}
