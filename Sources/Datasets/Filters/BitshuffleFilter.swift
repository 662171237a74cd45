import CHDF5

/// Bitshuffle: in each block come first the lowest bits of all elements, then the second lowest, and so on, which LZ4
/// or Zstandard may then have packed.
///
/// Source: K. Masui et al., A compression scheme for radio data in high performance computing (2015), and its program's
/// format. A block has a multiple of 8 elements; fewer than 8 at the end of a chunk are copied. A packed chunk begins
/// with the count of its bytes in 8 bytes and that of a block's in 4, and each block stands behind its packed size in 4
/// bytes.
enum BitshuffleFilter: ChunkFilter {
    static let number: H5Z_filter_t = 32008
    static let function: H5Z_func_t = { restored(by: BitshuffleFilter.self, $0, $1, $2, $3, $4, $5) }

    private enum Codec: Int {
        case none = 0, lz4 = 2, zstd = 3

        /// The most bytes that so many can stand for.
        func largest(_ storedCount: Int) -> Int {
            switch self {
            case .none: storedCount
            case .lz4: LZ4.largest(storedCount)
            case .zstd: Zstandard.largest(storedCount)
            }
        }

        /// - Returns: whether a block filled `target` exactly.
        func unpack(_ block: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
            switch self {
            case .none: false
            case .lz4: LZ4.unpack(block, into: target)
            case .zstd: Zstandard.unpack(block, into: target)
            }
        }
    }

    /// - Parameter parameters: two of the version, the bytes of an element, the elements of a block or 0, the codec.
    static func restore(_ stored: UnsafeRawBufferPointer, _ parameters: FilterParameters) -> RestoredChunk? {
        let width = parameters[2]
        guard width > 0, width <= Int32.max, let codec = Codec(rawValue: parameters[4]) else { return nil }
        if codec == .none {
            let blockCount = parameters[3] == 0 ? max(8192 / width / 8 * 8, 128) : parameters[3]
            return restore(stored, from: 0, codec, byteCount: stored.count, blockByteCount: blockCount * width, width)
        }
        guard let byteCount = stored.bigEndian(at: 0, byteCount: 8),
            let blockByteCount = stored.bigEndian(at: 8, byteCount: 4)
        else { return nil }
        return restore(stored, from: 12, codec, byteCount: byteCount, blockByteCount: blockByteCount, width)
    }

    private static func restore(
        _ stored: UnsafeRawBufferPointer, from start: Int, _ codec: Codec, byteCount: Int, blockByteCount: Int,
        _ width: Int
    ) -> RestoredChunk? {
        guard blockByteCount > 0, blockByteCount % (8 * width) == 0, byteCount % width == 0,
            let chunk = RestoredChunk(count: byteCount, limit: codec.largest(stored.count)),
            let unpacked = RestoredChunk(count: min(blockByteCount, byteCount))
        else { return nil }
        let shuffledByteCount = byteCount - byteCount % (8 * width)
        var next = start, end = 0
        while end < shuffledByteCount {
            let size = min(blockByteCount, shuffledByteCount - end)
            var storedSize = size
            if codec != .none {
                guard let packedSize = stored.bigEndian(at: next, byteCount: 4) else { return nil }
                (storedSize, next) = (packedSize, next + 4)
            }
            guard var block = stored.part(at: next, byteCount: storedSize) else { return nil }
            if codec != .none {
                let target = UnsafeMutableRawBufferPointer(rebasing: unpacked.bytes[..<size])
                guard codec.unpack(block, into: target) else { return nil }
                block = UnsafeRawBufferPointer(target)
            }
            unshuffle(block, into: UnsafeMutableRawBufferPointer(rebasing: chunk.bytes[end..<end + size]), width)
            (next, end) = (next + storedSize, end + size)
        }
        guard let rest = stored.part(at: next, byteCount: byteCount - end) else { return nil }
        UnsafeMutableRawBufferPointer(rebasing: chunk.bytes[end...]).copyMemory(from: rest)
        return chunk
    }

    /// Puts the bits of a block of elements, of `width` bytes each, back into their places.
    private static func unshuffle(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ width: Int
    ) {
        let groupCount = source.count / (8 * width)
        for byte in 0..<width {
            for group in 0..<groupCount {
                // Byte k has bit k of 8 elements, and afterwards all bits of element k.
                var bits: UInt64 = 0
                for bit in 0..<8 {
                    bits |= UInt64(source[(8 * byte + bit) * groupCount + group]) << UInt64(8 * bit)
                }
                bits = transposed(bits)
                for element in 0..<8 {
                    target[(8 * group + element) * width + byte] = UInt8(
                        truncatingIfNeeded: bits >> (8 * UInt64(element)))
                }
            }
        }
    }

    /// The transpose of a matrix of 8 x 8 bits: squares of 1, 2 and 4 bits beside the diagonal change places.
    private static func transposed(_ matrix: UInt64) -> UInt64 {
        var matrix = matrix
        for (shift, mask) in [(7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0x0000_0000_F0F0_F0F0)]
            as [(UInt64, UInt64)]
        {
            let difference = (matrix ^ (matrix >> shift)) & mask
            matrix ^= difference ^ (difference << shift)
        }
        return matrix
    }
}
