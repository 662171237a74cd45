import CZlib
import Datasets
import Foundation

/// Unpacks a stretch of a file that was compressed by deflate (RFC 1951), a piece at a time.
final class Inflater {
    enum Wrapping {
        /// As members of zip archives are.
        case none
        /// With the header and checksum of RFC 1950, as MATLAB writes it.
        case zlib
    }

    private let source: SourceBytes
    private let stream: UnsafeMutablePointer<z_stream>
    private var input = [UInt8](repeating: 0, count: 1 << 16)
    private var nextByte = 0
    private var pendingRange = 0..<0
    private var isOver = false

    init(_ source: SourceBytes, _ wrapping: Wrapping) throws(DataError) {
        self.source = source
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let windowBits: Int32 = wrapping == .none ? -15 : 15
        guard inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw source.error("There is no memory to unpack it.")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Returns the next bytes, fewer than `limit` only where the stream ends.
    func next(upTo limit: Int) throws(DataError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: limit), filled = 0
        while filled < limit, !isOver {
            if pendingRange.isEmpty {
                let count = min(input.count, source.count - nextByte)
                guard count > 0 else {
                    throw source.error("It was cut off: its compressed bytes end too early. Make or fetch it again.")
                }
                try input.withMutableBytes { buffer throws(DataError) in
                    try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: nextByte)
                }
                nextByte += count
                pendingRange = 0..<count
            }
            let status = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_in = input.baseAddress.map { $0 + pendingRange.lowerBound }
                    stream.pointee.avail_in = UInt32(pendingRange.count)
                    stream.pointee.next_out = output.baseAddress.map { $0 + filled }
                    stream.pointee.avail_out = UInt32(limit - filled)
                    return inflate(stream, Z_NO_FLUSH)
                }
            }
            pendingRange = (pendingRange.upperBound - Int(stream.pointee.avail_in))..<pendingRange.upperBound
            filled = limit - Int(stream.pointee.avail_out)
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: isOver = true
            default: throw source.error("Its compressed bytes are damaged. Make or fetch it again.")
            }
        }
        output.removeLast(limit - filled)
        return output
    }

    /// Unpacks the rest into a file.
    ///
    /// - Parameter limit: the most bytes that there may be.
    /// - Returns: the CRC-32 of the bytes.
    func unpack(into spool: SpoolWriter, atMost limit: Int) throws(DataError) -> UInt32 {
        var checksum: UInt32 = 0
        var rest = limit
        while true {
            let piece = try next(upTo: 1 << 20)
            guard piece.count <= rest else {
                throw source.error("It unpacks to more than the \(limit) bytes that it says. Make or fetch it again.")
            }
            rest -= piece.count
            checksum = updated(checksum, with: piece)
            try spool.append(piece)
            if isOver { return checksum }
        }
    }
}

/// The CRC-32 of bytes that follow those of which it is `checksum`.
func updated(_ checksum: UInt32, with bytes: [UInt8]) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32(UInt(checksum), bytes, UInt32(bytes.count)))
}
