import CHDF5
import Foundation

/// A filter that the HDF5 library lacks: how the bytes of a stored chunk become those that were filtered.
///
/// What a chunk says of itself is not believed: a filter allocates nothing that so many bytes cannot be the stored form
/// of, reads nothing beyond them, and refuses what does not come out as it was announced.
protocol ChunkFilter {
    /// The number that The HDF Group has given it.
    static var number: H5Z_filter_t { get }

    /// What the library calls: `restored(by: Self.self, ...)`, which has to be written where the type is known, since a
    /// C function has no generic parameters.
    static var function: H5Z_func_t { get }

    /// Restores a chunk.
    /// - Parameter parameters: what the file has beside the filter's number, and zeros.
    /// - Returns: nil if the chunk is damaged, or takes more memory than there is.
    static func restore(_ stored: UnsafeRawBufferPointer, _ parameters: FilterParameters) -> RestoredChunk?
}

private func builtInFilters() -> [any ChunkFilter.Type] {
    [BitshuffleFilter.self, BloscFilter.self, Bzip2Filter.self, LZ4Filter.self, LZFFilter.self, ZstdFilter.self]
}

/// Makes our filters known to the library, under the library's lock; a plugin of the same number is then not looked
/// for.
func registerFilters() {
    for filter in builtInFilters() {
        var description = H5Z_class2_t(
            version: 1, id: filter.number, encoder_present: 0, decoder_present: 1, name: nil, can_apply: nil,
            set_local: nil, filter: filter.function)
        H5Zregister(&description)
    }
}

/// Runs a filter as the library calls it, and exchanges the library's buffer for one with the restored bytes.
/// - Returns: how many bytes there are; 0 if there are none, and always in writing, which no filter of ours can.
func restored(
    by filter: any ChunkFilter.Type, _ flags: UInt32, _ count: Int, _ values: UnsafePointer<UInt32>?, _ byteCount: Int,
    _ bufferSize: UnsafeMutablePointer<Int>?, _ buffer: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int {
    guard flags & UInt32(H5Z_FLAG_REVERSE) != 0, let buffer, let bufferSize, let stored = buffer.pointee else {
        return 0
    }
    let parameters = FilterParameters(values: UnsafeBufferPointer(start: values, count: count))
    guard
        let chunk = filter.restore(
            UnsafeRawBufferPointer(start: stored, count: min(byteCount, bufferSize.pointee)), parameters)
    else { return 0 }
    let bytes = chunk.release()
    free(stored)
    (buffer.pointee, bufferSize.pointee) = (bytes.baseAddress, bytes.count)
    return bytes.count
}

/// Restores a chunk of a filter of ours, given its number and the numbers beside it, without the library.
/// - Returns: nil if the chunk is damaged, or the filter is none of ours.
package func restoredChunk(_ stored: [UInt8], filter number: Int32, parameters: [UInt32]) -> [UInt8]? {
    guard let filter = builtInFilters().first(where: { $0.number == number }) else { return nil }
    return stored.withUnsafeBytes { stored in
        parameters.withUnsafeBufferPointer { values in
            guard let chunk = filter.restore(stored, FilterParameters(values: values)) else { return nil }
            return Array(chunk.bytes)
        }
    }
}

/// The numbers that a file has beside a filter's own.
struct FilterParameters {
    fileprivate let values: UnsafeBufferPointer<UInt32>

    /// The number at a place; 0 if there are fewer.
    subscript(index: Int) -> Int { index < values.count ? Int(values[index]) : 0 }
}

/// The bytes of a restored chunk, in memory that the library can free; freed with this unless they are released.
struct RestoredChunk: ~Copyable {
    private(set) var bytes: UnsafeMutableRawBufferPointer

    /// - Parameters:
    ///   - count: of bytes.
    ///   - limit: the most bytes that what is stored can stand for.
    /// - Returns: nil if there are none or too many.
    init?(count: Int, limit: Int = .max) {
        guard count > 0, count <= limit, elementCount(of: [count], bytesEach: 1) != nil, let start = malloc(count)
        else { return nil }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
    }

    deinit { free(bytes.baseAddress) }

    /// Makes room for more bytes, or for fewer.
    /// - Returns: false if there is none.
    mutating func resize(to count: Int) -> Bool {
        guard count > 0, elementCount(of: [count], bytesEach: 1) != nil, let start = realloc(bytes.baseAddress, count)
        else { return false }
        bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
        return true
    }

    /// Hands the bytes over to someone who frees them.
    consuming func release() -> UnsafeMutableRawBufferPointer {
        let bytes = bytes
        discard self
        return bytes
    }
}

extension UnsafeRawBufferPointer {
    /// The unsigned number in some bytes, the highest first; nil if they are not all there or the number is above
    /// `Int.max`.
    func bigEndian(at offset: Int, byteCount: Int) -> Int? {
        guard offset <= count, byteCount <= count - offset else { return nil }
        return Int(exactly: self[offset..<offset + byteCount].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// Some of the bytes; nil if they are not all there.
    func part(at offset: Int, byteCount: Int) -> UnsafeRawBufferPointer? {
        guard offset >= 0, byteCount >= 0, offset <= count, byteCount <= count - offset else { return nil }
        return UnsafeRawBufferPointer(rebasing: self[offset..<offset + byteCount])
    }
}
