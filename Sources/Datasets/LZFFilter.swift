import CHDF5
import Foundation

/// The decoder of LZF, the fast compression that h5py brings and the HDF5 library lacks.
///
/// Format: liblzf by Marc Lehmann. A control byte below 32 stands for as many literal bytes and one; any other for a copy
/// of 2 and more bytes from up to 8,192 bytes back.
enum LZFFilter {
    /// The number that the HDF Group has given it.
    private static let number: Int32 = 32000

    /// Makes it known to the library, under the library's lock.
    static func register() {
        var filter = H5Z_class2_t(
            version: 1, id: number, encoder_present: 0, decoder_present: 1, name: nil, can_apply: nil, set_local: nil,
            filter: { flags, count, parameters, byteCount, bufferSize, buffer in
                guard flags & UInt32(H5Z_FLAG_REVERSE) != 0, let buffer, let bufferSize, let packed = buffer.pointee
                else {
                    return 0
                }
                let size = count >= 3 ? Int(parameters?[2] ?? 0) : bufferSize.pointee
                guard size > 0, let unpacked = malloc(size) else { return 0 }
                let written = LZFFilter.unpack(
                    UnsafeRawBufferPointer(start: packed, count: byteCount),
                    into: UnsafeMutableRawBufferPointer(start: unpacked, count: size))
                guard let written else {
                    free(unpacked)
                    return 0
                }
                free(packed)
                (buffer.pointee, bufferSize.pointee) = (unpacked, size)
                return written
            })
        H5Zregister(&filter)
    }

    /// Unpacks bytes.
    /// - Returns: how many there are; nil if they are damaged or do not fit.
    static func unpack(_ packed: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Int? {
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
