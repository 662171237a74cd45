import Datasets
import Foundation
import Importers
import Support
import TestSupport
import Testing

/// Damaged files of images are imported or refused; nothing else happens.
@Suite struct ImageMutationTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Mutations of the bytes, read by `read`; whatever is not a success must be a `DataError` that names the file.
    private func check(
        _ original: [UInt8], words: [[UInt8]] = [], count: Int, seed: UInt64, isPacked: Bool = false,
        read: (String) throws -> Void
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var successCount = 0
        for _ in 0..<count {
            var bytes = mutated(original, words: words, using: &generator)
            if isPacked { bytes = packed(bytes) }
            let path = try folder.write(bytes, to: "mutated")
            do {
                try read(path)
                successCount += 1
            } catch let error as DataError {
                #expect(error.message.contains(path) && error.exitStatus == .badInput)
            }
        }
        #expect(successCount > 0 && successCount < count, "\(successCount) of \(count) were read")
    }

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: fixture(name))))
    }

    /// In the gzip format, as one stored block; see RFC 1951 and 1952.
    private func packed(_ bytes: [UInt8]) -> [UInt8] {
        var checksum: UInt32 = .max
        for byte in bytes {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1) &* 0xEDB8_8320 }
        }
        func littleEndian(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        let count = UInt32(bytes.count)
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + littleEndian(count).prefix(2)
            + littleEndian(~count).prefix(2)
            + bytes + littleEndian(~checksum) + littleEndian(count)
    }

    private let headers: [[UInt8]] = [
        [0, 0, 8, 1], [0, 0, 8, 3], [0, 0, 13, 3], [255, 255, 255, 255], [127, 255, 255, 255], [0, 0, 0, 0],
        [0, 1, 0, 0], [0, 0, 0, 1], [0x1F, 0x8B, 8, 0],
    ]

    @Test(arguments: [("images-idx3-ubyte", IDXFile.Content.images), ("labels-idx1-ubyte", .labels)])
    func idxFiles(name: String, content: IDXFile.Content) throws {
        let original = try bytes(name)
        func read(_ path: String) throws { _ = try IDXFile(path: path, content) }
        try check(original, words: headers, count: 2000, seed: 1, read: read)
        // Damage inside the compressed file, and to its bytes.
        try check(original, words: headers, count: 1000, seed: 2, isPacked: true, read: read)
        try check(try bytes(name + ".gz"), words: headers, count: 2000, seed: 3, read: read)
    }

    /// Splits are made of two files that may not fit each other.
    @Test func idxSplits() throws {
        let images = fixture("images-idx3-ubyte")
        try check(try bytes("labels-idx1-ubyte"), words: headers, count: 1000, seed: 4) { path in
            _ = try ImageSplit(idxImages: images, idxLabels: path)
        }
    }

    @Test func cifarFiles() throws {
        var generator = SeededGenerator(seed: 5)
        let records = (0..<3).flatMap {
            [UInt8($0)] + (0..<3072).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        let record = Array(records[..<3073])
        try check(records, words: [record, [10], [255]], count: 1000, seed: 6) { path in
            _ = try ImageSplit(cifar10: [path])
        }
    }
}
