import Datasets
import Foundation
import TestSupport
import Testing

@Suite struct HDF5StreamTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes a small file with all that such a file may have.
    private func write(to path: String) throws {
        let writer = try HDF5StreamWriter(
            path: path,
            datasets: [
                .init(
                    name: "train/inputs", elementType: .float32, shape: [3, 2],
                    attributes: [("feature_names", .strings(["größe", ""]))]),
                .init(name: "train/targets", elementType: ElementType(.signed, byteCount: 2), shape: [3]),
                .init(name: "test/inputs", elementType: .float64, shape: [0, 2]),
                .init(name: "half", elementType: ElementType(.floating, byteCount: 2), shape: [4]),
            ], attributes: [("source", .string("a.csv")), ("rows", .integer(3))])
        let inputs: [Float] = [1.5, -2, 3, 4, 5, .pi]
        // Parts may come in any order.
        try inputs[2...].withUnsafeBytes { try writer.write($0, to: 0, at: 8) }
        try inputs[..<2].withUnsafeBytes { try writer.write($0, to: 0, at: 0) }
        try ([-1, 300, .max] as [Int16]).withUnsafeBytes { try writer.write($0, to: 1, at: 0) }
        try ([0x3C00, 0xC000, 0x0001, 0x7BFF] as [UInt16]).withUnsafeBytes { try writer.write($0, to: 3, at: 0) }
        try writer.finish()
    }

    @Test func valuesWrittenAtTheirPlacesAreReadBack() throws {
        let path = folder.path("a.h5")
        try write(to: path)
        let file = try HDF5File(path: path)
        #expect(try file.datasetNames() == ["half", "test/inputs", "train/inputs", "train/targets"])
        #expect(try file.dataset("train/inputs").read(Float.self) == [1.5, -2, 3, 4, 5, .pi])
        #expect(try file.dataset("train/targets").read(Int32.self) == [-1, 300, 32767])
        #expect(try file.dataset("train/targets").typeName == "int16")
        #expect(try file.dataset("half").typeName == "float16")
        #expect(try file.dataset("half").read(Double.self) == [1, -2, 0x1p-24, 65504])
        #expect(try file.dataset("test/inputs").shape == [0, 2])
        #expect(try file.attributes() == ["source": .string("a.csv"), "rows": .integer(3)])
        #expect(try file.attributes(of: "train/inputs") == ["feature_names": .strings(["größe", ""])])
        #expect(try folder.contents == ["a.h5"])
    }

    @Test func bytesDependOnContentAlone() throws {
        try write(to: folder.path("a.h5"))
        try write(to: folder.path("b.h5"))
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder.path("a.h5")))
                == Data(contentsOf: URL(fileURLWithPath: folder.path("b.h5"))))
    }

    @Test func manyNamesFit() throws {
        let names = (0..<20_000).map { "gene \($0)" }
        let path = folder.path("a.h5")
        let writer = try HDF5StreamWriter(
            path: path,
            datasets: [
                .init(name: "x", elementType: .uint8, shape: [1, 20_000], attributes: [("names", .strings(names))])
            ])
        try writer.finish()
        #expect(try HDF5File(path: path).attributes(of: "x") == ["names": .other("20000 string")])
    }

    @Test func nothingIsLeftOfAFileThatIsNotFinished() throws {
        for _ in 0..<2 {
            _ = try HDF5StreamWriter(
                path: folder.path("a.h5"), datasets: [.init(name: "x", elementType: .uint8, shape: [1])])
        }
        #expect(try folder.contents.isEmpty)
    }

    @Test func placesWithoutRoomAreErrors() throws {
        func write(_ path: String, _ shape: [Int]) -> String {
            message {
                try HDF5StreamWriter(
                    path: path, datasets: [.init(name: "x", elementType: .float64, shape: shape)])
            }
        }
        #expect(write(folder.path("none/a.h5"), [1]).contains("none/a.h5 cannot be written: No such file"))
        #expect(write(folder.path("a.h5"), [1 << 40, 1 << 40]).contains("are more than a file can hold"))
        #expect(try folder.contents.isEmpty)
    }
}
