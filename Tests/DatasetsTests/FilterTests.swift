import Datasets
import TestSupport
import Testing

/// Filters that are built in: `Fixtures/filters.h5`, made by `make_filters.py`.
@Suite struct FilterTests {
    private static let path = fixtureFolder.appendingPathComponent("filters.h5").path
    private static let byteFilters = [
        "lzf", "fletcher32", "zstd", "lz4", "bzip2", "bitshuffle", "bitshuffle_16", "bitshuffle_lz4", "bitshuffle_zstd",
        "blosc_blosclz", "blosc_lz4", "blosc_lz4hc", "blosc_snappy", "blosc_zlib", "blosc_zstd", "blosc_bits",
        "blosc_unshuffled",
    ]
    private static let storedNames = [
        "lzf", "zstd", "lz4", "bzip2", "bitshuffle_lz4", "bitshuffle_zstd", "blosc_zstd", "blosc_bits",
    ]

    /// 33 x 7 numbers in chunks of 20 rows.
    @Test(arguments: byteFilters) func everyFilterGivesTheSameMatrix(name: String) throws {
        for type in ["float32", "uint16"] {
            let values = try Examples(file: Self.path, "\(type)/\(name)").values
            #expect(try values == Examples(file: Self.path, "\(type)/plain").values, "\(type)")
            #expect(Set(values).count > 70)
        }
    }

    /// A chunk of many blocks, a shorter block and 3 elements more.
    @Test(arguments: ["bitshuffle_16", "bitshuffle_lz4", "bitshuffle_zstd", "lz4", "blosc_bits", "zstd", "bzip2"])
    func chunksHaveSeveralBlocks(name: String) throws {
        #expect(try Examples(file: Self.path, "long/\(name)").values == (0..<1003).map { Double($0 / 7) })
    }

    /// A filter without a library of Debian's.
    @Test func whatIsMissingIsNamedWithItsPackage() {
        let problem = message { try Examples(file: Self.path, "float32/blosc2") }
        if problem == "(no error)" { return }  // HDF5_PLUGIN_PATH is set
        for part in ["filters.h5", "float32/blosc2", "'blosc2'", "HDF5_PLUGIN_PATH", "pip install hdf5plugin", "gzip"] {
            #expect(problem.contains(part), "\(problem)")
        }
    }

    private func stored(_ name: String) throws -> (bytes: [UInt8], filter: Int32, parameters: [UInt32]) {
        let file = try HDF5File(path: Self.path)
        let numbers = try file.dataset("stored/\(name)_parameters").read(Int32.self)
        return (
            try file.dataset("stored/\(name)").read(UInt8.self), numbers[0],
            numbers.dropFirst().map { UInt32(bitPattern: $0) }
        )
    }

    @Test(arguments: storedNames) func cutChunksAreRefused(name: String) throws {
        let (bytes, filter, parameters) = try stored(name)
        #expect(restoredChunk(bytes, filter: filter, parameters: parameters)?.count == 20 * 7 * 2)
        for count in bytes.indices {
            let restored = restoredChunk(Array(bytes[..<count]), filter: filter, parameters: parameters)
            #expect(restored?.count != 20 * 7 * 2, "\(count) of \(bytes.count) bytes")
        }
    }

    /// Each byte takes many values; what comes out is refused or bounded by what so few bytes can stand for.
    @Test(arguments: storedNames) func changedChunksAreBounded(name: String) throws {
        let (bytes, filter, parameters) = try stored(name)
        for place in bytes.indices {
            for value in [0, 1, 0x7F, 0x80, 0xFF, bytes[place] ^ 1, bytes[place] ^ 0x10] as [UInt8] {
                var changed = bytes
                changed[place] = value
                let restored = restoredChunk(changed, filter: filter, parameters: parameters)
                #expect(restored?.count ?? 0 <= (bytes.count / 4 + 1) << 17)
            }
        }
    }

    @Test(arguments: [("lz4", 4..<8), ("bitshuffle_lz4", 4..<8), ("bitshuffle_zstd", 4..<8), ("blosc_zstd", 4..<8)])
    func sizesAreNotBelieved(name: String, size: Range<Int>) throws {
        var (bytes, filter, parameters) = try stored(name)
        bytes.replaceSubrange(size, with: [0x7F, 0xFF, 0xFF, 0x70])
        #expect(restoredChunk(bytes, filter: filter, parameters: parameters) == nil)
        // A frame that announces 4 GiB and holds a block of one byte.
        let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0xFF, 0xFF, 0xFF, 0xFF, 0x09, 0, 0, 0x41]
        #expect(restoredChunk(frame, filter: 32015, parameters: []) == nil)
    }
}
