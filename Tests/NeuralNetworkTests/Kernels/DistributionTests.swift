import Foundation
import NeuralNetwork
import TestSupport
import Testing

@Suite struct DistributionTests {
    private func naivePercentile(_ percentile: Double, _ values: [Double]) -> Double {
        let sorted = values.sorted()
        let position = percentile / 100 * Double(sorted.count - 1)
        let below = Int(position.rounded(.down)), above = Int(position.rounded(.up))
        return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }

    static let samples: [[Double]] = {
        let waves: [Double] = (0..<5000).map { sin(Double($0)) }
        let magnitudes: [Double] = (0..<999).map { pow(10, Double($0 % 40) - 20) }
        let small: [[Double]] = [
            [1.0], [2, 1], [3, 1, 2], Array(repeating: 0.5, count: 100), [1e308, -1e308, 0, 1, 2],
        ]
        return small + [waves, waves.map { max(0, $0) }, magnitudes]
    }()

    @Test(arguments: samples)
    func percentilesAreExact(values: [Double]) {
        let asked = [0.0, 1, 15, 33.3, 50, 85, 99.9, 100]
        let found = percentiles(asked, of: Matrix(rows: 1, columns: values.count, values))
        for (percentile, value) in zip(asked, found) {
            let expected = naivePercentile(percentile, values)
            #expect(abs(value - expected) <= 1e-15 * abs(expected), "percentile \(percentile) of \(values.count)")
        }
    }

    @Test func leavesOutAndCountsWhatIsNotFinite() {
        let values = Matrix<Float>(rows: 1, columns: 6, [1, .nan, 3, .infinity, 0, -.infinity])
        let distribution = Distribution(values)
        #expect(distribution.nonfiniteCount == 3 && distribution.count == 3 && distribution.zeroCount == 1)
        #expect(distribution.minimum == 0 && distribution.maximum == 3)
        #expect(abs(distribution.mean - 4.0 / 3) < 1e-15)
        #expect(abs(distribution.standardDeviation - (14.0 / 9).squareRoot()) < 1e-15)
        #expect(percentiles([50], of: values) == [1])
        #expect(percentiles([50], of: Matrix<Float>(rows: 1, columns: 1, [.nan])).isEmpty)
    }

    @Test func normsAreEuclidean() {
        let a: Matrix<Float> = randomMatrix(3, 7, seed: 9)
        let squares = a.elements.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(abs(norm(a) - squares.squareRoot()) < 1e-14)
    }

    @Test func sumsInPartsAreTheSameBits() {
        let a: Matrix<Float> = randomMatrix(1, 59, seed: 9), values = a.elements
        var sums = LaneSums()
        for part in [0..<16, 16..<40, 40..<59] {
            sums.addSquares(count: part.count) { Double(values[part.lowerBound + $0]) }
        }
        #expect(sums.total == sumOfSquares(count: 59) { Double(values[$0]) })
    }
}
