import CZlib
import Datasets
import Foundation

/// An array in the IDX format of the MNIST files, plain or compressed with gzip.
///
/// The file consists of the bytes 0, 0, the type (8 for unsigned bytes) and the number of dimensions, then each
/// dimension as a big-endian UInt32, then the values, big-endian.
package struct IDXFile: Sendable {
    package enum Content: String, Sendable {
        /// Of two dimensions or more, the first of which counts them, of any type.
        case images
        /// One unsigned byte each.
        case labels
    }

    package let path: String
    /// The lengths of the dimensions, rows first.
    package let shape: [Int]
    package let values: ImageValues

    /// Reads a whole file.
    ///
    /// - Throws: an error if the file cannot be read, is damaged or holds something else.
    package init(path: String, _ content: Content) throws(DataError) {
        let source = try SourceBytes(path: path, "an IDX file")
        let descriptor = withExtendedLifetime(source) { dup(source.file.descriptor) }
        guard descriptor >= 0, let file = gzdopen(descriptor, "rb") else {
            throw source.error("It cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { gzclose_r(file) }

        let magic = try read(4, from: file, path, "a magic number")
        guard magic.starts(with: [0, 0]), let size = elementSizes[magic[2]], magic[3] > 0 else {
            throw DataError(
                file: path,
                "It begins with the bytes \(magic.map(String.init).joined(separator: " ")); expected 0 0 8 "
                    + "\(content == .images ? 3 : 1), an IDX file of \(content.rawValue), plain or gzip.")
        }
        let rank = Int(magic[3])
        guard (rank > 1) == (content == .images) else {
            throw DataError(
                file: path,
                "The number of dimensions is \(rank) (\(rank > 1 ? "images" : "labels")); expected "
                    + "\(content == .images ? "2 or more" : "1") (\(content.rawValue)). Are images and labels swapped?")
        }
        guard content == .images || magic[2] == 8 else {
            throw DataError(
                file: path, "The type of the labels is \(magic[2]); expected 8, unsigned bytes. Write them as bytes.")
        }
        let header = try read(4 * rank, from: file, path, "\(rank) dimensions")
        shape = (0..<rank).map { d in header[4 * d..<4 * d + 4].reduce(0) { $0 << 8 | Int($1) } }
        guard let count = elementCount(of: shape, bytesEach: size), count > 0 else {
            throw DataError(
                file: path, "Its header says \(describe(shape: shape)) values, which cannot be. Fetch the file again.")
        }
        let bytes = try read(size * count, from: file, path, "\(describe(shape: shape)) values")
        var extra: UInt8 = 0
        guard gzread(file, &extra, 1) == 0 else {
            throw DataError(
                file: path, "It has more bytes than its \(describe(shape: shape)) values. Fetch the file again.")
        }
        values =
            switch magic[2] {
            case 9: .int32(bytes.map { Int32(Int8(bitPattern: $0)) })
            case 11: .int32(bigEndian(bytes, as: UInt16.self) { Int32(Int16(bitPattern: $0)) })
            case 12: .int32(bigEndian(bytes, as: UInt32.self) { Int32(bitPattern: $0) })
            case 13: .float32(bigEndian(bytes, as: UInt32.self) { Float(bitPattern: $0) })
            case 14: .float64(bigEndian(bytes, as: UInt64.self) { Double(bitPattern: $0) })
            default: .uint8(bytes)
            }
        self.path = path
    }
}

/// The bytes of a value of each type that the format has.
private let elementSizes: [UInt8: Int] = [8: 1, 9: 1, 11: 2, 12: 4, 13: 4, 14: 8]

private func bigEndian<Word: FixedWidthInteger & BitwiseCopyable, Value>(
    _ bytes: [UInt8], as _: Word.Type, _ value: (Word) -> Value
) -> [Value] {
    bytes.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: MemoryLayout<Word>.size).map {
            value(Word(bigEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Word.self)))
        }
    }
}

/// Reads the next `count` bytes; `content` says for messages what they hold.
private func read(_ count: Int, from file: gzFile, _ path: String, _ content: String) throws(DataError) -> [UInt8] {
    var bytes: [UInt8] = [], failure: String?
    // What a damaged header promises is not there: memory is taken as the file fills it.
    let pieceLength = 1 << 24
    var isOver = false
    while bytes.count < count && !isOver {
        bytes += [UInt8](unsafeUninitializedCapacity: min(count - bytes.count, pieceLength)) { piece, pieceCount in
            let result = gzread(file, piece.baseAddress, UInt32(piece.count))
            pieceCount = Int(max(0, result))
            isOver = pieceCount < piece.count
            if isOver { failure = gzipProblem(file) }
        }
    }
    guard bytes.count == count, failure == nil else {
        let reason = failure.map { " (\($0))" } ?? ""
        throw DataError(
            file: path,
            "The file is damaged or was cut off\(reason): it ends after \(bytes.count) of \(count) bytes of "
                + "\(content). Fetch the file again.")
    }
    return bytes
}
