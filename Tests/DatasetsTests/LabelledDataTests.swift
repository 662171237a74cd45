import Datasets
import TestSupport
import Testing

@Suite struct LabelledDataTests {
    @Test(arguments: [("train", 4000), ("test", 1000)])
    func embeddedDigits(_ split: String, _ count: Int) throws {
        let data = try LabelledData.load(file: embeddedFile, inputs: "\(split)/images", targets: "/\(split)/labels")
        #expect(data.rowCount == count)
        #expect(data.inputs.shape == [28, 28])
        #expect(data.inputs.featureCount == 784)
        #expect(data.inputs.elementType == .uint8)
        #expect(classes(data).classCount == 10)
        for digit in 0..<10 { #expect(classes(data).classes.count { $0 == digit } == count / 10) }
        #expect(classes(data).classes.prefix(100).contains(0) && classes(data).classes.prefix(100).contains(9))
        #expect(data.inputs.format == .uint8)
        let values = data.inputs.values
        #expect(values.max() == 255)
        // The mean grey value of all of MNIST is 33.3.
        let mean = Double(values.reduce(0, +)) / Double(values.count)
        #expect(abs(mean - 33.3) < 1)
    }

    @Test func embeddedAttributes() throws {
        let attributes = try HDF5File(path: embeddedFile).attributes()
        #expect(attributes.keys.sorted() == ["description", "licence", "source"])
    }

    /// The expected hash is that of
    /// `printf 'uint8 2 x 2 2\n\0\1\2\3\0\0\0\0\1\0\0\0' | sha256sum`.
    @Test func contentHash() {
        func hash(_ bytes: [UInt8], _ shape: [Int], _ classes: [Int32], _ type: ElementType = .uint8) -> String {
            LabelledData(
                inputs: Examples(.uint8(bytes), shape: shape, elementType: type),
                targets: .classes(Labels(classes: classes, classCount: 2))
            ).contentHash
        }
        let known = hash([0, 1, 2, 3], [2], [0, 1])
        #expect(known == "55299362115976d369a5fdc2aed8ee121b426b322fb957a2dd033958a6415e5e")
        #expect(hash([0, 1, 2, 4], [2], [0, 1]) != known)
        #expect(hash([0, 1, 2, 3], [2], [1, 0]) != known)
        #expect(hash([0, 1, 2, 3], [2, 1], [0, 1]) != known)
    }

    @Test func hashIgnoresStorage() throws {
        let folder = try TemporaryFolder()
        func hash(_ compression: HDF5Writer.Compression?) throws -> String {
            let path = folder.path("hash.h5")
            let writer = try HDF5Writer(path: path)
            try writer.write([1, 2, 3, 4] as [Float], shape: [2, 2], to: "inputs", compression: compression)
            try writer.write([0, 1] as [UInt8], shape: [2], to: "targets", compression: compression)
            try writer.finish()
            return try LabelledData.load(file: path, inputs: "inputs", targets: "targets").contentHash
        }
        #expect(try hash(nil) == hash(.init(chunkRows: 1, level: 9)))
    }
}
