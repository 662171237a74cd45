import Datasets
import Foundation
import NeuralNetwork
import TestSupport
import Testing

@Suite struct HDF5WritingTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("file.h5")
    }

    @Test(arguments: [
        nil, HDF5Writer.Compression(chunkRows: 2, level: 4), HDF5Writer.Compression(chunkRows: 256, level: 9),
    ])
    func roundTrip(_ compression: HDF5Writer.Compression?) throws {
        let writer = try HDF5Writer(path: path)
        try writer.write([0, 255, 3, 4, 5, 6] as [UInt8], shape: [3, 2], to: "a/b/bytes", compression: compression)
        try writer.write([.min, -1, .max] as [Int32], shape: [3], to: "a/integers", compression: compression)
        try writer.write([1.5, -.infinity, .pi] as [Float], shape: [3, 1, 1], to: "floats", compression: compression)
        try writer.write([0.1] as [Double], shape: [], to: "scalar", compression: compression)
        try writer.write([] as [Double], shape: [0, 3], to: "none", compression: compression)
        try writer.finish()

        let file = try HDF5File(path: path)
        #expect(try file.datasetNames() == ["a/b/bytes", "a/integers", "floats", "none", "scalar"])
        #expect(try file.dataset("a/b/bytes").read(UInt8.self) == [0, 255, 3, 4, 5, 6])
        #expect(try file.dataset("a/integers").read(Int32.self) == [.min, -1, .max])
        #expect(try file.dataset("floats").read(Float.self) == [1.5, -.infinity, .pi])
        #expect(try file.dataset("scalar").read(Double.self) == [0.1])
        #expect(try file.dataset("none").read(Double.self) == [])
        #expect(try file.dataset("floats").shape == [3, 1, 1])
        #expect(try file.dataset("floats").typeName == "float32")
        let layout = try file.dataset("a/integers").layout()
        #expect(layout.chunkShape == compression.map { [min(3, $0.chunkRows)] })
        #expect(layout.filters.map(\.name) == (compression.map { ["shuffle", "gzip \($0.level)"] } ?? []))
    }

    @Test func attributes() throws {
        let values: [String: AttributeValue] = [
            "text": .string("größer\n"), "empty": .string(""), "step": .integer(.max), "rate": .real(0.1),
        ]
        let writer = try HDF5Writer(path: path)
        try writer.createGroup("layer/0")
        for (name, value) in values {
            try writer.setAttribute(name, value)
            try writer.setAttribute(name, value, of: "layer/0")
        }
        try writer.finish()
        #expect(try HDF5File(path: path).attributes() == values)
        #expect(try HDF5File(path: path).attributes(of: "layer/0") == values)
    }

    @Test func matrices() throws {
        let weight = Matrix<Float>(rows: 2, columns: 3, [1, 2, 3, 4, 5, 6])
        let writer = try HDF5Writer(path: path)
        try writer.write(weight, to: "layer/0/weight")
        try writer.write(Matrix<Double>(rows: 1, columns: 2, [0.1, 0.2]), to: "layer/0/bias", isVector: true)
        try writer.finish()
        let file = try HDF5File(path: path)
        #expect(try file.dataset("layer/0/bias").shape == [2])
        let read = Matrix<Double>(rows: 2, columns: 3), bias = Matrix<Double>(rows: 1, columns: 2)
        try file.read("layer/0/weight", into: read)
        try file.read("layer/0/bias", into: bias)
        #expect(Array(read.elements) == [1, 2, 3, 4, 5, 6])
        #expect(Array(bias.elements) == [0.1, 0.2])
        let problem = message { try file.read("layer/0/weight", into: Matrix<Float>(rows: 3, columns: 2)) }
        #expect(problem == "\(path), dataset 'layer/0/weight': It is 2 x 3; expected 3 x 2, as the network has it.")
    }

    @Test func bytesDependOnContentAlone() throws {
        func write(_ name: String) throws -> Data {
            let writer = try HDF5Writer(path: folder.path(name))
            try writer.write([1, 2] as [Float], shape: [2], to: "a/b", compression: .init(chunkRows: 1, level: 1))
            try writer.setAttribute("text", .string("t"))
            try writer.finish()
            return try Data(contentsOf: URL(fileURLWithPath: folder.path(name)))
        }
        let first = try write("first.h5")
        Thread.sleep(forTimeInterval: 1.1)  // times in HDF5 files have whole seconds
        #expect(try write("second.h5") == first)
    }

    @Test func onlyCompleteFilesAppear() throws {
        try "old".write(toFile: path, atomically: false, encoding: .utf8)
        do {
            let writer = try HDF5Writer(path: path)
            try writer.write([1] as [Float], shape: [1], to: "a")
            #expect(try folder.contents == ["file.h5"])
        }
        #expect(try folder.contents == ["file.h5"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")

        let writer = try HDF5Writer(path: path)
        try writer.write([1] as [Float], shape: [1], to: "a")
        try writer.finish()
        #expect(try folder.contents == ["file.h5"])
        #expect(try HDF5File(path: path).dataset("a").read(Float.self) == [1])
    }

    @Test func noFolder() {
        let path = folder.path("missing/file.h5")
        #expect(message { try HDF5Writer(path: path) }.hasSuffix("/missing: No such file or directory."))
    }
}
