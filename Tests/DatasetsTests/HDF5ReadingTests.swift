import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct HDF5ReadingTests {
    static let values: [(type: String, values: [Double])] =
        ["uint8", "uint16", "uint32", "uint64"].map { ($0, [3, 2, 5, 7, 0, 100]) }
        + ["int8", "int16", "int32", "int64"].map { ($0, [-3, 2, 5, -7, 0, 100]) }
        + ["float16", "float32", "float64"].map { ($0, [-0.5, 2, 5.25, -7, 0, 100]) }

    @Test(arguments: values, ["little", "big"])
    func everyTypeAndByteOrder(_ expected: (type: String, values: [Double]), _ order: String) throws {
        let dataset = try HDF5File(path: typesFile).dataset("\(order)/\(expected.type)")
        #expect(dataset.typeName == expected.type)
        #expect(dataset.elementType?.name == expected.type)
        #expect(dataset.shape == [3, 2])
        #expect(try dataset.read(Double.self) == expected.values)

        let examples = try Examples(file: dataset.file, "\(dataset.name)")
        #expect((examples.rowCount, examples.featureCount) == (3, 2))
        // In the width of the file, but for 64-bit integers.
        #expect(examples.format.rawValue == (expected.type.hasSuffix("int64") ? "float64" : expected.type))
        #expect(examples.values == expected.values)
    }

    @Test(arguments: [
        ("rank/1", [5], [], 12.0), ("rank/3", [5, 2, 3], [2, 3], 2), ("rank/4", [5, 2, 3, 2], [2, 3, 2], 1),
        ("chunked/plain", [5, 2, 3, 2], [2, 3, 2], 1), ("chunked/gzip", [5, 2, 3, 2], [2, 3, 2], 1),
        ("/link", [5], [], 12),
    ])
    func everyRankAndLayout(_ name: String, _ shape: [Int], _ exampleShape: [Int], _ increment: Double) throws {
        let dataset = try HDF5File(path: typesFile).dataset(name)
        #expect(dataset.shape == shape)
        #expect(try dataset.read(Double.self) == (0..<shape.reduce(1, *)).map { Double($0) * increment })
        #expect(try Examples(file: dataset.file, "\(dataset.name)").shape == exampleShape)
    }

    @Test func boolsAreNumbers() throws {
        let dataset = try HDF5File(path: typesFile).dataset("bool")
        #expect(try dataset.read(Float.self) == [1, 0, 0, 1])
    }

    @Test func summary() throws {
        let summary = try FileSummary(file: typesFile)
        #expect(
            summary.attributes.mapValues(\.description) == [
                "text": "größer", "bytes": "fixed", "count": "7", "rate": "0.5", "vector": "[0, 1, 2]",
            ])
        let gzip = try #require(summary.datasets.first { $0.path == "chunked/gzip" })
        #expect(gzip.type == "float64")
        #expect(gzip.chunks == [2, 2, 3, 1])
        #expect(gzip.filters == ["shuffle", "gzip 4", "fletcher32"])
        let plain = try #require(summary.datasets.first { $0.path == "big/uint16" })
        #expect((plain.storedBytes, plain.filters) == (12, []))
        #expect(plain.chunks == nil)
        #expect(String(decoding: try JSONEncoder().encode(summary), as: UTF8.self).contains("\"stored_bytes\":12"))
    }

    /// The library is not safe to call from several threads; ours must be.
    @Test func manyThreads() async throws {
        try await withThrowingTaskGroup(of: [Double].self) { group in
            for _ in 0..<32 {
                group.addTask {
                    for _ in 0..<20 { _ = message { try HDF5File(path: typesFile).dataset("missing") } }
                    return try HDF5File(path: typesFile).dataset("chunked/gzip").read(Double.self)
                }
            }
            for try await values in group { #expect(values == (0..<60).map(Double.init)) }
        }
    }
}
