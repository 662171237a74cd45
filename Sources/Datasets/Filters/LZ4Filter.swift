import CHDF5
import CLZ4

/// LZ4: a chunk is a list of blocks, the last of which may be shorter.
///
/// The count of all bytes comes first, in 8 bytes, then that of a block in 4, then each block behind its stored size in
/// 4. Numbers have their highest byte first.
enum LZ4Filter: ChunkFilter {
    static let number: H5Z_filter_t = 32004
    static let function: H5Z_func_t = { restored(by: LZ4Filter.self, $0, $1, $2, $3, $4, $5) }

    static func restore(_ stored: UnsafeRawBufferPointer, _: FilterParameters) -> RestoredChunk? {
        guard let count = stored.bigEndian(at: 0, byteCount: 8),
            let blockCount = stored.bigEndian(at: 8, byteCount: 4), blockCount > 0,
            let chunk = RestoredChunk(count: count, limit: LZ4.largest(stored.count))
        else { return nil }
        var next = 12, end = 0
        while end < count {
            let target = UnsafeMutableRawBufferPointer(rebasing: chunk.bytes[end..<min(count, end + blockCount)])
            guard let size = stored.bigEndian(at: next, byteCount: 4),
                let block = stored.part(at: next + 4, byteCount: size)
            else { return nil }
            if size == target.count {
                // It did not get shorter, and is stored as it is.
                target.copyMemory(from: block)
            } else if !LZ4.unpack(block, into: target) {
                return nil
            }
            (next, end) = (next + 4 + size, end + target.count)
        }
        return chunk
    }
}

/// The codec of several filters.
enum LZ4 {
    /// The most bytes that so many can stand for: a byte lengthens a copy by at most 255.
    static func largest(_ storedCount: Int) -> Int { storedCount.multipliedReportingOverflow(by: 255).partialValue }

    /// - Returns: whether a block filled `target` exactly.
    static func unpack(_ stored: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        guard let source = stored.baseAddress, let start = target.baseAddress, let count = Int32(exactly: stored.count),
            let capacity = Int32(exactly: target.count)
        else { return false }
        return LZ4_decompress_safe(
            source.assumingMemoryBound(to: CChar.self), start.assumingMemoryBound(to: CChar.self), count, capacity)
            == capacity
    }
}
