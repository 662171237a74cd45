import Datasets
import Foundation
import Support

/// A stretch of a file that is open for reading: all of it, or a part that a container such as a zip archive stores.
///
/// It is read at any place, so that several may read the same file.
struct SourceBytes {
    /// What messages call it: the path of the file, and the name of the part if it is one.
    let place: String
    let file: SpoolFile
    /// Where it begins in the file, in bytes.
    let start: Int
    let count: Int

    /// Opens a regular file; pipes and devices, which have no places to read at, are refused.
    ///
    /// - Parameter expected: what the file should be, with its article, for messages.
    init(path: String, _ expected: String) throws(DataError) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw DataError(
                file: path, "The file cannot be opened: \(String(cString: strerror(errno))). Check the path.")
        }
        file = SpoolFile(descriptor: descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw DataError(file: path, "The file cannot be looked at: \(String(cString: strerror(errno))).")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw DataError(file: path, "This is a folder; expected \(expected). Name a file in it.")
        default:
            throw DataError(
                file: path, "This is a pipe or a device; expected \(expected). Write what it gives to a file first.")
        }
        guard status.st_size > 0 else { throw DataError(file: path, "The file is empty; expected \(expected).") }
        place = path
        start = 0
        count = Int(status.st_size)
    }

    init(place: String, file: SpoolFile, start: Int, count: Int) {
        self.place = place
        self.file = file
        self.start = start
        self.count = count
    }

    /// A part, which must lie inside.
    func part(_ range: Range<Int>, place: String? = nil) -> SourceBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "the part lies outside")
        return SourceBytes(
            place: place ?? self.place, file: file, start: start + range.lowerBound, count: range.count)
    }

    /// The first bytes, up to `limit`.
    func prefix(_ limit: Int) throws(DataError) -> [UInt8] { try bytes(0..<min(limit, count)) }

    /// Returns some bytes, which must lie inside; the caller bounds their number.
    func bytes(_ range: Range<Int>) throws(DataError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: range.count)
        try result.withMutableBytes { buffer throws(DataError) in
            try read(into: buffer, at: range.lowerBound)
        }
        return result
    }

    /// Fills a buffer with the bytes from `offset` on.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) {
        precondition(offset >= 0 && offset <= count && buffer.count <= count - offset, "the bytes lie outside")
        try Importers.read(buffer, from: file, at: start + offset, place)
    }

    func error(_ problem: String) -> DataError { DataError("\(place): \(problem)") }
}

/// Unsigned numbers of fixed width in bytes, as headers of files have them.
extension [UInt8] {
    /// The number of `width` bytes, at most 8, from `offset` on, which must lie inside.
    func number(at offset: Int, width: Int, isBigEndian: Bool = false) -> UInt64 {
        let bytes = self[offset..<offset + width]
        func appended(_ number: UInt64, _ byte: UInt8) -> UInt64 { number << 8 | UInt64(byte) }
        return isBigEndian ? bytes.reduce(0, appended) : bytes.reversed().reduce(0, appended)
    }
}

extension SpoolWriter {
    func append(_ bytes: [UInt8]) throws(DataError) {
        try bytes.withBytes { bytes throws(DataError) in try append(bytes) }
    }

    /// What was written.
    func bytes(place: String) -> SourceBytes { SourceBytes(place: place, file: file, start: 0, count: byteCount) }
}
