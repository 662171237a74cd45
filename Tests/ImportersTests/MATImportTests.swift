import Datasets
import Foundation
import Importers
import TestSupport
import Testing

/// MATLAB files in both byte orders; `Fixtures/make_arrays.py` says what is in them.
@Suite struct MATImportTests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }

    init() throws { folder = try TemporaryFolder() }

    private func write(_ path: String, _ inputs: String? = nil, _ target: String? = nil) throws -> [String] {
        try ArchiveImport(
            .mat, path: path, names: ArrayNames(inputs: inputs, target: target, testInputs: nil, testTarget: nil)
        ).write(ImportOptions(), to: output)
    }

    @Test(arguments: ["little.mat", "big.mat"]) func matrices(file: String) throws {
        let grid = (0..<12).map(Double.init)
        for (inputs, type, expected) in [
            ("X", "uint8", grid), ("halves", "float64", grid.map { $0 / 2 }),
            ("single", "float32", grid.map { $0 / 2 }),
            ("flags", "bool", grid.map { $0.truncatingRemainder(dividingBy: 2) }), ("wide", "int64", grid),
            ("sparse", "float64", grid.map { Int($0) % 3 == 1 ? $0 / 2 : 0 }),
        ] {
            for target in ["y", "row"] {
                let lines = try write(fixture(file), inputs, target)
                #expect(
                    lines[0].hasPrefix("train: 4 x 3 \(type) inputs, uint\(target == "y" ? 8 : 16) targets, 3 classes"))
                #expect(try values("train/inputs", of: output) == expected, "\(inputs)")
                #expect(try values("train/targets", of: output) == [1, 0, 2, 1])
            }
        }
        for target in ["cells", "letters"] {
            #expect(
                try write(fixture(file), "X", target)[0]
                    == "train: 4 x 3 uint8 inputs, uint8 targets, 3 classes: ape 1, cat 2, dög 1")
            #expect(try values("train/targets", of: output) == [1, 0, 2, 1])
        }
        let problem = message { try write(fixture(file)) }
        #expect(problem.contains("Names do not tell") && problem.contains("'wide' (int64, 4 x 3)"))
    }

    @Test(arguments: ["little.mat", "big.mat"]) func lastDimensionCountsImages(file: String) throws {
        let lines = try write(fixture(file), "images", "y")
        #expect(lines[0] == "'images' is 2 x 3 x 4: its last dimension counts the examples")
        #expect(lines[1].hasPrefix("train: 4 x 2 x 3 int16 inputs"))
        #expect(try values("train/inputs", of: output) == (0..<24).map(Double.init))
    }

    @Test func fieldsOfStructs() throws {
        #expect(
            try write(fixture("struct.mat"), "data.X", "data.names")[0]
                == "train: 4 x 3 float32 inputs, uint8 targets, 3 classes: ape 1, cat 2, dög 1")
        // Rows of a char matrix are filled up with blanks.
        #expect(try write(fixture("struct.mat"), "data.X", "short")[0].hasSuffix("3 classes: ape 1, cat 2, ox 1"))
        let problem = message { try write(fixture("struct.mat")) }
        #expect(
            problem.contains(
                "'data.X' (float32, 4 x 3), 'data.names' (text, 4 x 1), 'list' (a cell array of other things than texts, 1 x 2)"
            ))
    }

    @Test func unsuitable() throws {
        #expect(message { try write(fixture("little.mat"), "complex") }.contains("It is complex; expected numbers."))
        #expect(
            message { try write(fixture("struct.mat"), "list") }.contains(
                "array 'list': It is a cell array of other things than texts"))
        // Texts are no inputs, also where their number is that of the targets.
        #expect(message { try write(fixture("little.mat"), "cells", "y") }.contains("array 'cells': It holds texts"))
        #expect(message { try write(fixture("version4.mat")) }.contains("perhaps a MATLAB file of version 4"))
        #expect(message { try write(fixture("types.npz")) }.contains("'bnexp data import npz' reads it"))
        #expect(
            message { try write(fixture("little.mat"), "X", "images") }.contains("expected targets N, N x 1 or N x K"))
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture("little.mat"))))
        let cut = try folder.write(bytes.dropLast(1), to: "cut.mat")
        #expect(message { try write(cut) }.contains("the file is damaged or was cut off"))
        bytes.replaceSubrange(124..<126, with: [0, 2])
        let newer = try folder.write(bytes, to: "newer.mat")
        #expect(message { try write(newer) }.contains("needs no import: name it in data.file"))
        bytes.replaceSubrange(0..<10, with: Array("MATLAB 7.3".utf8))
        let newest = try folder.write(bytes, to: "newest.mat")
        #expect(message { try write(newest) }.contains("name it in data.file"))
    }

    /// `odd.mat` and `gaps.npz` are by `make_odd_arrays.py`.
    @Test(arguments: [
        ("utf8", "größ 1, köln 1, ox 2"), ("utf16", "größ 1, köln 1, ox 2"), ("utf32", "größ 1, köln 1, ox 2"),
        ("emoji", "a😀 2, ox 2"), ("cells", "ab 1, cd 1, öx 2"),
    ])
    func lettersBeyondASCII(name: String, counts: String) throws {
        let line = try write(fixture("odd.mat"), "X", name)[0]
        #expect(line.hasSuffix(" classes: \(counts)"), "\(line)")
    }

    @Test func charactersThatDoNotFitAreRefused() {
        #expect(message { try write(fixture("odd.mat"), "X", "wrong") }.contains("no text in UTF-8"))
        #expect(
            message { try write(fixture("odd.mat"), "X", "short") }.contains("whose 7 bytes are no 4 x 2 characters"))
    }

    @Test func sparseTargetsOfOneRow() throws {
        #expect(try write(fixture("odd.mat"), "X", "row")[0].hasPrefix("train: 4 x 2 uint8 inputs, float64 targets"))
        #expect(try values("train/targets", of: output) == [1, 0, 2, 1])
    }

    /// Of 4 x 3 x 4 images with 4 labels either end may count.
    @Test func eitherDimensionMayCountExamples() throws {
        let problem = message { try write(fixture("odd.mat"), "images", "labels") }
        #expect(problem.contains("It is 4 x 3 x 4, and there are 4 targets") && problem.contains("--examples first"))
        var source = ArchiveImport(
            .mat, path: fixture("odd.mat"),
            names: ArrayNames(inputs: "images", target: "labels", testInputs: nil, testTarget: nil))
        let images = (0..<48).map(Double.init)
        source.examples = .first
        #expect(try source.write(ImportOptions(), to: output)[0].hasPrefix("train: 4 x 3 x 4 uint8 inputs"))
        #expect(try values("train/inputs", of: output) == images)
        source.examples = .last
        #expect(try source.write(ImportOptions(), to: output)[1].hasPrefix("train: 4 x 4 x 3 uint8 inputs"))
        #expect(try values("train/inputs", of: output) == (0..<48).map { images[$0 % 12 * 4 + $0 / 12] })
    }
}
