import NeuralNetwork
import TestSupport
import Testing

@Suite struct ColumnStatisticsTests {
    private func moments<S: Scalar>(_ x: Matrix<S>) -> (mean: [Double], variance: [Double]) {
        let columns = x.columns
        let mean = Matrix<S>(rows: 1, columns: columns), residual = Matrix<S>(rows: 1, columns: columns)
        let variance = Matrix<S>(rows: 1, columns: columns)
        columnMoments(x.all, mean: mean, meanResidual: residual, variance: variance)
        return ((0..<columns).map { Double(mean[0, $0]) + Double(residual[0, $0]) }, variance.elements.map(Double.init))
    }

    private func naiveMoments<S: Scalar>(_ x: Matrix<S>, column j: Int) -> (mean: Double, variance: Double) {
        let values = (0..<x.rows).map { Double(x[$0, j]) }
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
    }

    /// What is not finite is not hidden behind a variance of 0.
    @Test(arguments: [Float.nan, .infinity, 3e38]) func varianceOfWhatIsNotFinite(value: Float) {
        let x: Matrix<Float> = randomMatrix(40, 9, seed: 1, mean: 0)
        x.base[13 * 9 + 4] = value
        let variance = moments(x).variance
        #expect(!variance[4].isFinite && variance[3].isFinite)
    }

    /// A constant column has its value as mean, and a variance of exactly 0.
    @Test(arguments: [2, 60, 1000]) func aConstantColumnHasNoVariance(rows: Int) {
        let x: Matrix<Float> = randomMatrix(rows, 9, seed: 1, mean: 0)
        for i in 0..<rows { (x.base[i * 9 + 2], x.base[i * 9 + 8]) = (0.1, -1e6 / 3) }
        let found = moments(x)
        #expect(found.mean[2] == Double(Float(0.1)) && found.mean[8] == Double(Float(-1e6 / 3)))
        #expect(found.variance[2] == 0 && found.variance[8] == 0 && found.variance[3] > 0)
    }

    @Test(arguments: [(1, 1), (2, 3), (31, 7), (32, 8), (33, 9), (500, 17)])
    func agreesWithTheDefinition(rows: Int, columns: Int) {
        let x: Matrix<Double> = randomMatrix(rows, columns, seed: 5, mean: 2)
        let found = moments(x)
        for j in 0..<columns {
            let expected = naiveMoments(x, column: j)
            #expect(abs(found.mean[j] - expected.mean) < 1e-13)  // a few ulp of values up to 6
            #expect(abs(found.variance[j] - expected.variance) < 1e-12)
        }
    }

    /// Mean 1e4 and deviation 1e-2 in Float: spacing of values is 1e-3, and a plain two-pass is more than 1 % off the
    /// variance.
    @Test func losesNoDigitsToALargeMean() {
        let x: Matrix<Float> = randomMatrix(512, 20, seed: 6, mean: 1e4, deviation: 1e-2)
        let found = moments(x)
        for j in 0..<20 {
            let expected = naiveMoments(x, column: j)
            #expect(abs(found.variance[j] / expected.variance - 1) < 1e-6)
            #expect(abs(found.mean[j] - expected.mean) < 1e-7)
        }
    }

    @Test func constantColumnsHaveNoVariance() {
        let x = Matrix<Float>(rows: 64, columns: 2, (0..<128).map { $0 % 2 == 0 ? 0.1 : -3e7 })
        #expect(moments(x).variance == [0, 0])
    }
}
