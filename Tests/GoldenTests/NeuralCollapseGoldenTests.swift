import Datasets
import Foundation
import NeuralNetwork
import Testing

/// What numpy computes by the definitions: `Fixtures/make_neural_collapse.py` says what the file holds.
private let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Fixtures/neural_collapse.h5"
).path

@Suite struct NeuralCollapseGoldenTests {
    private static func caseNames() -> [String] {
        let names = (try? HDF5File(path: fixture).datasetNames()) ?? []
        return Set(names.map { String($0.split(separator: "/")[0]) }).sorted()
    }

    @Test func thereAreCases() { #expect(NeuralCollapseGoldenTests.caseNames().count >= 5) }

    /// Within 1e-9 of each number, a few thousand roundings of sums over all rows, whatever the batches; numbers of rows are
    /// exact.
    @Test(arguments: caseNames(), [1000, 7])
    func numbersAreThoseOfNumpy(name: String, batchSize: Int) throws {
        let file = try HDF5File(path: fixture)
        func matrix(_ array: String) throws -> Matrix<Double> {
            let dataset = try file.dataset("\(name)/\(array)")
            return Matrix(rows: dataset.shape[0], columns: dataset.shape[1], try dataset.read())
        }
        let features = try matrix("features"), logits = try matrix("logits"), weight = try matrix("weight")
        let labels: [UInt8] = try file.dataset("\(name)/labels").read()
        let meter = NeuralCollapseMeter<Double>(classCount: logits.columns, featureCount: features.columns)
        func forEachBatch(_ body: (Matrix<Double>, Matrix<Double>, UnsafeMutableBufferPointer<Int32>) -> Void) {
            for start in stride(from: 0, to: labels.count, by: batchSize) {
                let range = start..<min(start + batchSize, labels.count)
                func rows(_ all: Matrix<Double>) -> Matrix<Double> {
                    Matrix(rows: range.count, columns: all.columns, range.flatMap { Array(all.row($0)) })
                }
                var batch = labels[range].map(Int32.init)
                batch.withUnsafeMutableBufferPointer { body(rows(features), rows(logits), $0) }
            }
        }
        // The second time shows that nothing is left of the first.
        for _ in 0..<2 {
            meter.restart()
            forEachBatch { meter.addToMeans($0, labels: $2) }
            forEachBatch { meter.addDeviations($0, logits: $1, labels: $2) }
        }
        let found = meter.result(classifier: weight)
        for (number, value) in [
            ("within_class_variability", found.withinClassVariability),
            ("mean_norm_variation", found.means.normVariation),
            ("mean_cosine_deviation", found.means.cosineDeviation), ("mean_angle_gap", found.means.angleGap),
            ("weight_norm_variation", found.classifier.normVariation),
            ("weight_cosine_deviation", found.classifier.cosineDeviation),
            ("weight_angle_gap", found.classifier.angleGap), ("self_duality", found.selfDuality),
            ("center_disagreement", found.centerDisagreement),
        ] {
            let expected: [Double] = try file.dataset("\(name)/\(number)").read()
            let value = try #require(value, "\(name): \(number)")
            // Cosines of two classes are all -1, of which roundings are left.
            #expect(
                abs(value - expected[0]) <= max(1e-9 * abs(expected[0]), 1e-14),
                "\(name), \(number): \(value), numpy \(expected[0])")
        }
    }

    /// A simplex equiangular tight frame and its classifier have collapsed: the corners of a cube's tetrahedron.
    @Test func aTightFrameHasCollapsed() throws {
        let corners = [1.0, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1]
        let features = Matrix<Double>(rows: 4, columns: 3, corners.map { 5 * $0 + 2 })
        let weight = Matrix<Double>(rows: 3, columns: 4, (0..<12).map { corners[$0 % 4 * 3 + $0 / 4] })
        let logits = Matrix<Double>(rows: 4, columns: 4, (0..<16).map { $0 % 5 == 0 ? 1 : 0 })
        let meter = NeuralCollapseMeter<Double>(classCount: 4, featureCount: 3)
        var labels: [Int32] = [0, 1, 2, 3]
        labels.withUnsafeMutableBufferPointer {
            meter.addToMeans(features, labels: $0)
            meter.addDeviations(features, logits: logits, labels: $0)
        }
        let found = meter.result(classifier: weight)
        for value in [
            found.withinClassVariability, found.means.normVariation, found.means.cosineDeviation, found.means.angleGap,
            found.classifier.normVariation, found.classifier.cosineDeviation, found.classifier.angleGap,
            found.selfDuality, found.centerDisagreement,
        ] { #expect(try #require(value) < 1e-14) }
    }

    /// Where there is nothing to compare, or not all is finite, nothing is told.
    @Test(arguments: [[0.0, 0, 0, 0], [1, .nan, 0, 0], [.infinity, 1, 0, 0]], [[Int32(0), 1], [1, 1]])
    func whatCannotBeComparedIsNil(features: [Double], labels: [Int32]) {
        let meter = NeuralCollapseMeter<Double>(classCount: 2, featureCount: 2)
        let matrix = Matrix<Double>(rows: 2, columns: 2, features)
        var labels = labels
        labels.withUnsafeMutableBufferPointer {
            meter.addToMeans(matrix, labels: $0)
            meter.addDeviations(matrix, logits: matrix, labels: $0)
        }
        let found = meter.result(classifier: matrix)
        #expect(found.withinClassVariability == nil && found.selfDuality == nil && found.centerDisagreement == nil)
        #expect(found.means.normVariation == nil && found.means.angleGap == nil)
    }
}
