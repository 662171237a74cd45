import Datasets
import Foundation
import Importers
import TestSupport
import Testing

/// Damaged files of every format are imported or refused; nothing else happens.
@Suite struct ImportMutationTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Mutations of a file; whatever is not imported must be refused by a `DataError` that says which file is wrong.
    private func check(
        _ original: [UInt8], words: [[UInt8]], count: Int, seed: UInt64, write: (String, String) throws -> Void
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var successCount = 0
        let output = folder.path("out.h5")
        for _ in 0..<count {
            let path = try folder.write(mutated(original, words: words, using: &generator), to: "mutated")
            do {
                try write(path, output)
                successCount += 1
            } catch let error as DataError {
                #expect(error.message.contains("mutated") && error.exitStatus == .badInput, "\(error.message)")
            }
        }
        #expect(successCount > 0 && successCount < count, "\(successCount) of \(count) were read")
        // Nothing is left behind.
        #expect(try folder.contents.allSatisfy { ["mutated", "out.h5"].contains($0) })
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture(name))))
    }

    private let sizes: [[UInt8]] = [
        [255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 128], [0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0],
        [255, 255, 255, 255, 255, 255, 255, 127], [0, 0, 0, 0, 0, 0, 0, 128],
    ]
    private let texts = [
        "9999999999", "18446744073709551616", "-1", "(", ")", ",", "'", "[", "True", "<U4", "|O", ">f8", "<i2", "S0",
        "f16", ":",
    ].map { Array($0.utf8) }

    @Test(arguments: ["version1.npy", "version3.npy", "names.npy", "classes.npy"]) func npyFiles(name: String) throws {
        let isNames = name == "names.npy"
        try check(try bytes(name), words: texts + sizes, count: 300, seed: 1) { path, output in
            _ = try NPYImport(
                inputs: isNames ? fixture("version1.npy") : path, targets: isNames ? path : fixture("classes.npy"),
                test: nil
            ).write(ImportOptions(), to: output)
        }
    }

    @Test(arguments: ["packed.npz", "descriptors.npz", "zip64.npz"]) func npzFiles(name: String) throws {
        try check(try bytes(name), words: sizes + [Array("PK\u{1}\u{2}".utf8)], count: 300, seed: 2) { path, output in
            _ = try ArchiveImport(
                .npz, path: path, names: ArrayNames(inputs: nil, target: nil, testInputs: nil, testTarget: nil)
            ).write(ImportOptions(), to: output)
        }
    }

    @Test(arguments: [
        ("little.mat", "X", "cells"), ("big.mat", "halves", "letters"), ("little.mat", "sparse", "row"),
        ("big.mat", "images", "y"), ("struct.mat", "data.X", "data.names"),
    ])
    func matFiles(name: String, inputs: String, target: String) throws {
        try check(try bytes(name), words: sizes, count: 300, seed: 3) { path, output in
            _ = try ArchiveImport(
                .mat, path: path, names: ArrayNames(inputs: inputs, target: target, testInputs: nil, testTarget: nil)
            ).write(ImportOptions(), to: output)
        }
    }

    @Test(arguments: ["from0.svmlight", "from1.svmlight", "several.svmlight"]) func svmlightFiles(name: String) throws {
        let words =
            texts + [" 3:1", "\n", "#", "qid:", "e999", " 16000000:1", "\r", "\t", "1,2"].map { Array($0.utf8) }
        try check(try bytes(name), words: words, count: 300, seed: 4) { path, output in
            _ = try SVMLightImport(train: path, test: nil, featureCount: nil, isZeroBased: false)
                .write(ImportOptions(), to: output)
        }
    }
}
