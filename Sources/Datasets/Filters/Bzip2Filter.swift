import CBzip2
import CHDF5

/// bzip2: a chunk is one stream, which does not say how many bytes it holds.
enum Bzip2Filter: ChunkFilter {
    static let number: H5Z_filter_t = 307
    static let function: H5Z_func_t = { restored(by: Bzip2Filter.self, $0, $1, $2, $3, $4, $5) }

    static func restore(_ stored: UnsafeRawBufferPointer, _: FilterParameters) -> RestoredChunk? {
        guard let source = stored.baseAddress, let storedCount = UInt32(exactly: stored.count),
            var chunk = RestoredChunk(count: 4 * max(1024, stored.count))
        else { return nil }
        var stream = bz_stream()
        guard BZ2_bzDecompressInit(&stream, 0, 0) == BZ_OK else { return nil }
        defer { BZ2_bzDecompressEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: source.assumingMemoryBound(to: CChar.self))  // only read
        stream.avail_in = storedCount
        var end = 0
        while true {
            let room = UInt32(clamping: chunk.bytes.count - end)
            stream.next_out = chunk.bytes.baseAddress.map { ($0 + end).assumingMemoryBound(to: CChar.self) }
            stream.avail_out = room
            let status = BZ2_bzDecompress(&stream)
            end += Int(room - stream.avail_out)
            if status == BZ_STREAM_END {
                guard chunk.resize(to: end) else { return nil }
                return chunk
            }
            // With room left it wants more than there is.
            guard status == BZ_OK, stream.avail_out == 0 else { return nil }
            if end == chunk.bytes.count, !chunk.resize(to: 2 * end) { return nil }
        }
    }
}
