import CZlib
import Datasets
import Foundation

/// An array of unsigned bytes in the IDX format of the MNIST files, plain or compressed with gzip.
///
/// The file consists of the bytes 0, 0, 8 (unsigned byte) and the number of dimensions, then each dimension as a
/// big-endian UInt32, then the values.
package struct IDXFile: Sendable {
    package let path: String
    /// The lengths of the dimensions, rows first.
    package let shape: [Int]
    package let values: [UInt8]

    /// Reads a whole file.
    ///
    /// - Parameter rank: the number of dimensions that is expected, 3 for images and 1 for labels.
    /// - Throws: an error if the file cannot be read, is damaged or has another number of dimensions.
    package init(path: String, rank: Int) throws(DataError) {
        let source = try SourceBytes(path: path, "an IDX file")
        let descriptor = withExtendedLifetime(source) { dup(source.file.descriptor) }
        guard descriptor >= 0, let file = gzdopen(descriptor, "rb") else {
            throw source.error("It cannot be read: \(String(cString: strerror(errno))).")
        }
        defer { gzclose_r(file) }

        let magic = try read(4, from: file, path, "a magic number")
        guard magic.starts(with: [0, 0, 8]) else {
            throw DataError(
                file: path,
                "It begins with the bytes \(magic.map(String.init).joined(separator: " ")); expected 0 0 8 \(rank), an "
                    + "IDX file of unsigned bytes, plain or gzip.")
        }
        guard magic[3] == rank else {
            let names = [1: "labels", 3: "images"]
            throw DataError(
                file: path,
                "The number of dimensions is \(magic[3]) (\(names[Int(magic[3])] ?? "neither images nor labels")); "
                    + "expected \(rank) (\(names[rank] ?? "values")). Are images and labels swapped?")
        }
        let header = try read(4 * rank, from: file, path, "\(rank) dimensions")
        shape = (0..<rank).map { d in header[4 * d..<4 * d + 4].reduce(0) { $0 << 8 | Int($1) } }
        guard let count = elementCount(of: shape, bytesEach: 1), count > 0 else {
            throw DataError(
                file: path, "Its header says \(describe(shape: shape)) values, which cannot be. Fetch the file again.")
        }
        values = try read(count, from: file, path, "\(describe(shape: shape)) values")
        var extra: UInt8 = 0
        guard gzread(file, &extra, 1) == 0 else {
            throw DataError(
                file: path, "It has more bytes than its \(describe(shape: shape)) values. Fetch the file again.")
        }
        self.path = path
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
            var code: Int32 = 0
            if isOver, let reason = gzerror(file, &code), code != Z_OK { failure = String(cString: reason) }
        }
    }
    guard bytes.count == count, failure == nil else {
        let reason = failure.map { " (\($0))" } ?? ""
        throw DataError(
            file: path,
            "The file is damaged or was cut off\(reason): it ends after \(bytes.count) of \(count) bytes of \(content). "
                + "Fetch the file again.")
    }
    return bytes
}
