import CHDF5

/// The decoder of LZF, the fast compression that h5py brings and the HDF5 library lacks.
///
/// Format: liblzf by Marc Lehmann. A control byte below 32 stands for as many literal bytes and one; any other for a
/// copy of 2 and more bytes from up to 8,192 bytes back.
enum LZFFilter: ChunkFilter {
    static let number: H5Z_filter_t = 32000
    static let function: H5Z_func_t = { restored(by: LZFFilter.self, $0, $1, $2, $3, $4, $5) }

    /// - Parameter parameters: two of the version, the bytes of a chunk.
    static func restore(_ stored: UnsafeRawBufferPointer, _ parameters: FilterParameters) -> RestoredChunk? {
        // A copy of at most 264 bytes takes 3, and one of 8 takes 2.
        guard var chunk = RestoredChunk(count: parameters[2], limit: stored.count * 264),
            let count = unpack(stored, into: chunk.bytes), chunk.resize(to: count)
        else { return nil }
        return chunk
    }

    /// Unpacks bytes.
    /// - Returns: how many there are; nil if they are damaged or do not fit.
    private static func unpack(_ packed: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
        var next = 0, end = 0
        while next < packed.count {
            let control = Int(packed[next])
            next += 1
            if control < 32 {
                let length = control + 1
                guard next + length <= packed.count, end + length <= target.count else { return nil }
                for index in 0..<length { target[end + index] = packed[next + index] }
                (next, end) = (next + length, end + length)
                continue
            }
            var length = control >> 5
            if length == 7 {
                guard next < packed.count else { return nil }
                length += Int(packed[next])
                next += 1
            }
            guard next < packed.count else { return nil }
            let start = end - ((control & 31) << 8 | Int(packed[next])) - 1
            (next, length) = (next + 1, length + 2)
            guard start >= 0, end + length <= target.count else { return nil }
            // One after the other: a copy may overlap what it makes.
            for index in 0..<length { target[end + index] = target[start + index] }
            end += length
        }
        return end
    }
}
