import Datasets
import Foundation
import Importers
import TestSupport
import Testing

@Suite struct IDXTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: fixture(name))) }

    @Test(arguments: ["", ".gz"])
    func importing(_ suffix: String) throws {
        let split = try ImageSplit(
            idxImages: fixture("images-idx3-ubyte" + suffix), idxLabels: fixture("labels-idx1-ubyte" + suffix))
        let output = folder.path("out.h5")
        try write([("train", split), ("test", split)], from: "IDX", toHDF5: output)
        let summary = try FileSummary(file: output)
        #expect(summary.datasets.map(\.path) == ["test/images", "test/labels", "train/images", "train/labels"])
        #expect(summary.datasets[2].filters == ["gzip 4"])
        let data = try LabelledData.load(file: output, inputs: "train/images", targets: "train/labels")
        #expect(data.inputs.shape == [2, 3])
        #expect(data.inputs.elementType == .uint8)
        #expect(data.inputs.format == .uint8)
        let values = data.inputs.values
        #expect(values == (0..<24).map { Double($0) })
        #expect(Array(classes(data).classes) == [1, 0, 2, 1])

        // A file that exists is replaced as a whole.
        try write([("train", split)], from: "IDX", toHDF5: output)
        #expect(try FileSummary(file: output).datasets.count == 2)
    }

    @Test func unsuitable() throws {
        func problem(_ bytes: some Sequence<UInt8>, _ content: IDXFile.Content = .images) throws -> String {
            let path = try folder.write(bytes, to: UUID().uuidString)
            return message { try IDXFile(path: path, content) }
        }
        let plain = try bytes("images-idx3-ubyte"), packed = try bytes("images-idx3-ubyte.gz")
        #expect(message { try IDXFile(path: folder.path("none"), .images) }.contains("cannot be opened: No such file"))
        #expect(try problem("hello, world".utf8).contains("begins with the bytes 104 101 108 108; expected 0 0 8 3"))
        #expect(
            try problem(try bytes("labels-idx1-ubyte")).contains(
                "dimensions is 1 (labels); expected 2 or more (images)."))
        #expect(try problem(plain, .labels).contains("dimensions is 3 (images); expected 1 (labels)."))
        #expect(try problem(plain.dropLast()).contains("ends after 23 of 24 bytes of 4 x 2 x 3 values"))
        #expect(try problem(plain.prefix(3)).contains("ends after 3 of 4 bytes of a magic number"))
        #expect(try problem(plain.prefix(9)).contains("ends after 5 of 12 bytes of 3 dimensions"))
        #expect(try problem([]).contains("The file is empty; expected an IDX file."))
        #expect(try problem(plain + [0]).contains("has more bytes than its 4 x 2 x 3 values"))
        #expect(try problem(packed.prefix(packed.count - 12)).contains("damaged or was cut off"))
        #expect(try problem([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)).contains("which cannot be"))

        let short = try folder.write([0, 0, 8, 1, 0, 0, 0, 2, 5, 6], to: "short")
        #expect(
            message { try ImageSplit(idxImages: fixture("images-idx3-ubyte"), idxLabels: short) }
                .contains("has 4 images and \(short) has 2 labels; expected one label for each image."))
    }

    /// Values of all types of the format, and images of any number of dimensions.
    @Test(
        arguments: [
            (9, [0xFF, 2, 0x80, 4], "int32", [-1, 2, -128, 4]),
            (11, [0xFF, 0xFE, 0, 2, 0x80, 0, 1, 0], "int32", [-2, 2, -32768, 256]),
            (
                12, [0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 1, 0, 0, 0, 0, 1, 0x80, 0, 0, 0], "int32",
                [-2, 256, 1, -2_147_483_648]
            ),
            (13, [0x3F, 0x80, 0, 0, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0], "float32", [1, -0.5, 0, 2]),
            (
                14,
                [
                    0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                    0, 0,
                ],
                "float64",
                [1, -2, 0, 0]
            ),
        ] as [(UInt8, [UInt8], String, [Double])])
    func otherTypes(code: UInt8, content: [UInt8], type: String, expected: [Double]) throws {
        let labels = try folder.write([0, 0, 8, 1, 0, 0, 0, 2, 0, 1], to: "labels")
        let output = folder.path("out.h5")
        for shape in [[2, 2], [2, 1, 2, 1]] as [[UInt8]] {
            let lengths: [UInt8] = shape.flatMap { [0, 0, 0, $0] }
            let images = try folder.write([0, 0, code, UInt8(shape.count)] + lengths + content, to: "images")
            try write(
                [("train", try ImageSplit(idxImages: images, idxLabels: labels))], from: "IDX", toHDF5: output)
            let summary = try FileSummary(file: output).datasets[0]
            #expect(summary.shape == shape.map(Int.init) && summary.type == type)
            #expect(try values("train/images", of: output) == expected)
        }
        let wrong = try folder.write(
            [0, 0, code, 1, 0, 0, 0, 1] + Array(content.prefix(content.count / 4)), to: "wrong")
        #expect(message { try IDXFile(path: wrong, .labels) }.contains("The type of the labels is \(code); expected 8"))
    }
}
