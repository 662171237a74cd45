import Datasets
import Foundation
import Importers
import TestSupport
import Testing

@Suite struct CIFAR10Tests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A record whose red pixel p is p mod 251, green 1 and blue 2 more, each plus `first`.
    func record(label: UInt8, first: UInt8 = 0) -> [UInt8] {
        [label] + (UInt8(0)..<3).flatMap { color in (0..<1024).map { UInt8($0 % 251) &+ color &+ first } }
    }

    @Test func importing() throws {
        let one = try folder.write(record(label: 3) + record(label: 9, first: 7), to: "data_batch_1.bin")
        let two = try folder.write(record(label: 0, first: 100), to: "data_batch_2.bin")
        let output = folder.path("cifar10.h5")
        let train = try ImageSplit(cifar10: [one, two]), test = try ImageSplit(cifar10: [two])
        try write([("train", train), ("test", test)], from: "CIFAR-10", toHDF5: output)

        let summary = try FileSummary(file: output)
        #expect(summary.datasets.map(\.path) == ["test/images", "test/labels", "train/images", "train/labels"])
        #expect(summary.datasets.map(\.shape) == [[1, 32, 32, 3], [1], [3, 32, 32, 3], [3]])
        let data = try LabelledData.load(file: output, inputs: "train/images", targets: "train/labels", classCount: 10)
        #expect(data.inputs.shape == [32, 32, 3])
        #expect(data.inputs.format == .uint8)
        let values = data.inputs.values.map { UInt8($0) }
        // The three colours of a pixel stand together: row 1, column 2 of the second image is pixel 34.
        #expect(Array(values[3072 + 3 * 34..<3072 + 3 * 35]) == [41, 42, 43])
        for (image, first) in [UInt8(0), 7, 100].enumerated() {
            let expected = (0..<1024).flatMap { pixel in (UInt8(0)..<3).map { UInt8(pixel % 251) &+ $0 &+ first } }
            #expect(Array(values[3072 * image..<3072 * (image + 1)]) == expected)
        }
        #expect(Array(classes(data).classes) == [3, 9, 0])
        #expect(
            summary.attributes["source"]
                == .string("CIFAR-10 files data_batch_1.bin, data_batch_2.bin, data_batch_2.bin"))
    }

    @Test func unsuitable() throws {
        func problem(_ bytes: some Sequence<UInt8>) throws -> String {
            let path = try folder.write(bytes, to: UUID().uuidString)
            let found = message { try ImageSplit(cifar10: [path]) }
            #expect(found.hasPrefix(path))
            return found
        }
        let good = record(label: 1)
        #expect(
            try problem((good + good).dropLast()).contains(
                "has 6145 bytes, which are 1 records of 3073 bytes and 3072 bytes more; expected whole records"))
        #expect(try problem(good + [0]).contains("1 records of 3073 bytes and 1 bytes more"))
        #expect(try problem([]).contains("The file is empty"))
        #expect(
            try problem(good + record(label: 10)).contains(
                "The label of record 1, counted from 0, is 10; expected 0 to 9."))
        #expect(message { try ImageSplit(cifar10: [folder.path("none")]) }.contains("cannot be opened: No such file"))
        #expect(message { try ImageSplit(cifar10: [folder.url.path]) }.contains("This is a folder"))
    }
}
