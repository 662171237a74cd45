import CHDF5
import CZstd

/// Zstandard: a chunk is one frame, which says how many bytes it holds.
enum ZstdFilter: ChunkFilter {
    static let number: H5Z_filter_t = 32015
    static let function: H5Z_func_t = { restored(by: ZstdFilter.self, $0, $1, $2, $3, $4, $5) }

    static func restore(_ stored: UnsafeRawBufferPointer, _: FilterParameters) -> RestoredChunk? {
        // The two highest numbers stand for a frame that does not say, and for none.
        guard let count = Int(exactly: ZSTD_getFrameContentSize(stored.baseAddress, stored.count)),
            let chunk = RestoredChunk(count: count, limit: Zstandard.largest(stored.count)),
            Zstandard.unpack(stored, into: chunk.bytes)
        else { return nil }
        return chunk
    }
}

/// The codec of several filters.
enum Zstandard {
    /// The most bytes that so many can stand for: a block of 4 bytes holds at most 128 KiB.
    static func largest(_ storedCount: Int) -> Int { (storedCount / 4 + 1) << 17 }

    /// - Returns: whether a frame filled `target` exactly.
    static func unpack(_ stored: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        // Errors are numbers beyond every size.
        ZSTD_decompress(target.baseAddress, target.count, stored.baseAddress, stored.count) == target.count
    }
}
