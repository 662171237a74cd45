import Datasets
import Foundation
import Importers
import TestSupport
import Testing

/// Files that NumPy wrote; `Fixtures/make_arrays.py` says what is in them.
@Suite struct ArrayImportTests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }

    init() throws { folder = try TemporaryFolder() }

    private func names(
        _ inputs: String? = nil, _ target: String? = nil, test: String? = nil, testTarget: String? = nil
    ) -> ArrayNames {
        ArrayNames(inputs: inputs, target: target, testInputs: test, testTarget: testTarget)
    }

    private func archive(_ names: ArrayNames, in file: String = "types.npz") throws -> [String] {
        try ArchiveImport(.npz, path: fixture(file), names: names).write(ImportOptions(), to: output)
    }

    private func npy(_ inputs: String, _ targets: String? = nil) throws -> [String] {
        try NPYImport(inputs: inputs, targets: targets, test: nil).write(ImportOptions(), to: output)
    }

    @Test(arguments: ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"])
    func everyTypeInBothOrders(code: String) throws {
        let grid = (0..<12).map { code == "b1" ? Double($0 % 2) : code.hasPrefix("f") ? Double($0) / 2 : Double($0) }
        let kinds = ["b": "bool", "i": "int", "u": "uint", "f": "float"]
        let kind = try #require(kinds[String(code.prefix(1))]), width = try #require(Int(code.suffix(1)))
        for order in ["l", "b"] {
            let lines = try archive(names(order + code, "classes"))
            #expect(
                lines[0].hasPrefix(
                    "train: 4 x 3 \(kind == "bool" ? kind : "\(kind)\(8 * width)") inputs, int64 targets"))
            #expect(try values("train/inputs", of: output) == grid)
            #expect(try values("train/targets", of: output) == [1, 0, 2, 1])
            let data = try LabelledData.load(
                file: output, inputs: DatasetRequest(name: "train/inputs"),
                targets: DatasetRequest(name: "train/targets"))
            #expect(data.inputs.elementType.name == (kind == "bool" ? kind : "\(kind)\(8 * width)"))
        }
    }

    @Test(arguments: ["fortran_li4", "fortran_bi2", "fortran_lf8", "fortran_lu1"])
    func fortranOrderIsTransposed(name: String) throws {
        _ = try archive(names(name, "classes"))
        #expect(
            try values("train/inputs", of: output) == (0..<12).map { name.contains("f8") ? Double($0) / 2 : Double($0) }
        )
    }

    @Test(arguments: ["images", "fortran_images"]) func imagesKeepTheirShape(name: String) throws {
        #expect(try archive(names(name, "classes"))[0].hasPrefix("train: 4 x 2 x 3 int16 inputs"))
        #expect(try values("train/inputs", of: output) == (0..<24).map(Double.init))
    }

    @Test(arguments: [
        ("names", "ape 1, cat 2, dög 1"), ("big_names", "ape 1, cat 2, dög 1"), ("bytes", "9 1, 10 2, 30 1"),
    ])
    func textsAreNamesOfClasses(name: String, counts: String) throws {
        #expect(
            try archive(names("lf4", name))[0] == "train: 4 x 3 float32 inputs, uint8 targets, 3 classes: \(counts)")
        #expect(try values("train/targets", of: output) == [1, 0, 2, 1])
    }

    @Test(arguments: [1, 2, 3]) func versionsOfNPY(version: Int) throws {
        let lines = try npy(fixture("version\(version).npy"), fixture("names.npy"))
        #expect(lines[0] == "train: 4 x 3 float32 inputs, uint8 targets, 3 classes: ape 1, cat 2, dög 1")
        #expect(try values("train/inputs", of: output) == (0..<12).map { Double($0) / 2 })
        let data = try LabelledData.load(
            file: output, inputs: DatasetRequest(name: "train/inputs"), targets: DatasetRequest(name: "train/targets"))
        #expect(data.inputs.shape == [3] && data.targets.outputCount == 3)
    }

    @Test func inputsAloneAndSingleNumbers() throws {
        #expect(
            try npy(fixture("classes.npy")).prefix(2) == [
                "no targets are named: the file holds inputs alone", "train: 4 x 1 int64 inputs",
            ])
        #expect(try HDF5File(path: output).datasetNames() == ["train/inputs"])
    }

    @Test func namesOfArraysTellTheirRoles() throws {
        #expect(
            try archive(names(), in: "packed.npz").prefix(5) == [
                "train: inputs are 'x_train', targets 'y_train'", "test: inputs are 'x_test', targets 'y_test'",
                "left out: 'x_val'", "train: 4 x 3 float32 inputs, uint8 targets, 3 classes: ape 1, cat 2, dög 1",
                "test: 2 x 3 float32 inputs, uint8 targets, 3 classes: ape 1, cat 0, dög 1",
            ])
        #expect(try values("test/inputs", of: output) == [0, 1, 2, 3, 4, 5])
        #expect(try values("test/targets", of: output) == [0, 2])
        for file in ["descriptors.npz", "zip64.npz"] {
            _ = try archive(names(), in: file)
            #expect(try values("train/inputs", of: output) == (0..<12).map(Double.init))
            #expect(try values("train/targets", of: output) == [1, 0, 2, 1])
        }
        #expect(try archive(names())[0] == "train: inputs are 'images', targets 'classes'")
        #expect(message { try archive(names("x_trian"), in: "packed.npz") }.contains("Did you mean 'x_train'?"))
    }

    @Test func splitsOfOneArchive() throws {
        let lines = try archive(names("lf4", "names", test: "li4", testTarget: "bytes"))
        #expect(lines[0] == "test: int32 inputs become float64, as others are floating")
        // The names of both, in one order.
        #expect(try values("train/targets", of: output) == [4, 3, 5, 4])
        #expect(try values("test/targets", of: output) == [0, 2, 1, 0])
        #expect(try values("test/inputs", of: output) == (0..<12).map(Double.init))
        #expect(
            message { try archive(names("lf4", "names", test: "lf4", testTarget: "classes")) }
                .contains("names, those of the other numbers"))
        #expect(
            message { try archive(names("lf4", "classes", test: "images", testTarget: "classes")) }
                .contains("Its rows are 2 x 3, those of 'lf4' are 3"))
    }

    @Test(arguments: [
        ("objects", "Python objects (|O)", "astype('float32')"), ("complex", "complex (<c8)", "array.real"),
        ("dates", "an array of dates", "astype('int64')"), ("structured", "structured", "structured_to_unstructured"),
        ("scalar", "a single number", "an array"), ("empty", "0 x 3, which holds no values", "Check"),
        ("names", "It holds texts", "may be targets"),
    ])
    func whatIsNotNumbersIsRefused(name: String, found: String, remedy: String) throws {
        let problem = message { try archive(names(name, "classes")) }
        #expect(problem.contains("types.npz, array '\(name)'") && problem.contains(found) && problem.contains(remedy))
    }

    @Test func targetsMustFit() throws {
        #expect(
            message { try archive(names("lf4", "images")) }.contains("expected targets N, N x 1 or N x K"))
        #expect(message { try archive(names("lf4", "blank")) }.contains("Row 1, counted from 0, has an empty name."))
        let short = try npyFile(shape: "(3,)", type: "<i2", values: 6)
        #expect(
            message { try npy(fixture("version1.npy"), short) }
                .contains("It has 4 rows, and \(short) has 3 targets; expected one for each row"))
    }

    private func npyFile(
        shape: String, type: String = "<f4", values byteCount: Int, header: String? = nil
    ) throws -> String {
        let header = header ?? "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        return try folder.write(bytes + [UInt8](repeating: 0, count: byteCount), to: UUID().uuidString)
    }

    /// Labels that one float64 stands for are counted apart, and names are escaped where they are told.
    @Test func countsTellNoOtherLabels() throws {
        func file(_ type: String, _ values: [UInt8]) throws -> String {
            let path = try npyFile(shape: "(2,)", type: type, values: 0)
            return try folder.write([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) + values, to: "y.npy")
        }
        let inputs = try npyFile(shape: "(2, 1)", values: 8)
        let wide: [UInt8] = [0, 0, 0, 0, 0, 0, 0x20, 0, 1, 0, 0, 0, 0, 0, 0x20, 0]
        #expect(
            try npy(inputs, try file("<i8", wide))[0].hasSuffix(
                "2 classes: 9007199254740992 1, 9007199254740993 1"))
        #expect(
            try npy(inputs, try file("|S2", [0x61, 0x0A, 0x62, 0x1B]))[0].hasSuffix(
                "2 classes: a\\u{a} 1, b\\u{1b} 1"))
    }

    @Test func headersAreReadStrictly() throws {
        func problem(_ header: String, _ byteCount: Int = 16) throws -> String {
            message { try npy(try npyFile(shape: "", values: byteCount, header: header)) }
        }
        for header in [
            "{'descr':'<f4','fortran_order':False,'shape':(2,2)}",
            "{'shape': (2L, 2L), 'descr': \"<f4\", 'fortran_order': True}",
        ] { #expect(try problem(header) == "(no error)") }
        for header in [
            "", "{}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,2)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-4,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), 'more': True}",
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2)} __import__('os')",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        ] { #expect(try problem(header).contains("no dict of descr, fortran_order and shape"), "\(header)") }
        #expect(
            try problem("{'descr': '<f3', 'fortran_order': False, 'shape': (2, 2)}").contains("Its type <f3 is unknown")
        )
        #expect(try problem("{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}").contains("astype('float64')"))
        #expect(
            message { try npy(try npyFile(shape: "(5, 2)", values: 16)) }
                .contains("for its header and 5 x 2 values of float32. It was cut off"))
        #expect(
            message { try npy(try npyFile(shape: "(1, 2)", values: 16)) }.contains("Something was appended to it"))
        #expect(
            message { try npy(try npyFile(shape: "(4294967296, 4294967296)", values: 16)) }.contains(
                "which no file holds"))
    }

    @Test func otherFilesAreNamed() throws {
        for (bytes, expected) in [
            (Array("PK\u{3}\u{4}".utf8), "'bnexp data import npz' reads it"), ([0x1F, 0x8B, 8, 0], "gunzip"),
            ([0x80, 4, 0x95, 0], "a pickle"), (Array("a,b\n1,2\n".utf8), "'bnexp data import csv'"),
            (Array("<!DOCTYPE html>".utf8), "a web page"),
            (Array("MATLAB 5.0 MAT-file".utf8), "'bnexp data import mat'"),
            ([0x89] + Array("HDF\r\n\u{1A}\n".utf8), "name it in data.file"),
            (Array("1 1:2 3:4\n".utf8), "'bnexp data import svmlight' reads it"),
            ([7, 7, 7, 7], "begins as no such file"),
        ] as [([UInt8], String)] {
            let path = try folder.write(bytes, to: "other")
            let problem = message { try npy(path) }
            #expect(problem.hasPrefix(path) && problem.contains(expected), "\(problem)")
        }
        #expect(message { try npy(folder.path("none")) }.contains("No such file"))
        #expect(message { try npy(folder.url.path) }.contains("This is a folder"))
        #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
        #expect(message { try npy(folder.path("pipe")) }.contains("a pipe or a device"))
        #expect(message { try archive(names(), in: "version1.npy") }.contains("'bnexp data import npy' reads it"))
    }

    @Test func damagedArchivesAreSeen() throws {
        var packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture("types.npz"))))
        // A value of the array of bytes.
        let place = try #require(packed.firstRange(of: Array("lu1.npy".utf8))).lowerBound + 7 + 150
        packed[place] ^= 1
        let path = try folder.write(packed, to: "damaged.npz")
        func read(_ path: String) -> String {
            message {
                try ArchiveImport(.npz, path: path, names: names("lu1", "classes")).write(ImportOptions(), to: output)
            }
        }
        #expect(read(path).contains("'lu1.npy': Its bytes are not those that were packed"), "\(read(path))")
        let cut = try folder.write(packed.dropLast(100), to: "cut.npz")
        #expect(read(cut).contains("the list of its members, which ends such an archive, is missing"))
    }

    /// Tiles of a transposition have thousands of rows; more of them, and of features, than one.
    @Test func largeFortranArrays() throws {
        let rows = 9001, columns = 1100
        let header = "{'descr': '>u2', 'fortran_order': True, 'shape': (\(rows), \(columns)), }"
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
        for column in 0..<columns {
            for row in 0..<rows {
                let value = UInt16(truncatingIfNeeded: row &* 31 &+ column &* 7919)
                bytes.append(UInt8(value >> 8))
                bytes.append(UInt8(value & 0xFF))
            }
        }
        _ = try npy(try folder.write(bytes, to: "large.npy"))
        let read = try HDF5File(path: output).dataset("train/inputs").read(Float.self)
        var wrongCount = 0
        for row in 0..<rows {
            for column in 0..<columns
            where read[row * columns + column] != Float(UInt16(truncatingIfNeeded: row &* 31 &+ column &* 7919)) {
                wrongCount += 1
            }
        }
        #expect(wrongCount == 0)
    }
}
