import CBlosc
import CHDF5

/// Blosc 1: blocks that were shuffled, by bytes or bits, and packed by a codec that the chunk names.
enum BloscFilter: ChunkFilter {
    static let number: H5Z_filter_t = 32001
    static let function: H5Z_func_t = { restored(by: BloscFilter.self, $0, $1, $2, $3, $4, $5) }

    static func restore(_ stored: UnsafeRawBufferPointer, _: FilterParameters) -> RestoredChunk? {
        var count = 0
        // Of its codecs Zstandard packs tightest.
        guard let source = stored.baseAddress, blosc_cbuffer_validate(source, stored.count, &count) == 0,
            let chunk = RestoredChunk(count: count, limit: Zstandard.largest(stored.count)),
            // Without threads of its own, which a child process would lack.
            Int(blosc_decompress_ctx(source, chunk.bytes.baseAddress, count, 1)) == count
        else { return nil }
        return chunk
    }
}
