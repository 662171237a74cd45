import Datasets
import Foundation
import TestSupport
import Testing

/// Integers of 64 bits keep all their digits wherever they are shown.
@Suite struct ExactNumberTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("a.h5") }

    init() throws {
        folder = try TemporaryFolder()
        let writer = try HDF5Writer(path: folder.path("a.h5"))
        try writer.write(
            [9_007_199_254_740_993, -9_007_199_254_740_993, .min, 7] as [Int64], shape: [2, 2], to: "wide")
        try writer.write([9_007_199_254_740_993, 9_007_199_254_740_992, -5] as [Int64], shape: [3], to: "labels")
        try writer.write([.max, 9_007_199_254_740_993, 0, .max] as [UInt64], shape: [4], to: "unsigned")
        try writer.setAttribute("largest", .unsigned(.max), of: "unsigned")
        try writer.finish()
    }

    private func values(_ name: String) throws -> ValueSummary {
        try #require(try FileSummary(file: path, readsValues: true).datasets.first { $0.path == name }?.values)
    }

    @Test func rowsAreShownExactly() throws {
        #expect(
            try DatasetPreview(file: path, "wide").numbers == [
                .signed(9_007_199_254_740_993), .signed(-9_007_199_254_740_993),
            ])
        #expect(try DatasetPreview(file: path, "wide:1").numbers == [.signed(.min), 7])
        #expect(try DatasetPreview(file: path, "unsigned").numbers == [.unsigned(.max)])
    }

    @Test func rangesAndClassesAreExact() throws {
        let labels = try values("labels")
        #expect(labels.minimum == -5 && labels.maximum == .signed(9_007_199_254_740_993))
        #expect(labels.classes?.map(\.name) == ["-5", "9007199254740992", "9007199254740993"])
        let unsigned = try values("unsigned")
        #expect(unsigned.maximum == .unsigned(.max) && unsigned.distinctCount == 3)
        #expect(unsigned.classes?.map(\.name) == ["0", "9007199254740993", "18446744073709551615"])
        #expect(try values("wide").minimum == .signed(.min))
    }

    @Test func attributesAreExact() throws {
        let dataset = try #require(try FileSummary(file: path).datasets.first { $0.path == "unsigned" })
        #expect(dataset.attributes["largest"] == .unsigned(.max))
    }
}
