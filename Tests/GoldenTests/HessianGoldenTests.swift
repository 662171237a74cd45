import Datasets
import Foundation
import NeuralNetwork
import Testing

/// What PyTorch's double backward gives: `Fixtures/make_torch_hessian.py` says what the file holds.
private let hessians = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Fixtures/hessian.h5"
).path

private func caseNames() -> [String] {
    let names = (try? HDF5File(path: hessians).datasetNames()) ?? []
    return Set(names.map { String($0.split(separator: "/")[1]) }).sorted()
}

@Suite struct HessianGoldenTests {
    @Test func thereAreCases() { #expect(caseNames().count >= 36) }

    /// The product with one vector within 1e-11 of its largest value, a few thousand roundings of float64, and the
    /// eigenvalues as Lanczos' method finds them.
    @Test(arguments: caseNames())
    func productsAndEigenvaluesAreThoseOfPyTorch(name: String) throws {
        let test = try GoldenCase<Double>(name), file = try HDF5File(path: hessians)
        _ = test.forward(step: 0)
        let product = HessianProduct(test.network, rows: 20, valueCount: test.plan.data.valueCount)
        product.workspace.copyBatch(from: test.workspace)
        product.prepare(step: 0)
        func vector(_ what: String) throws -> [Double] {
            try test.network.layers.enumerated().flatMap { index, layer in
                try layer.parameters.flatMap { parameter in
                    try file.dataset("cases/\(name)/\(what)/layer/\(index)/\(parameter.kind.rawValue)").read()
                        as [Double]
                }
            }
        }
        var found = [Double](repeating: 0, count: product.dimension)
        product.multiply(try vector("direction"), into: &found)
        let error = distance(found, try vector("product"))
        #expect(error <= 1e-11, "\(name): \(error)")

        let expected: [Double] = try file.dataset("cases/\(name)/eigenvalues").read()
        let extremes = try #require(
            ExtremeEigenvalues(of: product.matrix, count: 5, tolerance: 1e-12, most: product.dimension, seed: 1))
        let values = extremes.largest.map(\.value) + [extremes.smallest.value]
        #expect(distance(values, expected) <= 1e-9, "\(name): \(values), PyTorch \(expected)")
    }
}
