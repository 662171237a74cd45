import Datasets
import Foundation
import Importers
import TestSupport
import Testing

@Suite struct CIFAR100Tests {
    let folder: TemporaryFolder
    var output: String { folder.path("out.h5") }

    init() throws { folder = try TemporaryFolder() }

    /// A record whose red pixel p is p mod 251, green 1 and blue 2 more, each plus `first`.
    private func record(_ coarse: UInt8, _ fine: UInt8, first: UInt8 = 0) -> [UInt8] {
        [coarse, fine] + (UInt8(0)..<3).flatMap { color in (0..<1024).map { UInt8($0 % 251) &+ color &+ first } }
    }

    private func write(
        _ train: [String], test: [String] = [], _ labels: CIFAR100Import.Labels = .fine, names: String? = nil
    ) throws -> [String] {
        try CIFAR100Import(train: train, test: test, labels: labels, names: names).write(ImportOptions(), to: output)
    }

    @Test func importing() throws {
        let train = try folder.write(record(3, 70) + record(19, 99, first: 7), to: "train.bin")
        let test = try folder.write(record(0, 70, first: 100), to: "test.bin")
        #expect(
            try write([train], test: [test]).prefix(2) == [
                "train: 2 x 32 x 32 x 3 uint8 inputs, uint8 targets, 2 classes: 70 1, 99 1",
                "test: 1 x 32 x 32 x 3 uint8 inputs, uint8 targets, 1 class: 70 1",
            ])
        let pixels = try values("train/inputs", of: output)
        for (image, first) in [UInt8(0), 7].enumerated() {
            let expected = (0..<1024).flatMap { pixel in (UInt8(0)..<3).map { UInt8(pixel % 251) &+ $0 &+ first } }
            #expect(Array(pixels[3072 * image..<3072 * (image + 1)]) == expected.map(Double.init))
        }
        _ = try write([train, test], .coarse)
        #expect(try values("train/targets", of: output) == [3, 19, 0])

        let names = try folder.write((0..<20).map { "group \($0)" }.joined(separator: "\n") + "\n\n", to: "coarse.txt")
        #expect(try write([train], .coarse, names: names)[0].contains("20 classes: group 0 0"))
        #expect(try values("train/targets", of: output) == [3, 19])
        #expect(
            message { try write([train], names: names) }.contains("It has 20 names, 20 of them different; expected 100")
        )
    }

    @Test func unsuitable() throws {
        func problem(_ bytes: [UInt8]) throws -> String {
            message { try write([try folder.write(bytes, to: "bad.bin")]) }
        }
        #expect(
            try problem(record(1, 1) + [0]).contains("1 records of 3074 bytes and 1 bytes more; expected whole records")
        )
        #expect(
            try problem(record(1, 1) + record(20, 1)).contains("The labels of record 1, counted from 0, are 20 and 1"))
        #expect(try problem(record(1, 100)).contains("are 1 and 100"))
        #expect(try problem([0x1F, 0x8B, 8, 0]).contains("This is a gzip file"))
        #expect(try problem([]).contains("The file is empty"))
    }
}
