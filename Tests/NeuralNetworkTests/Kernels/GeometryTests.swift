import Foundation
import NeuralNetwork
import TestSupport
import Testing

@Suite struct GeometryTests {
    /// Orthogonal rows of equal length: no cosine, full rank, no gap.
    ///
    /// Rows of lengths 1 and 2: l = 1 and 4.
    @Test func orthogonalRows() {
        let equal = RepresentationGeometry(
            Matrix<Double>(rows: 2, columns: 3, [1, 0, 0, 0, 1, 0]), rows: 9, threshold: 0.5)
        #expect(
            equal
                == RepresentationGeometry(
                    Matrix<Double>(rows: 2, columns: 3, [0, 0, 1, 0, 1, 0]), rows: 2, threshold: 0.5))
        #expect(
            equal.meanCosine == 0 && equal.stableRank == 2 && equal.participationRatio == 2 && equal.effectiveRank == 2
                && equal.isometryGap == 0 && equal.orthogonalityGap == 0)
        let unequal = RepresentationGeometry(
            Matrix<Double>(rows: 2, columns: 2, [1, 0, 0, 2]), rows: 2, threshold: 0.5)
        #expect(unequal.stableRank == 1.25 && unequal.participationRatio == 25.0 / 17 && unequal.effectiveRank == 1)
        #expect(abs(unequal.isometryGap! - (log(2.5) - log(4) / 2)) < 1e-15)
        // Of 1/5 and 4/5 the distances from 1/2.
        #expect(abs(unequal.orthogonalityGap! - (0.3 * 0.3 * 2).squareRoot()) < 1e-15)
    }

    @Test func collapsedRows() {
        let same = RepresentationGeometry(
            Matrix<Float>(rows: 5, columns: 4, Array(repeating: 3, count: 20)), rows: 5, threshold: 1e-3)
        #expect(
            abs(same.meanCosine! - 1) < 1e-12 && abs(same.stableRank! - 1) < 1e-12 && same.effectiveRank == 1
                && same.isometryGap == nil)
        #expect(abs(same.orthogonalityGap! - (1 - 1.0 / 5).squareRoot()) < 1e-12)
        let zero = RepresentationGeometry(Matrix<Float>(rows: 5, columns: 4), rows: 5, threshold: 1e-3)
        #expect(zero.meanCosine == nil && zero.stableRank == nil && zero.effectiveRank == 0)
        #expect(zero.orthogonalityGap == nil)
    }

    /// A row of zeros has no direction; nearly dependent rows have a gap, whatever the Gram matrix rounds away.
    @Test func illConditionedRows() {
        let x = Matrix<Double>(rows: 3, columns: 3, [1, 0, 0, 1, 1e-9, 0, 0, 0, 0])
        #expect(abs(RepresentationGeometry(x, rows: 3, threshold: 0).meanCosine! - 1) < 1e-12)
        let gap = RepresentationGeometry(x, rows: 2, threshold: 0).isometryGap
        // The determinant of the two rows is 1e-9, that of their Gram matrix 1e-18; their mean squared length is 1.
        #expect(abs(gap! - 9 * log(10.0)) < 1e-6)
    }

    /// X and its transpose have the same eigenvalues but for zeros: more rows than columns go by way of X^T X.
    @Test(arguments: [(9, 4), (40, 7), (8, 7), (30, 1)])
    func moreRowsThanColumns(rows: Int, columns: Int) {
        let x: Matrix<Double> = randomMatrix(rows, columns, seed: 5)
        let transposed = Matrix<Double>(
            rows: columns, columns: rows, (0..<rows * columns).map { x[$0 % rows, $0 / rows] })
        let tall = RepresentationGeometry(x, rows: rows, threshold: 1e-3),
            wide = RepresentationGeometry(transposed, rows: columns, threshold: 1e-3)
        #expect(
            abs(tall.stableRank! - wide.stableRank!) < 1e-12
                && abs(tall.participationRatio! - wide.participationRatio!) < 1e-12)
        #expect(tall.effectiveRank == wide.effectiveRank && tall.isometryGap == nil)
        #expect(RepresentationGeometry(x, rows: rows, threshold: 0).effectiveRank == columns)
    }

    /// Trace, sum of squares and an independent check of the largest by power iteration.
    @Test(arguments: [1, 2, 7, 40])
    func eigenvalues(n: Int) {
        let x: Matrix<Double> = randomMatrix(n, n + 3, seed: 4)
        let gram = naiveProduct(x, times: x, rightTransposed: true)
        let trace = (0..<n).reduce(0.0) { $0 + gram[$1, $1] }, squares = gram.elements.reduce(0) { $0 + $1 * $1 }
        var vector = [Double](repeating: 1, count: n), largest = 0.0
        for _ in 0..<4000 {
            let product = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + gram[i, $1] * vector[$1] } }
            largest = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
            vector = product.map { $0 / largest }
        }
        let found = symmetricEigenvalues(gram)
        #expect(
            abs(found.reduce(0, +) - trace) < 1e-12 * trace
                && abs(found.reduce(0) { $0 + $1 * $1 } - squares) < 1e-12 * squares)
        #expect(abs(found[0] - largest) < 1e-9 * largest && found == found.sorted(by: >))
    }
}
